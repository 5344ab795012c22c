"""Status lists: allocation, marks, and publication by one process at a time."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from issuer.configurations.making import TOKEN_LIST as TOKEN
from issuer.publication import LEASE_SECONDS, PublicationError, UnknownListError
from issuer.publication.form import is_superset, packed
from issuer.services import open_services
from issuer.store import Store
from issuer.store.lists import Entry, Lists, Snapshot, Version
from vckit import jose
from vckit.oauth import TemporarilyUnavailable
from vckit.status import token_status_list
from vckit.status.token_status_list import MINIMUM_ENTRIES


@pytest.fixture
def alarms():
    return []


@pytest.fixture
def services(town, alarms):
    return open_services(town.config, town.clock.now, alarms.append)


@pytest.fixture
def publication(services):
    return services.publication


@pytest.fixture
def entry(services, town):
    return allocate(services.store, town.clock.now)


def allocate(store, now, purpose="revocation"):
    with store.database.transaction():
        return store.lists.allocate(purpose, now)


def mark(store, entry):
    with store.database.transaction():
        store.lists.mark(entry)


def published(publication, entry, now):
    return token_status_list.verify(
        publication.content(entry.list_id, TOKEN, now),
        uri=publication.uri(entry.list_id, TOKEN),
        issuer_key=publication.forms[TOKEN].signer.public_key,
        now=now,
    )


def test_a_list_has_room_for_a_herd_and_says_how_long_it_holds(publication, entry, town):
    made = published(publication, entry, town.clock.now)
    assert made.list.size == MINIMUM_ENTRIES
    assert (made.ttl, made.expires) == (900, town.clock.now + 86_400)
    assert made.list.get(entry.position) == 0


def test_a_mark_is_public_at_the_next_request(publication, services, entry, town):
    assert published(publication, entry, town.clock.now).list.get(entry.position) == 0
    mark(services.store, entry)
    assert published(publication, entry, town.clock.now).list.get(entry.position) == 1


def test_a_fresh_list_is_served_as_it_is_and_a_stale_one_signed_anew(publication, entry, town):
    first = publication.content(entry.list_id, TOKEN, town.clock.now)
    assert publication.content(entry.list_id, TOKEN, town.clock.now + 899) == first
    later = publication.content(entry.list_id, TOKEN, town.clock.now + 900)
    assert later != first


def test_an_unknown_list_is_not_made(publication, town):
    with pytest.raises(UnknownListError):
        publication.content("geen", TOKEN, town.clock.now)


def test_L19_a_status_is_never_taken_back_in_the_store(services, entry):
    mark(services.store, entry)
    database = services.database
    for statement in ("UPDATE status_entries SET value = 0", "DELETE FROM status_entries"):
        with pytest.raises(Exception, match="never"):
            database.execute(statement)


def test_L19_a_list_that_takes_a_status_back_is_not_published(
    publication, services, entry, town, alarms
):
    mark(services.store, entry)
    before = publication.content(entry.list_id, TOKEN, town.clock.now)
    # As after restoring an old backup: the store knows less than what is public.
    services.database.execute("DROP TRIGGER status_never_unset")
    services.database.execute("UPDATE status_entries SET value = 0")
    assert publication.content(entry.list_id, TOKEN, town.clock.now + 900) == before
    assert [type(alarm) for alarm in alarms] == [PublicationError]


def test_L19_fewer_changes_than_the_public_version_are_refused(services, entry, town):
    lists = services.store.lists
    version = (entry.list_id, TOKEN, Version("t", 1, 2))
    fence = lists.lease(entry.list_id, TOKEN, until=town.clock.now + 1, now=town.clock.now)
    assert lists.publish(*version, fence=fence, changes=3)
    assert not lists.publish(*version, fence=fence, changes=2)
    assert lists.publish(*version, fence=fence, changes=3)


def test_O23_one_process_publishes_and_a_slow_one_is_fenced_off(services, entry, town):
    lists, now = services.store.lists, town.clock.now
    slow = lists.lease(entry.list_id, TOKEN, until=now + LEASE_SECONDS, now=now)
    assert lists.lease(entry.list_id, TOKEN, until=now + LEASE_SECONDS, now=now) is None
    later = now + LEASE_SECONDS
    quick = lists.lease(entry.list_id, TOKEN, until=later + LEASE_SECONDS, now=later)
    version = (entry.list_id, TOKEN, Version("t", 1, 2))
    assert not lists.publish(*version, fence=slow, changes=0)
    assert lists.publish(*version, fence=quick, changes=0)
    lists.release(entry.list_id, TOKEN, slow)
    assert lists.lease(entry.list_id, TOKEN, until=later + 1, now=later) is None
    lists.release(entry.list_id, TOKEN, quick)
    assert lists.lease(entry.list_id, TOKEN, until=later + 1, now=later) is not None


def test_while_another_process_renders_the_last_good_list_is_served(
    publication, services, entry, town
):
    now = town.clock.now
    services.store.lists.lease(entry.list_id, TOKEN, until=now + 5, now=now)
    with pytest.raises(TemporarilyUnavailable):
        publication.content(entry.list_id, TOKEN, now)
    good = publication.content(entry.list_id, TOKEN, now + 5)
    mark(services.store, entry)
    services.store.lists.lease(entry.list_id, TOKEN, until=now + 20, now=now + 6)
    assert publication.content(entry.list_id, TOKEN, now + 6) == good
    assert publication.content(entry.list_id, TOKEN, now + 20) != good


def test_simultaneous_requests_render_a_stale_list_once(publication, services, entry, town):
    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(publication.content, entry.list_id, TOKEN, town.clock.now)
            for _ in range(32)
        ]
    tokens = {job.result() for job in asked if job.exception() is None}
    assert len(tokens) == 1
    assert {type(job.exception()) for job in asked} <= {type(None), TemporarilyUnavailable}
    [row] = services.database.execute("SELECT version FROM publications")
    assert row["version"] == 1


def test_a_list_that_cannot_be_renewed_is_an_alarm_and_no_outage(publication, entry, town, alarms):
    good = publication.content(entry.list_id, TOKEN, town.clock.now)
    broken = signed_by(publication, _Broken(publication.forms[TOKEN].signer))
    assert broken.content(entry.list_id, TOKEN, town.clock.now + 900) == good
    assert len(alarms) == 1
    with pytest.raises(TemporarilyUnavailable):
        broken.content(entry.list_id, TOKEN, town.clock.now + 86_400)
    assert publication.content(entry.list_id, TOKEN, town.clock.now + 86_400)


def signed_by(publication, signer):
    form = replace(publication.forms[TOKEN], signer=signer)
    return replace(publication, forms={**publication.forms, TOKEN: form})


class _Broken:
    """A signer whose signatures do not hold."""

    def __init__(self, signer):
        self.algorithm, self.public_key = signer.algorithm, signer.public_key

    def sign(self, _data):
        return bytes(64)


def test_a_new_signing_key_goes_on_with_the_list_of_the_old_one(publication, services, entry, town):
    from vckit.keys import PrivateKey

    mark(services.store, entry)
    publication.content(entry.list_id, TOKEN, town.clock.now)
    rotated = signed_by(publication, PrivateKey.generate("ES256"))
    later = town.clock.now + 900
    assert published(rotated, entry, later).list.get(entry.position) == 1


def test_the_next_list_begins_once_when_one_is_nearly_full(services, town):
    lists = Lists(services.database, size=20)
    store = Store(services.database)
    store.lists = lists
    entries = [allocate(store, town.clock.now) for _ in range(30)]
    assert len(set(entries)) == 30
    rows = services.database.execute("SELECT used, open FROM status_lists ORDER BY open")
    assert [(row["used"], row["open"]) for row in rows] == [(18, 0), (12, 1)]


def test_allocation_passes_over_taken_positions(services, town):
    picks = iter([3, 3, 3, 4])
    store = Store(services.database)
    store.lists = Lists(services.database, 100, pick=lambda _size: next(picks))
    assert allocate(store, town.clock.now).position == 3
    assert allocate(store, town.clock.now).position == 4


def test_packing_counts_from_the_lowest_bit():
    assert packed(Snapshot("refresh", size=16, changes=2, positions=(0, 9))) == b"\x01\x02"


def test_a_superset_keeps_every_status():
    small, large = b"\x01\x00", b"\x03\x80"
    assert is_superset(large, small)
    assert is_superset(small, small)
    assert not is_superset(small, large)
    assert not is_superset(b"\x03", small)


def test_the_list_is_served_cacheably_and_without_questions(client, entry):
    answer = client.get(f"/status/{entry.list_id}")
    assert (answer.status_code, answer.mimetype) == (200, "application/statuslist+jwt")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert jose.parse(answer.text).claims()["ttl"] == 900
    assert client.get("/status/onbekend").status_code == 404


def test_L22_a_list_of_the_past_is_not_offered(client, entry):
    assert client.get(f"/status/{entry.list_id}?time=1").status_code == 501
    assert client.get(f"/status/{entry.list_id}").status_code == 200


def test_an_entry_of_another_list_is_not_marked_by_accident(services, town, publication):
    first = allocate(services.store, town.clock.now)
    other = allocate(services.store, town.clock.now, "refresh")
    mark(services.store, Entry(other.list_id, other.position))
    assert published(publication, first, town.clock.now).list.get(other.position) == 0


def test_a_list_that_says_something_else_than_the_store_is_not_published(
    publication, entry, town, alarms, monkeypatch
):
    good = token_status_list.issue
    wrong = {"data": b"\xff" * (MINIMUM_ENTRIES // 8)}
    monkeypatch.setattr(
        "issuer.publication.form.token_status_list.issue",
        lambda **given: good(**{**given, **wrong}),
    )
    with pytest.raises(TemporarilyUnavailable):
        publication.content(entry.list_id, TOKEN, town.clock.now)
    assert [type(alarm) for alarm in alarms] == [PublicationError]
