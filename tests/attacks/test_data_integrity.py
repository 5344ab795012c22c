"""Data Integrity proofs at the response URI: rows I of security.md, each beside the honest twin."""

import pytest

from tests.attacks.identity import KINDS
from tests.attacks.judging import counts

pytestmark = pytest.mark.services


@pytest.fixture
def company(arena, resident):
    return arena.eiken.card(resident)


@pytest.mark.parametrize("kind", KINDS)
def test_a_statement_counts_in_every_format(arena, case, resident, company, kind):
    """The twin of everything in this module."""
    counts(case, company, arena.linden.identity.card(resident, kind))
