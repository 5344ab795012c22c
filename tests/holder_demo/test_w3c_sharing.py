"""Answering a verifier with cards of several formats (rows H07, H19, H20, I26 as a wallet acts)."""

import pytest

from holder_demo.cards import Card
from holder_demo.choosing import matching_debts, narrow
from tests.holder_demo import simulation
from tests.holder_demo.simulation import CONFIGURATION, NOW, W3C, w3c_query
from tests.vckit import w3c
from vckit.sd_jwt import KeyBindingExpectation

EDDSA, JWT_VC = "schuldenopgave_ldp_eddsa", "schuldenopgave_jwt_vc"
FORMATS = ("dc+sd-jwt", "ldp_vc", "jwt_vc_json")


@pytest.fixture
def counsellor(setting):
    return setting.counsellor


@pytest.fixture
def every_format(counsellor):
    """The question of wire.md: one query for each format, any of them, all that can be."""
    [asked] = counsellor.query["credentials"]
    queries = [asked, *(w3c_query(one, one) for one in FORMATS[1:])]
    ids = [one["id"] for one in queries]
    sets = [{"options": [[one] for one in ids]}]
    sets += [{"options": [[one]], "required": False} for one in ids]
    counsellor.query = {"credentials": queries, "credential_sets": sets}
    return counsellor


def propose(wallet, counsellor, **picked):
    question = wallet.read_question(counsellor.link(), now=NOW)
    return question, wallet.propose(question, now=NOW, **picked)


def proven(counsellor, municipality, entry, credential_format):
    """What the verifier makes of a presentation."""
    opened = w3c.FORMATS[credential_format]
    expected = KeyBindingExpectation(counsellor.client_id, "nonce-1")
    [unverified] = opened.open_presentation(entry, expected=expected, now=NOW)
    keys = {f"{municipality.did}#es256": municipality.es256}
    keys[f"{municipality.did}#ed25519"] = municipality.ed25519
    key = keys.get(unverified.issuer.verification_method, municipality.es256)
    return opened.verify(unverified, issuer_key=key.public_key, now=NOW)


@pytest.mark.parametrize("mode", ["direct_post", "direct_post.jwt"])
@pytest.mark.parametrize("configuration", W3C)
def test_a_card_of_every_format_is_shared_and_holds(  # noqa: PLR0917  a table
    wallet, setting, counsellor, receive, configuration, mode
):
    card = receive(setting.boxtel, configuration)
    counsellor.response_mode = mode
    counsellor.query = {"credentials": [w3c_query(card.format)]}
    question, shares = propose(wallet, counsellor)
    wallet.share(question, shares, now=NOW)
    [entry] = counsellor.presentations()["w3c"]
    found = proven(counsellor, setting.boxtel, entry, card.format)
    assert found.holder_key == card.signer.public
    assert [debt["saldo"] for debt in found.claims["vorderingen"]] == [42_900, 100]
    assert found.digest == card.digest


def test_one_organisation_in_one_format_and_one_in_another(wallet, setting, every_format, receive):
    receive(setting.boxtel, EDDSA)
    receive(setting.other, CONFIGURATION)
    question, shares = propose(wallet, every_format)
    wallet.share(question, shares, now=NOW)
    given = every_format.presentations()
    assert set(given) == {"rijk", "ldp_vc"}
    [entry], [text] = given["ldp_vc"], given["rijk"]
    boxtel = proven(every_format, setting.boxtel, entry, "ldp_vc")
    other = proven(every_format, setting.other, text, "dc+sd-jwt")
    assert boxtel.claims["aangeleverd_door"]["naam"] == "Gemeente Boxtel"
    assert other.claims["aangeleverd_door"]["naam"] == "Gemeente Sint-Michielsgestel"


def test_one_statement_in_two_formats_goes_once_and_where_less_need_be_shown(
    wallet, setting, every_format, receive
):
    whole, selective = (receive(setting.boxtel, one) for one in (EDDSA, CONFIGURATION))
    assert [one.card for one in propose(wallet, every_format)[1]] == [selective]
    picked = [whole.id, selective.id]
    _, both = propose(wallet, every_format, picked=picked)
    assert {one.card.id for one in both} == set(picked)


