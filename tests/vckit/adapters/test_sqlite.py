"""The encrypted database: what it promises to a store, and how it fails."""

import multiprocessing
import os
import secrets
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from vckit.adapters import private_files, sqlite
from vckit.adapters.sqlite import create_database, open_database
from vckit.database import StorageUnavailableError
from vckit.errors import ConfigurationError

KEY = bytes(range(32))
SCHEMA = ["CREATE TABLE codes (code TEXT PRIMARY KEY, used INTEGER NOT NULL DEFAULT 0) STRICT;"]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest.fixture
def database(path: Path):
    made = create_database(path, KEY, SCHEMA)
    yield made
    made.close()


def test_rows_are_mappings_and_a_statement_commits_at_once(path, database):
    rows = database.execute("INSERT INTO codes (code) VALUES (?) RETURNING code, used", ("a",))
    assert rows == [{"code": "a", "used": 0}]
    other = open_database(path, KEY, migrations=SCHEMA)
    assert other.execute("SELECT code FROM codes") == [{"code": "a"}]
    other.close()


def test_the_settings_are_those_of_the_design(database):
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "secure_delete": 1,
        "mmap_size": 0,
        "temp_store": 2,
        "busy_timeout": 5000,
    }
    found = {name: next(iter(database.execute(f"PRAGMA {name}")[0].values())) for name in wanted}
    assert found == wanted


def test_the_file_and_its_journal_are_private_and_show_no_content(path, database):
    database.execute("INSERT INTO codes (code) VALUES ('Kanarie-7f3a')")
    files = sorted(path.parent.iterdir())
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * len(files)
    assert all(b"Kanarie" not in file.read_bytes() for file in files)
    assert not path.read_bytes().startswith(b"SQLite format 3")


