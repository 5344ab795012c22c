"""How lists are remembered: asked when due, newest only, excused as long as the settings say."""

import pytest

from tests.vckit import participants
from tests.verifier.world import JSON_LD, LENGTH
from vckit import x509
from vckit.did import Resolver
from vckit.errors import StatusRetrievalError, StatusVerificationError
from vckit.keys import PrivateKey
from vckit.network import Response
from vckit.status import StatusReference
from verifier.fetching import RecentDocuments, ResponseFetcher
from verifier.issuers import Issuer, IssuerBook
from verifier.status_book import Patience, RememberedList, StatusBook
from verifier.status_lists import Proofs

INDEX = 3


@pytest.fixture
def reference(world):
    return StatusReference("revocation", world.boxtel.status_uri("revocation"), INDEX)


@pytest.fixture
def issuer(world):
    return boxtel(world)


def boxtel(world, key=None):
    organisation = world.scheme.issuers(world.now)[0]
    return Issuer(world.boxtel.url, key or world.boxtel.participant.key.public, organisation)


@pytest.fixture
def open_book(office, world):
    """A book of one response; `ticks` are the readings of its stopwatch."""

    def open_book(max_age=0, grace=0, ticks=None, scheme=None):
        readings = iter(ticks or [])
        fetcher = ResponseFetcher(world.network, lambda: next(readings, 0.0))
        issuers = IssuerBook(
            scheme or world.scheme, Resolver, fetcher, RecentDocuments(), world.now
        )
        proofs = Proofs(issuers, JSON_LD)
        return StatusBook(office.store, fetcher, proofs, Patience(max_age, grace))

    return open_book


def value(book, reference, issuer, now):
    return book.status(reference, issuer, now)[0]


def test_a_list_is_asked_again_for_the_next_response(open_book, world, reference, issuer):
    assert value(open_book(), reference, issuer, world.now) == 0
    world.boxtel.mark("revocation", INDEX)
    assert value(open_book(), reference, issuer, world.now) == 1
    assert len(world.network.fetched) == 2


def test_L17_a_list_serves_until_it_is_due(open_book, world, reference, issuer):
    value(open_book(max_age=600), reference, issuer, world.now)
    value(open_book(max_age=600), reference, issuer, world.now + 599)
    assert len(world.network.fetched) == 1
    value(open_book(max_age=600), reference, issuer, world.now + 600)
    assert len(world.network.fetched) == 2


def test_the_issuer_s_ttl_is_never_outstayed(open_book, world, reference, issuer):
    value(open_book(max_age=86_400), reference, issuer, world.now)
    value(open_book(max_age=86_400), reference, issuer, world.now + 900)
    assert len(world.network.fetched) == 2


def test_K13_a_list_that_cannot_be_fetched_serves_as_long_as_it_is_excused(
    open_book, world, reference, issuer
):
    value(open_book(max_age=900, grace=3_600), reference, issuer, world.now)
    begun = world.now
    world.network.pages.clear()
    excused = open_book(max_age=900, grace=3_600)
    status, told_by = excused.status(reference, issuer, begun + 4_499)
    assert (status, told_by.issued_at) == (0, begun)
    with pytest.raises(StatusRetrievalError):
        value(open_book(max_age=900, grace=3_600), reference, issuer, begun + 4_500)


def test_without_grace_an_unreachable_list_is_unknown_at_once(open_book, world, reference, issuer):
    value(open_book(), reference, issuer, world.now)
    world.network.pages.clear()
    with pytest.raises(StatusRetrievalError):
        value(open_book(), reference, issuer, world.now)


def test_L08_an_expired_list_excuses_nothing(open_book, world, reference, issuer):
    value(open_book(max_age=900, grace=10**6), reference, issuer, world.now)
    world.network.pages.clear()
    with pytest.raises(StatusRetrievalError):
        value(open_book(max_age=900, grace=10**6), reference, issuer, world.now + 86_400)


def test_L08_a_list_that_arrives_expired_is_unknown(open_book, world, reference, issuer):
    token = world.boxtel.status_token("revocation", expires=world.now)
    world.network.pages[reference.uri] = lambda: token
    with pytest.raises(StatusRetrievalError):
        value(open_book(), reference, issuer, world.now)


def test_L07_an_older_list_never_hides_what_a_newer_one_told(open_book, world, reference, issuer):
    old = world.boxtel.status_token("revocation", issued_at=world.now - 3_600)
    world.boxtel.mark("revocation", INDEX)
    assert value(open_book(), reference, issuer, world.now) == 1
    world.network.pages[reference.uri] = lambda: old
    assert value(open_book(), reference, issuer, world.now) == 1


