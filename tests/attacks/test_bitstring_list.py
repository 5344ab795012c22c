"""Bitstring Status Lists that an issuer serves: rows L01 to L08 of security.md.

The issuer is one of the scheme whose server is ours, so it can serve what no honest one would.
"""

import gzip
import json
import time

import pytest

from tests.attacks import proving
from tests.attacks.identity import DAY, ENTRIES, KINDS
from tests.attacks.judging import counts
from tests.attacks.listing import changed, inner, outer
from vckit.data_model import V2
from vckit.did import jwk, moment
from vckit.encoding import b64url_encode
from vckit.keys import PrivateKey
from vckit.status import bitstring

pytestmark = pytest.mark.services

UNVERIFIED, UNREACHED = "STATUS_VERIFICATION_ERROR", "STATUS_RETRIEVAL_ERROR"
MALFORMED, LENGTH = "MALFORMED_VALUE_ERROR", "STATUS_LIST_LENGTH_ERROR"
REVOKED, SUPERSEDED = "revoked", "superseded"
PLACES = (0, 7, 8, 65_539, ENTRIES - 1)


@pytest.fixture
def listed(w3c_card):
    return w3c_card


@pytest.mark.parametrize("index", PLACES)
def test_L01_bits_count_from_the_most_significant_one(
    arena_counsellor, resident, identity, told, index
):
    """Written here by hand: section 3.4 counts the other way than Token Status List 4.1."""
    mirror = index - index % 8 + (7 - index % 8)
    marked, other = identity.card(resident, index=index), identity.card(resident, index=mirror)
    counts(arena_counsellor.open(resident), marked)
    data = bytearray(ENTRIES // 8)
    data[index // 8] |= 0x80 >> index % 8
    encoded = "u" + b64url_encode(gzip.compress(bytes(data)))
    text = changed(identity, inner(encodedList=encoded))
    identity.serve("revocation", lambda: text)
    told(REVOKED, marked)
    counts(arena_counsellor.open(resident), other)


@pytest.mark.parametrize("kind", KINDS)
def test_L01_in_every_format_a_marked_index_is_revoked(resident, identity, told, kind):
    card = identity.card(resident, kind)
    identity.mark("revocation", identity.town.used)
    told(REVOKED, card)
    fresh = identity.card(resident, kind)
    identity.mark("refresh", identity.town.used)
    told(SUPERSEDED, fresh)


def test_L01_an_index_outside_the_list_is_unknown(resident, identity, told):
    told(UNVERIFIED, identity.card(resident, index=ENTRIES))


def test_L02_a_list_of_another_purpose_tells_nothing(identity, unlisted):
    for purpose in ("suspension", "refresh", "message", ["suspension", "refresh"], []):
        unlisted(changed(identity, inner(statusPurpose=purpose)))
    unlisted(identity.list("revocation", purpose="Revocation"))


def test_L02_the_list_of_the_other_purpose_is_no_answer(identity, unlisted):
    unlisted(identity.list("refresh"))
    unlisted(identity.list("refresh", uri=identity.list_uri("revocation")))


def test_L02_twin_a_list_may_have_more_purposes(arena_counsellor, resident, identity, listed):
    text = changed(identity, inner(statusPurpose=["refresh", "revocation"]))
    identity.serve("revocation", lambda: text)
    counts(arena_counsellor.open(resident), listed)


def test_L04_a_list_is_long_enough_to_hide_in(identity, unlisted):
    for entries in (ENTRIES - 8, 8, ENTRIES // 2):
        unlisted(identity.list("revocation", data=bytes(entries // 8)), LENGTH)


def test_L04_twin_a_longer_list_holds(arena_counsellor, resident, identity, listed):
    identity.lists["revocation"] = bytearray(2**20 // 8)
    counts(arena_counsellor.open(resident), listed)


def test_L05_a_list_is_signed_by_the_credentials_issuer(arena, identity, unlisted):
    attacker, eiken = PrivateKey.generate("EdDSA"), arena.eiken.identity
    own = {"signer": attacker, "verification_method": f"{jwk.of(attacker.public)}#0"}
    other = {"signer": eiken.keys["EdDSA"], "verification_method": eiken.method("EdDSA")}
    vreemd = arena.vreemd.identity
    foreign = {"signer": vreemd.keys["EdDSA"], "verification_method": vreemd.method("EdDSA")}
    for changes in (
        {"signer": attacker},
        own,
        {**own, "issuer_did": jwk.of(attacker.public)},
        other,
        {**other, "issuer_did": eiken.did},
        {"signer": eiken.keys["EdDSA"]},
        {**foreign, "issuer_did": vreemd.did},
        {"verification_method": f"{identity.did}#onbekend"},
        {"uri": eiken.list_uri("revocation")},
        {"uri": identity.list_uri("revocation") + "/"},
    ):
        unlisted(identity.list("revocation", **changes))
    assert arena.vreemd.server.connections == 0


def test_L05_a_list_without_a_proof_that_holds_is_none(identity, unlisted):
    honest = json.loads(identity.list("revocation"))
    other = json.loads(identity.list("refresh"))
    for document in (
        proving.unproven(honest),
        {**honest, "proof": [honest["proof"]]},
        {**honest, "proof": other["proof"]},
        {**honest, "validUntil": moment.write(int(time.time()) + 9 * DAY)},
        {**honest, "@context": [V2.base, {"encodedList": "urn:x"}]},
        [honest],
    ):
        unlisted(json.dumps(document))
    unlisted(changed(identity, outer(), proofPurpose="authentication"))
    unlisted("geen lijst")


def test_L05_a_key_that_may_not_state_signs_no_list(arena, resident, told, holds):
    """Of the same DID document, but for log-in only."""
    newcomer = arena.linden.newcomer()
    document, key = newcomer.document(), PrivateKey.generate("ES256")
    method = {
        "id": f"{newcomer.did}#inloggen",
        "type": "JsonWebKey",
        "controller": newcomer.did,
        "publicKeyJwk": key.public.to_jwk(),
    }
    document["verificationMethod"].append(method)
    document["authentication"] = [method["id"]]
    newcomer.serve_document(lambda: document)
    text = changed(newcomer, outer(), key=key, method=method["id"])
    card = newcomer.card(resident)
    newcomer.serve("revocation", lambda: text)
    told(UNVERIFIED, card)
    newcomer.serve("revocation", lambda: newcomer.list("revocation"))
    holds(card, publish=False)


def test_L05_twin_the_issuers_other_key_signs_a_list(arena_counsellor, resident, identity, listed):
    text = changed(identity, outer(), identity.keys["ES256"], identity.method("ES256"))
    identity.serve("revocation", lambda: text)
    counts(arena_counsellor.open(resident), listed)


def test_L07_an_older_list_takes_no_revocation_back(identity, told):
    identity.mark("revocation", identity.town.used)
    told(REVOKED)
    earlier, clean = int(time.time()) - 3_600, bytearray(ENTRIES // 8)
    identity.serve("revocation", lambda: identity.list("revocation", data=clean, issued_at=earlier))
    told(REVOKED)
    undated = changed(
        identity,
        lambda document: {
            n: v
            for n, v in {
                **document,
                "credentialSubject": {
                    **document["credentialSubject"],
                    "encodedList": bitstring.encode(clean),
                },
            }.items()
            if n != "validFrom"
        },
        created=moment.write(earlier),
    )
    identity.serve("revocation", lambda: undated)
    told(REVOKED)


def test_L08_a_list_that_has_ended_is_none(identity, unlisted):
    now = int(time.time())
    unlisted(identity.list("revocation", issued_at=now - 2 * DAY, expires=now - DAY), UNREACHED)
    unlisted(identity.list("revocation", issued_at=now + DAY, expires=now + 2 * DAY))
    unlisted(changed(identity, outer(validFrom="2026-01-01")), MALFORMED)
