"""DIDs of issuers, and their documents: rows W01, W05, W07, W10, W13 and W14 of security.md.

What is refused for its name is refused before any look-up, even where a scheme names it.
"""

import json
import time

import pytest

from tests.attacks.arena import HOSTILE
from tests.attacks.counsellor import reasons, respond
from tests.attacks.exchange import SECONDS
from tests.attacks.holder import new_key
from tests.attacks.identity import DID_MEDIA_TYPE
from tests.attacks.judging import OUTSTANDING, counts
from tests.attacks.presenting import anyhow, shown
from vckit.did import multikey
from vckit.keys import PrivateKey

pytestmark = pytest.mark.services

URL, UNTRUSTED = "INVALID_VERIFICATION_METHOD_URL", "untrusted_issuer"
METHOD, LIMIT = "INVALID_VERIFICATION_METHOD", "policy_limit"
DOCUMENT = "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"
DOCUMENT_ID = "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"


def stated_by(identity, resident, did, kind="jwt_vc"):
    """A statement in the name of this DID."""
    return shown(identity.card(resident, kind, issuer=did, method=f"{did}#ES256"))


@pytest.fixture
def nothing_is_asked(arena, outside):
    """No look-up, no connection: neither outside nor at any of our own servers."""
    before = outside.noted(), [town.server.connections for town in arena.towns]
    yield
    towns = [town.server.connections for town in arena.towns]
    # Company of each response has its two lists at Eiken's.
    assert towns[0] == before[1][0]
    assert towns[2] == before[1][2]
    assert outside.noted() == before[0]


@pytest.mark.usefixtures("nothing_is_asked")
def test_W01_W05_W07_a_did_that_the_scheme_should_not_name_is_not_resolved(
    identity, resident, all_told
):
    all_told({did: stated_by(identity, resident, did) for did in HOSTILE}, URL)


def lookalikes(did):
    """W07: other spellings of a DID that is trusted."""
    port = did.rpartition("%3A")[2]
    return [
        f"did:web:LOCALHOST%3A{port}",
        f"did:web:localhost%3a{port}",
        f"did:web:localhost:{port}",
        f"did:web:localhost.%3A{port}",
        f"did:web:localhost%3A0{port}",
        f"did:web:localhost%3A{port}:",
        f"did:web:127.0.0.1%3A{port}",
        f"did:web:a%40localhost%3A{port}",
        f"did:WEB:localhost%3A{port}"[:7].lower() + f":localhost%3A{port}:.well-known",
        f"did:web:l%6Fcalhost%3A{port}",
        f"did:web:elders.example:localhost%3A{port}",
    ]


@pytest.mark.usefixtures("nothing_is_asked")
def test_W01_W07_a_did_off_the_scheme_is_not_asked_whatever_its_name(identity, resident, all_told):
    names = [
        *lookalikes(identity.did),
        *("did:web:192.168.0.1", "did:web:elders.example", "did:web:xn--msterdam-y6a.nl"),
        "did:example:123",
    ]
    all_told({did: stated_by(identity, resident, did) for did in names}, UNTRUSTED)


@pytest.mark.usefixtures("nothing_is_asked")
def test_W07_what_is_no_did_at_all_is_malformed(identity, resident, refused, all_told):
    """Among them the homograph of a host name, in its own script."""
    names = ("did:web:\u0430msterdam.nl", "did:WEB:localhost", "did:web:", "did:web:a?x=1")
    all_told({did: stated_by(identity, resident, did) for did in names}, UNTRUSTED)
    card, hostile = identity.card(resident), {}
    for did in names:
        hostile[did] = anyhow(card, {**card.document, "issuer": did})
    refused(hostile, "MALFORMED_VALUE_ERROR")


def changed_documents(newcomer, key):
    """W10: by name the document with something in it that a reader could take wrongly."""
    honest = newcomer.document()
    methods, did = honest["verificationMethod"], newcomer.did
    [es256] = [one for one in methods if one["id"].endswith("#ES256")]
    relative = {**es256, "id": "#ES256"}
    other = {**es256, "publicKeyJwk": key.public.to_jwk()}
    both = {**es256, "publicKeyMultibase": multikey.encode(key.public)}
    elsewhere = {**es256, "id": f"{did}x#ES256"}
    unknown = {**es256, "type": "BlaBlaKey2030"}
    private = {**es256, "publicKeyJwk": {**newcomer.keys["ES256"].to_jwk()}}
    controlled = {**es256, "controller": "did:web:elders.example"}
    variants = {
        "relative id": [relative],
        "the same id twice": [es256, other],
        "the same twice": [es256, es256],
        "two keys": [both],
        "no key": [{name: es256[name] for name in ("id", "type", "controller")}],
        "unknown type": [unknown],
        "another DID's": [elsewhere],
        "private key": [private],
        "another controller": [controlled],
        "no object": [es256, "sleutel"],
    }
    return {name: {**honest, "verificationMethod": some} for name, some in variants.items()}


def test_W10_a_method_that_two_readers_could_take_differently_is_none(arena, resident, all_told):
    key, hostile = PrivateKey.generate("ES256"), {}
    for name in changed_documents(arena.linden.identity, key):
        newcomer = arena.linden.newcomer()
        document = changed_documents(newcomer, key)[name]
        newcomer.serve_document(lambda document=document: document)
        hostile[name] = shown(newcomer.card(resident, "jwt_vc"))
    all_told(hostile, METHOD)


