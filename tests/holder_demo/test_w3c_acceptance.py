"""Receiving cards of the W3C formats, and several of one offer (rows H02, H11, I20, I22, T02)."""

import pytest

from tests.holder_demo import simulation
from tests.holder_demo.simulation import CONFIGURATION, NOW, W3C
from tests.vckit import w3c
from vckit import jose
from vckit.did import jwk, web
from vckit.errors import (
    ExpiredError,
    HolderBindingError,
    InvalidControlledIdentifierDocumentError,
    InvalidRelationshipError,
    MalformedValueError,
    NotRequestedError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.keys import PrivateKey

EDDSA, ECDSA, JWT_VC = (
    "schuldenopgave_ldp_eddsa",
    "schuldenopgave_ldp_ecdsa",
    "schuldenopgave_jwt_vc",
)
ALL = (CONFIGURATION, *W3C)


@pytest.fixture
def boxtel(setting):
    setting.boxtel.offered = ALL
    return setting.boxtel


def read(wallet, municipality, *configurations):
    contact = wallet.open_offer(municipality.link(), now=NOW)
    return wallet.read_offer(contact, now=NOW, configurations=configurations)


@pytest.mark.parametrize("configuration", W3C)
def test_a_card_of_every_format_is_received_verified_and_kept(
    wallet, boxtel, receive, configuration
):
    card = receive(boxtel, configuration)
    kind = W3C[configuration]
    assert (card.format, card.configuration) == (w3c.ISSUING[kind][0], configuration)
    assert (card.organisation, card.issuer) == ("Gemeente Boxtel", boxtel.did)
    assert card.amount("totaal_openstaand") == 43_000
    assert not card.is_selective
    assert wallet.cards() == [card]
    assert wallet.statuses(NOW) == {card.id: "valid"}
    assert boxtel.events == ["credential_accepted"]
    assert card.summary()["configuration"] == configuration


def test_the_first_of_the_offer_that_the_wallet_holds_is_taken(wallet, boxtel):
    assert read(wallet, boxtel).configuration_ids == (CONFIGURATION,)
    boxtel.offered = ("unheard_of", JWT_VC, CONFIGURATION)
    assert read(wallet, boxtel).configuration_ids == (JWT_VC,)


def test_one_and_several_of_an_offer_can_be_asked_for(wallet, boxtel):
    assert read(wallet, boxtel, EDDSA).configuration_ids == (EDDSA,)
    received = wallet.fetch_all(read(wallet, boxtel, JWT_VC, CONFIGURATION, JWT_VC), None, now=NOW)
    assert [one.card.configuration for one in received] == [JWT_VC, CONFIGURATION]
    assert len({one.card.signer.public for one in received}) == 2
    assert len(boxtel_tokens(wallet)) == 1
    for one in received:
        wallet.store(one, now=NOW)
    assert len(wallet.cards()) == 2
    assert boxtel.events == ["credential_accepted"] * 2


def boxtel_tokens(wallet):
    return wallet.fetcher.sent_to(f"{simulation.BOXTEL}/token")


@pytest.mark.parametrize("wanted", [("unheard_of",), (CONFIGURATION, "unheard_of")])
def test_what_is_not_offered_is_not_asked_for(wallet, boxtel, wanted):
    with pytest.raises(NotRequestedError):
        read(wallet, boxtel, *wanted)
    boxtel.offered = (CONFIGURATION,)
    with pytest.raises(NotRequestedError):
        read(wallet, boxtel, EDDSA)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "mso_mdoc"},
        {"format": ["ldp_vc"]},
        {"credential_definition": {"type": ["VerifiableCredential"]}},
        {"credential_definition": {"type": "Schuldenopgave"}},
        {"credential_definition": None},
    ],
)
def test_a_configuration_of_another_kind_is_passed_by(wallet, boxtel, changes):
    published = boxtel.published["credential_configurations_supported"]
    boxtel.offered = (EDDSA,)
    assert read(wallet, boxtel).configuration_ids == (EDDSA,)
    published[EDDSA].update(changes)
    with pytest.raises(VerificationError):
        read(wallet, boxtel)


