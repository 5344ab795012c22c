"""What one row tells: amounts and their rule, plans, handlers, creditors, flags, exclusions."""

from datetime import date

import pytest

from issuer.debts.debt import Attachment, Plan
from issuer.debts.imports import check_file
from tests.issuer.debts.exports import HEADER, REFERENCE, row


@pytest.fixture
def read(source, export):
    """Read one row with extra columns under extra declarations; its debt or the code of refusal."""

    def run(*replacements, columns="", cells="", extra="", **changes):
        header = HEADER + (f";{columns}" if columns else "")
        line = row(**changes) + (f";{cells}" if columns else "")
        check = check_file(
            source(*replacements, extra=extra), export(line, header=header), REFERENCE
        )
        if check.report.refused:
            [refusal] = check.report.refused
            return refusal.code
        [(_, debt)] = check.first
        return debt

    return run


def column(field, name):
    return ('bsn = "bsn"\n', f'bsn = "bsn"\n{field} = "{name}"\n')


def test_the_balance_is_checked_against_its_parts(read):
    assert read().balance_cents == 7500
    assert read(saldo="75,01") == "balance"


def test_N01_a_negative_balance_needs_a_dialect_that_allows_it(read):
    changes = {"betaald": "140,00", "saldo": "-40,00"}
    assert read(**changes) == "amount_negative"
    allowed = ('rule = "checked"', 'rule = "checked"\nallow_negative = true')
    assert read(allowed, **changes).balance_cents == -4000
    assert read(allowed, bedrag="-40,00", betaald="0,00", saldo="-40,00").principal_cents == -4000
    assert read(bedrag="-40,00", betaald="0,00", saldo="-40,00") == "amount_negative"
    assert read(allowed, betaald="-1,00", saldo="101,00") == "amount_negative"


def test_a_stated_balance_tells_which_parts_are_not_known(read):
    debt = read(('rule = "checked"', 'rule = "stated"'), saldo="90,00")
    assert debt.balance_cents == 9000
    assert "reminder_costs" in debt.unknown_parts
    assert "paid" not in debt.unknown_parts


def test_payments_can_be_written_with_a_minus(read):
    negated = ('decimal = ","', 'decimal = ","\nnegated = ["paid"]')
    assert read(negated, betaald="-25,00").paid_cents == 2500
    assert read(betaald="-25,00") == "amount_negative"


def test_a_correction_has_either_sign(read):
    corrected = column("corrected", "correctie")
    assert (
        read(corrected, columns="correctie", cells="-5,00", saldo="70,00").corrected_cents == -500
    )
    assert read(corrected, columns="correctie", cells="5,00", saldo="80,00").corrected_cents == 500


def test_a_due_date_before_the_decision_is_refused(read):
    assert read(verval="31-01-2026") == "date_order"
    assert read(verval="01-02-2026").due_on == date(2026, 2, 1)


def test_N02_another_currency_than_euro_is_refused(read):
    currency = column("currency", "valuta")
    assert read(currency, columns="valuta", cells="EUR").balance_cents == 7500
    for other in ("eur", "USD", "NLG", ""):
        assert read(currency, columns="valuta", cells=other) == "currency"


def test_N14_an_excluded_row_is_refused(read):
    extra = '\n[[exclusions]]\ncolumn = "bijzonder"\nvalues = ["overleden", "geheim"]\n'
    assert read(columns="bijzonder", cells="", extra=extra).balance_cents == 7500
    assert read(columns="bijzonder", cells="overleden", extra=extra) == "excluded"


def test_a_flag_is_raised_by_the_declared_words_only(read):
    extra = '\n[flags.uitstel]\ncolumn = "uitstel"\nyes = ["J"]\nno = ["N", ""]\n'
    assert read(columns="uitstel", cells="J", extra=extra).flags == ("uitstel",)
    assert read(columns="uitstel", cells="", extra=extra).flags == ()
    assert read(columns="uitstel", cells="j", extra=extra) == "word_unknown"


