"""The format dc+sd-jwt: what is issued, what a holder may withhold, what is refused."""

import pytest

from tests.vckit.participants import participant
from tests.vckit.statements import ISSUED, debt, terms
from vckit import formats, sd_jwt, statement, x509
from vckit.errors import (
    CryptographicSecurityError,
    HolderBindingError,
    MalformedValueError,
    OtherRequestError,
    ParsingError,
)
from vckit.formats import dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.sd_jwt import KeyBindingExpectation, Validity
from vckit.status import StatusReference

BOXTEL = participant("https://boxtel.example")
HOLDER = PrivateKey.generate("ES256")
VCT = "https://stelsel.example/vct/schuldenopgave/1"
AUDIENCE, NONCE = "x509_hash:abc", "een-nonce-van-de-verifier"
EXPECTED = KeyBindingExpectation(AUDIENCE, NONCE)
REVOCATION = StatusReference("revocation", "https://boxtel.example/status/1", 7)
TERMS = terms(debt(1), debt(2))


def issue(stated=TERMS, **changes):
    settings = {
        "vct": VCT,
        "vct_integrity": "sha256-abc",
        "issuer": BOXTEL.url,
        "chain": BOXTEL.chain[:1],
        "signer": BOXTEL.key,
        "holder_key": HOLDER.public_key,
        "revocation": REVOCATION,
        "issued_at": ISSUED,
        "expires": ISSUED + 30 * 86_400,
    }
    return dc_sd_jwt.issue(stated, **{**settings, **changes})


def present(text, keep=()):
    return dc_sd_jwt.present(
        text, keep=keep, signer=HOLDER, audience=AUDIENCE, nonce=NONCE, now=ISSUED
    )


def verify(text, key_binding=EXPECTED):
    return dc_sd_jwt.verify(
        text, issuer_key=BOXTEL.key.public_key, key_binding=key_binding, now=ISSUED
    )


def forged(claims, disclosable=(), **header):
    return sd_jwt.issue(
        {"iss": BOXTEL.url, "vct": VCT, **claims},
        disclosable=disclosable,
        header={"typ": "dc+sd-jwt", **header},
        signer=BOXTEL.key,
    )


def test_all_that_was_stated_comes_back_as_terms():
    text = issue()
    proven = verify(present(text, sd_jwt.disclosures_by_path(text)))
    assert proven == formats.ProvenCredential(
        format="dc+sd-jwt",
        type=VCT,
        claims=TERMS,
        issuer=BOXTEL.url,
        holder_key=HOLDER.public_key,
        validity=Validity(ISSUED, None, ISSUED + 30 * 86_400),
        statuses=(REVOCATION, StatusReference("refresh", TERMS["vernieuwing_uri"], 7)),
        digest=dc_sd_jwt.digest(text),
        document=proven.document,
        meta={"vct": VCT},
    )


def test_a_holder_that_withholds_all_leaves_count_totals_and_digests():
    shown = verify(present(issue())).claims
    withheld = {*statement.PERSON_TERMS, "vorderingen"}
    assert shown == {**{name: TERMS[name] for name in TERMS if name not in withheld},
                     "vorderingen": []}  # fmt: skip
    statement.validate(shown)
    (breach,) = statement.breaches(shown, issued_at=ISSUED, now=ISSUED)
    assert (breach.reason, breach.missing, breach.amount) == ("claims_withheld", 2, 85_800)


def test_a_debt_is_shown_without_its_sensitive_terms():
    shown = verify(present(issue(), [("vorderingen", 1)])).claims["vorderingen"]
    hidden = {"iban", "juridische_grondslag_omschrijving"}
    assert shown == [{name: value for name, value in debt(2).items() if name not in hidden}]
    assert statement.debt_digest(shown[0]) == TERMS["vordering_digests"][1]


def test_every_presentation_of_one_credential_has_one_digest():
    text = issue()
    assert {verify(present(text, keep)).digest for keep in ((), [("bsn",)])} == {
        dc_sd_jwt.digest(text)
    }
    assert dc_sd_jwt.digest(issue()) != dc_sd_jwt.digest(text)


def test_the_issuer_is_told_unverified():
    found = dc_sd_jwt.unverified_issuer(issue())
    assert found == formats.UnverifiedIssuer(BOXTEL.url, x509.to_x5c(BOXTEL.chain[:1]))


@pytest.mark.parametrize(
    "text",
    [
        forged({}),
        forged({"iss": 1}, x5c=["x"]),
        forged({"iss": ""}, x5c=["x"]),
        forged({}, x5c=[1]),
    ],
)
def test_a_credential_that_names_no_issuer_or_certificate_is_refused(text):
    with pytest.raises(MalformedValueError):
        dc_sd_jwt.unverified_issuer(text)


def test_a_document_has_no_holder_and_the_reverse():
    document = {**TERMS, "document": True}
    text = issue(document, holder_key=None)
    assert verify(text, key_binding=None).holder_key is None
    assert verify(text, key_binding=None).claims == document
    with pytest.raises(MalformedValueError):
        issue(document)
    with pytest.raises(MalformedValueError):
        issue(holder_key=None)


def test_a_document_cannot_be_presented_as_bound():
    text = issue({**TERMS, "document": True}, holder_key=None)
    with pytest.raises(HolderBindingError):
        verify(present(text))


