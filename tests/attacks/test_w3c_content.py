"""What W3C credentials say: rows I10, I11, I34, I40 and I41 of security.md."""

import json
import unicodedata

import pytest

from tests.attacks import forging, proving
from tests.attacks.counsellor import respond
from tests.attacks.exchange import SECONDS
from tests.attacks.identity import KINDS
from tests.attacks.judging import OUTSTANDING, assert_counts
from tests.attacks.presenting import DEBT, SUBJECT, anyhow, at, carrying, held, put, shown

pytestmark = pytest.mark.services

MALFORMED, CRYPTO = "MALFORMED_VALUE_ERROR", "CRYPTOGRAPHIC_SECURITY_ERROR"
LOSS = "DATA_LOSS_DETECTION_ERROR"
DEBTS = (*SUBJECT, "vorderingen")


@pytest.fixture
def card(identity, resident):
    """Two debts."""
    return identity.card(resident, debts=[identity.town.debt(1), identity.town.debt(2)])


TOTAL = 2 * OUTSTANDING


def total_of(case, present):
    """What a response makes of the case, whether it is taken or not."""
    asked = case.ask()
    answer = respond(asked, present(asked))
    assert answer.status in {200, 400}
    assert answer.seconds < SECONDS
    report = case.report()
    return answer.status, report["totals"]["outstanding"], len(report["debts"])


def rearranged(card, change):
    """The document after `change`, which the issuer's signature covers just as well."""
    document = proving.altered(card, change)
    assert proving.same(document, card.document)
    return document


def twice(name):
    def change(document):
        elements = at(document, SUBJECT)[name]
        elements.append(json.loads(json.dumps(elements[0])))

    return change


def test_I10_what_the_issuer_signs_twice_counts_once(arena_counsellor, identity, resident, card):
    """The same debt again is one node for the signature, however often it stands there."""
    key, method = identity.keys["EdDSA"], identity.method("EdDSA")
    for times in (1, 7):
        document = card.document
        for _ in range(times):
            twice("vorderingen")(document)
        signed = proving.proven(document, key, method)
        outcome = total_of(arena_counsellor.open(resident), held(card, signed))
        assert outcome == (200, TOTAL, 2)


def test_I10_what_the_holder_repeats_adds_nothing(refused, arena_counsellor, resident, card):
    """Each has a creditor without a name of its own, so it is another statement."""
    document = proving.altered(card, twice("vorderingen"))
    assert not proving.same(document, card.document)
    refused({"": held(card, document)}, CRYPTO)
    asked = (case := arena_counsellor.open(resident)).ask()
    both = [present(asked) for present in (held(card, document), shown(card))]
    assert respond(asked, *both).status == 200
    assert case.report()["totals"]["outstanding"] == TOTAL


def test_I10_a_digest_that_stands_twice_changes_no_amount(arena_counsellor, resident, card):
    document = rearranged(card, twice("vordering_digests"))
    _, total, _ = total_of(arena_counsellor.open(resident), held(card, document))
    assert total in {0, TOTAL}


def bare_reference(document):
    at(document, DEBTS).append({"id": at(document, DEBT)["id"]})


def bare_string(document):
    at(document, DEBTS).append(at(document, DEBT)["id"])


def split_in_two(document):
    debts = at(document, DEBTS)
    whole = debts[0]
    names = list(whole)
    halves = names[: len(names) // 2], names[len(names) // 2 :]
    debts[:1] = [{"id": whole["id"], **{name: whole[name] for name in half}} for half in halves]


def without_its_type(document):
    debts = at(document, DEBTS)
    dropped = {"type", "schuldeiser"}
    debts.append({name: value for name, value in debts[0].items() if name not in dropped})


def amount_apart(document):
    """One node that says its amount in one place and all else in another."""
    debts = at(document, DEBTS)
    debts.append({"id": debts[0]["id"], "type": debts[0]["type"], "saldo": debts[0]["saldo"]})


@pytest.mark.parametrize(
    "change",
    [
        bare_reference,
        split_in_two,
        without_its_type,
        amount_apart,
    ],
)
def test_I10_a_node_in_pieces_adds_nothing(refused, card, change):
    refused({"": held(card, rearranged(card, change))}, MALFORMED)


def test_I10_a_bare_string_adds_nothing(refused, card):
    """No processor takes it for a node: it would be another statement."""
    document = proving.altered(card, bare_string)
    assert not proving.same(document, card.document)
    refused({"": held(card, document)}, CRYPTO)


@pytest.mark.parametrize("kind", ["eddsa", "ecdsa", "jwt_vc", "vc_jwt"])
def test_I10_one_statement_presented_twice_counts_once(case, identity, resident, kind):
    """And in another order of its members, where the signature does not know order."""
    card = identity.card(resident, kind)
    asked = case.ask()
    entries = [card.present(asked.client_id, asked.nonce) for _ in range(2)]
    if card.format.ENTRY_TYPE is dict:
        document = card.document
        turned = json.loads(json.dumps(dict(reversed(document.items()))))
        entries.append(proving.presentation(asked, card.key, turned, document))
    assert respond(asked, *entries).status == 200
    report = case.report()
    assert report["totals"]["outstanding"] == OUTSTANDING
    assert len(report["debts"]) == 1


def test_I10_one_statement_in_two_formats_counts_once(case, identity, resident):
    debts = [identity.town.debt()]
    cards = [identity.card(resident, kind, debts=debts) for kind in KINDS]
    cards.append(identity.town.card(resident, debts=debts))
    asked = case.ask()
    answer = respond(asked, *[one.present(asked.client_id, asked.nonce) for one in cards])
    assert answer.status == 200
    report = case.report()
    assert report["totals"]["outstanding"] == OUTSTANDING
    assert len(report["debts"]) == 1


def turned_round(value):
    """Every object and every array in the other order; contexts stay as they are."""
    if isinstance(value, list):
        return [turned_round(one) for one in reversed(value)]
    if not isinstance(value, dict):
        return value
    return {
        name: member if name == "@context" else turned_round(member)
        for name, member in reversed(value.items())
    }


def test_I11_order_and_white_space_mean_nothing(arena_counsellor, resident, card):
    document = rearranged(card, turned_round)
    assert total_of(arena_counsellor.open(resident), held(card, document)) == (200, TOTAL, 2)
    spaced = json.loads(json.dumps(document, indent=7, ensure_ascii=True))
    assert total_of(arena_counsellor.open(resident), held(card, spaced)) == (200, TOTAL, 2)


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
    assert case.report()["totals"]["outstanding"] == TOTAL, case.reasons()
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
    assert case.report()["totals"]["outstanding"] == TOTAL
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
    assert report["totals"]["outstanding"] == TOTAL
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
