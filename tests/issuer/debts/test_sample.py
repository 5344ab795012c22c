"""The four files of the sample against expected.json, and what their rows mean."""

import json
from datetime import date

import pytest

from issuer.debts.debt import Plan
from issuer.debts.imports import check_file, import_file
from tests.issuer.debts.exports import (
    ANNE,
    BOXTEL,
    BRAM,
    CEES,
    GESTEL,
    MUNICIPALITIES,
    NOW,
    REFERENCE,
    SAMPLE,
)

EXPECTED = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))
NOTHING = {"claims": 0, "outstanding": 0, "credit": 0}


def debt_of(registers, bsn, number, municipality=BOXTEL):
    name = "boxtel" if municipality is BOXTEL else "sint-michielsgestel"
    account = registers[name].account_of(bsn, municipality.sources)
    [debt] = [debt for debt in account.debts if debt.debt_number == number]
    return debt


@pytest.mark.parametrize("resident", EXPECTED["residents"], ids=lambda each: each["bsn"])
def test_every_resident_has_the_expected_debts_to_the_cent(sample_registers, resident):
    for name, municipality in MUNICIPALITIES.items():
        account = sample_registers[name].account_of(
            resident["bsn"], municipality.sources, birthdate=resident["born"]
        )
        balances = [debt.balance_cents for debt in account.debts]
        found = {
            "claims": len(balances),
            "outstanding": sum(max(cents, 0) for cents in balances),
            "credit": sum(max(-cents, 0) for cents in balances),
        }
        assert found == resident["per_organisation"].get(name, NOTHING)
        partial = any(state.status == "onvolledig" for state in account.sources)
        assert partial == (name in resident["partial"])


def test_nineteen_residents_have_nothing_at_an_organisation(sample_registers):
    accounts = [
        sample_registers[name].account_of(resident["bsn"], municipality.sources)
        for resident in EXPECTED["residents"]
        for name, municipality in MUNICIPALITIES.items()
    ]
    assert sum(not account.debts for account in accounts) == 19


def test_the_tax_export_is_reported_as_expected(register):
    expected = EXPECTED["import"]["boxtel/belastingen.csv"]
    report = import_file(register, BOXTEL.sources[0], BOXTEL.files["belastingen"], REFERENCE, NOW)
    assert (report.good, report.repeated) == (expected["good_rows"], expected["repeated_rows"])
    assert {reason: line for line, reason in report.reasons} == expected["refused_lines"]


@pytest.mark.parametrize(
    ("municipality", "code", "rows"),
    [(BOXTEL, "sociaal-domein", 16), (GESTEL, "parkeren", 17), (GESTEL, "vorderingen", 10)],
)
def test_the_other_exports_are_complete(municipality, code, rows):
    [source] = [each for each in municipality.sources if each.code == code]
    report = check_file(source, municipality.files[code], REFERENCE).report
    assert (report.good, report.repeated, report.refused, report.unmatched) == (rows, 0, (), 0)


def test_the_refused_rows_make_only_that_source_of_that_person_incomplete(sample_registers):
    states = sample_registers["boxtel"].account_of(BRAM, BOXTEL.sources).sources
    assert [state.status for state in states] == ["onvolledig", "ok"]
    others = sample_registers["boxtel"].account_of(ANNE, BOXTEL.sources).sources
    assert [state.status for state in others] == ["ok", "ok"]


def test_a_dropped_leading_zero_of_a_bsn_is_restored(sample_registers):
    account = sample_registers["boxtel"].account_of("090636089", BOXTEL.sources)
    assert len(account.debts) == 3


def test_a_tax_debt_tells_its_parts(sample_registers):
    debt = debt_of(sample_registers, ANNE, "2000128-1")
    assert debt.case_number == "2000128"
    assert debt.tax_year == 2025
    assert (debt.principal_cents, debt.paid_cents, debt.balance_cents) == (40000, 5000, 42900)
    assert (debt.reminder_costs_cents, debt.warrant_costs_cents) == (900, 7000)
    assert (debt.imposed_on, debt.due_on) == (date(2026, 8, 13), date(2026, 9, 24))
    assert (debt.type, debt.stage) == ("gem_afvalstoffenheffing", "dwangbevel")
    assert (debt.rank, debt.rank_basis) == ("concurrent", "Gemeentewet, artikel 249")


def test_an_objection_is_a_flag(sample_registers):
    assert debt_of(sample_registers, "999449783", "2000132-1").flags == ("betwist",)
    assert debt_of(sample_registers, "999449783", "2000133-1").flags == ()


def test_a_remission_lowers_the_balance(sample_registers):
    debt = debt_of(sample_registers, "999449783", "2000133-1")
    assert (debt.remitted_cents, debt.balance_cents) == (9870, 0)


def test_a_credit_balance_stays_negative(sample_registers):
    assert debt_of(sample_registers, "999353378", "2000131-1").balance_cents == -4000


def test_joint_debtors_have_the_whole_debt_each_and_no_name_of_the_other(sample_registers):
    for bsn in (BRAM, CEES):
        debt = debt_of(sample_registers, bsn, "SD000129")
        assert (debt.liability, debt.co_debtors, debt.balance_cents) == ("hoofdelijk", 1, 300000)
    assert debt_of(sample_registers, ANNE, "SD000004").liability == "alleen"


def test_recovery_of_assistance_is_preferent_and_tells_the_duty_to_inform(sample_registers):
    debt = debt_of(sample_registers, BRAM, "SD000129")
    assert (debt.rank, debt.rank_basis) == ("preferent", "Participatiewet, artikel 60")
    assert debt.disclosure_duty_breached is True
    assert debt.due_on is None


def test_a_plan_tells_its_instalment(sample_registers):
    debt = debt_of(sample_registers, "999366257", "SD000024")
    assert debt.plan == Plan(instalment_cents=7643, frequency="maand")
    assert debt_of(sample_registers, BRAM, "SD000129").plan is None


def test_costs_and_payments_come_from_movements(sample_registers):
    debt = debt_of(sample_registers, "999848471", "V000109", GESTEL)
    assert (debt.principal_cents, debt.reminder_costs_cents) == (72343, 1800)
    assert (debt.warrant_costs_cents, debt.interest_cents) == (8230, 732)
    assert (debt.paid_cents, debt.balance_cents) == (24114, 58991)


def test_a_debt_with_the_bailiff_says_whom_to_call(sample_registers):
    debt = debt_of(sample_registers, ANNE, "V000134", GESTEL)
    assert debt.handler_name == "Deurwaarderskantoor Brabant"
    assert (debt.handler_role, debt.handler_file_number) == ("deurwaarder", "D-2026-4471")
    assert debt.transfer == "incasso_opdracht"
    other = debt_of(sample_registers, "090636089", "V000015", GESTEL)
    assert (other.handler_name, other.transfer) == (None, "geen")


def test_a_licence_plate_is_nowhere_in_the_register(sample_registers):
    rows = sample_registers["sint-michielsgestel"]._database.execute("select content from debts")
    assert len(rows) == 27
    assert not any("XX" in row["content"] for row in rows)


def test_no_bsn_and_no_name_is_in_the_register(sample_registers):
    for register in sample_registers.values():
        rows = [
            *register._database.execute("select * from debts"),
            *register._database.execute("select * from debt_imports"),
            *register._database.execute("select * from debt_refusals"),
            *register._database.execute("select * from debt_changes"),
        ]
        text = json.dumps([dict(row) for row in rows], ensure_ascii=False)
        for resident in EXPECTED["residents"]:
            assert resident["bsn"].lstrip("0") not in text
            assert resident["name"].split()[-1] not in text
