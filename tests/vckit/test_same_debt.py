"""wire.md "Same key, same claim", and whose word counts (domain.md case 2)."""

import pytest

from tests.vckit.statements import OIN, debt
from vckit.same_debt import collector, handling, is_same_debt

OTHER = "00000001003333333000"
ELSEWHERE = {"schuldeiser": {"oin": OTHER, "naam": "Ander"}}


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"saldo": 1, "omschrijving": "Anders"}, True),
        ({"zaakkenmerk": "Z9"}, False),
        ({"vordering_kenmerk": "V9"}, False),
        ({"categorie": "rente"}, False),
        (ELSEWHERE, False),
        ({"vordering_kenmerk": "V9", "oorspronkelijk_kenmerk": "V1"}, True),
        ({"vordering_kenmerk": "V9", "oorspronkelijk_kenmerk": "V1", **ELSEWHERE}, False),
        ({"vordering_kenmerk": "V9", "oorspronkelijk_kenmerk": "V9"}, False),
    ],
)
def test_strong_keys_only(changes, same):
    assert is_same_debt(debt(1), debt(1, **changes)) is same
    assert is_same_debt(debt(1, **changes), debt(1)) is same


def test_two_debts_without_an_original_are_not_one_for_lack_of_it():
    nameless = debt(1, vordering_kenmerk="", zaakkenmerk="Z9")
    assert not is_same_debt(debt(1), nameless)


def test_who_calls_itself_the_collector_leads_then_whom_another_names_then_who_is_no_creditor():
    named = debt(1, invorderaar={"oin": OTHER, "naam": "Ander"})
    assert (collector(named), collector(debt(1))) == (OTHER, "")
    collectors = frozenset({OTHER, ""})
    itself = handling(OTHER, named, collectors)
    by_another = handling(OTHER, debt(1), collectors)
    no_creditor = handling("00000001001111111111", debt(1), collectors)
    creditor = handling(OIN, named, collectors)
    assert itself > by_another > no_creditor > creditor
