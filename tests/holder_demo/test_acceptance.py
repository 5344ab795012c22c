"""Receiving a card (security.md rows H01, H02, H11, and G05 and G19 as a wallet sees them)."""

import pytest

from holder_demo.acceptance import RefusedError
from tests.holder_demo import simulation
from tests.holder_demo.simulation import BOXTEL, CODE, NOW, json
from tests.vckit import participants
from vckit import sd_jwt
from vckit.errors import (
    ExpiredError,
    FetchError,
    HolderBindingError,
    MalformedValueError,
    NotRequestedError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.keys import PrivateKey
from vckit.openid4vci import metadata, offer


def read(wallet, link):
    return wallet.read_offer(wallet.open_offer(link, now=NOW), now=NOW)


def fetch(wallet, setting, tx_code=None):
    return wallet.fetch(read(wallet, setting.boxtel.link()), tx_code, now=NOW)


def test_a_card_is_received_verified_and_kept(wallet, setting, receive):
    card = receive(setting.boxtel)
    assert card.organisation == "Gemeente Boxtel"
    assert card.amount("totaal_openstaand") == 43_000
    assert wallet.cards() == [card]
    assert setting.boxtel.events == ["credential_accepted"]
    assert [entry["event"] for entry in wallet.history()] == ["received"]


def test_g19_whose_card_it_is_can_be_seen_before_it_is_kept(wallet, setting):
    received = fetch(wallet, setting)
    assert (received.card.initials, received.card.birth_year) == ("J. d.", "1974")
    assert wallet.cards() == []
    assert setting.boxtel.events == []


def test_a_card_that_the_person_refuses_is_nowhere_and_the_issuer_hears_so(wallet, setting):
    wallet.refuse(fetch(wallet, setting), now=NOW)
    assert wallet.cards() == []
    assert setting.boxtel.events == ["credential_deleted"]


def test_every_card_has_a_key_of_its_own(receive, setting):
    first, second = receive(setting.boxtel), receive(setting.boxtel)
    assert first.signer.public != second.signer.public


def test_a_transaction_code_goes_along_as_it_was_typed(wallet, setting):
    setting.boxtel.tx_code = simulation.TX_CODE
    offered = read(wallet, setting.boxtel.link())
    assert offered.needs_tx_code
    wallet.fetch(offered, simulation.TX_CODE, now=NOW)
    [token_request] = setting.network.sent_to(f"{BOXTEL}/token")
    assert token_request["form"]["tx_code"] == "012345"


def test_a_wrong_transaction_code_is_told_and_stores_nothing(wallet, setting):
    setting.boxtel.tx_code = simulation.TX_CODE
    with pytest.raises(RefusedError) as refused:
        fetch(wallet, setting, "12345")
    assert refused.value.code == "invalid_grant"
    assert wallet.cards() == []


def test_g05_no_transaction_code_is_sent_where_none_is_expected(wallet, setting):
    fetch(wallet, setting, "123456")
    [token_request] = setting.network.sent_to(f"{BOXTEL}/token")
    assert "tx_code" not in token_request["form"]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "openid-credential-offer://",
        "openid-credential-offer://?credential_offer=%7B%7D&credential_offer_uri=https%3A%2F%2Fa.b",
        "openid-credential-offer://?credential_offer_uri=file%3A%2F%2F%2Fetc%2Fpasswd",
        "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fboxtel.example%40evil.example",
        "openid-credential-offer://?credential_offer_uri=" + "a" * 1_000_000,
        "openid-credential-offer://?credential_offer=%7B%22a%22%3A1%2C%22a%22%3A2%7D",
    ],
)
def test_h01_a_bad_link_stops_before_anyone_is_contacted(wallet, setting, link):
    with pytest.raises(VerificationError):
        read(wallet, link)
    assert setting.network.requests == []


@pytest.mark.parametrize(
    "address",
    [
        "http://boxtel.example/offers/1",
        "https://localhost/offers/1",
        "https://169.254.169.254/latest/meta-data",
        "https://boxtel.example.evil.example/offers/1",
        "https://boxtel.example:8443/offers/1",
    ],
)
def test_h01_nobody_outside_the_scheme_is_contacted(wallet, setting, address):
    with pytest.raises(UntrustedIssuerError):
        read(wallet, offer.by_reference(offer.DEFAULT_ENDPOINT, address))
    assert setting.network.requests == []


def test_h01_its_twin_an_offer_by_value_is_read(wallet, setting):
    link = offer.by_value(offer.DEFAULT_ENDPOINT, setting.boxtel.offer())
    assert read(wallet, link).organisation.name == "Gemeente Boxtel"


