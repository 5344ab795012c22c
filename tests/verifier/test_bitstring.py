"""Bitstring Status Lists in the book: the issuer's own, of the right purpose, long and fresh."""

import gzip
import json
from dataclasses import replace

import pytest

from tests.verifier.w3c import reference as reference_of
from tests.verifier.world import JSON_LD, LENGTH
from vckit import data_integrity
from vckit.did import Resolver, web
from vckit.encoding import b64url_encode
from vckit.errors import (
    MalformedValueError,
    StatusListLengthError,
    StatusRetrievalError,
    StatusVerificationError,
)
from vckit.keys import PrivateKey
from vckit.network import Response
from vckit.status import StatusReference, bitstring
from verifier.fetching import RecentDocuments, ResponseFetcher
from verifier.issuers import Issuer, IssuerBook
from verifier.status_book import Patience, StatusBook
from verifier.status_lists import Proofs

INDEX = 3
DOCUMENT = "https://boxtel.example/.well-known/did.json"


@pytest.fixture
def reference(world):
    return reference_of(world.boxtel, "revocation", INDEX)


@pytest.fixture
def issuer(world):
    organisation = world.scheme.issuers(world.now)[0]
    return Issuer(world.boxtel.did, world.boxtel.did_keys["ES256"].public, organisation)


@pytest.fixture
def ask(office, world, issuer):
    """The status that a book of one response gives."""

    def ask(reference, now=None, max_age=0, grace=0):
        now = now or world.now
        fetcher = ResponseFetcher(world.network, lambda: 0.0)
        issuers = IssuerBook(world.scheme, Resolver, fetcher, RecentDocuments(), now)
        patience = Patience(max_age, grace)
        book = StatusBook(office.store, fetcher, Proofs(issuers, JSON_LD), patience)
        return book.status(reference, issuer, now)[0]

    return ask


@pytest.fixture
def publish(world, reference):
    """Another answer at the address of the list."""

    def publish(body, media_type=bitstring.MEDIA_TYPE):
        world.network.pages[reference.uri] = lambda: Response(200, body, media_type)

    return publish


@pytest.mark.parametrize("index", [0, INDEX, 7, 8, LENGTH * 8 - 1])
def test_L01_the_bit_of_the_credential_tells(ask, world, index):
    one = reference_of(world.boxtel, "revocation", index)
    assert ask(one) == 0
    world.boxtel.mark("revocation", index)
    assert ask(one) == 1
    neighbour = replace(one, index=index - 1 if index else 1)
    assert ask(neighbour) == 0


def test_L02_a_list_of_another_purpose_tells_nothing(ask, world, publish, reference):
    publish(world.boxtel.bitstring("revocation", purpose="suspension"))
    with pytest.raises(StatusVerificationError):
        ask(reference)


def test_L04_a_list_too_short_to_hide_in(ask, world, publish, reference):
    publish(world.boxtel.bitstring("revocation", data=bytes(LENGTH - 1)))
    with pytest.raises(StatusListLengthError):
        ask(reference)
    publish(world.boxtel.bitstring("revocation", data=bytes(LENGTH)))
    assert ask(reference) == 0


def test_L05_a_list_of_anybody_else_tells_nothing(ask, world, publish, reference):
    other, stranger = world.michielsgestel, PrivateKey.generate("EdDSA")
    world.boxtel.mark("revocation", INDEX)
    empty = {"data": bytes(LENGTH)}
    for members in (
        {"signer": stranger},
        {"signer": other.did_keys["EdDSA"], "verification_method": other.method("EdDSA")},
        {
            "signer": other.did_keys["EdDSA"],
            "verification_method": other.method("EdDSA"),
            "issuer_did": other.did,
        },
        {"verification_method": f"{web.of('https://vreemd.example')}#EdDSA"},
    ):
        publish(world.boxtel.bitstring("revocation", **empty, **members))
        with pytest.raises(StatusVerificationError):
            ask(reference)
    assert not any("gestel" in url or "vreemd" in url for url in world.network.fetched)


def test_L05_a_list_under_another_name_is_not_the_list(ask, world, publish, reference):
    publish(world.boxtel.bitstring("revocation", uri=world.boxtel.bitstring_uri("refresh")))
    with pytest.raises(StatusVerificationError):
        ask(reference)


