"""Statements in every format: each is one, counts once, and is refused for what is wrong with it."""

import pytest

from tests.vckit.statements import debt
from tests.verifier import w3c
from tests.verifier.wallet import begin
from verifier.casework import case_report
from verifier.wording import DUTCH

EVERY = ["dc+sd-jwt", "ldp_vc", "jwt_vc_json", "vc+jwt"]


@pytest.fixture
def share(office, world, wallet):
    """Present cards in a fresh case and give what the counsellor sees."""

    def share(*cards, expected=200, token=None, **how):
        case, started = begin(office, world, formats=EVERY)
        asked = wallet.fetch(started)
        given = token(asked) if token else w3c.token(asked, world.now, *cards, **how)
        answer = wallet.post(asked, wallet.form(asked, **given))
        assert answer.status_code == expected, answer.text
        return case_report(office, case, world.now, DUTCH)

    return share


@pytest.fixture
def nil(world, wallet):
    """A statement without debts of the other municipality, as SD-JWT VC."""
    return wallet.card(world.michielsgestel)


def reasons(found):
    return [each["reason"] for each in found["findings"]]


@pytest.mark.parametrize("kind", w3c.KINDS)
def test_a_statement_of_every_kind_completes_the_overview(world, wallet, share, nil, kind):
    card = w3c.state(kind, world.boxtel, debt(1), debt(2), holder=wallet.key)
    found = share(card, nil)
    assert reasons(found) == []
    assert found["complete"]
    assert found["totals"]["outstanding"] == 2 * 42_900
    assert [each["name"] for each in found["organisations"]] == [
        "Gemeente Boxtel",
        "Gemeente Sint-Michielsgestel",
    ]
    assert len(found["debts"]) == 2