def test_of_several_none_is_kept_when_one_does_not_hold(wallet, boxtel, monkeypatch):
    honest = boxtel.issue_w3c
    monkeypatch.setattr(
        boxtel,
        "issue_w3c",
        lambda kind, _: honest(kind, jwk.of(PrivateKey.generate("ES256").public)),
    )
    with pytest.raises(HolderBindingError):
        wallet.fetch_all(read(wallet, boxtel, CONFIGURATION, JWT_VC), None, now=NOW)
    assert wallet.cards() == []
    assert boxtel.events == ["credential_failure", "credential_deleted"]


def test_the_key_is_named_by_did_only_where_the_issuer_binds_to_dids(setting, receive):
    receive(setting.boxtel, CONFIGURATION)
    receive(setting.boxtel, EDDSA)
    sent = setting.network.sent_to(f"{simulation.BOXTEL}/credential")
    by_jwk, by_did = [jose.parse(one["json"]["proofs"]["jwt"][0]).header for one in sent]
    assert "jwk" in by_jwk
    assert by_did["kid"].startswith("did:jwk:")


def issuing(**members):
    """A statement that says something else than it should."""
    return lambda boxtel, kind, holder_id: type(boxtel).issue_w3c(
        boxtel, kind, **{"holder_id": holder_id, **members}
    )


def for_another_key(boxtel, kind, _holder_id):
    return type(boxtel).issue_w3c(boxtel, kind, jwk.of(PrivateKey.generate("ES256").public))


def with_a_foreign_key(boxtel, kind, holder_id):
    honest = boxtel.es256, boxtel.ed25519
    boxtel.es256, boxtel.ed25519 = PrivateKey.generate("ES256"), PrivateKey.generate("EdDSA")
    issued = type(boxtel).issue_w3c(boxtel, kind, holder_id)
    boxtel.es256, boxtel.ed25519 = honest
    return issued


def under_a_foreign_did(boxtel, kind, holder_id):
    honest, boxtel.did = boxtel.did, "did:web:evil.example"
    issued = type(boxtel).issue_w3c(boxtel, kind, holder_id)
    boxtel.did = honest
    return issued


def naming_another_organisation(boxtel, kind, holder_id):
    boxtel.changes = {"aangeleverd_door": {"naam": "Gemeente Elders", "oin": "0" * 20}}
    return type(boxtel).issue_w3c(boxtel, kind, holder_id)


@pytest.mark.parametrize("configuration", W3C)
@pytest.mark.parametrize(
    ("makes", "error"),
    [
        (for_another_key, HolderBindingError),
        (with_a_foreign_key, VerificationError),
        (under_a_foreign_did, UntrustedIssuerError),
        (naming_another_organisation, UntrustedIssuerError),
        (issuing(issued_at=NOW - 7_200, expires=NOW - 3_600), ExpiredError),
    ],
)
def test_H11_what_does_not_hold_is_not_kept_and_the_issuer_hears_so(  # noqa: PLR0917  a table
    wallet, boxtel, monkeypatch, configuration, makes, error
):
    monkeypatch.setattr(boxtel, "issue_w3c", lambda kind, holder_id: makes(boxtel, kind, holder_id))
    with pytest.raises(error):
        wallet.fetch(read(wallet, boxtel, configuration), None, now=NOW)
    assert wallet.cards() == []
    assert boxtel.events == ["credential_failure"]


@pytest.mark.parametrize("configuration", [EDDSA, ECDSA, "schuldenopgave_vc_jwt"])
def test_a_card_whose_withdrawal_could_not_be_told_is_not_kept(
    wallet, boxtel, monkeypatch, configuration
):
    monkeypatch.setattr(
        boxtel, "issue_w3c", lambda kind, one: issuing(statuses=())(boxtel, kind, one)
    )
    with pytest.raises(MalformedValueError):
        wallet.fetch(read(wallet, boxtel, configuration), None, now=NOW)


