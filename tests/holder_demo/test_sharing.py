"""Answering a verifier (security.md rows H04, H05, H07, H08, H10, H14, H19)."""

import pytest

from holder_demo.acceptance import RefusedError
from holder_demo.choosing import matching_debts
from holder_demo.sharing import DeclinedForSafetyError, address_of
from tests.holder_demo import simulation
from tests.holder_demo.simulation import NOW, VERIFIER, json
from tests.vckit import participants
from vckit import x509
from vckit.errors import CryptographicSecurityError, MalformedValueError, VerificationError
from vckit.formats import dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.openid4vp import client_id, request
from vckit.openid4vp.response import ErrorResponse
from vckit.sd_jwt import KeyBindingExpectation

RESPONSES = f"{VERIFIER}/response"


@pytest.fixture
def counsellor(setting):
    return setting.counsellor


def ask(wallet, counsellor):
    return wallet.read_question(counsellor.link(), now=NOW)


def share(wallet, counsellor, change=lambda shares: shares):
    question = ask(wallet, counsellor)
    shares = change(wallet.propose(question, now=NOW))
    return wallet.share(question, shares, now=NOW)


def proven(counsellor, municipality, text):
    """What the verifier makes of a presentation."""
    expected = KeyBindingExpectation(audience=counsellor.client_id, nonce="nonce-1")
    key = municipality.participant.key.public
    return dc_sd_jwt.verify(text, issuer_key=key, key_binding=expected, now=NOW)


@pytest.mark.parametrize("mode", ["direct_post", "direct_post.jwt"])
def test_one_card_of_each_municipality_is_shared_and_holds(
    wallet, setting, counsellor, receive, mode
):
    counsellor.response_mode = mode
    receive(setting.boxtel)
    receive(setting.other)
    share(wallet, counsellor)
    texts = counsellor.presentations()["rijk"]
    found = {dc_sd_jwt.unverified_issuer(text).iss: text for text in texts}
    assert set(found) == {setting.boxtel.url, setting.other.url}
    claims = proven(counsellor, setting.boxtel, found[setting.boxtel.url]).claims
    assert [debt["saldo"] for debt in claims["vorderingen"]] == [42_900, 100]
    assert counsellor.answers[-1].state == "state-1"


def test_the_verifiers_name_comes_from_the_scheme(wallet, counsellor):
    question = ask(wallet, counsellor)
    assert question.verifier.name == "Schuldhulp Proef"
    assert question.verifier.purpose == "Een overzicht van schulden maken."


def test_h07_only_what_is_asked_goes(wallet, setting, counsellor, receive):
    receive(setting.boxtel)
    share(wallet, counsellor)
    [text] = counsellor.presentations()["rijk"]
    claims = proven(counsellor, setting.boxtel, text).claims
    assert "geslachtsnaam" in claims
    assert not {"bsn", "voornamen"} & set(claims)
    assert not {"iban", "juridische_grondslag_omschrijving"} & set(claims["vorderingen"][0])


def test_h07_a_query_without_claims_gets_the_mandatory_ones_only(
    wallet, setting, counsellor, receive
):
    receive(setting.boxtel)
    [asked] = counsellor.query["credentials"]
    counsellor.query = {"credentials": [{k: asked[k] for k in ("id", "format", "meta")}]}
    share(wallet, counsellor)
    [text] = counsellor.presentations()["rijk"]
    claims = proven(counsellor, setting.boxtel, text).claims
    assert claims["vorderingen"] == []
    assert "geslachtsnaam" not in claims
    assert claims["aantal_vorderingen"] == 2


def test_h07_a_required_set_that_does_not_match_is_answered_with_nothing(
    wallet, setting, counsellor, receive
):
    receive(setting.boxtel)
    [asked] = counsellor.query["credentials"]
    counsellor.query = {
        "credentials": [asked, {**asked, "id": "pas", "meta": {"vct_values": ["urn:other"]}}],
        "credential_sets": [{"options": [["pas"]]}, {"options": [["rijk"]], "required": False}],
    }
    assert wallet.propose(ask(wallet, counsellor), now=NOW) == []


def test_a_debt_and_a_term_can_be_kept_back(wallet, setting, counsellor, receive):
    card = receive(setting.boxtel)
    left_out = matching_debts(card, ["V2"])
    share(wallet, counsellor, lambda shares: [shares[0].without(["geboortedatum"], left_out)])
    [text] = counsellor.presentations()["rijk"]
    claims = proven(counsellor, setting.boxtel, text).claims
    assert [debt["vordering_kenmerk"] for debt in claims["vorderingen"]] == ["V1"]
    assert "geboortedatum" not in claims
    assert claims["totaal_openstaand"] == 43_000
    [entry] = [entry for entry in wallet.history() if entry["event"] == "shared"]
    assert entry["shares"][0]["withheld"] == 1