def test_an_offer_of_another_issuer_than_its_address_is_refused(wallet, setting):
    foreign = setting.other.offer().to_json()
    setting.network.serve(f"{BOXTEL}/offers/1", lambda _: json(foreign))
    with pytest.raises(UntrustedIssuerError):
        read(wallet, setting.boxtel.link())


@pytest.mark.parametrize("named", [f"{BOXTEL}/", BOXTEL.upper(), simulation.OTHER])
def test_h02_metadata_of_another_identifier_is_not_used(wallet, setting, named):
    setting.boxtel.published["credential_issuer"] = named
    with pytest.raises(MalformedValueError):
        read(wallet, setting.boxtel.link())
    assert setting.network.sent_to(f"{BOXTEL}/token") == []


def test_an_offer_of_things_that_the_wallet_does_not_hold_is_refused(wallet, setting):
    published = setting.boxtel.published["credential_configurations_supported"]
    configuration = published[simulation.CONFIGURATION]
    configuration["format"] = "mso_mdoc"
    with pytest.raises(NotRequestedError):
        read(wallet, setting.boxtel.link())


def test_an_issuer_that_is_silent_changes_nothing(wallet, setting):
    del setting.network.handlers[metadata.well_known_url(BOXTEL)]
    with pytest.raises(FetchError):
        read(wallet, setting.boxtel.link())
    assert wallet.history() == []


def test_reading_an_offer_does_not_use_it_up(wallet, setting):
    read(wallet, setting.boxtel.link())
    read(wallet, setting.boxtel.link())
    assert setting.network.sent_to(f"{BOXTEL}/token") == []
    assert fetch(wallet, setting).card.issuer == BOXTEL


def issue_with(**members):
    return lambda boxtel, holder_key: type(boxtel).issue(boxtel, holder_key, **members)


def for_another_key(boxtel, _holder_key):
    return type(boxtel).issue(boxtel, PrivateKey.generate("ES256").public)


def with_key_binding(boxtel, holder_key):
    """The issuer can't make a binding with our key; it makes one with its own."""
    text = type(boxtel).issue(boxtel, holder_key)
    signer = boxtel.participant.key
    return sd_jwt.bind(text, signer=signer, audience="a", nonce="n", now=NOW)


def by_a_foreign_key(boxtel, holder_key):
    stranger = participants.participant(boxtel.url)
    return type(boxtel).issue(boxtel, holder_key, chain=stranger.chain, signer=stranger.key)


def with_a_bad_signature(boxtel, holder_key):
    return type(boxtel).issue(boxtel, holder_key, signer=PrivateKey.generate("ES256"))


def with_a_debt_left_out(boxtel, holder_key):
    text = type(boxtel).issue(boxtel, holder_key)
    return sd_jwt.present(text, keep=[("vorderingen", 0), ("geslachtsnaam",)])


def naming_another_organisation(boxtel, holder_key):
    boxtel.changes = {"aangeleverd_door": {"naam": "Gemeente Elders", "oin": "0" * 20}}
    return type(boxtel).issue(boxtel, holder_key)


@pytest.mark.parametrize(
    ("makes", "error"),
    [
        (for_another_key, HolderBindingError),
        (with_key_binding, HolderBindingError),
        (by_a_foreign_key, UntrustedIssuerError),
        (with_a_bad_signature, VerificationError),
        (with_a_debt_left_out, VerificationError),
        (naming_another_organisation, UntrustedIssuerError),
        (issue_with(issuer=simulation.OTHER), UntrustedIssuerError),
        (issue_with(vct="https://stelsel.example/vct/iets-anders/1"), NotRequestedError),
        (issue_with(expires=NOW - 3_600), ExpiredError),
    ],
)
def test_h11_what_does_not_hold_is_not_kept_and_the_issuer_hears_so(
    wallet, setting, monkeypatch, makes, error
):
    boxtel = setting.boxtel
    monkeypatch.setattr(boxtel, "issue", lambda holder_key: makes(boxtel, holder_key))
    with pytest.raises(error):
        fetch(wallet, setting)
    assert wallet.cards() == []
    assert boxtel.events == ["credential_failure"]
    assert [entry["event"] for entry in wallet.history()] == ["failed"]


def test_h11_its_twin_a_statement_without_debts_is_kept(setting, receive):
    setting.boxtel.debts = ()
    assert receive(setting.boxtel).claims["volledigheid"] == "geen_vorderingen"


def test_the_history_and_errors_hold_no_secrets(wallet, setting):
    setting.boxtel.tx_code = simulation.TX_CODE
    with pytest.raises(RefusedError) as refused:
        fetch(wallet, setting, "999999")
    told = f"{refused.value} {wallet.history()}"
    assert CODE not in told
    assert "999999" not in told
