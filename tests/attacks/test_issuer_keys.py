"""Whose key it is and what it is for: rows I20, I22, I23 and a part of I29 of security.md."""

import base64
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.attacks import proving
from tests.attacks.identity import DAY, KINDS
from tests.attacks.judging import counts
from tests.attacks.presenting import held, shown
from vckit.did import jwk, moment
from vckit.did.multikey import encode as multikey
from vckit.encoding import base58btc_encode
from vckit.keys import PrivateKey

pytestmark = pytest.mark.services

UNTRUSTED, METHOD = "untrusted_issuer", "INVALID_VERIFICATION_METHOD"
RELATIONSHIP = "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"


@pytest.fixture
def card(w3c_card):
    return w3c_card


def test_I20_a_key_for_another_purpose_does_not_state(arena, resident, found):
    for change in (
        {"assertionMethod": [], "authentication": "all"},
        {"assertionMethod": []},
        {"assertionMethod": None, "keyAgreement": "all", "capabilityInvocation": "all"},
    ):
        newcomer = arena.linden.newcomer()
        document = newcomer.document()
        urls = document["assertionMethod"]
        members = {name: urls if one == "all" else one for name, one in change.items()}
        served = {n: one for n, one in {**document, **members}.items() if one is not None}
        newcomer.serve_document(lambda served=served: served)
        found(shown(newcomer.card(resident)), RELATIONSHIP)


def test_I20_a_method_of_another_did_does_not_state(arena, resident, found):
    """Embedded under assertionMethod, but another DID's."""
    newcomer, key = arena.linden.newcomer(), PrivateKey.generate("EdDSA")
    foreign = "did:web:elders.example"
    method = {
        "id": f"{foreign}#1",
        "type": "Multikey",
        "controller": foreign,
        "publicKeyMultibase": multikey(key.public),
    }
    newcomer.serve_document(
        lambda: newcomer.document(assertionMethod=[f"{newcomer.did}#EdDSA", method])
    )
    card = newcomer.card(resident)
    forged = proving.proven(card.document, key, f"{foreign}#1")
    found(held(card, forged), RELATIONSHIP)


def test_I20_a_key_of_nobody_here_does_not_state(arena, card, found):
    key = PrivateKey.generate("EdDSA")
    for signer, method in (
        (key, f"{jwk.of(key.public)}#0"),
        (arena.vreemd.identity.keys["EdDSA"], arena.vreemd.identity.method("EdDSA")),
    ):
        found(held(card, proving.proven(card.document, signer, method)), RELATIONSHIP)


def test_I20_twin_a_method_that_stands_under_its_use_states(arena, case, resident):
    newcomer = arena.linden.newcomer()
    document = newcomer.document()
    embedded = document["verificationMethod"]
    newcomer.serve_document(
        lambda: {**document, "verificationMethod": [], "assertionMethod": embedded}
    )
    counts(case, newcomer.card(resident))


@pytest.mark.parametrize("kind", KINDS)
def test_I22_one_issuer_does_not_state_for_another(arena, arena_counsellor, resident, found, kind):
    """Both are on the scheme; the key is the other's."""
    algorithm = KINDS[kind][1]
    linden, eiken = arena.linden.identity, arena.eiken.identity
    foreign = {"signer": eiken.keys[algorithm], "method": eiken.method(algorithm)}
    found(shown(linden.card(resident, kind, **foreign)), UNTRUSTED)
    counts(arena_counsellor.open(resident), linden.card(resident, kind))


@pytest.mark.parametrize("kind", KINDS)
def test_I22_an_issuer_off_the_scheme_counts_nothing_and_is_not_asked(arena, resident, found, kind):
    found(shown(arena.vreemd.identity.card(resident, kind)), UNTRUSTED)
    assert arena.vreemd.server.calls == []
    assert arena.vreemd.server.connections == 0


def test_I22_a_did_that_is_its_own_key_is_no_issuer(arena, resident, found):
    key = PrivateKey.generate("EdDSA")
    did = jwk.of(key.public)
    own = {"signer": key, "method": f"{did}#0", "issuer": did}
    found(shown(arena.linden.identity.card(resident, **own)), UNTRUSTED)


def with_members(identity, algorithm, **members):
    """The DID document with these members in one of its methods."""
    document = identity.document()
    for method in document["verificationMethod"]:
        if method["id"] == identity.method(algorithm):
            method.update(members)
    return document


def test_I23_a_key_that_is_revoked_or_expired_states_nothing(arena, resident, found):
    past, now = moment.write(int(time.time()) - 3_600), moment.write(int(time.time()))
    for members in ({"revoked": past}, {"expires": past}, {"revoked": now}, {"revoked": "ooit"}):
        newcomer = arena.linden.newcomer()
        document = with_members(newcomer, "EdDSA", **members)
        newcomer.serve_document(lambda document=document: document)
        found(shown(newcomer.card(resident)), METHOD)


def test_I23_a_key_that_was_replaced_still_stands_for_what_it_signed(arena, case, resident):
    newcomer = arena.linden.newcomer()
    previous, name = PrivateKey.generate("EdDSA"), f"{newcomer.did}#vorig"
    older = newcomer.card(resident, signer=previous, method=name)
    document = newcomer.document()
    document["verificationMethod"].append(
        {
            "id": name,
            "type": "Multikey",
            "controller": newcomer.did,
            "publicKeyMultibase": multikey(previous.public),
            "expires": moment.write(int(time.time()) + 30 * DAY),
        }
    )
    document["assertionMethod"].append(name)
    newcomer.serve_document(lambda: document)
    counts(case, older)


def test_I29_a_key_of_another_curve_is_no_key_here(arena, resident, found):
    """P-384 under the header of P-256, and as what it is."""
    raw = ec.generate_private_key(ec.SECP384R1()).public_key()
    numbers = raw.public_numbers()
    compressed = raw.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    p384 = {"kty": "EC", "crv": "P-384", "x": octets(numbers.x), "y": octets(numbers.y)}
    for kind, name, key in (
        ("Multikey", "publicKeyMultibase", base58btc_encode(b"\x80\x24" + compressed)),
        ("Multikey", "publicKeyMultibase", base58btc_encode(b"\x81\x24" + compressed)),
        ("JsonWebKey", "publicKeyJwk", p384),
        ("JsonWebKey", "publicKeyJwk", {**p384, "crv": "P-256"}),
    ):
        newcomer = arena.linden.newcomer()
        document = newcomer.document()
        [method] = [one for one in document["verificationMethod"] if "ES256" in one["id"]]
        for one in ("publicKeyJwk", "publicKeyMultibase"):
            method.pop(one, None)
        method |= {"type": kind, name: key}
        newcomer.serve_document(lambda document=document: document)
        found(shown(newcomer.card(resident, "ecdsa")), METHOD)


def octets(number):
    return base64.urlsafe_b64encode(number.to_bytes(48, "big")).rstrip(b"=").decode()
