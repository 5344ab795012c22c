"""Rows are read many at once; what each is taken for is what it would be taken for alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.debts.amounts import amount_reader, amounts_reader
from issuer.debts.dialect import Dialect
from issuer.debts.movements import folded
from issuer.debts.notation import CellRefusedError
from issuer.debts.rows import RowReader, RowRefusedError
from issuer.debts.sections import Amounts
from tests.issuer.debts.exports import ANNE, BRAM, CEES, REFERENCE

CELLS = {
    "bsn": (ANNE, BRAM, "123456789", ""),
    "ander": ("", "", BRAM, CEES, ANNE, "1"),
    "geboren": ("", "21-08-1974", "00-00-1984"),
    "nummer": ("1", "2", "A 3", ""),
    "soort": ("hond", "hond", "kat"),
    "datum": ("01-02-2026", "", "31-02-2026", "01-02-2027"),
    "verval": ("15-03-2026", "", "01-01-2026"),
    "bedrag": ("100,00", "1.100,00", "0,00", "-100,00", "100", "x"),
    "betaald": ("25,00", "0,00", "", "25,00\n1,00"),
    "saldo": ("75,00", "100,00", "1.075,00"),
    "fase": ("open", "open", "dicht"),
    "oin": ("", "", "00000001001234567000"),
    "naam": ("", "", "Waterschap"),
    "bezwaar": ("J", "N", "?"),
    "deurwaarder": ("", "Incasso BV"),
    "termijn": ("", "10,00", "-1,00"),
    "nagekomen": ("J", "N"),
}
DECLARED = {
    "file": {"kind": "csv", "encoding": "utf-8", "delimiter": ";"},
    "columns": {
        "bsn": "bsn",
        "co_debtor": "ander",
        "birth_date": "geboren",
        "case_number": "nummer",
        "debt_number": "nummer",
        "kind": "soort",
        "imposed_on": "datum",
        "due_on": "verval",
        "principal": "bedrag",
        "paid": "betaald",
        "balance": "saldo",
        "stage": "fase",
        "creditor_oin": "oin",
        "creditor_name": "naam",
        "handler_name": "deurwaarder",
        "plan_instalment": "termijn",
    },
    "amounts": {"decimal": ",", "thousands": "."},
    "balance": {"rule": "checked", "allow_negative": True},
    "dates": {"notation": "dd-mm-yyyy"},
    "kinds": {
        "words": {
            "hond": {
                "type": "gem_hondenbelasting",
                "rank": "concurrent",
                "rank_basis": "Gemeentewet",
            }
        }
    },
    "stages": {"words": {"open": "opgelegd"}},
    "flags": {"betwist": {"column": "bezwaar", "yes": ["J"], "no": ["N"]}},
    "answers": {"plan_kept": {"column": "nagekomen", "yes": ["J"], "no": ["N"]}},
    "handler": {"role": "deurwaarder", "transfer": "incasso_opdracht"},
}
ROWS = st.lists(
    st.tuples(*(st.sampled_from(cells) for cells in CELLS.values())).map(list)
    | st.lists(st.just("x"), max_size=3),
    min_size=1,
    max_size=12,
)
GOOD = [cells[0] for cells in CELLS.values()]


def told(reader, rows):
    lines = list(enumerate(rows, start=2))
    for batch in reader.read_all(lines):
        for line, found, cells in batch:
            assert cells is rows[line - 2]
            refused = isinstance(found, RowRefusedError)
            yield (found.code, found.column) if refused else tuple(found)


def reader(told_apart=(), **changes):
    dialect = Dialect.model_validate(DECLARED | changes)
    moved = folded(told_apart, dialect.movements, dialect.amounts)
    return RowReader(dialect, tuple(CELLS), REFERENCE, moved)


MOVED = {
    "file": {"kind": "database", "query": "select 1"},
    "movements": {
        "query": "select 2",
        "number": "n",
        "kind": "k",
        "amount": "a",
        "kinds": {"rente": "interest", "betaling": "paid"},
    },
}
READERS = {
    "by column": reader(),
    "with movements": reader([("1", "rente", "5,00"), ("2", "?", "1,00")], **MOVED),
}


@pytest.mark.parametrize("name", READERS)
@given(rows=ROWS, good=st.integers(0, 3))
def test_a_row_among_others_is_what_it_is_alone(name, rows, good):
    rows = [*[list(GOOD) for _ in range(good)], *rows]
    together = list(told(READERS[name], rows))
    assert together == [alone for row in rows for alone in told(READERS[name], [row])]


def test_one_bad_row_among_thousands_is_the_only_one_refused():
    rows = [list(GOOD) for _ in range(2_345)]
    rows[1_234][0] = "123456789"
    found = list(told(READERS["by column"], rows))
    assert [(at, row) for at, row in enumerate(found) if len(row) == 2] == [
        (1_234, ("bsn_eleven_test", "bsn"))
    ]


AMOUNTS = [
    Amounts(decimal=","),
    Amounts(decimal=".", thousands=",", maximum_euros=1_000),
    Amounts(decimal=",", empty_is_zero=True, negative="trailing"),
    Amounts(unit="cent"),
]
TEXTS = st.from_regex(r"[0-9]{1,5}[,.][0-9]{2}", fullmatch=True) | st.sampled_from(
    ["", " 1,00", "1,00\n2,00", "1,00-", "-1,00", "1,000.00", "12", "\u0661,00", "9999999999999,00"]
)


def outcome(read, cells):
    try:
        return read(cells)
    except CellRefusedError as error:
        return error.code


@given(
    st.sampled_from(AMOUNTS),
    st.lists(TEXTS | st.integers(-9, 9) | st.sampled_from([None, True, 1.5, date.min]), min_size=1),
)
def test_many_amounts_at_once_are_what_each_is(amounts, cells):
    each = amount_reader(amounts)
    assert outcome(amounts_reader(amounts), cells) == outcome(lambda _: list(map(each, cells)), ())