def test_L05_a_list_under_another_name_is_not_the_list(open_book, world, reference, issuer):
    token = world.boxtel.status_token("refresh")
    world.network.pages[reference.uri] = lambda: token
    with pytest.raises(StatusVerificationError):
        value(open_book(), reference, issuer, world.now)


def test_a_remembered_list_of_another_key_is_not_fresh(office, open_book, world, reference):
    forged = world.boxtel.status_token("revocation", key=PrivateKey.generate("ES256")).decode()
    office.store.remember_status_list(
        reference.uri, RememberedList(forged, world.now - 10, world.now - 10)
    )
    issuer = boxtel(world)
    assert value(open_book(max_age=900), reference, issuer, world.now) == 0
    assert world.network.fetched == [reference.uri]


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"a.b", b"<html>"], ids=["empty", "bytes", "two parts", "a page"]
)
def test_what_is_no_list_leaves_the_status_unknown(open_book, world, reference, issuer, body):
    world.network.pages[reference.uri] = lambda: body
    with pytest.raises(StatusVerificationError):
        value(open_book(), reference, issuer, world.now)


def test_another_media_type_is_no_list(open_book, world, reference, issuer):
    token = world.boxtel.status_token("revocation")
    world.network.pages[reference.uri] = lambda: Response(200, token, "text/html")
    with pytest.raises(StatusRetrievalError):
        value(open_book(), reference, issuer, world.now)


def test_an_index_outside_the_list_leaves_the_status_unknown(open_book, world, issuer):
    outside = StatusReference("revocation", world.boxtel.status_uri("revocation"), 8 * LENGTH)
    with pytest.raises(StatusVerificationError):
        value(open_book(), outside, issuer, world.now)


@pytest.mark.parametrize(
    "uri",
    [
        "http://boxtel.example/status/revocation",
        "https://boxtel.example:8443/status/revocation",
        "https://boxtel.example@binnen.example/status",
        "https://binnen.example/https://boxtel.example/",
        "file:///etc/passwd",
        "https://[boxtel.example/status",
    ],
)
def test_L16_only_the_issuer_s_own_origin_is_asked(open_book, world, issuer, uri):
    with pytest.raises(StatusVerificationError):
        value(open_book(), StatusReference("revocation", uri, INDEX), issuer, world.now)
    assert world.network.fetched == []


def test_a_response_has_ten_seconds_for_all_its_lists(open_book, world, reference, issuer):
    slow = open_book(ticks=[0.0, 10.0])
    assert value(slow, reference, issuer, world.now) == 0
    other = StatusReference("refresh", world.boxtel.status_uri("refresh"), INDEX)
    with pytest.raises(StatusRetrievalError):
        value(slow, other, issuer, world.now)


def test_a_failure_is_remembered_for_this_response_only(open_book, world, reference, issuer):
    page = world.network.pages.pop(reference.uri)
    book = open_book()
    for _ in range(2):
        with pytest.raises(StatusRetrievalError):
            value(book, reference, issuer, world.now)
    assert world.network.fetched == [reference.uri]
    world.network.pages[reference.uri] = page
    assert value(open_book(), reference, issuer, world.now) == 0


def test_K12_a_list_of_the_next_key_tells_of_what_the_last_key_signed(open_book, world):
    authority_key, old, new = (PrivateKey.generate("ES256") for _ in range(3))
    begins = world.now - 3_600
    authority = x509.create_authority("CA", authority_key, now=begins, days=30)
    chains = [
        (
            x509.create_leaf(
                "Gemeente",
                key.public,
                authority=authority,
                authority_key=authority_key,
                uri=world.boxtel.url,
                now=begins,
                days=20,
            ),
            authority,
        )
        for key in (old, new)
    ]
    rotated = participants.Participant(world.boxtel.url, new, chains[1])
    entry = participants.issuer_entry(rotated, certificaten=[x509.digest(authority)])
    scheme = participants.scheme(PrivateKey.generate("EdDSA"), entry)
    uri = world.boxtel.status_uri("revocation")
    world.boxtel.participant = rotated
    reference = StatusReference("revocation", uri, INDEX)
    issuer = boxtel(world, old.public)
    assert value(open_book(scheme=scheme), reference, issuer, world.now) == 0


def test_two_workers_keep_the_newest_whoever_is_last(office, world):
    newest = RememberedList("nieuw", world.now, world.now)
    older = RememberedList("oud", world.now - 60, world.now + 5)
    assert office.store.remember_status_list("uri", newest) == newest
    kept = office.store.remember_status_list("uri", older)
    assert (kept.token, kept.issued_at) == ("nieuw", world.now)
    assert office.store.status_list("uri") == kept
