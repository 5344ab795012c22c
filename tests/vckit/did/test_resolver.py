"""Resolving for one response: offline where possible, else within the budget and one snapshot."""

import json

import pytest

from vckit.did import METHODS, Resolver, build_document, jwk, key
from vckit.errors import (
    FetchError,
    InvalidControlledIdentifierDocumentError,
    InvalidControlledIdentifierDocumentIdError,
    InvalidRelationshipError,
    InvalidVerificationMethodUrlError,
    PolicyLimitError,
    VerificationError,
)
from vckit.keys import PrivateKey
from vckit.network import Response

NOW = 1_795_500_000
KEY = PrivateKey.generate("EdDSA").public
DID = "did:web:boxtel.example"


class Shelf:
    """Documents by URL in the place of a network; tells what was asked."""

    def __init__(self, *dids, seconds=0.0):
        self.documents = {}
        self.asked = []
        self.now = 0.0
        self.seconds = seconds
        for did in dids:
            self.put(did)

    def put(self, did, made=KEY):
        url = f"https://{did.removeprefix('did:web:')}/.well-known/did.json"
        self.documents[url] = json.dumps(build_document(did, [("k", "Multikey", made)])).encode()

    def get(self, url, *, accept, max_bytes, redirects=0):
        self.asked.append((url, accept, max_bytes, redirects))
        self.now += self.seconds
        if url not in self.documents:
            raise FetchError("the answer is not 200")
        return Response(200, self.documents[url], "application/did+json")

    def post(self, url, **_):
        raise AssertionError(url)

    def resolver(self, *insecure_origins):
        return Resolver(self, insecure_origins, stopwatch=lambda: self.now)


def many(count):
    return [f"did:web:m{number}.example" for number in range(count)]


def test_a_key_is_had_from_the_document_of_its_did():
    shelf = Shelf(DID)
    assert shelf.resolver().key(f"{DID}#k", "assertionMethod", now=NOW) == KEY
    accept = "application/did+json, application/json"
    assert shelf.asked == [("https://boxtel.example/.well-known/did.json", accept, 65_536, 0)]
    with pytest.raises(InvalidRelationshipError):
        shelf.resolver().key(f"{DID}#k", "authentication", now=NOW)


@pytest.mark.parametrize("method", [key, jwk], ids=["key", "jwk"])
def test_a_did_that_is_its_own_key_needs_no_network(method):
    shelf = Shelf()
    document = shelf.resolver().resolve(method.of(KEY))
    (url,) = document.methods
    assert document.key(url, "authentication", now=NOW) == KEY
    assert shelf.asked == []


def test_the_methods_are_these_three():
    assert sorted(METHODS) == ["jwk", "key", "web"]


def test_W14_one_resolver_sees_one_snapshot_and_the_next_one_sees_the_change():
    shelf = Shelf(DID)
    resolver = shelf.resolver()
    before = resolver.resolve(DID)
    shelf.put(DID, PrivateKey.generate("EdDSA").public)
    assert resolver.resolve(DID) is before
    assert shelf.resolver().key(f"{DID}#k", "assertionMethod", now=NOW) != KEY
    assert len(shelf.asked) == 2


@pytest.mark.parametrize(
    "did",
    [
        *("did:web:127.0.0.1", "did:web:[::1]", "did:web:2130706433", "did:web:a.example:..:etc"),
        *("did:web:user%40evil.example", "did:web:Boxtel.example", "did:web:boxtel.example."),
        *("did:example:123", "did:ethr:0x1", "http://boxtel.example", "did:web:", "", "did:web"),
    ],
)
def test_W01_W05_W07_what_is_refused_is_never_asked_for(did):
    shelf = Shelf()
    with pytest.raises(InvalidVerificationMethodUrlError):
        shelf.resolver().resolve(did)
    assert shelf.asked == []


def test_W01_an_excepted_origin_is_asked_without_tls():
    shelf = Shelf()
    with pytest.raises(InvalidControlledIdentifierDocumentError):
        shelf.resolver("http://localhost:8101").resolve("did:web:localhost%3A8101")
    assert shelf.asked[0][0] == "http://localhost:8101/.well-known/did.json"


def test_W10_another_dids_document_at_the_address_is_refused():
    shelf = Shelf(DID)
    url = "https://boxtel.example/.well-known/did.json"
    shelf.documents[url] = json.dumps(build_document("did:web:elders.example", [])).encode()
    with pytest.raises(InvalidControlledIdentifierDocumentIdError):
        shelf.resolver().resolve(DID)


def test_what_cannot_be_fetched_is_asked_once_and_stays_unknown():
    shelf = Shelf()
    resolver = shelf.resolver()
    for _ in range(3):
        with pytest.raises(InvalidControlledIdentifierDocumentError):
            resolver.resolve(DID)
    assert len(shelf.asked) == 1


def test_W13_twenty_documents_are_fetched_and_no_more():
    dids = many(21)
    shelf = Shelf(*dids)
    resolver = shelf.resolver()
    for did in dids[:20]:
        assert resolver.resolve(did).id == did
    with pytest.raises(PolicyLimitError):
        resolver.resolve(dids[20])
    assert len(shelf.asked) == 20
    # What is there, and what needs no network, stays at hand.
    assert resolver.resolve(dids[0]).id == dids[0]
    assert resolver.resolve(key.of(KEY))


def test_W13_two_hundred_dids_that_lead_nowhere_are_twenty_requests():
    shelf = Shelf()
    resolver = shelf.resolver()
    for did in many(200):
        with pytest.raises(VerificationError):
            resolver.resolve(did)
    assert len(shelf.asked) == 20


def test_W13_no_fetch_is_begun_after_ten_seconds_of_fetching():
    dids = many(5)
    shelf = Shelf(*dids, seconds=3.0)
    resolver = shelf.resolver()
    for did in dids[:4]:
        resolver.resolve(did)
    with pytest.raises(PolicyLimitError):
        resolver.resolve(dids[4])
    assert len(shelf.asked) == 4


def test_W13_twin_time_between_fetches_does_not_count():
    dids = many(5)
    shelf = Shelf(*dids, seconds=1.0)
    resolver = shelf.resolver()
    for did in dids:
        shelf.now += 60.0
        assert resolver.resolve(did).id == did
