"""What is kept, for how long, and what one statement makes certain."""

import pytest

from tests.verifier.evidence import BOXTEL, accepted
from tests.verifier.wallet import begin
from vckit.adapters.sqlite import create_database, open_database
from verifier import asking
from verifier.installation import initialise
from verifier.store import MIGRATIONS, Store


def count(office, table):
    return len(office.database.execute(f"SELECT * FROM {table}"))  # noqa: S608  the tests' own


def test_a_case_comes_back_as_it_was_kept(office, world):
    case, started = begin(office, world)
    assert office.store.case(case.id, world.now) == case
    assert office.store.request(started.id, world.now) == started


def test_a_case_that_is_over_is_not_read_whether_or_not_it_is_purged(office, world):
    case, _started = begin(office, world)
    hours = world.config.overview.keep_hours * 3_600
    assert office.store.case(case.id, world.now + hours - 1) is not None
    assert office.store.case(case.id, world.now + hours) is None
    assert office.store.cases_of(case.owner, world.now + hours) == []
    assert count(office, "cases") == 1
    office.store.purge(world.now + hours)
    for table in ("cases", "requests"):
        assert count(office, table) == 0


def test_forgetting_a_case_erases_everything_of_it(office, world):
    case, started = begin(office, world)
    office.store.close(started.id, "DONE", world.now, [accepted(BOXTEL)])
    office.store.add_document(case.id, "digest", accepted(BOXTEL))
    assert len(office.store.findings_of(case.id)) == 2
    office.store.forget_case(case.id)
    for table in ("cases", "requests", "documents"):
        assert count(office, table) == 0


def test_a_request_closes_once(office, world):
    case, started = begin(office, world)
    assert office.store.close(started.id, "DONE", world.now, [accepted(BOXTEL)])
    assert not office.store.close(started.id, "FAILED", world.now)
    assert not office.store.close(started.id, "DONE", world.now, [accepted(BOXTEL)])
    assert len(office.store.findings_of(case.id)) == 1
    assert office.store.hand_out(started.id, world.now) is None


def test_of_two_requests_of_one_second_the_later_one_is_the_newest(office, world):
    case, first = begin(office, world)
    asked = [first] + [
        asking.ask(office, case, prefix="x509_hash", response_mode="direct_post.jwt", now=world.now)
        for _ in range(5)
    ]
    newest_first = [each.id for each in office.store.requests_of(case.id, world.now)]
    assert newest_first == [each.id for each in reversed(asked)]


@pytest.mark.parametrize("moment", [900, 900 + 3_599])
def test_a_request_that_nobody_answered_is_expired(office, world, moment):
    _case, started = begin(office, world)
    assert office.store.request(started.id, world.now + 899).state == "CREATED"
    assert office.store.request(started.id, world.now + moment).state == "EXPIRED"
    assert not office.store.close(started.id, "DONE", world.now + moment, [])


def _failed(office, started, now):
    office.store.close(started.id, "FAILED", now)
    return now


def _cancelled(office, started, now):
    asking.cancel(office, started, now)
    return now


def _expired(_office, started, _now):
    return started.expires_at


@pytest.mark.parametrize("end", [_failed, _cancelled, _expired])
def test_what_failed_is_told_for_an_hour_and_holds_no_statement(office, world, end):
    case, started = begin(office, world)
    ended = end(office, started, world.now)
    [row] = office.database.execute("SELECT * FROM requests WHERE id = ?", (started.id,))
    assert row["result"] is None
    assert office.store.request(started.id, ended + 3_599) is not None
    assert len(office.store.requests_of(case.id, ended + 3_599)) == 1
    # The query hides it, whether or not it is purged yet; the case goes on.
    assert office.store.request(started.id, ended + 3_600) is None
    assert office.store.requests_of(case.id, ended + 3_600) == []
    office.store.purge(ended + 3_599)
    assert count(office, "requests") == 1
    office.store.purge(ended + 3_600)
    assert count(office, "requests") == 0
    assert office.store.case(case.id, ended + 3_600) is not None


def test_an_answer_and_a_no_stay_as_long_as_their_case(office, world):
    case, started = begin(office, world)
    office.store.close(started.id, "DONE", world.now, [accepted(BOXTEL)])
    refused = asking.ask(office, case, now=world.now)
    office.store.close(refused.id, "CANCELLED", world.now, ending="declined")
    later = world.now + 7_200
    office.store.purge(later)
    states = [each.state for each in office.store.requests_of(case.id, later)]
    assert states == ["CANCELLED", "DONE"]
    assert len(office.store.findings_of(case.id)) == 1


def test_a_secret_of_a_request_goes_when_it_ends(office, world):
    for end in (_failed, _cancelled):
        _case, started = begin(office, world)
        end(office, started, world.now)
        [row] = office.database.execute("SELECT * FROM requests WHERE id = ?", (started.id,))
        assert (row["nonce"], row["response_key"], row["response_state"]) == (None, None, None)


def test_the_same_document_again_replaces_what_was_found(office, world):
    case, _started = begin(office, world)
    for _ in range(3):
        office.store.add_document(case.id, "digest", accepted(BOXTEL))
    assert len(office.store.findings_of(case.id)) == 1


def test_nothing_readable_is_in_the_file(office, world):
    begin(office, world)
    office.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = world.config.database.read_bytes()
    assert b"Boxtel" not in content
    assert b"CREATE TABLE" not in content


def test_init_makes_what_is_absent_and_touches_nothing_else(world):
    assert list(initialise(world.config)) == ["database key made", "database made"]
    key = world.config.database_key.read_bytes()
    assert list(initialise(world.config)) == ["database exists"]
    assert world.config.database_key.read_bytes() == key
    assert world.config.database_key.stat().st_mode & 0o777 == 0o600


def test_init_makes_a_request_key_where_there_is_none(world):
    (world.folder / "request.pem").unlink()
    assert "request key made" in list(initialise(world.config))[-1]
    assert (world.folder / "request.pem").stat().st_mode & 0o777 == 0o600


def test_an_older_database_is_brought_up_to_date(tmp_path):
    key = bytes(32)
    create_database(tmp_path / "old.sqlite", key, MIGRATIONS[:1]).close()
    store = Store(open_database(tmp_path / "old.sqlite", key, migrations=MIGRATIONS))
    assert store.cases_of("samira", 0) == []
