"""Databases: read only, by the declared query; amounts of another table are added up."""

import sqlite3

import pytest

from issuer.debts.imports import FileRefusedError, check_file
from tests.issuer.debts.exports import ANNE, REFERENCE

MOVEMENTS = """
[movements]
query = "select post, soort, cent from mutatie"
number = "post"
kind = "soort"
amount = "cent"

[movements.kinds]
aanmaning = "reminder_costs"
betaling = "-paid"
"""


@pytest.fixture
def database(tmp_path):
    path = tmp_path / "export.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute("create table post (bsn, nummer, soort, datum, verval, bedrag, fase)")
        connection.execute("create table mutatie (post, soort, cent)")
        post = (ANNE, "1", "hond", "01-02-2026", "15-03-2026", 10000, "open")
        connection.execute("insert into post values (?, ?, ?, ?, ?, ?, ?)", post)
    connection.close()
    return path


@pytest.fixture
def move(database):
    def add(*movements):
        with sqlite3.connect(database) as connection:
            connection.executemany("insert into mutatie values (?, ?, ?)", movements)
        connection.close()

    return add


@pytest.fixture
def dialect(source):
    def make(query="select * from post", extra=MOVEMENTS):
        return source(
            (
                'kind = "csv"\nencoding = "utf-8"\ndelimiter = ";"',
                f'kind = "sql"\nquery = "{query}"',
            ),
            ('paid = "betaald"\nbalance = "saldo"\n', ""),
            ('decimal = ","\nthousands = "."', 'unit = "cent"'),
            ('rule = "checked"', 'rule = "computed"'),
            extra=extra,
        )

    return make


def only(source, path):
    [(_, debt)] = check_file(source, path, REFERENCE).first
    return debt


def test_movements_are_added_to_their_parts(dialect, database, move):
    move(("1", "aanmaning", 900), ("1", "betaling", -2500), ("1", "betaling", -500))
    debt = only(dialect(), database)
    assert (debt.reminder_costs_cents, debt.paid_cents) == (900, 3000)
    assert debt.balance_cents == 7900


def test_a_payment_that_was_taken_back_lowers_what_is_paid(dialect, database, move):
    move(("1", "betaling", 500), ("1", "betaling", -2500))
    assert only(dialect(), database).paid_cents == 2000


@pytest.mark.parametrize(
    "movement", [("1", "verrekening", -100), ("1", "betaling", "veel"), ("1", "betaling", 1.5)]
)
def test_a_movement_that_is_not_understood_refuses_its_debt(dialect, database, move, movement):
    move(("1", "betaling", -2500), movement, ("1", "aanmaning", 900))
    [refusal] = check_file(dialect(), database, REFERENCE).report.refused
    assert (refusal.line, refusal.reason) == (2, "a movement of this claim is not understood")


def test_movements_without_a_debt_are_counted(dialect, database, move):
    move(("9", "betaling", -2500), ("9", "betaling", -1), (None, "betaling", -1))
    assert check_file(dialect(), database, REFERENCE).report.unmatched == 2
    move((b"1", "betaling", -1))
    report = check_file(dialect(), database, REFERENCE).report
    assert (report.good, report.unmatched) == (1, 2)


def test_more_paid_back_than_was_paid_is_refused(dialect, database, move):
    move(("1", "betaling", 500))
    [refusal] = check_file(dialect(), database, REFERENCE).report.refused
    assert refusal.code == "amount_negative"


@pytest.mark.parametrize(
    "query",
    [
        "select * from posten",
        "selekt",
        "delete from post",
        "create table x (y)",
        "pragma user_version = 3",
    ],
)
def test_a_query_that_does_not_read_this_database_is_refused(dialect, database, query):
    with pytest.raises(FileRefusedError, match="query"):
        check_file(dialect(query), database, REFERENCE)


def test_a_query_that_gives_no_columns_is_refused(dialect, database):
    with pytest.raises(FileRefusedError, match="no columns"):
        check_file(dialect("savepoint x"), database, REFERENCE)


def test_the_database_and_its_folder_stay_as_they_are(dialect, database, move):
    move(("1", "betaling", -2500))
    before = database.read_bytes(), sorted(path.name for path in database.parent.iterdir())
    source = dialect()
    check_file(source, database, REFERENCE)
    after = database.read_bytes(), sorted(path.name for path in database.parent.iterdir())
    assert after[0] == before[0]
    assert set(after[1]) - set(before[1]) == {"honden.toml"}


def test_a_column_that_the_query_does_not_give_is_named(dialect, database):
    with pytest.raises(FileRefusedError, match="lacks the column fase"):
        check_file(
            dialect("select bsn, nummer, soort, datum, verval, bedrag from post"),
            database,
            REFERENCE,
        )


def test_a_column_of_the_movements_that_is_not_there_is_named(dialect, database):
    extra = MOVEMENTS.replace('number = "post"', 'number = "nr"')
    with pytest.raises(FileRefusedError, match="movements lacks the column nr"):
        check_file(dialect(extra=extra), database, REFERENCE)


def test_what_is_no_database_is_refused(dialect, tmp_path):
    path = tmp_path / "export.csv"
    path.write_bytes(b"bsn;nummer\r\n")
    with pytest.raises(FileRefusedError, match="no SQLite database"):
        check_file(dialect(), path, REFERENCE)


def test_a_damaged_database_is_refused(dialect, database):
    whole = database.read_bytes()
    database.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(FileRefusedError, match="damaged"):
        check_file(dialect(), database, REFERENCE)


def test_text_that_is_not_utf_8_refuses_the_database(dialect, database):
    connection = sqlite3.connect(database)
    connection.execute("update post set fase = cast(x'ff' as text)")
    connection.commit()
    connection.close()
    with pytest.raises(FileRefusedError, match="not in UTF-8"):
        check_file(dialect(), database, REFERENCE)


def test_a_database_needs_no_movements(dialect, database):
    assert only(dialect(extra=""), database).balance_cents == 10000


def test_a_journal_beside_the_database_is_read_with_it(dialect, database):
    writer = sqlite3.connect(database)
    writer.execute("pragma journal_mode = wal")
    writer.execute("insert into mutatie values ('1', 'betaling', -2500)")
    writer.commit()
    assert only(dialect(), database).balance_cents == 7500
    writer.close()
