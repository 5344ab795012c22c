"""Whose key a statement needs: the issuer's own, for stating things, by the scheme."""

import pytest

from tests.vckit.statements import debt
from tests.verifier import w3c
from tests.verifier.wallet import begin
from vckit import strict_json
from vckit.did import jwk, key, multikey
from vckit.keys import PrivateKey
from vckit.network import Response
from verifier.casework import case_report
from verifier.fetching import MAX_DOCUMENTS, RecentDocuments
from verifier.wording import DUTCH

DOCUMENT = "https://boxtel.example/.well-known/did.json"


@pytest.fixture
def share(office, world, wallet):
    """Present cards in a fresh case and give what the counsellor sees."""

    def share(*cards, expected=200):
        case, started = begin(office, world, formats=list(w3c.QUERIES))
        asked = wallet.fetch(started)
        given = w3c.token(asked, world.now, *cards)
        answer = wallet.post(asked, wallet.form(asked, **given))
        assert answer.status_code == expected, answer.text
        return case_report(office, case, world.now, DUTCH)

    return share


@pytest.fixture
def card(world, wallet):
    def card(kind="ldp_eddsa", municipality=world.boxtel, *debts, **members):
        given = debts or (debt(1),)
        return w3c.state(kind, municipality, *given, holder=wallet.key, members=members)

    return card


def publish(world, **members):
    document = {**world.boxtel.did_document(), **members}
    world.network.pages[DOCUMENT] = lambda: strict_json.dumps(document)


def only(found):
    [finding] = found["findings"]
    return finding


@pytest.mark.parametrize("kind", ["ldp_eddsa", "jwt_vc"])
def test_I22_another_trusted_organisation_cannot_state_in_this_one_s_name(world, share, card, kind):
    algorithm = w3c.KINDS[kind][1]
    other = world.michielsgestel
    forged = card(
        kind, signer=other.did_keys[algorithm], verification_method=other.method(algorithm)
    )
    finding = only(share(forged))
    assert (finding["reason"], finding["organisation"]) == ("untrusted_issuer", "Gemeente Boxtel")
    assert "niet door Gemeente Boxtel ondertekend" in finding["text"]
    assert world.network.fetched == []
    assert share(card(kind))["totals"]["outstanding"] == 42_900


def test_I22_nor_under_the_name_of_this_one_s_key(world, share, card):
    share(card(signer=world.michielsgestel.did_keys["EdDSA"]), expected=400)


@pytest.mark.parametrize(
    "uses",
    [
        {"assertionMethod": [], "authentication": ["did:web:boxtel.example#EdDSA"]},
        {"assertionMethod": []},
        {"assertionMethod": ["did:web:boxtel.example#ES256"]},
    ],
    ids=["authentication", "no purpose", "another key"],
)
def test_I20_a_key_for_another_purpose_states_nothing(world, share, card, uses):
    publish(world, **uses)
    finding = only(share(card()))
    assert finding["reason"] == "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"
    assert finding["organisation"] == "Gemeente Boxtel"


def test_I20_a_method_of_another_did_in_the_document_is_not_the_issuer_s(world, share, card):
    stranger = PrivateKey.generate("EdDSA")
    theirs = f"{key.of(stranger.public)}#{key.of(stranger.public).removeprefix('did:key:')}"
    method = {**world.boxtel.did_document()["verificationMethod"][0], "id": theirs}
    publish(world, assertionMethod=[method, theirs])
    forged = card(signer=stranger, verification_method=theirs)
    assert only(share(forged))["reason"] == "INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD"
    assert world.network.fetched == []


def test_I23_a_revoked_key_states_nothing_any_more(world, share, card):
    methods = world.boxtel.did_document()["verificationMethod"]
    methods[0]["revoked"] = "2026-11-01T00:00:00Z"
    publish(world, verificationMethod=methods)
    assert only(share(card()))["reason"] == "INVALID_VERIFICATION_METHOD"


def test_W10_the_document_of_another_did_is_not_taken(world, share, card):
    publish(world, id="did:web:gestel.example")
    assert only(share(card()))["reason"] == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID"


def test_a_document_that_cannot_be_had_is_a_finding_with_a_name(world, share, card, wallet):
    del world.network.pages[DOCUMENT]
    found = share(card(), wallet.card(world.michielsgestel, debt(2)))
    finding = only(found)
    assert finding["reason"] == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"
    assert "Gemeente Boxtel" in finding["text"]
    assert found["totals"]["outstanding"] == 42_900
    assert not found["complete"]
    # Alone as well: the presentation holds, and it is not the wallet that failed.
    assert only(share(card()))["reason"] == "INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"


