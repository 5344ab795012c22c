"""N05: the same number more than once in one file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.debts.duplicates import settle
from issuer.debts.imports import check_file
from issuer.debts.rows import Understood
from tests.issuer.debts.exports import ANNE, BRAM, CEES, HEADER, REFERENCE, row

JOINT_HEADER = HEADER + ";mede"


@pytest.fixture
def check(source, export):
    joint = source(('bsn = "bsn"', 'bsn = "bsn"\nco_debtor = "mede"'))

    def run(*lines):
        report = check_file(joint, export(*lines, header=JOINT_HEADER), REFERENCE).report
        return report.good, report.repeated, [(each.line, each.code) for each in report.refused]

    return run


def joint_row(bsn, other, **changes):
    return row(bsn, **changes) + f";{other}"


def test_N05_an_exactly_repeated_row_counts_once(check):
    assert check(joint_row(ANNE, ""), joint_row(ANNE, ""), joint_row(ANNE, "")) == (1, 2, [])


def test_N05_two_debts_with_two_numbers_are_two(check):
    assert check(joint_row(ANNE, ""), joint_row(ANNE, "", number="2")) == (2, 0, [])


def test_N05_the_same_number_with_another_amount_refuses_both(check):
    other = joint_row(ANNE, "", bedrag="99,00", saldo="74,00")
    conflict = [(2, "conflict"), (4, "conflict")]
    assert check(joint_row(ANNE, ""), joint_row(ANNE, "", number="2"), other) == (1, 0, conflict)


def test_N05_a_repeated_row_in_a_conflict_is_still_only_repeated(check):
    other = joint_row(ANNE, "", bedrag="99,00", saldo="74,00")
    conflict = [(2, "conflict"), (4, "conflict")]
    assert check(joint_row(ANNE, ""), joint_row(ANNE, ""), other) == (0, 1, conflict)


def test_N05_the_same_number_for_another_person_refuses_both(check):
    conflict = [(2, "conflict"), (3, "conflict")]
    assert check(joint_row(ANNE, ""), joint_row(BRAM, "")) == (0, 0, conflict)


def test_N05_co_debtors_that_name_each_other_are_both_right(check):
    assert check(joint_row(ANNE, BRAM), joint_row(BRAM, ANNE)) == (2, 0, [])


def test_N05_co_debtors_may_have_the_debt_since_another_day(check):
    later = joint_row(BRAM, ANNE, datum="01-03-2026")
    assert check(joint_row(ANNE, BRAM), later) == (2, 0, [])


@pytest.mark.parametrize("other", ["", CEES])
def test_N05_a_co_debtor_who_names_nobody_or_somebody_else_refuses_both(check, other):
    conflict = [(2, "conflict"), (3, "conflict")]
    assert check(joint_row(ANNE, BRAM), joint_row(BRAM, other)) == (0, 0, conflict)


def test_N05_a_third_person_with_the_number_refuses_all(check):
    good, repeated, refused = check(
        joint_row(ANNE, BRAM), joint_row(BRAM, ANNE), joint_row(CEES, "")
    )
    assert (good, repeated, len(refused)) == (0, 0, 3)


def test_N05_one_person_twice_beside_a_co_debtor_refuses_all(check):
    other = joint_row(ANNE, BRAM, bedrag="99,00", saldo="74,00")
    assert len(check(joint_row(ANNE, BRAM), joint_row(BRAM, ANNE), other)[2]) == 3


def test_N05_a_co_debtor_alone_is_enough_for_the_row(check):
    assert check(joint_row(ANNE, BRAM)) == (1, 0, [])


@pytest.mark.parametrize("other", [ANNE, "999999991", "x"])
def test_N05_nobody_is_the_own_or_an_impossible_co_debtor(check, other):
    assert check(joint_row(ANNE, other)) == (0, 0, [(2, "co_debtor")])


def test_N05_three_debtors_name_both_others(source, export):
    three = source(('bsn = "bsn"', 'bsn = "bsn"\nco_debtor = ["mede", "ook"]'))
    header = HEADER + ";mede;ook"
    lines = [row(ANNE) + f";{BRAM};{CEES}", row(BRAM) + f";{CEES};{ANNE}"]
    both = check_file(
        three, export(*lines, row(CEES) + f";{ANNE};{BRAM}", header=header), REFERENCE
    )
    assert both.report.good == 3
    assert both.first[0][1].co_debtors == 2
    one = check_file(three, export(*lines, row(CEES) + f";{ANNE};", header=header), REFERENCE)
    assert one.report.good == 0


def test_N05_thousands_of_rows_with_one_number_are_judged_at_once():
    rows = [(line, Understood(str(line), (), "", "1", "key", "{}")) for line in range(20_000)]
    assert len(settle(rows, {"key"}).conflicting) == 20_000


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["1", "2"])), max_size=12))
def test_N05_every_row_is_good_repeated_or_in_conflict(pairs):
    rows = [
        (line, Understood(bsn, (), "", number, number, "{}"))
        for line, (bsn, number) in enumerate(pairs)
    ]
    settled = settle(rows, {"1", "2"})
    assert not settled.repeated & settled.conflicting
    for number in "12":
        lines = [line for line, (_, each) in enumerate(pairs) if each == number]
        people = {bsn for bsn, each in pairs if each == number}
        taken = [line for line in lines if line not in settled.repeated | settled.conflicting]
        assert len(taken) == (1 if len(people) == 1 else 0)
