"""Three more dialects with other quirks: totals to the cent, and one source that breaks off."""

import pytest

from issuer.debts.imports import SourceUnreachableError, import_file
from issuer.debts.origin import Origin
from tests.issuer.debts import awkward
from tests.issuer.debts.awkward import ANNE, BBZ, BRAM, CEES, EXPECTED, HUUR, LEGES, SOURCES, ZERO
from tests.issuer.debts.exports import NOW, REFERENCE
from tests.issuer.debts.networks import ADDRESS


def bring_files(register, folder):
    leges = import_file(register, LEGES, awkward.permits(folder), REFERENCE, NOW)
    huur = import_file(register, HUUR, awkward.rents(folder), REFERENCE, NOW)
    return leges, huur


def ask(register, **options):
    origin = Origin(address=ADDRESS, fetcher=awkward.loans(**options))
    return import_file(register, BBZ, origin, None, NOW)


def totals(register, bsn):
    account = register.account_of(bsn, SOURCES)
    found = dict.fromkeys(("leges", "huur", "bbz"), 0)
    for debt in account.debts:
        found[debt.source] += debt.balance_cents
    return found


def states(register, bsn):
    return {state.code: state.status for state in register.account_of(bsn, SOURCES).sources}


def test_every_resident_has_the_expected_totals(register, tmp_path):
    leges, huur = bring_files(register, tmp_path)
    loans = ask(register)
    assert {bsn: totals(register, bsn) for bsn in EXPECTED} == EXPECTED
    assert [(row.line, row.code) for row in leges.refused] == [(8, "amount_notation")]
    assert [(row.line, row.code) for row in huur.refused] == [(7, "balance")]
    assert (leges.good, huur.good, loans.good) == (3, 3, 5)
    assert states(register, ANNE) == {"leges": "ok", "huur": "ok", "bbz": "ok"}
    assert states(register, BRAM) == {"leges": "onvolledig", "huur": "onvolledig", "bbz": "ok"}


def test_what_the_rows_tell_is_understood(register, tmp_path):
    bring_files(register, tmp_path)
    ask(register)
    anne = {debt.debt_number: debt for debt in register.account_of(ANNE, SOURCES).debts}
    assert anne["N1-2"].balance_cents == -2_500
    assert (anne["H-1"].liability, anne["H-1"].handler_role) == ("hoofdelijk", "deurwaarder")
    assert (anne["H-1"].transfer, anne["H-1"].interest_cents) == ("incasso_opdracht", 1_234)
    assert (anne["B-1"].plan.kept, anne["B-1"].plan.instalment_cents) == (True, 5_000)
    bram = {debt.debt_number: debt for debt in register.account_of(BRAM, SOURCES).debts}
    assert bram["B-2"].flags == ("betwist",)
    assert (bram["B-5"].plan.kept, bram["B-5"].plan.overdue_cents) == (False, 300)
    [zero] = [d for d in register.account_of(ZERO, SOURCES).debts if d.source == "leges"]
    assert zero.stage == "aangemaand"


def test_a_source_that_fails_on_page_three_is_unreachable_and_nothing_of_it_is_taken(
    register, tmp_path
):
    bring_files(register, tmp_path)
    with pytest.raises(SourceUnreachableError):
        ask(register, broken=(3,))
    for bsn, expected in EXPECTED.items():
        assert totals(register, bsn) == expected | {"bbz": 0}
        assert states(register, bsn)["bbz"] == "niet_bereikbaar"


def test_a_source_that_fails_later_keeps_what_it_delivered(register, tmp_path):
    bring_files(register, tmp_path)
    ask(register)
    with pytest.raises(SourceUnreachableError):
        ask(register, broken=(3,))
    register.mark_unreachable("bbz")  # as the command does: see test_importing
    assert totals(register, CEES) == EXPECTED[CEES]
    assert totals(register, ANNE) == EXPECTED[ANNE]
    assert states(register, ANNE)["bbz"] == "niet_bereikbaar"
    ask(register)
    assert states(register, ANNE)["bbz"] == "ok"
