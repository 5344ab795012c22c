"""The W3C formats alike: what is stated comes back, and only its holder presents it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vckit.generated import statements
from tests.vckit.rewrapped import rewrapped
from tests.vckit.statements import ISSUED, debt
from tests.vckit.w3c import (
    BOXTEL,
    DOCUMENT,
    EXPECTED,
    EXPIRES,
    HOLDER,
    HOLDERS,
    KINDS,
    NONCE,
    OTHER,
    STATUSES,
    TERMS,
    ids,
    stated,
)
from vckit import statement
from vckit.errors import (
    CryptographicSecurityError,
    HolderBindingError,
    InvalidChallengeError,
    InvalidDomainError,
    MalformedValueError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.formats import FORMATS, UnverifiedIssuer
from vckit.keys import PrivateKey
from vckit.sd_jwt import Validity
from vckit.status import StatusReference

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def presented(kind, text, **settings):
    (unverified,) = kind.open(kind.present(text, **settings))
    return kind.verify(unverified)


@every_kind
def test_all_that_was_stated_comes_back(kind):
    proven = kind.verify_held(kind.issue())
    assert proven.claims == TERMS
    assert proven.issuer == BOXTEL.did
    assert proven.holder_key == HOLDER.public_key
    assert proven.validity == Validity(ISSUED, ISSUED, EXPIRES)
    assert proven.statuses == STATUSES
    assert proven.format == kind.format.FORMAT
    assert "proof" not in proven.document
    assert proven.document["credentialSubject"]["opgave_kenmerk"] == TERMS["opgave_kenmerk"]
    assert "https://w3id.org/blauwe-knop/v1#Schuldenopgave" in proven.meta["types"]
    assert proven.type in proven.meta["types"]


@every_kind
@settings(max_examples=15, deadline=None)
@given(terms=statements())
def test_every_statement_comes_back_to_the_letter(kind, terms):
    proven = kind.verify_held(kind.issue(terms))
    assert proven.claims == terms
    assert statement.breaches(proven.claims, issued_at=ISSUED, now=ISSUED) == []


@every_kind
def test_without_debts_too(kind):
    assert kind.verify_held(kind.issue(stated())).claims == stated()


@every_kind
def test_the_refresh_is_said_by_a_status_entry_alone(kind):
    uri = "https://boxtel.example/status/2"
    text = kind.issue({**TERMS, "vernieuwing_uri": uri, "vernieuwing_index": 7})
    assert kind.verify_held(text).claims == TERMS


@every_kind
@pytest.mark.parametrize("context_url", [None, "https://stelsel.example/contexts/v1"])
def test_the_context_by_its_address_or_inline(kind, context_url):
    text = kind.issue(context_url=context_url)
    assert presented(kind, text).claims == TERMS


@every_kind
@pytest.mark.parametrize("holder", HOLDERS)
def test_its_holder_presents_it(kind, holder):
    key, did = HOLDERS[holder]
    text = kind.issue(holder_id=did)
    assert presented(kind, text, signer=key) == kind.verify_held(text)
    assert kind.verify_held(text).holder_key == key.public_key


@every_kind
def test_a_document_has_no_holder_and_the_reverse(kind):
    proven = kind.verify_held(kind.issue(DOCUMENT, holder_id=None))
    assert (proven.claims, proven.holder_key) == (DOCUMENT, None)
    with pytest.raises(MalformedValueError):
        kind.issue(DOCUMENT)
    with pytest.raises(MalformedValueError):
        kind.issue(holder_id=None)


@every_kind
def test_a_document_cannot_be_presented(kind):
    with pytest.raises(HolderBindingError):
        kind.present(kind.issue(DOCUMENT, holder_id=None))


@every_kind
def test_a_wallet_presents_with_the_key_that_it_is_bound_to_only(kind):
    with pytest.raises(HolderBindingError):
        kind.present(kind.issue(), signer=PrivateKey.generate("ES256"))


@every_kind
def test_equal_arguments_give_equal_texts(kind):
    assert kind.issue() == kind.issue()


@every_kind
def test_what_will_be_signed_is_known_before(kind):
    class Noting:
        def __init__(self, key):
            self.algorithm, self.public_key, self.noted = key.algorithm, key.public_key, []

        def sign(self, data):
            self.noted.append(data)
            return bytes(64)

    class Notary:
        did = BOXTEL.did

        def __init__(self):
            self.es256, self.ed25519 = Noting(BOXTEL.es256), Noting(BOXTEL.ed25519)

        @property
        def noted(self):
            return self.es256.noted + self.ed25519.noted

    first, second = Notary(), Notary()
    kind.issue(by=first)
    kind.issue(by=second)
    assert first.noted == second.noted
    assert len(first.noted) == 1


@every_kind
def test_the_issuer_and_the_method_are_told_unverified(kind):
    issuer = kind.format.open_held(kind.issue()).issuer
    assert issuer.iss == BOXTEL.did
    assert issuer.x5c is None
    assert issuer.verification_method in BOXTEL.methods
    assert isinstance(issuer, UnverifiedIssuer)


@every_kind
def test_every_presentation_of_one_credential_has_one_digest(kind):
    text = kind.issue()
    digests = {kind.open(kind.present(text, nonce=NONCE))[0].digest for _ in range(2)}
    assert digests == {kind.format.open_held(text).digest} == {kind.verify_held(text).digest}
    assert kind.format.open_held(kind.issue(new_id=ids(7))).digest not in digests


@every_kind
@pytest.mark.parametrize(
    ("changes", "error"),
    [({"audience": "x509_hash:xyz"}, InvalidDomainError), ({"nonce": "x"}, InvalidChallengeError)],
)
def test_I26_a_presentation_for_another_request_is_told_as_such(kind, changes, error):
    presentation = kind.present(kind.issue(), **changes)
    with pytest.raises(error):
        kind.open(presentation)


@every_kind
def test_a_presentation_that_is_too_old_or_from_the_future_is_refused(kind):
    presentation = kind.present(kind.issue(), now=ISSUED)
    assert kind.open(presentation, now=ISSUED + EXPECTED.max_age)
    assert kind.open(presentation, now=ISSUED - EXPECTED.leeway)
    for now in (ISSUED + EXPECTED.max_age + 1, ISSUED - EXPECTED.leeway - 1):
        with pytest.raises(VerificationError):
            kind.open(presentation, now=now)


@every_kind
def test_who_presents_a_credential_of_another_is_refused(kind):
    """The thief's own presentation is good; the credential in it is not the thief's."""
    thief, thief_id = HOLDERS["did:jwk EdDSA"]
    own, stolen = kind.issue(holder_id=thief_id, new_id=ids(5)), kind.issue()
    mine, unverified = kind.open(rewrapped(kind, [own, stolen], signer=thief))
    assert kind.verify(mine).holder_key == thief.public_key
    with pytest.raises(HolderBindingError):
        kind.verify(unverified)


@every_kind
def test_a_presentation_may_hold_several_credentials(kind):
    texts = [kind.issue(), kind.issue(stated(debt(3)), new_id=ids(9), by=OTHER)]
    first, second = kind.open(rewrapped(kind, texts))
    assert kind.verify(first).claims == TERMS
    assert kind.verify(second, by=OTHER).issuer == OTHER.did


@every_kind
def test_I22_a_credential_of_one_municipality_signed_by_another_is_untrusted(kind):
    """Both are trusted; the key is that of the method which is named."""
    text = kind.issue(by=OTHER, issuer=BOXTEL.did)
    with pytest.raises(UntrustedIssuerError):
        kind.verify_held(text, by=OTHER)


@every_kind
def test_I22_a_method_of_the_issuer_with_the_key_of_another_is_no_proof(kind):
    text = kind.issue(by=OTHER, issuer=OTHER.did)
    unverified = kind.format.open_held(text)
    key = BOXTEL.key(unverified.issuer.verification_method.replace(OTHER.did, BOXTEL.did))
    with pytest.raises(CryptographicSecurityError):
        kind.format.verify(unverified, issuer_key=key, now=ISSUED)


@every_kind
def test_status_references_of_another_mechanism_are_not_written(kind):
    elsewhere = (StatusReference("revocation", "https://boxtel.example/status/1", 1),)
    with pytest.raises(MalformedValueError):
        kind.issue(statuses=elsewhere)


@every_kind
@pytest.mark.parametrize(
    "name",
    [
        "Jose\u0301 (NFD)",
        "Jos\u00e9 (NFC)",
        "a\u200db",
        "Sch\u00fc\u00dfler \u202eedeg\u202c",
        "\U0001f4b6 & <b>\"'`\\",
        "\u00e9" * 200,
    ],
)
def test_I41_names_come_back_by_code_point(kind, name):
    terms = stated(debt(1, schuldeiser={"oin": "0" * 20, "naam": name}), geslachtsnaam=name)
    claims = kind.verify_held(kind.issue(terms)).claims
    assert claims["geslachtsnaam"] == name
    assert claims["vorderingen"][0]["schuldeiser"]["naam"] == name


@every_kind
@given(garbage=st.text(max_size=40) | st.sampled_from(["a.b.c", "{}", "[]", "null", "e30.e30."]))
@settings(max_examples=40)
def test_other_texts_are_refused(kind, garbage):
    with pytest.raises(VerificationError):
        kind.format.open_held(garbage)


@every_kind
@pytest.mark.parametrize("entry", [None, 7, [], {}, "", "x", {"proof": {}}, [{}], True])
def test_other_presentations_are_refused(kind, entry):
    with pytest.raises(VerificationError):
        kind.open(entry)


def test_every_format_is_found_by_its_name():
    for name, opened in FORMATS.items():
        assert name == opened(None, "").FORMAT
