"""What has to be paid now: known or said not to be known."""

from datetime import date

import pytest

from issuer.debts.debt import Debt, Plan
from issuer.debts.due import DueAmounts, due_amounts

REFERENCE = date(2026, 11, 20)
NOTHING = DueAmounts(due_cents=0, arrears_cents=0)


def due(**known):
    values = {
        "source": "s",
        "case_number": "1",
        "debt_number": "1",
        "type": "gem_leges",
        "balance_cents": 10000,
        "stage": "aangemaand",
        "due_on": date(2026, 10, 31),
    }
    return due_amounts(Debt(**values | known), REFERENCE)


def test_a_bill_is_due_on_its_due_date_and_in_arrears_from_the_day_after():
    assert due(due_on=date(2026, 11, 21)) == NOTHING
    assert due(due_on=REFERENCE) == DueAmounts(due_cents=10000, arrears_cents=0)
    assert due(due_on=date(2026, 11, 19)) == DueAmounts(
        due_cents=10000, arrears_cents=10000, since=REFERENCE
    )


@pytest.mark.parametrize("unknown", ["due_on", "stage"])
def test_without_due_date_or_stage_it_is_not_known(unknown):
    assert due(**{unknown: None}) is None


@pytest.mark.parametrize("balance", [0, -4000])
def test_nothing_is_due_of_a_balance_that_is_not_above_zero(balance):
    assert due(balance_cents=balance, due_on=None, stage=None) == NOTHING


def test_a_plan_without_the_state_of_its_instalments_is_not_known():
    assert due(stage="betalingsregeling") is None
    assert due(plan=Plan(instalment_cents=5000)) is None


def test_of_a_running_plan_only_what_was_missed_is_due():
    assert due(stage="betalingsregeling", plan=Plan(kept=True)) == NOTHING
    missed = DueAmounts(due_cents=2000, arrears_cents=2000)
    assert due(plan=Plan(overdue_cents=2000)) == missed
    assert due(plan=Plan(overdue_cents=99999)).due_cents == 10000


def test_a_broken_plan_makes_the_whole_balance_due():
    since = date(2026, 9, 1)
    whole = DueAmounts(due_cents=10000, arrears_cents=10000, since=since)
    assert due(plan=Plan(broken_since=since)) == whole
    assert due(plan=Plan(kept=False)).due_cents == 10000


@pytest.mark.parametrize("stage", ["uitstel", "verjaard", "ingetrokken"])
def test_nothing_is_due_in_a_stage_that_halts_collection(stage):
    assert due(stage=stage) == NOTHING


@pytest.mark.parametrize("flag", ["uitstel", "opgeschort_schuldhulp", "verjaard"])
def test_nothing_is_due_under_a_flag_that_halts_collection(flag):
    assert due(flags=(flag,)) == NOTHING


@pytest.mark.parametrize("flag", ["betwist", "beslag", "buiten_invordering"])
def test_other_flags_leave_a_debt_due(flag):
    assert due(flags=(flag,)).due_cents == 10000
