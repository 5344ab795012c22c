"""Folded debts are judged as rows of a table are, and kept as such."""

import json
from datetime import date

import pytest

from issuer.debts import events as e
from issuer.debts.dialect import load_dialect
from issuer.debts.event_rows import check_balance, row_of, rules_of
from issuer.debts.folding import EventsRefusedError, fold
from issuer.debts.register import restored
from issuer.debts.rows import RowRefusedError, kinds_content
from tests.issuer.debts.cases import (
    corrected,
    demanded,
    event,
    imposed,
    paid,
    withdrawn,
)
from tests.issuer.debts.exports import ANNE

WATER = {"creditor_oin": "00000001009999999000", "creditor_name": "Waterschap"}


@pytest.fixture
def dialect(source):
    def make(*replacements):
        with_rule = ('type = "gem_hond', 'allocation = "iw_7"\ntype = "gem_hond')
        return load_dialect(source(with_rule, *replacements).dialect)

    return make


def rows(events, dialect):
    return [row_of(each, ANNE, dialect) for each in fold(events, rules_of(dialect))]


def hond(name, cents, number="1", **more):
    return imposed(name, cents, number, kind="hond", **more)


def test_a_case_becomes_rows_that_are_restored_as_debts(dialect):
    events = [
        hond("h", 10_000, about={"description": "Hond", "tax_year": 2026}),
        hond("i", 5_000, "2", **WATER),
        hond("k", 900, None, part="reminder_costs", day=20),
        paid("p", 900),
        corrected("c", "i", -1_000),
        demanded("d", due_on=date(2026, 3, 1), iban="NL91 ABNA 0417 1643 00"),
    ]
    made = rows(events, dialect())
    assert len({row.key for row in made}) == 3
    kinds = json.loads(json.dumps(kinds_content(dialect())))
    first, second, costs = (restored(row.content, kinds, "honden") for row in made)
    assert (first.type, first.rank, first.description) == (
        "gem_hondenbelasting",
        "concurrent",
        "Hond",
    )
    assert (first.due_on, first.iban) == (date(2026, 3, 1), "NL91ABNA0417164300")
    assert (second.creditor_name, second.balance_cents) == ("Waterschap", 4_000)
    assert (costs.category, costs.balance_cents, costs.stage) == (
        "administratiekosten",
        0,
        "voldaan",
    )


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ([imposed("h", 100, kind="kat")], "kind_unknown"),
        ([hond("h", 100, "x" * 101)], "text"),
        ([hond("h", 100, " ")], "number_missing"),
        ([hond("h", 100, about={"description": "a\nb"})], "text"),
        ([hond("h", 100, about={"imposed_on": "1 mei"})], "date_notation"),
        ([hond("h", 100, about={"imposed_on": "1979-05-01"})], "date_range"),
        ([hond("h", 100, about={"liability": "samen"})], "word_unknown"),
        ([hond("h", 100, creditor_oin="1", creditor_name="x")], "oin"),
        ([hond("h", 100, creditor_oin=WATER["creditor_oin"])], "creditor"),
        ([hond("h", 100), demanded("d", iban="NL00")], "iban"),
        ([hond("h", 100), demanded("d", due_on=date(2025, 1, 1))], "date_order"),
        ([hond("h", 10**12)], "amount_range"),
        ([hond("h", 100), event(e.ObligationTransferred, "o", transfer="weg")], "word_unknown"),
    ],
)
def test_what_no_row_may_have_is_refused(events, code, dialect):
    with pytest.raises(RowRefusedError) as caught:
        rows(events, dialect())
    assert caught.value.code == code


def test_a_credit_that_follows_from_events_needs_no_permission(dialect):
    [row] = rows([hond("h", 100), paid("p", 101)], dialect())
    assert json.loads(row.content)["balance_cents"] == -1


def test_a_stated_balance_is_held_against_the_events(dialect):
    events = [hond("h", 100), hond("i", 50, "2"), paid("p", 30), withdrawn("w", "p")]
    folded = fold(events, rules_of(dialect()))
    check_balance(folded, 150)
    with pytest.raises(EventsRefusedError) as caught:
        check_balance(folded, 120)
    assert caught.value.code == "event_balance"
