"""A verifier that signs with the key of its DID (OpenID4VP 5.9.3; rows H04, H10, J07, W10)."""

import pytest

from holder_demo import keystore
from holder_demo.wallet import Wallet
from tests.holder_demo import simulation
from tests.holder_demo.simulation import NOW, VERIFIER, json
from vckit.did import web
from vckit.errors import (
    CryptographicSecurityError,
    InvalidControlledIdentifierDocumentError,
    InvalidRelationshipError,
    InvalidVerificationMethodError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.keys import PrivateKey
from vckit.openid4vp import client_id, request

DOCUMENT = f"{VERIFIER}/.well-known/did.json"


@pytest.fixture
def counsellor(setting):
    setting.counsellor.by_did = True
    return setting.counsellor


@pytest.fixture
def stranger(tmp_path):
    """A wallet that is asked by a verifier of no scheme."""
    setting = simulation.setting(strangers=True)
    setting.counsellor.by_did = True
    store = keystore.create(tmp_path / "w", "1234")
    return setting, Wallet(store, setting.network, lambda _now: setting.scheme)


def ask(wallet, counsellor):
    return wallet.read_question(counsellor.link(), now=NOW)


def test_the_verifiers_name_comes_from_the_scheme_by_its_did(wallet, counsellor, setting):
    question = ask(wallet, counsellor)
    assert question.request.client_id == "decentralized_identifier:did:web:schuldhulp.example"
    assert question.verifier.name == "Schuldhulp Proef"
    assert question.summary()["purpose"] == "Een overzicht van schulden maken."
    assert len(setting.network.sent_to(DOCUMENT)) == 1


def test_a_card_is_shared_with_it(wallet, counsellor, setting, receive):
    receive(setting.boxtel)
    question = ask(wallet, counsellor)
    wallet.share(question, wallet.propose(question, now=NOW), now=NOW)
    assert len(counsellor.presentations()["rijk"]) == 1


@pytest.mark.parametrize("uses", [("authentication",), ("assertionMethod",)])
def test_a_key_to_sign_with_is_enough(wallet, counsellor, uses):
    counsellor.uses = uses
    assert ask(wallet, counsellor).verifier is not None


@pytest.mark.parametrize("uses", [(), ("keyAgreement",)])
def test_a_key_for_no_signature_is_not(wallet, counsellor, uses):
    counsellor.uses = uses
    with pytest.raises(InvalidRelationshipError):
        ask(wallet, counsellor)


def test_H04_another_key_than_the_documents_stops_in_silence(wallet, counsellor, setting):
    honest = counsellor.did_document()
    setting.network.serve(DOCUMENT, lambda _: json(honest))
    foreign = PrivateKey.generate("ES256")
    object.__setattr__(counsellor.participant, "key", foreign)
    with pytest.raises(CryptographicSecurityError):
        ask(wallet, counsellor)
    assert setting.network.sent_to(f"{VERIFIER}/response") == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"id": "did:web:evil.example"}, VerificationError),
        ({"verificationMethod": []}, InvalidVerificationMethodError),
    ],
)
def test_W10_a_document_that_does_not_fit_stops(wallet, counsellor, setting, changes, error):
    document = {**counsellor.did_document(), **changes}
    setting.network.serve(DOCUMENT, lambda _: json(document))
    with pytest.raises(error):
        ask(wallet, counsellor)


def test_a_document_that_can_not_be_had_stops(wallet, counsellor, setting):
    del setting.network.handlers[DOCUMENT]
    with pytest.raises(InvalidControlledIdentifierDocumentError):
        ask(wallet, counsellor)


@pytest.mark.usefixtures("counsellor")
def test_H04_a_link_to_another_did_stops(wallet, setting):
    other = client_id.decentralized_identifier_client_id(setting.boxtel.did)
    link = request.by_reference(request.DEFAULT_ENDPOINT, other, f"{VERIFIER}/request")
    with pytest.raises(UntrustedIssuerError):
        wallet.read_question(link, now=NOW)
    assert setting.network.sent_to(web.document_url(setting.boxtel.did)) == []


def test_H10_a_did_that_is_not_on_the_scheme_has_no_name(stranger):
    setting, wallet = stranger
    question = ask(wallet, setting.counsellor)
    assert question.verifier is None
    assert question.summary()["verifier"] is None


def test_H10_a_strangers_document_is_fetched_from_the_host_that_was_named_and_no_other(stranger):
    setting, wallet = stranger
    setting.counsellor.did = "did:web:elsewhere.example"
    with pytest.raises(UntrustedIssuerError):
        ask(wallet, setting.counsellor)
    assert not any("elsewhere" in url for _, url, _ in setting.network.requests)


def test_an_issuer_of_the_scheme_is_no_verifier(wallet, counsellor, setting):
    counsellor.did = setting.boxtel.did
    with pytest.raises(UntrustedIssuerError):
        ask(wallet, counsellor)