def test_all_debts_can_be_kept_back_by_their_term(wallet, setting, counsellor, receive):
    receive(setting.boxtel)
    share(wallet, counsellor, lambda shares: [shares[0].without(["vorderingen"])])
    [text] = counsellor.presentations()["rijk"]
    assert proven(counsellor, setting.boxtel, text).claims["vorderingen"] == []


def test_a_statement_without_debts_answers_by_the_second_claim_set(
    wallet, setting, counsellor, receive
):
    setting.boxtel.debts = ()
    receive(setting.boxtel)
    share(wallet, counsellor)
    [text] = counsellor.presentations()["rijk"]
    assert proven(counsellor, setting.boxtel, text).claims["geslachtsnaam"] == "d'Hondt"


def test_h20_a_withdrawn_card_is_shown_as_such_and_not_offered(
    wallet, setting, counsellor, receive
):
    card = receive(setting.boxtel)
    setting.boxtel.withdraw()
    assert wallet.statuses(NOW) == {card.id: "withdrawn"}
    assert wallet.propose(ask(wallet, counsellor), now=NOW) == []
    [picked] = wallet.propose(ask(wallet, counsellor), now=NOW, picked=[card.id])
    assert picked.card == card


def test_of_one_municipality_the_newest_statement_goes(wallet, setting, counsellor, receive):
    old = receive(setting.boxtel)
    setting.boxtel.changes = {"peildatum": "2026-11-22T23:00:00Z"}
    new = receive(setting.boxtel)
    setting.boxtel.supersede()
    question = ask(wallet, counsellor)
    assert [one.card for one in wallet.propose(question, now=NOW)] == [new]
    assert [one.card for one in wallet.propose(question, now=NOW, picked=[old.id])] == [old]


@pytest.mark.parametrize(
    ("changes", "status"),
    [({}, "valid"), ({"supersede": True}, "superseded"), ({"silent": True}, "unknown")],
)
def test_what_became_of_a_card_is_told(wallet, setting, receive, changes, status):
    card = receive(setting.boxtel)
    if "supersede" in changes:
        setting.boxtel.supersede()
    if "silent" in changes:
        del setting.network.handlers[setting.boxtel.status_uri(1)]
    assert wallet.statuses(NOW) == {card.id: status}


def test_a_card_past_its_end_is_expired_without_asking(wallet, setting, receive):
    card = receive(setting.boxtel)
    assert wallet.statuses(NOW + 21 * simulation.DAY) == {card.id: "expired"}


def test_h10_an_asker_who_is_not_on_the_scheme_has_no_name(tmp_path):
    from holder_demo import keystore
    from holder_demo.wallet import Wallet

    setting = simulation.setting(strangers=True)
    store = keystore.create(tmp_path / "w", "1234")
    wallet = Wallet(store, setting.network, lambda _now: setting.scheme)
    question = ask(wallet, setting.counsellor)
    assert question.verifier is None
    assert question.request.client_id == setting.counsellor.client_id


def test_h10_an_unsigned_request_has_no_name_either(wallet, counsellor):
    uri = f"{VERIFIER}/response"
    unsigned = counsellor.request(client_id=client_id.redirect_uri_client_id(uri))
    link = request.by_value(request.DEFAULT_ENDPOINT, unsigned)
    assert address_of(link) == uri
    assert wallet.read_question(link, now=NOW).verifier is None


def test_h04_a_request_of_another_client_than_the_links_stops_in_silence(
    wallet, setting, counsellor
):
    stranger = participants.participant("https://evil.example")
    other_id = client_id.x509_hash_client_id(stranger.leaf)
    link = request.by_reference(request.DEFAULT_ENDPOINT, other_id, f"{VERIFIER}/request")
    with pytest.raises(VerificationError):
        wallet.read_question(link, now=NOW)
    counsellor.signed_changes = {"client_id": other_id}
    with pytest.raises(MalformedValueError):
        ask(wallet, counsellor)
    assert setting.network.sent_to(RESPONSES) == []


def test_h04_a_bad_signature_stops_in_silence(wallet, setting, counsellor):
    counsellor.participant = participants.Participant(
        VERIFIER, PrivateKey.generate("ES256"), counsellor.participant.chain
    )
    with pytest.raises(CryptographicSecurityError):
        ask(wallet, counsellor)
    assert setting.network.sent_to(RESPONSES) == []