@pytest.mark.parametrize("configuration", [EDDSA, JWT_VC])
def test_T02_another_issuer_of_the_scheme_does_not_speak_for_this_one(
    wallet, setting, boxtel, monkeypatch, configuration
):
    def by_the_other(kind, holder_id):
        # A perfect credential of the other municipality, with its own DID and keys.
        return type(boxtel).issue_w3c(setting.other, kind, holder_id)

    monkeypatch.setattr(boxtel, "issue_w3c", by_the_other)
    with pytest.raises(UntrustedIssuerError):
        wallet.fetch(read(wallet, boxtel, configuration), None, now=NOW)
    assert boxtel.events == ["credential_failure"]


@pytest.mark.parametrize("configuration", [EDDSA, JWT_VC])
def test_I22_a_key_of_another_issuer_does_not_sign_for_this_did(
    wallet, setting, boxtel, monkeypatch, configuration
):
    def with_the_others_key(kind, holder_id):
        return type(boxtel).issue_w3c(setting.other, kind, holder_id, issuer=boxtel.did)

    monkeypatch.setattr(boxtel, "issue_w3c", with_the_others_key)
    with pytest.raises(UntrustedIssuerError):
        wallet.fetch(read(wallet, boxtel, configuration), None, now=NOW)


@pytest.mark.parametrize("configuration", [EDDSA, JWT_VC])
def test_I20_a_key_for_another_purpose_states_nothing(wallet, boxtel, monkeypatch, configuration):
    document = {**boxtel.did_document(), "assertionMethod": []}
    document["authentication"] = [one["id"] for one in document["verificationMethod"]]
    monkeypatch.setattr(boxtel, "did_document", lambda: document)
    with pytest.raises(InvalidRelationshipError):
        wallet.fetch(read(wallet, boxtel, configuration), None, now=NOW)


def test_a_did_document_that_can_not_be_had_stops(wallet, setting, boxtel):
    del setting.network.handlers[web.document_url(boxtel.did)]
    with pytest.raises(InvalidControlledIdentifierDocumentError):
        wallet.fetch(read(wallet, boxtel, EDDSA), None, now=NOW)
    assert boxtel.events == ["credential_failure"]


def test_no_did_off_the_scheme_is_resolved(wallet, setting, boxtel, monkeypatch):
    monkeypatch.setattr(
        boxtel, "issue_w3c", lambda kind, one: under_a_foreign_did(boxtel, kind, one)
    )
    with pytest.raises(UntrustedIssuerError):
        wallet.fetch(read(wallet, boxtel, EDDSA), None, now=NOW)
    assert not any("evil" in url for _, url, _ in setting.network.requests)


@pytest.mark.parametrize("configuration", [EDDSA, JWT_VC, "schuldenopgave_vc11"])
@pytest.mark.parametrize(
    ("happens", "status"),
    [
        (lambda boxtel, _: boxtel.withdraw(), "withdrawn"),
        (lambda boxtel, lost: lost.pop(boxtel.bitstring_uri("revocation")), "unknown"),
        (lambda boxtel, lost: lost.pop(web.document_url(boxtel.did)), "unknown"),
    ],
)
def test_what_became_of_a_card_is_told_by_bitstring_lists(  # noqa: PLR0917  a table
    wallet, setting, boxtel, receive, configuration, happens, status
):
    card = receive(boxtel, configuration)
    happens(boxtel, setting.network.handlers)
    assert wallet.statuses(NOW) == {card.id: status}
    assert wallet.status(card, NOW) == status


@pytest.mark.parametrize("configuration", [EDDSA, JWT_VC, "schuldenopgave_vc11"])
def test_that_there_is_a_newer_statement_is_told(wallet, boxtel, receive, configuration):
    card = receive(boxtel, configuration)
    boxtel.supersede()
    assert wallet.statuses(NOW) == {card.id: "superseded"}


def test_a_list_of_another_issuer_tells_nothing(wallet, setting, boxtel, receive):
    card = receive(boxtel, EDDSA)
    foreign = setting.other.bitstring("revocation")
    setting.network.serve(boxtel.bitstring_uri("revocation"), lambda _: foreign)
    assert wallet.statuses(NOW) == {card.id: "unknown"}