def test_S14_a_credential_without_key_binding_is_refused():
    with pytest.raises(HolderBindingError):
        verify(issue())


def test_S26_a_wallet_refuses_a_credential_that_comes_bound():
    with pytest.raises(HolderBindingError):
        verify(present(issue()), key_binding=None)


@pytest.mark.parametrize("name", sorted(dc_sd_jwt.SD_JWT_VC_NEVER_DISCLOSABLE))
def test_S07_no_registered_claim_can_be_disclosed(name):
    text = forged({name: "x"}, disclosable=[(name,)])
    with pytest.raises(MalformedValueError):
        verify(text, key_binding=None)


@pytest.mark.parametrize("name", ["iss", "iat", "cnf", "status", "vct", "exp", "aka_vcts"])
def test_a_term_never_takes_the_place_of_a_registered_claim(name):
    with pytest.raises(MalformedValueError):
        issue({**TERMS, name: "x"})


def test_S01_another_key_or_a_changed_text_is_refused():
    other = issue(signer=PrivateKey.generate("ES256"))
    with pytest.raises(CryptographicSecurityError):
        verify(present(other))


@pytest.mark.parametrize("typ", ["vc+sd-jwt", "JWT"])
def test_S20_another_type_is_refused(typ):
    with pytest.raises(CryptographicSecurityError):
        verify(forged({}, typ=typ), key_binding=None)


@pytest.mark.parametrize(
    "claims",
    [
        {"vct": 1},
        {"iss": None},
        {"status": {}},
        {"status": "x"},
        {"status": {"status_list": {"idx": 1}}},
        {"status": {"status_list": {"uri": "https://x.example"}}},
        {"status": {"status_list": {"uri": "https://x.example", "idx": -1}}},
        {"status": {"status_list": {"uri": "https://x.example", "idx": True}}},
        {"status": {"status_list": {"uri": 1, "idx": 1}}},
        {"vernieuwing_uri": "https://x.example"},
        {"vernieuwing_index": 1},
    ],
)
def test_a_member_of_another_shape_is_refused(claims):
    with pytest.raises(MalformedValueError):
        verify(forged(claims), key_binding=None)


def test_a_credential_of_another_type_without_status_is_told_as_it_is():
    proven = verify(forged({"vct": "urn:eudi:pid:1", "family_name": "Jansen"}), key_binding=None)
    assert (proven.type, proven.statuses) == ("urn:eudi:pid:1", ())
    assert proven.claims == {"family_name": "Jansen"}


def test_without_integrity_of_the_type_the_member_is_left_out():
    claims = sd_jwt.parse(issue(vct_integrity=None)).unverified_claims
    assert "vct#integrity" not in claims
    assert sd_jwt.parse(issue()).unverified_claims["vct#integrity"] == "sha256-abc"


@pytest.mark.parametrize("text", ["", "x", "a.b.c~", "{}"])
def test_other_texts_are_refused(text):
    with pytest.raises((ParsingError, CryptographicSecurityError)):
        dc_sd_jwt.digest(text)


FORMAT = formats.FORMATS["dc+sd-jwt"](None, "")


def verify_unverified(unverified):
    return FORMAT.verify(unverified, issuer_key=BOXTEL.key.public_key, now=ISSUED)


def presented(nonce=NONCE, audience=AUDIENCE):
    return FORMAT.present(
        issue(),
        keep=[("geslachtsnaam",)],
        signer=HOLDER,
        audience=audience,
        nonce=nonce,
        now=ISSUED,
    )


def test_a_held_text_is_opened_and_verified_without_a_presenter():
    text = issue()
    unverified = FORMAT.open_held(text)
    assert unverified.issuer.iss == BOXTEL.url
    assert unverified.digest == dc_sd_jwt.digest(text)
    assert verify_unverified(unverified) == verify(text, key_binding=None)


def test_a_presentation_is_one_credential_judged_with_its_key_binding():
    (unverified,) = FORMAT.open_presentation(presented(), expected=EXPECTED, now=ISSUED)
    proven = verify_unverified(unverified)
    assert proven.claims["geslachtsnaam"] == TERMS["geslachtsnaam"]
    assert "voornamen" not in proven.claims
    assert proven.document["vct"] == VCT


@pytest.mark.parametrize("changes", [{"nonce": "x"}, {"audience": "x"}])
def test_V01_a_presentation_for_another_request_is_told_when_it_is_verified(changes):
    (unverified,) = FORMAT.open_presentation(presented(**changes), expected=EXPECTED, now=ISSUED)
    with pytest.raises(OtherRequestError):
        verify_unverified(unverified)


@pytest.mark.parametrize("entry", [None, 7, {}, [], "", "x"])
def test_what_is_no_presentation_is_refused(entry):
    with pytest.raises((ParsingError, CryptographicSecurityError, MalformedValueError)):
        FORMAT.open_presentation(entry, expected=EXPECTED, now=ISSUED)


def test_S23_ten_thousand_salts_of_credentials_are_distinct():
    texts = [issue() for _ in range(250)]
    salts = [found.salt for text in texts for found in sd_jwt.disclosures_by_path(text).values()]
    assert len(set(salts)) == len(salts) == 250 * 10