def test_W10_the_document_of_another_did_is_not_this_ones(arena, resident, all_told):
    hostile = {}
    for name, did in (
        ("eiken", arena.eiken.identity.did),
        ("upper case", None),
        ("none", ""),
        ("with a path", "/"),
    ):
        newcomer = arena.linden.newcomer()
        members = {"id": newcomer.did.replace("localhost", "LOCALHOST") if did is None else did}
        if did == "/":
            members = {"id": f"{newcomer.did}/"}
        newcomer.serve_document(lambda n=newcomer, members=members: n.document(**members))
        hostile[name] = shown(newcomer.card(resident, "jwt_vc"))
    all_told(hostile, DOCUMENT_ID)


def test_W10_what_is_no_document_is_none(arena, resident, all_told):
    hostile = {}
    for body in (b"", b"[]", b"geen json", b'{"id":1,"id":2}', b'{"a":NaN}', b"[" * 100_000):
        newcomer = arena.linden.newcomer()
        newcomer.pages[newcomer.document_path] = lambda body=body: (200, body, DID_MEDIA_TYPE)
        hostile[repr(body[:9])] = shown(newcomer.card(resident, "jwt_vc"))
    all_told(hostile, DOCUMENT)


def test_W10_twin_an_unknown_method_beside_the_right_one_harms_nothing(arena, case, resident):
    newcomer = arena.linden.newcomer()
    document = newcomer.document()
    unknown = {"id": f"{newcomer.did}#x", "type": "BlaBla", "controller": newcomer.did}
    document["verificationMethod"].append(unknown)
    document |= {"alsoKnownAs": ["did:web:elders.example"], "service": [{"id": "urn:x"}]}
    newcomer.serve_document(lambda: document)
    counts(case, newcomer.card(resident, "jwt_vc"))


def fetched(town):
    return [call.target for call in town.server.calls if call.target.endswith("did.json")]


def test_W13_a_response_makes_us_ask_twenty_documents_and_no_more(arena, case, resident):
    """Each is another DID; the scheme knows them all, their documents have no such key."""
    newcomers, key = [arena.linden.newcomer() for _ in range(25)], new_key()
    cards = [one.card(resident, "jwt_vc", holder=key, method=f"{one.did}#weg") for one in newcomers]
    arena.linden.server.calls.clear()
    asked = case.ask()
    answer = respond(asked, *[one.present(asked.client_id, asked.nonce) for one in cards])
    assert answer.status == 200
    assert answer.seconds < SECONDS
    found = reasons(case.report())
    assert len(found) == 25
    assert set(found) == {METHOD, LIMIT}
    assert len(fetched(arena.linden)) <= 20


@pytest.mark.usefixtures("nothing_is_asked")
def test_W13_a_hundred_dids_off_the_scheme_make_us_ask_nobody(case, identity, resident):
    key = new_key()
    cards = [
        identity.card(
            resident,
            "jwt_vc",
            holder=key,
            issuer=f"did:web:n{number}.attack.example",
            method=f"did:web:n{number}.attack.example#ES256",
        )
        for number in range(100)
    ]
    asked = case.ask()
    begun = time.monotonic()
    answer = respond(asked, *[one.present(asked.client_id, asked.nonce) for one in cards])
    assert answer.status == 200
    assert time.monotonic() - begun < 10
    assert reasons(case.report()) == [UNTRUSTED] * 100


def test_W13_twin_as_many_as_are_needed_count(arena, case, resident):
    newcomers, key = [arena.linden.newcomer() for _ in range(3)], new_key()
    cards = [one.card(resident, kind, holder=key) for one in newcomers for kind in ("eddsa",)]
    cards.append(arena.eiken.identity.card(resident, holder=key))
    asked = case.ask()
    answer = respond(asked, *[one.present(asked.client_id, asked.nonce) for one in cards])
    assert answer.status == 200
    # Three of one organisation say the same, so one counts.
    assert case.report()["totals"]["outstanding"] == 2 * OUTSTANDING


def test_W14_all_credentials_of_a_response_see_one_document(arena, case, resident):
    """It changes with every fetch: first with the key, then without."""
    newcomer, versions = arena.linden.newcomer(), []

    def document():
        versions.append(time.monotonic())
        return newcomer.document() if len(versions) == 1 else {"id": newcomer.did}

    newcomer.serve_document(document)
    key = new_key()
    cards = [newcomer.card(resident, kind, holder=key) for kind in ("eddsa", "ecdsa", "jwt_vc")]
    asked = case.ask()
    answer = respond(asked, *[one.present(asked.client_id, asked.nonce) for one in cards])
    assert answer.status == 200
    assert len(versions) == 1
    assert case.report()["totals"]["outstanding"] == OUTSTANDING
    assert METHOD not in json.dumps(case.report())


def test_W14_a_new_key_is_taken_at_once(arena, arena_counsellor, resident):
    """Though the document was remembered a moment ago."""
    newcomer = arena.linden.newcomer()
    for _ in range(2):
        counts(arena_counsellor.open(resident), newcomer.card(resident))
    previous, newcomer.keys["EdDSA"] = newcomer.keys["EdDSA"], PrivateKey.generate("EdDSA")
    document = newcomer.document()
    for method in document["verificationMethod"]:
        method["id"] = method["id"].replace("#EdDSA", "#nieuw")
    document["assertionMethod"] = [one["id"] for one in document["verificationMethod"]]
    newcomer.serve_document(lambda: document)
    card = newcomer.card(resident, method=f"{newcomer.did}#nieuw")
    for purpose in ("revocation", "refresh"):
        newcomer.serve(
            purpose,
            lambda one=purpose: newcomer.list(one, verification_method=f"{newcomer.did}#nieuw"),
        )
    assert previous != newcomer.keys["EdDSA"]
    counts(arena_counsellor.open(resident), card)