@pytest.mark.parametrize("kind", w3c.KINDS)
def test_nothing_is_fetched_from_a_did_web_off_the_scheme(world, share, card, kind):
    found = share(card(kind, world.stranger))
    finding = only(found)
    assert finding["reason"] == "untrusted_issuer"
    assert finding["organisation"] == "did:web:vreemd.example"
    assert "doet niet mee" in finding["text"]
    assert world.network.fetched == []
    assert found["totals"]["outstanding"] == 0


@pytest.mark.parametrize("method", [key, jwk], ids=["did:key", "did:jwk"])
def test_T01_a_stranger_that_is_its_own_key_is_shown_and_never_counts(world, share, card, method):
    did = method.of(world.stranger.did_keys["EdDSA"].public)
    fragment = "0" if method is jwk else did.removeprefix("did:key:")
    stranger = {"issuer": did, "verification_method": f"{did}#{fragment}"}
    found = share(card("ldp_eddsa", world.stranger, **stranger), card())
    assert only(found)["reason"] == "untrusted_issuer"
    assert [each["organisation"] for each in found["groups"]["untrusted"]] == [did[:200]]
    assert found["totals"]["outstanding"] == 42_900
    # And what is not even signed by it is broken.
    broken = card("ldp_eddsa", world.stranger, **stranger, signer=PrivateKey.generate("EdDSA"))
    share(broken, expected=400)


def test_W05_W01_a_did_that_is_no_public_name_is_refused_before_anything_is_asked(
    world, share, card
):
    for did in ("did:web:127.0.0.1", "did:web:boxtel.example:..:x", "did:web:boxtel.example%2F"):
        forged = card(issuer=did, verification_method=f"{did}#EdDSA")
        assert only(share(forged))["reason"] == "untrusted_issuer"
    assert world.network.fetched == []


def test_W14_one_response_sees_one_document(world, share, card):
    pages = iter([strict_json.dumps(world.boxtel.did_document()), b"{}"])
    world.network.pages[DOCUMENT] = lambda: next(pages)
    found = share(card("ldp_eddsa"), card("jwt_vc", world.boxtel, debt(1)))
    assert world.network.fetched.count(DOCUMENT) == 1
    assert found["totals"]["outstanding"] == 42_900
    assert only(found)["reason"] == "repeated"


def test_W14_a_document_serves_for_ten_minutes_and_a_removed_key_no_longer(world, share, card):
    held = card()
    share(held)
    publish(world, verificationMethod=[], assertionMethod=[])
    world.clock.now += 599
    assert share(held)["findings"] == []
    assert world.network.fetched.count(DOCUMENT) == 1
    world.clock.now += 1
    assert only(share(held))["reason"] == "INVALID_VERIFICATION_METHOD"


def test_W14_a_new_key_is_known_at_once(world, share, card):
    share(card())
    new, url = PrivateKey.generate("EdDSA"), world.boxtel.method("nieuw")
    methods = world.boxtel.did_document()["verificationMethod"]
    methods.append({**methods[0], "id": url, "publicKeyMultibase": multikey.encode(new.public)})
    publish(world, verificationMethod=methods, assertionMethod=[each["id"] for each in methods])
    assert share(card(signer=new, verification_method=url))["findings"] == []
    assert world.network.fetched.count(DOCUMENT) == 2


def test_W13_a_key_that_is_nowhere_does_not_make_us_ask_twice(world, share, card):
    unknown = {"verification_method": world.boxtel.method("weg")}
    assert only(share(card(**unknown)))["reason"] == "INVALID_VERIFICATION_METHOD"
    assert world.network.fetched.count(DOCUMENT) == 1
    # In another response the document is a remembered one, which may be of before a new key.
    share(card(**unknown))
    assert world.network.fetched.count(DOCUMENT) == 2


def test_failures_are_not_remembered(world, share, card):
    page = world.network.pages.pop(DOCUMENT)
    share(card())
    world.network.pages[DOCUMENT] = page
    assert share(card())["findings"] == []


def test_the_memory_for_documents_has_a_bound():
    documents, answer = RecentDocuments(), Response(200, b"{}", "application/did+json")
    for number in range(MAX_DOCUMENTS + 1):
        documents.keep(str(number), answer, 0)
    assert documents.find("0", 1) is None
    assert documents.find("1", 1) is answer
    documents.keep("1", answer, 5)
    documents.keep("more", answer, 5)
    assert documents.find("1", 604) is answer
    assert documents.find("1", 605) is None
    assert documents.find("1", 4) is None