def test_a_newer_statement_goes_whatever_its_format(wallet, setting, every_format, receive):
    receive(setting.boxtel, CONFIGURATION)
    setting.boxtel.changes = {"peildatum": "2026-11-22T23:00:00Z"}
    newer = receive(setting.boxtel, EDDSA)
    assert [one.card for one in propose(wallet, every_format)[1]] == [newer]


def test_both_formats_go_where_both_are_required(wallet, setting, counsellor, receive):
    whole, selective = (receive(setting.boxtel, one) for one in (EDDSA, CONFIGURATION))
    [asked] = counsellor.query["credentials"]
    counsellor.query = {"credentials": [asked, w3c_query("ldp_vc")]}
    assert {one.card.id for one in propose(wallet, counsellor)[1]} == {whole.id, selective.id}


def test_a_format_that_nobody_asked_for_answers_nothing(wallet, setting, counsellor, receive):
    receive(setting.boxtel, JWT_VC)
    assert propose(wallet, counsellor)[1] == []
    counsellor.query = {"credentials": [w3c_query("ldp_vc")]}
    assert propose(wallet, counsellor)[1] == []


def test_H20_a_withdrawn_card_is_not_offered_in_any_format(wallet, setting, every_format, receive):
    receive(setting.boxtel, JWT_VC)
    setting.boxtel.withdraw()
    assert propose(wallet, every_format)[1] == []


def test_H07_what_goes_with_a_whole_card_is_all_told(wallet, setting, every_format, receive):
    receive(setting.boxtel, JWT_VC)
    question, [share] = propose(wallet, every_format)
    assert share.person_terms == ["geslachtsnaam", "voornamen", "geboortedatum"]
    assert share.debts == [0, 1]
    assert "juridische_grondslag_omschrijving" in share.sensitive_terms
    assert share.summary()["whole"] is True
    wallet.share(question, [share], now=NOW)
    [entry] = [one for one in wallet.history() if one["event"] == "shared"]
    assert entry["shares"][0]["debts"] == 2


def test_H07_of_a_whole_card_nothing_is_kept_back_in_secret(wallet, setting, every_format, receive):
    card = receive(setting.boxtel, JWT_VC)
    _, shares = propose(wallet, every_format)
    for names in (["voornamen"], ["vorderingen"], ["V2"]):
        assert narrow(shares, names) == []
        with pytest.raises(ValueError, match="whole"):
            shares[0].without(names, matching_debts(card, names))
    # The card does not hold these, so nothing is asked that it can't do.
    assert narrow(shares, ["bsn", "V9"]) == shares


def test_its_twin_of_a_selective_card_the_rest_goes(wallet, setting, every_format, receive):
    receive(setting.boxtel, CONFIGURATION)
    _, shares = propose(wallet, every_format)
    [share] = narrow(shares, ["V2", "geboortedatum"])
    assert share.debts == [0]
    assert share.person_terms == ["geslachtsnaam"]


def test_a_query_by_certificate_is_not_answered_with_a_did(wallet, setting, counsellor, receive):
    receive(setting.boxtel, EDDSA)
    asked = w3c_query("ldp_vc")
    asked["trusted_authorities"] = [{"type": "aki", "values": ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}]
    counsellor.query = {"credentials": [asked]}
    assert propose(wallet, counsellor)[1] == []


def test_cards_of_an_earlier_version_still_answer(wallet, setting, every_format, receive):
    card = receive(setting.boxtel, CONFIGURATION)
    record = card.record()
    for name in ("configuration", "document", "meta", "format"):
        del record[name]
    wallet.keystore.put("cards", card.id, record)
    [old] = wallet.cards()
    assert (old.format, old.configuration, old.is_selective) == ("dc+sd-jwt", None, True)
    assert [one.card for one in propose(wallet, every_format)[1]] == [old]


def test_what_an_earlier_version_does_not_know_of_a_card_is_passed_over(setting, receive):
    record = receive(setting.boxtel, EDDSA).record()
    assert Card.from_record({**record, "later": 1}).format == "ldp_vc"
    assert Card.from_record({**record, "format": "unheard_of"}).format == "dc+sd-jwt"


def test_the_answer_holds_no_card_twice(wallet, setting, every_format, receive):
    receive(setting.boxtel, EDDSA)
    question, shares = propose(wallet, every_format)
    wallet.share(question, shares, now=NOW)
    assert [len(one) for one in every_format.presentations().values()] == [1]
    assert simulation.VERIFIER in question.request.response_uri
