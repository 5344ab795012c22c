"""What W3C credentials say: rows I34, I40 and I41 of security.md."""

import json
import unicodedata

import pytest

from tests.attacks import forging, proving
from tests.attacks.counsellor import respond
from tests.attacks.judging import OUTSTANDING, assert_counts
from tests.attacks.presenting import DEBT, anyhow, carrying, held, put, shown

pytestmark = pytest.mark.services

MALFORMED, CRYPTO = "MALFORMED_VALUE_ERROR", "CRYPTOGRAPHIC_SECURITY_ERROR"
LOSS = "DATA_LOSS_DETECTION_ERROR"


@pytest.fixture
def card(w3c_card):
    return w3c_card


def extras(url):
    """Members that other verifiers fetch, run or show; all of them defined by the contexts."""
    script = '<script src="https://elders.example/x.js"></script>'
    return {
        "name": script,
        "description": script,
        "credentialSchema": [
            {"id": f"{url}/schema", "type": "JsonSchema"},
            {"id": "http://169.254.169.254/latest", "type": "JsonSchema"},
        ],
        "termsOfUse": {"id": f"{url}/terms", "type": "JsonSchema", "description": script},
        "evidence": [{"id": f"{url}/evidence", "type": "JsonSchema", "name": script}],
        "renderMethod": {"id": f"{url}/render.js", "type": "JsonSchema", "name": script},
        "refreshService": {"id": f"{url}/refresh", "type": "JsonSchema"},
        "relatedResource": {"id": f"{url}/related", "digestSRI": "sha384-AAAA"},
        "confidenceMethod": {"id": f"{url}/confidence", "type": "JsonSchema"},
    }


def test_I34_what_a_credential_points_at_is_not_fetched_and_not_shown(
    case, identity, card, listener
):
    document = {**card.document, **extras(listener.origin)}
    signed = proving.proven(document, identity.keys["EdDSA"], identity.method("EdDSA"))
    asked = case.ask()
    assert respond(asked, held(card, signed)(asked)).status == 200
    assert case.report()["totals"]["outstanding"] == OUTSTANDING, case.reasons()
    assert listener.connections == 0
    page = case.counsellor.browser.open(f"{case.url}/overzicht").body.decode()
    for part in ("elders.example", listener.origin, "169.254.169.254", "x.js"):
        assert part not in page
        assert part not in json.dumps(case.report())


def test_I34_nor_is_what_a_presentation_points_at(case, card, listener):
    members = {
        "termsOfUse": {"id": f"{listener.origin}/terms", "type": "JsonSchema"},
        "id": f"{listener.origin}/presentation",
    }
    asked = case.ask()
    entry = proving.presentation(asked, card.key, card.document, members=members)
    assert respond(asked, entry).status == 200
    assert case.report()["totals"]["outstanding"] == OUTSTANDING
    assert listener.connections == 0


@pytest.mark.parametrize("kind", ["jwt_vc", "vc_jwt"])
def test_I34_nor_is_what_the_header_of_a_jwt_points_at(refused, identity, resident, listener, kind):
    """A key, a chain or a list of keys at an address is never asked for."""
    card = identity.card(resident, kind)
    header, claims = forging.parts(card.text)
    for name in ("jku", "x5u"):
        forged = forging.signed(
            {**header, name: f"{listener.origin}/keys"}, claims, identity.keys["ES256"]
        )
        refused({name: carrying(card, forged)}, CRYPTO)
    assert listener.connections == 0


MARKUP = '<img src=x onerror="alert(1)">Gemeente Amsterdam'


def test_I40_the_name_of_an_issuer_is_the_schemes(case, identity, card):
    document = card.document
    document["issuer"] = {
        "id": identity.did,
        "name": MARKUP,
        "description": MARKUP,
    }
    signed = proving.proven(document, identity.keys["EdDSA"], identity.method("EdDSA"))
    asked = case.ask()
    assert respond(asked, held(card, signed)(asked)).status == 200
    report = case.report()
    assert report["totals"]["outstanding"] == OUTSTANDING
    names = [entry["organisation"] for entry in report["groups"]["verified"]]
    assert names == [identity.town.name]
    page = case.counsellor.browser.open(f"{case.url}/overzicht").body.decode()
    assert "Amsterdam" not in page
    assert "<img src=x" not in page


def test_I40_an_issuer_without_id_is_malformed(refused, card):
    issuers = (
        None,
        {"id": None},
        {"id": None, "name": "Linden"},
        {},
        {"name": MARKUP},
        {"id": 7},
        {"id": ["did:web:a.example"]},
        7,
        [],
        "Linden",
        "",
    )
    refused(
        {str(one): anyhow(card, {**card.document, "issuer": one}) for one in issuers}, MALFORMED
    )


@pytest.mark.parametrize("kind", ["jwt_vc", "vc_jwt"])
def test_I40_so_it_is_in_a_jwt(refused, identity, resident, kind):
    card = identity.card(resident, kind)
    header, claims = forging.parts(card.text)
    hostile = {}
    for issuer in (None, {"id": None}, {"name": MARKUP}, 7):
        changed = json.loads(json.dumps(claims))
        changed.get("vc", changed)["issuer"] = issuer
        forged = forging.signed(header, changed, identity.keys["ES256"])
        hostile[str(issuer)] = carrying(card, forged)
    refused(hostile, MALFORMED)


COMPOSED = "Caf\u00e9 Zuidoost"
DECOMPOSED = unicodedata.normalize("NFD", COMPOSED)
TRICKS = (
    "Bank\u202eneger\u202c",
    "Bel\u200dasting",
    "Gemeente\u2066 Elders\u2069",
    "On\u00adzichtbaar",
    "\ufeffBoxtel",
)


def test_I41_names_are_signed_letter_by_letter(refused, arena_counsellor, identity, resident):
    """Equal after normalising is not equal; each spelling holds in its own statement."""
    for kind in ("eddsa", "ecdsa"):
        for signed, other in ((COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED)):
            debt = identity.town.debt(schuldeiser={"oin": identity.town.oin, "naam": signed})
            card = identity.card(resident, kind, debts=[debt])
            assert_counts(arena_counsellor.open(resident), shown(card))
            change = put((*DEBT, "schuldeiser"), "naam", other)
            refused({signed: held(card, proving.altered(card, change))}, CRYPTO)


def test_I41_what_turns_or_hides_is_marked_on_the_page(case, identity, resident):
    debts = [
        identity.town.debt(number, schuldeiser={"oin": identity.town.oin, "naam": name})
        for number, name in enumerate(TRICKS, start=1)
    ]
    card = identity.card(resident, debts=debts)
    asked = case.ask()
    assert respond(asked, shown(card)(asked)).status == 200
    report = case.report()
    assert report["totals"]["outstanding"] == len(TRICKS) * OUTSTANDING
    assert {one["schuldeiser"]["naam"] for one in report["debts"]} == set(TRICKS)
    page = case.counsellor.browser.open(f"{case.url}/overzicht").body.decode()
    for hidden in "\u202e\u202c\u200d\u2066\u2069\u00ad\ufeff":
        assert hidden not in page
        assert f"[U+{ord(hidden):04X}]" in page
    assert "<bdi>Bank[U+202E]neger[U+202C]</bdi>" in page


def test_I41_characters_that_are_none_are_refused(refused, card):
    changes = ("a\u0000b", "a\u0007b", "a\u0085b", "a\ufffeb", "a\U0010ffffb", "a\nb")
    refused(
        {
            repr(one): anyhow(card, proving.altered(card, put(DEBT, "omschrijving", one)))
            for one in changes
        },
        MALFORMED,
    )