def test_a_handler_is_told_with_its_role_where_there_is_one(read):
    handler = (*[column("handler_name", "wie")], column("handler_file_number", "dossier"))
    extra = '\n[handler]\nrole = "deurwaarder"\n'
    debt = read(*handler, columns="wie;dossier", cells="Brabant;D-1", extra=extra)
    assert (debt.handler_role, debt.handler_name, debt.handler_file_number) == (
        "deurwaarder",
        "Brabant",
        "D-1",
    )
    assert debt.transfer == "incasso_opdracht"
    debt = read(*handler, columns="wie;dossier", cells=";D-1", extra=extra)
    assert (debt.handler_role, debt.handler_file_number, debt.transfer) == (None, None, "geen")


def test_a_creditor_of_a_row_goes_before_that_of_the_dialect(read):
    creditor = column("creditor_oin", "oin"), column("creditor_name", "schuldeiser")
    extra = '\n[creditor]\noin = "00000001001111111000"\nname = "Belastingsamenwerking"\n'
    columns = "oin;schuldeiser"
    debt = read(*creditor, columns=columns, cells="00000001002222222000;Waterschap", extra=extra)
    assert (debt.creditor_oin, debt.creditor_name) == ("00000001002222222000", "Waterschap")
    debt = read(*creditor, columns=columns, cells=";", extra=extra)
    assert debt.creditor_name == "Belastingsamenwerking"
    assert (
        read(*creditor, columns=columns, cells="00000001002222222000;", extra=extra) == "creditor"
    )
    assert read(*creditor, columns=columns, cells="12;Waterschap", extra=extra) == "oin"


def test_a_plan_is_told_by_its_columns(read):
    plan = [
        column(f"plan_{name}", name) for name in ("instalment", "overdue", "remaining", "starts_on")
    ]
    columns = "instalment;overdue;remaining;starts_on"
    extra = '\n[plan]\nfrequency = "maand"\n'
    debt = read(*plan, columns=columns, cells="10,00;20,00;7;01-05-2026", extra=extra)
    assert debt.plan == Plan(
        instalment_cents=1000,
        overdue_cents=2000,
        remaining=7,
        starts_on=date(2026, 5, 1),
        frequency="maand",
    )
    assert read(*plan, columns=columns, cells=";;;", extra=extra).plan is None


def test_whether_a_plan_is_kept_counts_only_where_there_is_a_plan(read):
    extra = '\n[answers.plan_kept]\ncolumn = "na"\nyes = ["J"]\nno = ["N"]\n'
    running = ('open = "opgelegd"', 'open = "betalingsregeling"')
    assert read(columns="na", cells="N", extra=extra).plan is None
    assert read(running, columns="na", cells="N", extra=extra).plan == Plan(kept=False)


def test_an_attachment_is_told_by_its_columns(read):
    attachment = [column(f"attachment_{name}", name) for name in ("monthly", "since", "attacher")]
    debt = read(*attachment, columns="monthly;since;attacher", cells="50,00;01-05-2026;LBIO")
    assert debt.attachment == Attachment(
        monthly_cents=5000, since=date(2026, 5, 1), attacher="LBIO"
    )


def test_fixed_kind_stage_and_numbers_of_several_columns(read):
    fixed = (
        ('kind = "soort"\n', ""),
        ("[kinds.words.hond]", '[kinds]\nfixed = "hond"\n[kinds.words.hond]'),
        ('stage = "fase"\n', ""),
        ('[stages.words]\nopen = "opgelegd"', '[stages]\nfixed = "herinnerd"'),
        ('delimiter = ";"', 'delimiter = ";"\nignored_columns = ["soort", "fase"]'),
        ('debt_number = "nummer"', 'debt_number = ["nummer", "volg"]'),
        ("[amounts]", '[numbers]\nseparator = "/"\n[amounts]'),
    )
    debt = read(*fixed, columns="volg", cells="3", soort="x")
    assert (debt.type, debt.stage, debt.debt_number) == ("gem_hondenbelasting", "herinnerd", "1/3")
    assert read(*fixed, columns="volg", cells="") == "number_missing"


def test_own_words_of_a_row_go_before_those_of_its_kind(read):
    described = (
        'type = "gem_hondenbelasting"',
        'type = "gem_hondenbelasting"\ndescription = "Hond"',
    )
    assert read(described).description == "Hond"
    own = column("description", "tekst")
    assert read(described, own, columns="tekst", cells="Twee honden").description == "Twee honden"
    assert read(described, own, columns="tekst", cells="").description == "Hond"


def test_a_number_is_needed(read):
    assert read(number="") == "number_missing"
    assert read(number="x" * 101) == "text"
