"""DID documents: whose they are, what is in them, and what each key may be used for."""

import json

import pytest

from vckit.did import build_document, multikey, parse_document
from vckit.encoding import base58btc_encode
from vckit.errors import (
    ConfigurationError,
    InvalidControlledIdentifierDocumentError,
    InvalidControlledIdentifierDocumentIdError,
    InvalidRelationshipError,
    InvalidVerificationMethodError,
    InvalidVerificationMethodUrlError,
)
from vckit.keys import PrivateKey

NOW = 1_795_500_000  # 24 November 2026
DID = "did:web:boxtel.example"
OTHER = "did:web:elders.example"
ED25519, P256 = (PrivateKey.generate(one).public for one in ("EdDSA", "ES256"))
METHODS = [
    ("ed25519", "Multikey", ED25519),
    ("p256", "JsonWebKey", P256),
    ("jws", "JsonWebKey2020", P256),
    ("legacy", "Ed25519VerificationKey2020", ED25519),
]


def document(**changes):
    return {**build_document(DID, METHODS), **changes}


def method(fragment="k", **changes):
    return {
        "id": f"{DID}#{fragment}",
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": multikey.encode(ED25519),
        **changes,
    }


def with_method(**changes):
    one = method(**changes)
    return document(verificationMethod=[one], assertionMethod=[one["id"]])


def key_of(made, url=f"{DID}#k", relationship="assertionMethod"):
    return parse_document(made, DID).key(url, relationship, now=NOW)


@pytest.mark.parametrize(("fragment", "_kind", "key"), METHODS, ids=[one[1] for one in METHODS])
def test_W10_twin_every_known_kind_of_method_gives_its_key(fragment, _kind, key):
    assert key_of(document(), f"{DID}#{fragment}") == key
    sent = json.dumps(document()).encode()
    assert parse_document(sent, DID).key(f"{DID}#{fragment}", "assertionMethod", now=NOW) == key


def test_a_built_document_names_the_context_of_each_kind_once():
    contexts = document()["@context"]
    assert contexts[:2] == ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
    assert len(contexts) == len(set(contexts)) == 5


def test_a_p256_key_has_no_form_as_an_ed25519_method():
    with pytest.raises(ConfigurationError):
        build_document(DID, [("a", "Ed25519VerificationKey2020", P256)])


def test_what_the_kit_does_not_read_does_no_harm():
    kept = document(
        service=[{"id": f"{DID}#s", "type": "LinkedDomains", "serviceEndpoint": "https://a"}],
        alsoKnownAs=["https://boxtel.example"],
        controller=OTHER,
        verificationMethod=[
            method(),
            method("x25519", type="X25519KeyAgreementKey2020", publicKeyMultibase="z6LS"),
            method("bls", publicKeyMultibase="zUC7"),
            {"id": f"{DID}#bare", "type": "Other", "controller": OTHER},
        ],
        assertionMethod=[f"{DID}#k"],
        keyAgreement=[f"{DID}#x25519"],
    )
    assert key_of(kept) == ED25519


@pytest.mark.parametrize("name", [OTHER, f"{DID}#k", f"{DID}:b", DID.upper(), None, [DID], ""])
def test_W10_the_document_of_another_did_is_refused(name):
    with pytest.raises(InvalidControlledIdentifierDocumentIdError):
        parse_document(document(id=name), DID)


@pytest.mark.parametrize("url", ["#k", "k", f"{OTHER}#k", f"{DID}", f"{DID}#", f"{DID}?a=b#k"])
def test_W10_an_id_that_is_relative_or_another_dids_is_refused(url):
    with pytest.raises(InvalidVerificationMethodError):
        parse_document(with_method(id=url), DID)


def test_W10_two_methods_of_one_id_are_refused():
    twice = [method(), method(publicKeyMultibase=multikey.encode(P256))]
    with pytest.raises(InvalidVerificationMethodError):
        parse_document(document(verificationMethod=twice), DID)
    with pytest.raises(InvalidVerificationMethodError):
        parse_document(document(verificationMethod=[method()], assertionMethod=[method()]), DID)


@pytest.mark.parametrize("kind", ["Multikey", "JsonWebKey", "JsonWebKey2020", "Other"])
@pytest.mark.parametrize("key", [P256, ED25519], ids=["another key", "the same key"])
def test_W10_a_method_that_states_its_key_twice_is_refused(kind, key):
    with pytest.raises(InvalidVerificationMethodError):
        parse_document(with_method(type=kind, publicKeyJwk=key.to_jwk()), DID)


UNUSABLE = {
    "unknown type": {"type": "EcdsaSecp256k1VerificationKey2019"},
    "type of another spelling": {"type": "multikey"},
    "the key in another member": {"type": "JsonWebKey"},
    "another controller": {"controller": OTHER},
    "P-256 as Ed25519": {
        "type": "Ed25519VerificationKey2020",
        "publicKeyMultibase": multikey.encode(P256),
    },
    "key of small order": {"publicKeyMultibase": base58btc_encode(b"\xed\x01\x01" + bytes(31))},
    "no text": {"publicKeyMultibase": [multikey.encode(ED25519)]},
}


