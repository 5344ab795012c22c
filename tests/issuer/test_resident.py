"""What the page makes of an account: few amounts, and never more certain than the register."""

from datetime import date

import pytest

from issuer import resident
from issuer.debts.debt import Debt
from issuer.debts.source import Account, SourceState

ORGANISATION = type(
    "Proef", (), {"name": "Gemeente Proef", "oin": "0" * 20, "municipality_code": "GM0757"}
)()
DAY = date(2026, 11, 10)


def debt(number, balance, **more):
    given = {"due_on": date(2026, 3, 31), "stage": "aangemaand", "type": "gem_leges", **more}
    return Debt(source="a", case_number=number, debt_number=number, balance_cents=balance, **given)


def account(*debts, status="ok", **more):
    state = SourceState(code="a", name="Bron A", status=status, reference_date=DAY)
    return Account(debts=debts, sources=(state, *more.get("others", ())))


def view(*debts, **more):
    return resident.view(account(*debts, **more), ORGANISATION)


def test_due_and_outstanding_are_added_and_credit_is_never_netted():
    seen = view(debt("1", 10_000), debt("2", 5_000, due_on=date(2026, 12, 31)), debt("3", -700))
    assert (seen.due_cents, seen.outstanding_cents, seen.credit_cents) == (10_000, 15_000, 700)
    assert not seen.at_least


def test_an_amount_that_the_source_does_not_tell_makes_the_total_a_minimum():
    seen = view(debt("1", 10_000), debt("2", 5_000, due_on=None))
    assert (seen.due_cents, seen.at_least) == (10_000, True)


def test_what_is_disputed_stands_apart_and_is_not_due():
    seen = view(debt("1", 10_000), debt("2", 5_000, flags=("betwist",)))
    assert (seen.due_cents, seen.disputed_cents, seen.outstanding_cents) == (10_000, 5_000, 15_000)


def test_the_most_urgent_debt_comes_first():
    later = debt("later", 90_000, due_on=date(2026, 12, 31))
    seen = view(debt("credit", -100), later, debt("small", 10), debt("large", 500))
    assert [card.terms["zaakkenmerk"] for card in seen.cards] == [
        "large",
        "small",
        "later",
        "credit",
    ]


@pytest.mark.parametrize(
    ("status", "unanswered", "incomplete"),
    [("ok", 0, 0), ("niet_bereikbaar", 1, 0), ("onvolledig", 0, 1), ("niet_aangesloten", 0, 1)],
)
def test_a_source_that_is_not_ok_is_told_as_what_it_is(status, unanswered, incomplete):
    seen = view(status=status)
    assert (len(seen.unanswered), len(seen.incomplete)) == (unanswered, incomplete)
    assert seen.is_complete is (status == "ok")


def test_the_date_is_that_of_the_oldest_delivery():
    older = SourceState(code="b", name="Bron B", status="ok", reference_date=date(2026, 10, 1))
    assert view(others=(older,)).reference_date == date(2026, 10, 1)
    assert resident.view(Account(debts=(), sources=()), ORGANISATION).reference_date is None


def test_a_card_offers_only_what_can_be_done():
    tax = view(debt("1", 100, type="gem_rioolheffing", iban="NL91ABNA0417164300")).cards[0]
    assert (tax.can_be_paid, tax.can_be_arranged, tax.may_be_remitted) == (True, True, True)
    credit = view(debt("1", -100, type="gem_rioolheffing", iban="NL91ABNA0417164300")).cards[0]
    assert (credit.can_be_paid, credit.can_be_arranged, credit.may_be_remitted) == (
        False,
        False,
        False,
    )
    fine = view(debt("1", 100, type="gem_bestuurlijke_boete_apv")).cards[0]
    assert (fine.can_be_paid, fine.may_be_remitted) == (False, False)
