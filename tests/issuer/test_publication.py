"""Status lists: allocation, marks, and publication by one process at a time."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from issuer.configurations.making import BITSTRING_LIST, TOKEN_LIST
from issuer.publication import LEASE_SECONDS, PublicationError, UnknownListError
from issuer.publication.form import is_superset, packed
from issuer.services import open_services
from issuer.store import Store
from issuer.store.lists import Entry, Lists, Snapshot, Version
from vckit import jose
from vckit.oauth import TemporarilyUnavailable
from vckit.status.token_status_list import MINIMUM_ENTRIES, StatusList


@pytest.fixture
def alarms():
    return []


@pytest.fixture
def services(town, alarms):
    return open_services(town.config, town.clock.now, alarms.append)


@pytest.fixture
def publication(services):
    return services.publication


@pytest.fixture(params=[TOKEN_LIST, BITSTRING_LIST])
def form(request):
    return request.param


@pytest.fixture
def entry(services, town):
    return allocate(services.store, town.clock.now)


def allocate(store, now, purpose="revocation"):
    with store.database.transaction():
        return store.lists.allocate(purpose, now)


def mark(store, entry):
    with store.database.transaction():
        store.lists.mark(entry)


def published(publication, form, entry, now):
    """The bits that a stranger reads."""
    rendered = publication.forms[form]
    content = publication.content(entry.list_id, form, now)
    uri = publication.uri(entry.list_id, form)
    snapshot = publication.store.lists.snapshot(entry.list_id)
    return StatusList(1, rendered.read(content, uri, snapshot, now))


def test_a_list_has_room_for_a_herd_and_says_how_long_it_holds(publication, entry, town, form):
    assert published(publication, form, entry, town.clock.now).size == MINIMUM_ENTRIES
    assert published(publication, form, entry, town.clock.now).get(entry.position) == 0
    version = publication.store.lists.published(entry.list_id, form)
    assert (version.issued_at, version.expires_at) == (town.clock.now, town.clock.now + 86_400)


def test_both_forms_say_when_to_look_again(publication, entry, town):
    token = publication.content(entry.list_id, TOKEN_LIST, town.clock.now)
    told = jose.parse(token).claims()
    assert (told["ttl"], told["exp"]) == (900, town.clock.now + 86_400)
    credential = json.loads(publication.content(entry.list_id, BITSTRING_LIST, town.clock.now))
    assert credential["credentialSubject"]["ttl"] == 900_000
    assert credential["validUntil"] == "2026-11-19T11:06:40Z"


def test_a_mark_is_public_at_the_next_request(publication, services, entry, town, form):
    assert published(publication, form, entry, town.clock.now).get(entry.position) == 0
    mark(services.store, entry)
    assert published(publication, form, entry, town.clock.now).get(entry.position) == 1


def test_a_fresh_list_is_served_as_it_is_and_a_stale_one_signed_anew(
    publication, entry, town, form
):
    first = publication.content(entry.list_id, form, town.clock.now)
    assert publication.content(entry.list_id, form, town.clock.now + 899) == first
    later = publication.content(entry.list_id, form, town.clock.now + 900)
    assert later != first


def test_an_unknown_list_is_not_made(publication, town, form):
    with pytest.raises(UnknownListError):
        publication.content("geen", form, town.clock.now)


def test_L19_a_status_is_never_taken_back_in_the_store(services, entry):
    mark(services.store, entry)
    database = services.database
    for statement in ("UPDATE status_entries SET value = 0", "DELETE FROM status_entries"):
        with pytest.raises(Exception, match="never"):
            database.execute(statement)


def test_L19_a_list_that_takes_a_status_back_is_not_published(
    publication, entry, town, alarms, form
):
    store = publication.store
    mark(store, entry)
    before = publication.content(entry.list_id, form, town.clock.now)
    # As after restoring an old backup: the store knows less than what is public.
    store.database.execute("DROP TRIGGER status_never_unset")
    store.database.execute("UPDATE status_entries SET value = 0")
    assert publication.content(entry.list_id, form, town.clock.now + 900) == before
    assert [type(alarm) for alarm in alarms] == [PublicationError]


def test_L19_fewer_changes_than_the_public_version_are_refused(services, entry, town, form):
    lists = services.store.lists
    version = (entry.list_id, form, Version("t", 1, 2))
    fence = lists.lease(entry.list_id, form, until=town.clock.now + 1, now=town.clock.now)
    assert lists.publish(*version, fence=fence, changes=3)
    assert not lists.publish(*version, fence=fence, changes=2)
    assert lists.publish(*version, fence=fence, changes=3)


def test_O23_one_process_publishes_and_a_slow_one_is_fenced_off(services, entry, town, form):
    lists, now = services.store.lists, town.clock.now
    slow = lists.lease(entry.list_id, form, until=now + LEASE_SECONDS, now=now)
    assert lists.lease(entry.list_id, form, until=now + LEASE_SECONDS, now=now) is None
    later = now + LEASE_SECONDS
    quick = lists.lease(entry.list_id, form, until=later + LEASE_SECONDS, now=later)
    version = (entry.list_id, form, Version("t", 1, 2))
    assert not lists.publish(*version, fence=slow, changes=0)
    assert lists.publish(*version, fence=quick, changes=0)
    lists.release(entry.list_id, form, slow)
    assert lists.lease(entry.list_id, form, until=later + 1, now=later) is None
    lists.release(entry.list_id, form, quick)
    assert lists.lease(entry.list_id, form, until=later + 1, now=later) is not None


def test_while_another_process_renders_the_last_good_list_is_served(
    publication, services, entry, town, form
):
    now = town.clock.now
    services.store.lists.lease(entry.list_id, form, until=now + 5, now=now)
    with pytest.raises(TemporarilyUnavailable):
        publication.content(entry.list_id, form, now)
    good = publication.content(entry.list_id, form, now + 5)
    mark(services.store, entry)
    services.store.lists.lease(entry.list_id, form, until=now + 20, now=now + 6)
    assert publication.content(entry.list_id, form, now + 6) == good
    assert publication.content(entry.list_id, form, now + 20) != good


def test_simultaneous_requests_render_a_stale_list_once(publication, services, entry, town, form):
    with ThreadPoolExecutor(8) as pool:
        asked = [
            pool.submit(publication.content, entry.list_id, form, town.clock.now) for _ in range(32)
        ]
    tokens = {job.result() for job in asked if job.exception() is None}
    assert len(tokens) == 1
    assert {type(job.exception()) for job in asked} <= {type(None), TemporarilyUnavailable}
    [row] = services.database.execute("SELECT version FROM publications")
    assert row["version"] == 1


def test_while_one_form_is_rendered_the_other_can_be(publication, services, entry, town):
    now = town.clock.now
    assert services.store.lists.lease(entry.list_id, TOKEN_LIST, until=now + 5, now=now)
    assert publication.content(entry.list_id, BITSTRING_LIST, now)


def test_a_list_that_cannot_be_renewed_is_an_alarm_and_no_outage(
    publication, entry, town, alarms, form
):
    good = publication.content(entry.list_id, form, town.clock.now)
    broken = signed_by(publication, form, _Broken(publication.forms[form].signer))
    assert broken.content(entry.list_id, form, town.clock.now + 900) == good
    assert len(alarms) == 1
    with pytest.raises(TemporarilyUnavailable):
        broken.content(entry.list_id, form, town.clock.now + 86_400)
    assert publication.content(entry.list_id, form, town.clock.now + 86_400)


def signed_by(publication, form, signer):
    changed = replace(publication.forms[form], signer=signer)
    return replace(publication, forms={**publication.forms, form: changed})


class _Broken:
    """A signer whose signatures do not hold."""

    def __init__(self, signer):
        self.algorithm, self.public_key = signer.algorithm, signer.public_key

    def sign(self, _data):
        return bytes(64)


def test_a_new_signing_key_goes_on_with_the_list_of_the_old_one(
    publication, services, entry, town, form
):
    from vckit.keys import PrivateKey

    mark(services.store, entry)
    publication.content(entry.list_id, form, town.clock.now)
    algorithm = publication.forms[form].signer.algorithm
    rotated = signed_by(publication, form, PrivateKey.generate(algorithm))
    later = town.clock.now + 900
    assert published(rotated, form, entry, later).get(entry.position) == 1


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


def test_an_entry_of_another_list_is_not_marked_by_accident(services, town, publication, form):
    first = allocate(services.store, town.clock.now)
    other = allocate(services.store, town.clock.now, "refresh")
    mark(services.store, Entry(other.list_id, other.position))
    assert published(publication, form, first, town.clock.now).get(other.position) == 0


def test_a_list_that_says_something_else_than_the_store_is_not_published(
    publication, entry, town, alarms, form
):
    lying = replace(publication, forms={form: _Lying(publication.forms[form])})
    with pytest.raises(TemporarilyUnavailable):
        lying.content(entry.list_id, form, town.clock.now)
    assert [type(alarm) for alarm in alarms] == [PublicationError]
    assert publication.content(entry.list_id, form, town.clock.now)


class _Lying:
    """A form that renders other positions than it is given."""

    def __init__(self, good):
        self._good = good
        self.path, self.read = good.path, good.read

    def render(self, uri, snapshot, issued_at, expires_at):
        return self._good.render(uri, replace(snapshot, positions=(1, 2)), issued_at, expires_at)