def test_L07_an_older_list_never_hides_what_a_newer_one_told(ask, world, publish, reference):
    old = world.boxtel.bitstring("revocation", issued_at=world.now - 3_600)
    world.boxtel.mark("revocation", INDEX)
    assert ask(reference) == 1
    publish(old)
    assert ask(reference) == 1


def test_L08_an_expired_list_is_no_list(ask, world, publish, reference):
    publish(world.boxtel.bitstring("revocation", expires=world.now))
    with pytest.raises(StatusRetrievalError):
        ask(reference)


def _with_encoded(world, encoded):
    """The list with another encodedList, signed by its issuer."""
    document = json.loads(world.boxtel.bitstring("revocation"))
    proof = document.pop("proof")
    document["credentialSubject"]["encodedList"] = encoded
    signed = data_integrity.add_proof(
        document,
        cryptosuite="eddsa-rdfc-2022",
        signer=world.boxtel.did_keys["EdDSA"],
        verification_method=proof["verificationMethod"],
        purpose="assertionMethod",
        created=world.now,
        json_ld=JSON_LD,
    )
    return json.dumps(signed).encode()


def test_L10_what_is_not_one_small_gzip_stream_is_malformed(ask, world, publish, reference):
    good = gzip.compress(bytes(LENGTH))
    for data in (
        gzip.compress(bytes(17 * 1024 * 1024)),
        good + good,
        good + b"x",
        good[:-9],
        b"x\x9c" + good,
    ):
        publish(_with_encoded(world, "u" + b64url_encode(data)))
        with pytest.raises(MalformedValueError):
            ask(reference)
    publish(_with_encoded(world, "u" + b64url_encode(good)))
    assert ask(reference) == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff", b"[]", b'{"@context": null}', b"a.b.c"],
    ids=["empty", "bytes", "array", "null", "a JWT"],
)
def test_what_is_no_list_leaves_the_status_unknown(ask, publish, reference, body):
    publish(body)
    with pytest.raises(StatusVerificationError):
        ask(reference)


def test_L13_a_list_that_cannot_be_had_is_unknown(ask, world, reference, publish):
    publish(world.boxtel.bitstring("revocation"), "text/html")
    with pytest.raises(StatusRetrievalError):
        ask(reference)
    del world.network.pages[reference.uri]
    with pytest.raises(StatusRetrievalError):
        ask(reference)


@pytest.mark.parametrize("media_type", sorted(bitstring.ACCEPTED))
def test_a_list_is_taken_as_what_lists_are_served_as(ask, world, publish, reference, media_type):
    publish(world.boxtel.bitstring("revocation"), media_type)
    assert ask(reference) == 0


def test_an_index_outside_the_list_leaves_the_status_unknown(ask, world):
    with pytest.raises(StatusVerificationError):
        ask(reference_of(world.boxtel, "revocation", LENGTH * 8))


@pytest.mark.parametrize(
    "uri",
    [
        "http://boxtel.example/status/bitstring/revocation",
        "https://gestel.example/status/bitstring/revocation",
        "https://boxtel.example:8443/status",
        "https://boxtel.example@binnen.example/status",
        "file:///etc/passwd",
    ],
)
def test_L16_only_where_the_organisation_publishes_is_asked(ask, world, uri):
    with pytest.raises(StatusVerificationError):
        ask(StatusReference("revocation", uri, INDEX, bitstring.MEMBER))
    assert world.network.fetched == []


def test_L16_without_an_organisation_there_is_nowhere_to_ask(issuer):
    assert replace(issuer, organisation=None).sites == ()


def test_L17_a_list_serves_until_it_is_due(ask, world, reference):
    fetches = 0
    for later, due in ((0, True), (599, False), (600, True)):
        ask(reference, world.now + later, max_age=600)
        fetches += due
        assert world.network.fetched.count(reference.uri) == fetches


def test_a_list_of_an_unknown_kind_is_not_asked(ask, world):
    with pytest.raises(StatusVerificationError):
        ask(StatusReference("revocation", world.boxtel.status_uri("revocation"), INDEX, "anders"))
    assert world.network.fetched == []