def test_a_transaction_stands_or_falls_as_a_whole(database):
    def insert_and_fail() -> None:
        with database.transaction():
            database.execute("INSERT INTO codes (code) VALUES ('a')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        insert_and_fail()
    with database.transaction():
        database.execute("INSERT INTO codes (code) VALUES ('b')")
    assert database.execute("SELECT code FROM codes") == [{"code": "b"}]


def test_an_inner_transaction_joins_the_outer_one(database):
    def insert_inside_and_fail() -> None:
        with database.transaction():
            with database.transaction():
                database.execute("INSERT INTO codes (code) VALUES ('a')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        insert_inside_and_fail()
    assert database.execute("SELECT code FROM codes") == []


def test_a_swallowed_failure_inside_cannot_be_committed(database):
    def insert_and_swallow() -> None:
        with database.transaction():
            database.execute("INSERT INTO codes (code) VALUES ('a')")
            with pytest.raises(ZeroDivisionError), database.transaction():
                raise ZeroDivisionError

    with pytest.raises(RuntimeError, match="failed before"):
        insert_and_swallow()
    assert database.execute("SELECT code FROM codes") == []
    with database.transaction():
        database.execute("INSERT INTO codes (code) VALUES ('b')")


def test_eight_threads_claim_each_code_once(database):
    for number in range(200):
        database.execute("INSERT INTO codes (code) VALUES (?)", (str(number),))
    claimed: list[str] = []

    def claim() -> None:
        while rows := database.execute(
            "DELETE FROM codes WHERE code = (SELECT code FROM codes LIMIT 1) RETURNING code"
        ):
            claimed.append(rows[0]["code"])
        database.close()

    threads = [threading.Thread(target=claim) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(str(number) for number in range(200))


def test_a_forked_child_opens_a_connection_of_its_own(database):
    database.execute("INSERT INTO codes (code) VALUES ('a')")
    context = multiprocessing.get_context("fork")
    child = context.Process(target=_write_in_child, args=(database,))
    child.start()
    child.join()
    assert child.exitcode == 0
    assert database.execute("SELECT code FROM codes ORDER BY code") == [
        {"code": "a"},
        {"code": "child"},
    ]


def _write_in_child(database) -> None:
    database.execute("INSERT INTO codes (code) VALUES ('child')")


def test_parameters_are_never_part_of_the_statement(database):
    text = "'); DROP TABLE codes; --"
    database.execute("INSERT INTO codes (code) VALUES (?)", (text,))
    assert database.execute("SELECT code FROM codes") == [{"code": text}]


def test_a_fault_of_our_own_statement_is_not_called_unavailable(database):
    with pytest.raises(Exception, match="syntax error") as caught:
        database.execute("SELEC 1")
    assert not isinstance(caught.value, StorageUnavailableError)


def test_sqlite_utils_works_on_the_same_connection(database):
    with database.transaction():
        database.administration()["codes"].insert_all([{"code": "a"}, {"code": "b"}])
    assert database.administration()["codes"].count == 2


# Opening


def test_O08_a_database_that_is_gone_is_not_made_silently(path):
    with pytest.raises(ConfigurationError, match="cannot be found"):
        open_database(path, KEY, migrations=SCHEMA)
    assert not path.exists()


def test_an_existing_database_is_not_made_again(path, database):
    with pytest.raises(ConfigurationError, match="exists already"):
        create_database(path, KEY, SCHEMA)
    assert database.execute("SELECT 1 AS one") == [{"one": 1}]


def test_a_database_in_no_folder_is_not_made(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be made"):
        create_database(tmp_path / "absent" / "store.sqlite", KEY, SCHEMA)


@pytest.mark.usefixtures("database")
def test_O08_a_database_that_others_may_read_is_refused(path):
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match="wider than 0600"):
        open_database(path, KEY, migrations=SCHEMA)


def test_O08_a_database_that_was_replaced_in_use_is_unavailable(path, database):
    path.rename(path.with_suffix(".old"))
    with pytest.raises(StorageUnavailableError, match="replaced"):
        database.execute("SELECT 1")
    path.with_suffix(".old").rename(path)
    assert database.execute("SELECT 1 AS one") == [{"one": 1}]


@pytest.mark.usefixtures("database")
def test_another_key_does_not_open_it(path):
    with pytest.raises(StorageUnavailableError, match="another key"):
        open_database(path, secrets.token_bytes(32), migrations=SCHEMA)


def test_a_key_of_another_length_is_refused(path):
    with pytest.raises(ConfigurationError, match="32 bytes"):
        create_database(path, b"short", SCHEMA)
    assert not path.exists()


def test_O10_a_flipped_byte_is_detected_at_open(path, database):
    for number in range(500):
        database.execute("INSERT INTO codes (code) VALUES (?)", (f"code-{number}",))
    database.close()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(StorageUnavailableError, match="damaged"):
        open_database(path, KEY, migrations=SCHEMA)


@pytest.mark.usefixtures("database")
def test_O19_a_network_file_system_is_refused(path, monkeypatch):
    monkeypatch.setattr(
        private_files, "NETWORK_FILE_SYSTEMS", {private_files._file_system(path.resolve())}
    )
    with pytest.raises(ConfigurationError, match="network file system"):
        open_database(path, KEY, migrations=SCHEMA)


@pytest.mark.usefixtures("database")
def test_a_sqlite_that_can_corrupt_a_shared_journal_is_refused(path, monkeypatch):
    monkeypatch.setattr(sqlite, "MINIMUM_VERSION", (99, 0, 0))
    with pytest.raises(ConfigurationError, match=r"older than 3\.51\.3"):
        open_database(path, KEY, migrations=SCHEMA)


# Migrations


def test_an_older_schema_is_brought_up_to_date_and_keeps_its_rows(path, database):
    database.execute("INSERT INTO codes (code) VALUES ('a')")
    newer = [*SCHEMA, "ALTER TABLE codes ADD COLUMN note TEXT;\nCREATE TABLE more (id INTEGER);"]
    later = open_database(path, KEY, migrations=newer)
    assert later.execute("SELECT * FROM codes") == [{"code": "a", "used": 0, "note": None}]
    assert later.execute("PRAGMA user_version") == [{"user_version": 2}]
    later.close()


@pytest.mark.usefixtures("database")
def test_a_newer_schema_is_refused(path):
    with pytest.raises(ConfigurationError, match="newer version"):
        open_database(path, KEY, migrations=[])


def test_a_migration_that_fails_changes_nothing(path, database):
    broken = [*SCHEMA, "CREATE TABLE more (id INTEGER);\nCREATE TABLE codes (id INTEGER);"]
    with pytest.raises(Exception, match="already exists"):
        open_database(path, KEY, migrations=broken)
    assert database.execute("PRAGMA user_version") == [{"user_version": 1}]
    assert database.execute("SELECT name FROM sqlite_master WHERE name = 'more'") == []


def test_a_trigger_with_semicolons_inside_is_one_statement(path):
    script = """
    CREATE TABLE log (what TEXT);
    CREATE TRIGGER watch AFTER INSERT ON codes BEGIN
        INSERT INTO log (what) VALUES ('first; line');
        INSERT INTO log (what) VALUES ('second');
    END;
    """
    made = create_database(path, KEY, [*SCHEMA, script])
    made.execute("INSERT INTO codes (code) VALUES ('a')")
    assert made.execute("SELECT count(*) AS n FROM log") == [{"n": 2}]
    made.close()


def test_a_script_without_its_last_semicolon_is_refused(path):
    with pytest.raises(ConfigurationError, match="semicolon"):
        create_database(path, KEY, ["CREATE TABLE codes (code TEXT)"])
    assert not path.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.usefixtures("database")
def test_O08_a_file_of_another_user_is_refused(path):
    os.chown(path, 65534, 65534)
    with pytest.raises(ConfigurationError, match="another user"):
        open_database(path, KEY, migrations=SCHEMA)


# Surroundings

HOLD_LOCK = """
import sys, time
from pathlib import Path
from vckit.adapters.sqlite import open_database
database = open_database(Path(sys.argv[1]), bytes(range(32)), migrations=["x;"])
with database.transaction():
    print("locked", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def _lock(path: Path, seconds: float) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD_LOCK, str(path), str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "locked\n"
    return process


def test_O07_a_writer_waits_for_another_process(path, database):
    with _lock(path, 0.5) as process:
        started = time.monotonic()
        database.execute("INSERT INTO codes (code) VALUES ('a')")
        assert time.monotonic() - started > 0.2
        process.wait()


def test_O07_a_lock_that_lasts_is_unavailable_and_readers_go_on(path, database):
    database.execute("PRAGMA busy_timeout = 100")
    with _lock(path, 10) as process:
        with pytest.raises(StorageUnavailableError, match="locked"):
            database.execute("INSERT INTO codes (code) VALUES ('a')")
        with pytest.raises(StorageUnavailableError, match="locked"), database.transaction():
            pass
        assert database.execute("SELECT count(*) AS n FROM codes") == [{"n": 0}]
        process.kill()
        process.wait()
    database.execute("INSERT INTO codes (code) VALUES ('a')")


def test_O05_a_full_disk_leaves_nothing_half_done(database):
    [size] = database.execute("PRAGMA page_count")
    database.execute(f"PRAGMA max_page_count = {size['page_count'] + 2}")

    def fill() -> None:
        with database.transaction():
            for number in range(10_000):
                database.execute("INSERT INTO codes (code) VALUES (?)", (f"{number:050}",))

    with pytest.raises(StorageUnavailableError, match="full"):
        fill()
    assert database.execute("SELECT count(*) AS n FROM codes") == [{"n": 0}]
    database.execute("PRAGMA max_page_count = 100000")
    database.execute("INSERT INTO codes (code) VALUES ('a')")


def test_insert_all_adds_many_rows_inside_the_transaction_that_runs(database):
    database.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, text TEXT)")
    rows = [{"number": number, "text": "x"} for number in range(1000)]
    with suppress(ZeroDivisionError), database.transaction():
        database.insert_all("rows", iter(rows))
        raise ZeroDivisionError
    assert database.execute("SELECT count(*) AS n FROM rows") == [{"n": 0}]
    database.insert_all("rows", iter(rows))
    assert database.execute("SELECT count(*) AS n FROM rows") == [{"n": 1000}]


def test_insert_all_adds_all_rows_or_none(database):
    database.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY)")
    doubled = [{"number": number} for number in (*range(500), 7)]
    with pytest.raises(dbapi2.IntegrityError):
        database.insert_all("rows", doubled)
    assert database.execute("SELECT count(*) AS n FROM rows") == [{"n": 0}]


def test_insert_all_takes_no_rows_as_nothing_to_do(database):
    database.execute("CREATE TABLE rows (number INTEGER)")
    database.insert_all("rows", iter(()))
    assert database.execute("SELECT count(*) AS n FROM rows") == [{"n": 0}]
