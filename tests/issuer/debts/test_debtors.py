"""What is kept of a person: one row for each import, equal where the debts are equal."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.debts.imports import import_file
from issuer.debts.register import MIGRATIONS, Entry, Register
from tests.issuer.debts.exports import ANNE, BRAM, CEES, HEADER, NOW, REFERENCE, pseudonym, row
from vckit.adapters.sqlite import create_database, open_database

KEY = b"k" * 32
# A row for each debt, as it was before.
WITH_DEBTS = MIGRATIONS[:2]
BIRTH = ('bsn = "bsn"', 'bsn = "bsn"\nbirth_date = "geboren"')


@given(
    st.lists(st.tuples(st.text().map(json.dumps), st.integers(), st.none() | st.just("b"))).filter(
        bool
    ),
    st.randoms(),
)
def test_the_order_of_the_debts_makes_no_difference(debts, chance):
    known = {content: (content, line, birth) for content, line, birth in debts}
    debts = list(known.values())
    shuffled = chance.sample(debts, len(debts))
    entry = Entry.of("p", debts)
    assert Entry.of("p", shuffled) == entry
    births = json.loads(entry.births) if entry.births else [None] * len(debts)
    kept = zip(json.loads(entry.content), json.loads(entry.lines), births, strict=True)
    assert sorted((json.dumps(content), line, birth or "") for content, line, birth in kept) == (
        sorted((content, line, birth or "") for content, line, birth in debts)
    )


@pytest.fixture
def before(tmp_path, source, export, register):
    """A database with a row for each debt, filled with what an import gave; and its source."""
    honden = source(BIRTH)
    lines = [
        row(ANNE, "2") + ";21-08-1974",
        row(ANNE, "10", betaald="30,00", saldo="70,00") + ";",
        row(BRAM, "3") + ";",
        row(CEES, "4") + ";",
    ]
    import_file(register, honden, export(*lines, header=HEADER + ";geboren"), REFERENCE, NOW)
    old = create_database(tmp_path / "before.sqlite", KEY, WITH_DEBTS)
    old.insert_all("debt_imports", register._database.execute("select * from debt_imports"))
    old.insert_all("debt_sources", register._database.execute("select * from debt_sources"))
    for kept in register._database.execute("select * from debtors"):
        births = json.loads(kept["births"] or "[null, null]")
        debts = zip(json.loads(kept["lines"]), json.loads(kept["content"]), births, strict=False)
        for line, content, birth in debts:
            text = json.dumps(content, separators=(",", ":"), ensure_ascii=False)
            old.execute(
                "insert into debts values (1, ?, ?, ?, ?, ?)",
                (line, kept["person"], "00", birth, text),
            )
    old.close()
    return tmp_path / "before.sqlite", honden, lines


def test_a_register_of_before_tells_the_same(before, register):
    path, honden, _ = before
    migrated = Register(open_database(path, KEY, migrations=MIGRATIONS), pseudonym)
    for bsn in (ANNE, BRAM, CEES):
        for birthdate in (None, "1974-08-21", "1980-01-01"):
            found = migrated.account_of(bsn, [honden], birthdate=birthdate)
            assert found == register.account_of(bsn, [honden], birthdate=birthdate)
    assert len(migrated.account_of(ANNE, [honden]).debts) == 2


def test_the_first_import_over_a_register_of_before_marks_only_what_changed(before, export):
    path, honden, lines = before
    migrated = Register(open_database(path, KEY, migrations=MIGRATIONS), pseudonym)
    changed = [lines[1], lines[0], row(BRAM, "3", betaald="1,00", saldo="99,00") + ";", lines[3]]
    later = export(*changed, header=HEADER + ";geboren")
    import_file(migrated, honden, later, date(2026, 11, 21), NOW)
    assert migrated.take_changed() == [pseudonym(BRAM)]
    import_file(migrated, honden, export(*lines, header=HEADER + ";geboren"), None, NOW)
    assert migrated.take_changed() == [pseudonym(BRAM)]


def test_debts_are_told_in_the_order_of_the_file(register, source, export):
    honden = source()
    lines = [row(number=number) for number in ("9", "10", "1")]
    import_file(register, honden, export(*lines), REFERENCE, NOW)
    found = register.account_of(ANNE, [honden]).debts
    assert [debt.debt_number for debt in found] == ["9", "10", "1"]
