"""Sharing cents: by any rule nothing is lost, nobody gets more than is open."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.debts.allocation import RULES, Line, shares
from issuer.debts.ledger import PARTS

lines = st.lists(
    st.builds(
        Line,
        debt=st.integers(0, 3),
        part=st.sampled_from(PARTS),
        cents=st.integers(1, 10_000),
        imposed_at=st.integers(1, 3).map(lambda day: datetime(2026, 1, day, tzinfo=UTC)),
        is_of_bill=st.booleans(),
    ),
    max_size=12,
)


@pytest.mark.parametrize("name", RULES)
@given(lines=lines, part=st.fractions(0, 1))
def test_every_cent_goes_to_what_is_open(name, lines, part):
    cents = int(sum(line.cents for line in lines) * part)
    paid = RULES[name](lines, cents)
    assert sum(paid) == cents
    assert all(0 <= share <= line.cents for share, line in zip(paid, lines, strict=True))


@given(lines=lines, part=st.fractions(0, 1))
def test_of_one_bill_no_principal_is_paid_while_costs_are_open(lines, part):
    cents = int(sum(line.cents for line in lines) * part)
    paid = RULES["iw_7"](lines, cents)
    left = [line.tier for line, share in zip(lines, paid, strict=True) if share < line.cents]
    served = [line.tier for line, share in zip(lines, paid, strict=True) if share]
    assert not left or not served or max(served) <= min(left)


@given(st.lists(st.integers(0, 10_000), min_size=1).filter(any), st.integers(0, 10**9))
def test_a_share_is_the_exact_proportion_to_the_cent(weights, cents):
    parts = shares(weights, cents)
    assert sum(parts) == cents
    whole = sum(weights)
    assert all(
        abs(part - cents * weight / whole) < 1 for part, weight in zip(parts, weights, strict=True)
    )


def test_what_does_not_divide_goes_to_the_largest_remainder_and_then_to_the_first():
    assert shares([1, 1, 1], 100) == [34, 33, 33]
    assert shares([1, 2], 100) == [33, 67]
    assert shares([0, 5], 3) == [0, 3]


def line(debt, part, cents, day=1, *, is_of_bill=False):
    return Line(debt, part, cents, datetime(2026, 1, day, tzinfo=UTC), is_of_bill)


BILL = [
    line(0, "principal", 300, day=2),
    line(0, "interest", 10, day=2),
    line(1, "principal", 100),
    line(1, "interest", 10),
    line(2, "reminder_costs", 9, day=3, is_of_bill=True),
]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # Costs; the oldest debt whole; then the next, interest first.
        ("awb_4_92", [0, 5, 100, 10, 9]),
        ("bw_6_44", [0, 5, 100, 10, 9]),
        # Costs; all interest; then the principal in proportion.
        ("iw_7", [71, 10, 24, 10, 9]),
    ],
)
def test_what_each_rule_pays_first(name, expected):
    assert RULES[name](BILL, 124) == expected


def test_equally_old_debts_are_paid_in_turn_by_one_law_and_in_proportion_by_the_other():
    both = [line(0, "principal", 300), line(1, "principal", 100)]
    assert RULES["awb_4_92"](both, 200) == [200, 0]
    assert RULES["bw_6_44"](both, 200) == [150, 50]