@pytest.mark.parametrize(
    "link",
    [
        "openid4vp://?client_id=origin%3Ahttps%3A%2F%2Fa.b&request_uri=https%3A%2F%2Fa.b",
        "openid4vp://?client_id=x509_hash%3AAAAA",
        "openid4vp://?request_uri=https%3A%2F%2Fa.b%2Fr",
        "openid4vp://?client_id=a&client_id=b&request_uri=https%3A%2F%2Fa.b%2Fr",
        "javascript:alert(1)",
    ],
)
def test_h04_a_bad_link_stops(wallet, link):
    with pytest.raises((VerificationError, RefusedError, simulation.FetchError)):
        wallet.read_question(link, now=NOW)


def test_h05_a_request_that_does_not_echo_the_wallets_nonce_stops(wallet, setting, counsellor):
    replayed = counsellor.request_object({"form": {"wallet_nonce": "an older one"}})
    setting.network.serve(f"{VERIFIER}/request", lambda _: replayed)
    with pytest.raises(MalformedValueError):
        ask(wallet, counsellor)


def sign_with(counsellor, **members):
    """A signed request with members that an honest verifier can't make."""
    from vckit import jose, x509
    from vckit.network import Response

    def handler(given):
        claims = {
            **counsellor.request().parameters(),
            "aud": request.AUDIENCE,
            "iat": NOW,
            "exp": NOW + 300,
            "wallet_nonce": given["form"]["wallet_nonce"],
            **members,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"typ": request.TYP, "x5c": x509.to_x5c(counsellor.participant.chain)}
        signed = jose.sign(header, claims, counsellor.participant.key)
        return Response(200, signed.encode(), request.MEDIA_TYPE)

    return handler


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ({"nonce": None}, "invalid_request"),
        ({"nonce": "not url safe!"}, "invalid_request"),
        ({"redirect_uri": "https://a.b"}, "invalid_request"),
        ({"dcql_query": {"credentials": []}}, "invalid_request"),
        ({"transaction_data": ["e30"]}, "invalid_transaction_data"),
    ],
)
def test_h05_h08_a_request_that_cannot_be_followed_is_told_so_and_nothing_else(
    wallet, setting, counsellor, members, code
):
    setting.network.serve(f"{VERIFIER}/request", sign_with(counsellor, **members))
    with pytest.raises(DeclinedForSafetyError):
        ask(wallet, counsellor)
    [sent] = setting.network.sent_to(RESPONSES)
    assert sent["form"] == {"error": code, "state": "state-1"}


def test_h19_no_and_nothing_that_fits_are_the_same_answer(wallet, setting, counsellor, receive):
    question = ask(wallet, counsellor)
    assert wallet.propose(question, now=NOW) == []
    wallet.decline(question, now=NOW)
    receive(setting.boxtel)
    wallet.decline(ask(wallet, counsellor), now=NOW)
    nothing, unwilling = setting.network.sent_to(RESPONSES)
    assert nothing == unwilling
    assert counsellor.answers == [ErrorResponse("access_denied", "state-1")] * 2
    assert [entry["event"] for entry in wallet.history()].count("declined") == 2


def test_an_answer_that_the_verifier_refuses_is_told(wallet, setting, counsellor, receive):
    receive(setting.boxtel)
    setting.network.serve(RESPONSES, lambda _: json({"error": "invalid_request"}, 400))
    with pytest.raises(RefusedError) as refused:
        share(wallet, counsellor)
    assert refused.value.code == "invalid_request"
    assert {entry["event"] for entry in wallet.history()} == {"received", "failed"}


def test_where_the_person_goes_on_is_given_when_the_verifier_says_so(
    wallet, setting, counsellor, receive
):
    receive(setting.boxtel)
    assert share(wallet, counsellor) is None
    counsellor.redirect_uri = f"{VERIFIER}/verder#response_code=abc"
    assert share(wallet, counsellor) == counsellor.redirect_uri
    counsellor.redirect_uri = "javascript:alert(1)"
    assert share(wallet, counsellor) is None


def test_a_verifier_in_the_name_of_its_host_is_answered(wallet, setting, counsellor, receive):
    counsellor.by_host = True
    receive(setting.boxtel)
    share(wallet, counsellor)
    [text] = counsellor.presentations()["rijk"]
    assert proven(counsellor, setting.boxtel, text)


