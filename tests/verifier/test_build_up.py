"""What of a balance is costs, interest and principal, where that is known."""

import pytest

from tests.vckit.statements import debt
from verifier.build_up import Left, left, parts


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Left(2_900, 0, 40_000)),
        ({"betaald": 10_000, "saldo": 37_900}, Left(0, 0, 37_900)),
        ({"rente": 100, "betaald": 7_950, "saldo": 40_050}, Left(0, 50, 40_000)),
        ({"betaald": 47_900, "saldo": 0}, Left(0, 0, 0)),
        ({"betaald": None, "saldo": 47_900}, Left(7_900, 0, 40_000)),
    ],
)
def test_a_payment_goes_to_costs_then_interest_then_the_principal(changes, expected):
    assert left(debt(1, **changes)) == expected


@pytest.mark.parametrize(
    "changes",
    [
        {"hoofdsom": None},
        {"niet_bekend": ["kosten_aanmaning"]},
        {"kwijtgescholden": 900, "saldo": 42_000},
        {"gecorrigeerd": 100, "saldo": 43_000},
        {"saldo": 42_901},
        {"betaald": 50_000, "saldo": -2_100},
    ],
)
def test_what_is_not_known_is_not_told(changes):
    assert left(debt(1, **changes)) is None


def test_a_due_amount_that_is_unknown_leaves_the_parts_known():
    assert left(debt(1, niet_bekend=["opeisbaar_bedrag"])) == Left(2_900, 0, 40_000)


def test_the_parts_sum_to_the_balance():
    terms = debt(1, rente=5, kwijtgescholden=7, gecorrigeerd=-3)
    assert sum(cents for _, cents in parts(terms)) == 40_000 + 7_900 + 5 - 5_000 - 7 - 3
