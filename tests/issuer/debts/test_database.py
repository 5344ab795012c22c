"""Databases by a URL: one moment, read only, and what goes wrong is told without its words."""

import sqlite3
import sys

import pytest

from issuer.debts import database as databases
from issuer.debts.imports import (
    FileRefusedError,
    SourceUnreachableError,
    check_file,
    import_file,
)
from issuer.debts.origin import Origin
from tests.issuer.debts.exports import ANNE, BRAM, NOW, REFERENCE
from tests.issuer.debts.test_sql import MOVEMENTS
from vckit.errors import ConfigurationError


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "server.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("create table post (bsn, nummer, soort, datum, verval, bedrag, fase)")
        connection.execute("create table mutatie (post, soort, cent)")
        for number, bsn in (("1", ANNE), ("2", BRAM)):
            post = (bsn, number, "hond", "01-02-2026", "15-03-2026", 10000, "open")
            connection.execute("insert into post values (?, ?, ?, ?, ?, ?, ?)", post)
        connection.execute("insert into mutatie values ('1', 'betaling', -2500)")
    connection.close()
    return path


@pytest.fixture
def origin(path):
    return Origin(address=f"sqlite:///{path}")


@pytest.fixture
def dialect(source):
    def make(query="select * from post", extra=MOVEMENTS):
        return source(
            (
                'kind = "csv"\nencoding = "utf-8"\ndelimiter = ";"',
                f'kind = "database"\nquery = "{query}"',
            ),
            ('paid = "betaald"\nbalance = "saldo"\n', ""),
            ('decimal = ","\nthousands = "."', 'unit = "cent"'),
            ('rule = "checked"', 'rule = "computed"'),
            extra=extra,
        )

    return make


def balances(register, source, bsn=ANNE):
    return [debt.balance_cents for debt in register.account_of(bsn, [source]).debts]


def test_the_rows_of_the_query_with_their_movements_are_imported(dialect, origin, register):
    report = import_file(register, dialect(), origin, REFERENCE, NOW)
    assert (report.good, report.refused) == (2, ())
    assert balances(register, dialect()) == [7500]
    assert balances(register, dialect(), BRAM) == [10000]


def test_a_database_that_did_not_change_changes_nothing(dialect, origin, register, path):
    import_file(register, dialect(), origin, REFERENCE, NOW)
    assert import_file(register, dialect(), origin, REFERENCE, NOW + 60).unchanged
    with sqlite3.connect(path) as connection:
        connection.execute("insert into mutatie values ('2', 'betaling', -2500)")
    connection.close()
    assert not import_file(register, dialect(), origin, REFERENCE, NOW + 60).unchanged
    assert balances(register, dialect(), BRAM) == [7500]


@pytest.mark.parametrize("query", ["select * from posten", "selekt", "delete from post"])
def test_a_query_that_does_not_fit_or_would_write_is_refused(dialect, origin, path, query):
    before = path.read_bytes()
    with pytest.raises(FileRefusedError, match="query"):
        check_file(dialect(query), origin, REFERENCE, NOW)
    assert path.read_bytes() == before


def test_a_percent_sign_in_a_query_means_itself(dialect, origin):
    query = "select * from post where fase like 'op%'"
    assert check_file(dialect(query), origin, REFERENCE, NOW).report.good == 2


def test_a_column_that_is_not_given_is_named(dialect, origin):
    with pytest.raises(FileRefusedError, match="lacks the column fase"):
        check_file(
            dialect("select bsn, nummer, soort, datum, verval, bedrag from post"),
            origin,
            REFERENCE,
            NOW,
        )


def test_a_database_that_is_gone_keeps_what_it_delivered(dialect, origin, register, tmp_path):
    import_file(register, dialect(), origin, REFERENCE, NOW)
    gone = Origin(address=f"sqlite:///{tmp_path}/absent/x.sqlite")
    with pytest.raises(SourceUnreachableError, match="cannot be reached"):
        import_file(register, dialect(), gone, REFERENCE, NOW)
    assert balances(register, dialect()) == [7500]


@pytest.mark.parametrize(
    ("address", "message"),
    [("nonsense:x", "no database URL"), ("mssql+pymssql://db.example/x", "driver"), (None, "add")],
)
def test_an_address_that_cannot_be_used_is_our_own_fault(dialect, address, message):
    with pytest.raises(ConfigurationError, match=message):
        check_file(dialect(), Origin(address=address), REFERENCE, NOW)


def test_without_sqlalchemy_the_extra_is_named(dialect, origin, monkeypatch):
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    with pytest.raises(ConfigurationError, match="extra sources"):
        check_file(dialect(), origin, REFERENCE, NOW)


def test_the_secret_is_the_password():
    import sqlalchemy

    address = "postgresql+psycopg://lezer@db.example/x"
    made = []

    class Noted:
        make_url = staticmethod(sqlalchemy.make_url)
        exc, pool = sqlalchemy.exc, sqlalchemy.pool

        @staticmethod
        def create_engine(url, **options):
            made.append((url.password, str(url), options))

    databases._engine(Noted, Origin(address=address, secret=lambda: "geheim"))
    [(password, shown, options)] = made
    assert password == "geheim"
    assert "geheim" not in shown
    assert options["connect_args"] == {"connect_timeout": 10}


def test_what_is_no_cell_refuses_its_row():
    row = databases._hashable((ANNE, ["a"], {"b": 1}))
    assert row == (ANNE, (), ())
    assert hash(row)