@pytest.mark.parametrize("changes", UNUSABLE.values(), ids=UNUSABLE)
def test_W10_a_method_of_an_unknown_kind_has_no_key(changes):
    with pytest.raises(InvalidVerificationMethodError):
        key_of(with_method(**changes))


@pytest.mark.parametrize("jwk", [{**P256.to_jwk(), "d": "AA"}, {"kty": "EC"}, "text", None])
def test_W10_a_private_or_malformed_jwk_is_no_key(jwk):
    made = {"id": f"{DID}#k", "type": "JsonWebKey", "controller": DID, "publicKeyJwk": jwk}
    with pytest.raises(InvalidVerificationMethodError):
        key_of(document(verificationMethod=[made], assertionMethod=[f"{DID}#k"]))


@pytest.mark.parametrize("name", ["id", "type", "controller"])
@pytest.mark.parametrize("value", [None, 5, ["Multikey"]])
def test_W10_a_method_without_one_of_its_strings_is_refused(name, value):
    with pytest.raises(InvalidVerificationMethodError):
        parse_document(document(verificationMethod=[method(**{name: value})]), DID)


@pytest.mark.parametrize(
    "made",
    [b"{", b"[]", b'{"id":"a","id":"b"}', b"\xff", [], None, {"id": DID, "verificationMethod": {}}],
)
def test_W10_what_is_no_did_document_is_refused(made):
    with pytest.raises(InvalidControlledIdentifierDocumentError):
        parse_document(made, DID)


def test_J07_a_method_that_is_not_there_is_refused():
    for url in (f"{DID}#other", f"{DID}#ED25519"):
        with pytest.raises(InvalidVerificationMethodError):
            key_of(document(), url)


@pytest.mark.parametrize("url", ["#ed25519", "ed25519", DID, f"{DID}#", f"{DID}#a#b", f" {DID}#k"])
def test_J07_a_method_is_named_by_an_absolute_did_url_only(url):
    with pytest.raises(InvalidVerificationMethodUrlError):
        key_of(document(), url)


def test_I20_a_key_is_used_for_its_own_purpose_only():
    for listed in ({"authentication": [f"{DID}#k"]}, {}):
        made = document(verificationMethod=[method()], assertionMethod=[], **listed)
        with pytest.raises(InvalidRelationshipError):
            key_of(made)


def test_I20_a_relative_reference_gives_no_purpose():
    with pytest.raises(InvalidRelationshipError):
        key_of(document(verificationMethod=[method()], assertionMethod=["#k"]))


def test_I20_an_unknown_purpose_is_refused():
    with pytest.raises(InvalidRelationshipError):
        key_of(document(verificationMethod=[method()], custom=[f"{DID}#k"]), relationship="custom")


def test_I20_an_embedded_method_of_another_did_counts_for_nobody():
    foreign = method(id=f"{OTHER}#k", controller=OTHER)
    made = document(verificationMethod=[method()], assertionMethod=[f"{DID}#k", foreign])
    assert key_of(made) == ED25519
    with pytest.raises(InvalidRelationshipError):
        key_of(made, f"{OTHER}#k")


def test_I20_twin_an_embedded_method_is_for_the_purpose_it_stands_under():
    made = document(verificationMethod=[], assertionMethod=[method()])
    assert key_of(made) == ED25519
    with pytest.raises(InvalidRelationshipError):
        key_of(made, relationship="authentication")


ENDED = ["2026-11-23T00:00:00Z", "2026-11-24T01:00:00+02:00", "2026-11-23T23:59:59.999Z"]
MALFORMED = [
    "2026-11-25",
    "2036-11-25T00:00:00",
    "never",
    None,
    2_000_000_000,
    "2036-13-01T00:00:00Z",
]


@pytest.mark.parametrize("name", ["revoked", "expires"])
@pytest.mark.parametrize("moment", ENDED + MALFORMED)
def test_I23_a_method_that_has_ended_gives_no_key(name, moment):
    with pytest.raises(InvalidVerificationMethodError):
        key_of(with_method(**{name: moment}))


@pytest.mark.parametrize("name", ["revoked", "expires"])
def test_I23_twin_a_method_that_ends_later_is_good(name):
    assert key_of(with_method(**{name: "2026-12-24T00:00:00Z"})) == ED25519


def test_I23_a_method_ends_at_its_very_moment():
    ending = parse_document(with_method(expires="2026-11-24T00:00:00Z"), DID)
    end = 1_795_478_400
    assert ending.key(f"{DID}#k", "assertionMethod", now=end - 1) == ED25519
    with pytest.raises(InvalidVerificationMethodError):
        ending.key(f"{DID}#k", "assertionMethod", now=end)


def test_I23_twin_a_key_that_was_replaced_but_stays_listed_is_good():
    rotated = document(
        verificationMethod=[method("old"), method("new", publicKeyMultibase=multikey.encode(P256))],
        assertionMethod=[f"{DID}#old", f"{DID}#new"],
    )
    assert key_of(rotated, f"{DID}#old") == ED25519
    assert key_of(rotated, f"{DID}#new") == P256