def test_H04_who_has_a_host_is_answered_there_alone(wallet, counsellor):
    counsellor.by_host = True
    counsellor.signed_changes = {"response_uri": "https://elders.example/response"}
    with pytest.raises(MalformedValueError):
        ask(wallet, counsellor)


KIND = "https://w3id.org/blauwe-knop/v1#vraag"
PURPOSE = "Een overzicht van schulden maken."


def telling(counsellor, data, kind=KIND):
    counsellor.signed_changes = {"verifier_info": [{"format": kind, "data": data}]}


def test_the_check_code_and_purpose_of_a_known_verifier_are_told(wallet, counsellor):
    telling(counsellor, {"controlecode": "0417", "doel": PURPOSE})
    question = ask(wallet, counsellor)
    assert question.summary()["check_code"] == "0417"
    assert not question.is_otherwise_told


def test_H10_another_purpose_than_the_scheme_attests_is_noticed(wallet, counsellor):
    telling(counsellor, {"doel": "Een hypotheek verkopen"})
    question = ask(wallet, counsellor)
    assert question.is_otherwise_told
    assert question.summary()["purpose"] == PURPOSE


@pytest.mark.parametrize(
    "data", ["tekst", [], {"controlecode": 417}, {"controlecode": "<b>"}, {"controlecode": "12345"}]
)
def test_what_a_verifier_tells_in_another_shape_is_not_shown(wallet, counsellor, data):
    telling(counsellor, data)
    assert ask(wallet, counsellor).check_code == ""


def test_what_a_verifier_tells_in_another_form_is_ignored(wallet, counsellor):
    telling(counsellor, {"controlecode": "0417"}, kind="jwt")
    assert ask(wallet, counsellor).told == {}


def test_H10_a_stranger_tells_nothing_of_itself(wallet, counsellor, setting):
    telling(counsellor, {"controlecode": "0417", "doel": PURPOSE})
    counsellor.participant = participants.participant(VERIFIER)
    question = ask(wallet, counsellor)
    assert (question.verifier, question.told, question.check_code) == (None, {}, "")
    assert setting.counsellor is counsellor


def plain(counsellor, municipality, scheme):
    """The question of the plain dialect, for one organisation."""
    leaf = municipality.participant.leaf
    terms = ("geslachtsnaam", "voornamen", "geboortedatum", "totaal_openstaand", "vorderingen")
    counsellor.query = {
        "credentials": [
            {
                "id": "opgave",
                "format": "dc+sd-jwt",
                "meta": {"vct_values": [scheme.vct("schuldenopgave")]},
                "claims": [{"path": [term]} for term in terms],
                "trusted_authorities": [
                    {"type": "aki", "values": [x509.authority_key_identifier(leaf)]}
                ],
            }
        ]
    }


def test_the_plain_dialect_is_answered_with_the_card_of_that_organisation(
    wallet, setting, counsellor, receive
):
    receive(setting.boxtel)
    receive(setting.other)
    for municipality in (setting.boxtel, setting.other):
        plain(counsellor, municipality, setting.scheme)
        share(wallet, counsellor)
        [text] = counsellor.presentations()["opgave"]
        assert dc_sd_jwt.unverified_issuer(text).iss == municipality.url
        claims = proven(counsellor, municipality, text).claims
        assert len(claims["vorderingen"]) == claims["aantal_vorderingen"]
        assert "bsn" not in claims
        assert not [debt for debt in claims["vorderingen"] if "inlichtingenplicht" in debt]


def test_H19_of_one_organisation_there_may_be_no_card_and_another_is_declined_alike(
    wallet, setting, counsellor, receive
):
    receive(setting.boxtel)
    for municipality in (setting.boxtel, setting.other):
        plain(counsellor, municipality, setting.scheme)
        question = ask(wallet, counsellor)
        assert bool(wallet.propose(question, now=NOW)) is (municipality is setting.boxtel)
        wallet.decline(question, now=NOW)
        assert counsellor.answers[-1] == ErrorResponse("access_denied", "state-1")


def test_an_array_that_is_asked_whole_can_still_be_given_in_part(
    wallet, setting, counsellor, receive
):
    receive(setting.boxtel)
    plain(counsellor, setting.boxtel, setting.scheme)
    share(wallet, counsellor, lambda shares: [share.without((), [1]) for share in shares])
    [text] = counsellor.presentations()["opgave"]
    claims = proven(counsellor, setting.boxtel, text).claims
    assert [debt["saldo"] for debt in claims["vorderingen"]] == [42_900]
