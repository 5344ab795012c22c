"""The formats jwt_vc_json and vc+jwt: what claims and credential say must be the same."""

import json

import pytest

from tests.vckit.rewrapped import V1, V2, enveloped, presentation, request, rewrapped, signed
from tests.vckit.statements import ISSUED, debt
from tests.vckit.w3c import (
    BOXTEL,
    EXPECTED,
    EXPIRES,
    HOLDER,
    HOLDER_ID,
    HOLDERS,
    KINDS,
    TERMS,
    envelope,
    stated,
)
from vckit import jose
from vckit.data_model import build_v2, build_v11
from vckit.encoding import b64url_decode, b64url_encode
from vckit.errors import (
    CryptographicSecurityError,
    HolderBindingError,
    InvalidChallengeError,
    InvalidDomainError,
    MalformedValueError,
    VerificationError,
)
from vckit.keys import PrivateKey
from vckit.sd_jwt import Validity

V11_JWT, V2_JWT = (kind for kind in KINDS if "jwt" in kind.name)
every_jwt = pytest.mark.parametrize("kind", [V11_JWT, V2_JWT], ids=lambda kind: kind.name)
KID = f"{BOXTEL.did}#es256"
TYPS = {"jwt_vc_json": "JWT", "vc+jwt": "vc+jwt"}


def payload(text):
    return json.loads(b64url_decode(text.split(".")[1]))


def header(text):
    return json.loads(b64url_decode(text.split(".")[0]))


def forged(kind, claims, **changes):
    """A credential that Boxtel signed, whatever it says."""
    members = {"typ": TYPS[kind.name], "kid": KID, **changes}
    named = {name: value for name, value in members.items() if value is not None}
    return jose.sign(named, claims, BOXTEL.es256)


def claims(kind, **changes):
    """The claims of an honest credential, then changed; None takes a claim away."""
    changed = {**payload(kind.issue()), **changes}
    return {name: value for name, value in changed.items() if value is not None}


def credential(kind, **changes):
    """The credential of data model 1.1 in its claim, changed there."""
    found = claims(kind)
    found["vc"] = {**found["vc"], **changes}
    found["vc"] = {name: value for name, value in found["vc"].items() if value is not None}
    return found


def test_a_credential_of_data_model_1_1_says_it_in_both_places():
    found = payload(V11_JWT.issue())
    vc = found.pop("vc")
    assert found == {
        "iss": BOXTEL.did,
        "sub": HOLDER_ID,
        "nbf": ISSUED,
        "exp": EXPIRES,
        "jti": TERMS["opgave_kenmerk"],
    }
    assert vc == build_v11(TERMS, envelope())
    assert vc["issuanceDate"] == "2026-11-24T10:30:00Z"
    assert header(V11_JWT.issue()) == {"typ": "JWT", "alg": "ES256", "kid": KID}


def test_a_credential_of_data_model_2_0_is_the_payload_with_an_iss():
    assert payload(V2_JWT.issue()) == {"iss": BOXTEL.did, **build_v2(TERMS, envelope())}
    expected = {"typ": "vc+jwt", "cty": "vc", "alg": "ES256", "kid": KID}
    assert header(V2_JWT.issue()) == expected


@every_jwt
@pytest.mark.parametrize("changes", [{"typ": "vc+sd-jwt"}, {"typ": "jwt"}, {"typ": None}])
def test_J_another_type_of_token_is_refused(kind, changes):
    with pytest.raises(CryptographicSecurityError):
        kind.verify_held(forged(kind, claims(kind), **changes))


@every_jwt
@pytest.mark.parametrize("kid", [None, "es256", "#es256", BOXTEL.did, "https://x.example#es256"])
def test_a_key_that_is_not_named_by_its_did_url_is_refused(kind, kid):
    with pytest.raises(VerificationError):
        verify_as_boxtel(kind, forged(kind, claims(kind), kid=kid))


def verify_as_boxtel(kind, text):
    """With the key of Boxtel, whatever the text names."""
    unverified = kind.format.open_held(text)
    return kind.format.verify(unverified, issuer_key=BOXTEL.es256.public_key, now=ISSUED)


@every_jwt
def test_I01_a_changed_payload_is_refused(kind):
    text = kind.issue()
    first, middle, last = text.split(".")
    data = b64url_decode(middle).replace(b'"saldo":42900', b'"saldo":42901', 1)
    with pytest.raises(CryptographicSecurityError):
        kind.verify_held(f"{first}.{b64url_encode(data)}.{last}")
    other = kind.issue(expires=EXPIRES + 1).split(".")[2]
    with pytest.raises(CryptographicSecurityError):
        kind.verify_held(f"{first}.{middle}.{other}")


@every_jwt
@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "did:web:elsewhere.example"},
        {"jti": "urn:uuid:8a3e0b4e-1111-4222-8333-000000000000"},
        {"sub": HOLDERS["did:jwk EdDSA"][1]},
        {"sub": BOXTEL.did},
        {"nbf": ISSUED + 1},
        {"nbf": ISSUED + 0.5},
        {"nbf": str(ISSUED)},
        {"nbf": True},
        {"exp": EXPIRES + 1},
        {"exp": "x"},
        {"iat": "x"},
        {"iat": 1.5},
    ],
)
def test_claims_that_contradict_the_credential_are_refused(kind, changes):
    with pytest.raises(VerificationError):
        kind.verify_held(forged(kind, claims(kind, **changes)))


@every_jwt
def test_claims_that_agree_may_be_there_or_not(kind):
    registered = {
        "jti": TERMS["opgave_kenmerk"],
        "sub": HOLDER_ID,
        "nbf": ISSUED,
        "exp": EXPIRES,
        "iat": ISSUED + 5,
    }
    proven = kind.verify_held(forged(kind, claims(kind, **registered)))
    assert proven.claims == TERMS
    assert proven.validity == Validity(ISSUED + 5, ISSUED, EXPIRES)
    less = claims(kind, jti=None, sub=None, exp=None)
    assert kind.verify_held(forged(kind, less)).validity.expires == EXPIRES


def test_members_may_stand_in_the_claims_alone():
    """Data model 1.1, 6.3.1: "instead of or in addition to"; Credo writes them so."""
    found = credential(V11_JWT, id=None, issuer=None, issuanceDate=None, expirationDate=None)
    subject = dict(found["vc"]["credentialSubject"])
    del subject["id"]
    found["vc"]["credentialSubject"] = subject
    proven = V11_JWT.verify_held(forged(V11_JWT, found))
    assert proven == V11_JWT.verify_held(forged(V11_JWT, found))
    assert (proven.claims, proven.holder_key) == (TERMS, HOLDER.public_key)
    assert proven.document == build_v11(TERMS, envelope())


@pytest.mark.parametrize(
    "found",
    [
        claims(V11_JWT, nbf=None),
        claims(V11_JWT, vc="x"),
        claims(V11_JWT, vc=None),
        claims(V11_JWT, vp={}),
        credential(V11_JWT, issuer={"name": "Gemeente"}),
        credential(V11_JWT, issuer="did:web:elsewhere.example"),
        credential(V11_JWT, issuanceDate="2026-11-24T10:30:01Z"),
        credential(V11_JWT, expirationDate="x"),
        credential(V11_JWT, credentialSubject=[]),
        credential(V11_JWT, proof={}),
        credential(V11_JWT, validFrom="2026-11-24T10:30:00Z"),
        {**claims(V11_JWT), "vc": build_v2(TERMS, envelope())},
        {"iss": BOXTEL.did, **build_v2(TERMS, envelope())},
    ],
)
def test_a_credential_of_data_model_1_1_of_another_shape_is_refused(found):
    with pytest.raises(VerificationError):
        V11_JWT.verify_held(forged(V11_JWT, found))


@pytest.mark.parametrize(
    "found",
    [
        claims(V2_JWT, vc={}),
        claims(V2_JWT, vp={}),
        claims(V2_JWT, proof={}),
        claims(V2_JWT, aud="x"),
        claims(V2_JWT, issuer={"id": None}),
        {"iss": BOXTEL.did, **build_v11(TERMS, envelope())},
        payload(V11_JWT.issue()),
    ],
)
def test_a_credential_of_data_model_2_0_of_another_shape_is_refused(found):
    with pytest.raises(VerificationError):
        V2_JWT.verify_held(forged(V2_JWT, found))


@every_jwt
def test_what_a_wallet_sends(kind):
    text = kind.issue()
    entry = kind.present(text)
    said, head = payload(entry), header(entry)
    assert {name: said[name] for name in ("iss", "aud", "nonce", "iat")} == request()
    assert head["kid"] == f"{HOLDER_ID}#0"
    assert head["typ"] == {"jwt_vc_json": "JWT", "vc+jwt": "vp+jwt"}[kind.name]
    held = said["vp"]["verifiableCredential"] if "vp" in said else said["verifiableCredential"]
    assert held == [text] if "vp" in said else [enveloped(text)]


def test_a_presentation_as_credo_sends_it():
    """No iat, no holder, and one credential without an array."""
    vp = presentation([V1], V11_JWT.issue(), type="VerifiablePresentation")
    (unverified,) = V11_JWT.open(signed({**request(iat=None), "vp": vp}))
    assert V11_JWT.verify(unverified).claims == TERMS


def test_a_presentation_may_bring_its_key_and_no_issuer():
    vp = presentation([V1], [V11_JWT.issue()])
    entry = signed({**request(iss=None), "vp": vp}, kid=None, jwk=HOLDER.public_key.to_jwk())
    (unverified,) = V11_JWT.open(entry)
    assert V11_JWT.verify(unverified).holder_key == HOLDER.public_key


@every_jwt
@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"aud": None}, InvalidDomainError),
        ({"aud": [EXPECTED.audience, "x"]}, InvalidDomainError),
        ({"aud": EXPECTED.audience + "/"}, InvalidDomainError),
        ({"nonce": None}, InvalidChallengeError),
        ({"nonce": 7}, InvalidChallengeError),
        ({"iss": HOLDERS["did:key EdDSA"][1]}, HolderBindingError),
        ({"iss": BOXTEL.did}, HolderBindingError),
        ({"iss": 7}, MalformedValueError),
        ({"exp": ISSUED - 60}, HolderBindingError),
        ({"nbf": ISSUED + 61}, HolderBindingError),
        ({"iat": ISSUED - 301}, HolderBindingError),
        ({"iat": "x"}, MalformedValueError),
    ],
)
def test_a_presentation_for_another_moment_or_request_is_refused(kind, changes, error):
    entry = rewrapped_with(kind, **changes)
    with pytest.raises(error):
        kind.open(entry)


def rewrapped_with(kind, **changes):
    said = {**payload(rewrapped(kind, [kind.issue()])), **changes}
    typ = {"jwt_vc_json": "JWT", "vc+jwt": "vp+jwt"}[kind.name]
    return signed({name: value for name, value in said.items() if value is not None}, typ=typ)


@every_jwt
def test_a_moment_within_the_leeway_is_taken(kind):
    entry = rewrapped_with(kind, exp=ISSUED - 59, nbf=ISSUED + 60, iat=ISSUED - 300)
    assert kind.open(entry)


@every_jwt
@pytest.mark.parametrize(
    "changes",
    [
        {"kid": None},
        {"jwk": HOLDER.public_key.to_jwk()},
        {"kid": KID},
        {"kid": "x"},
        {"kid": f"{HOLDER_ID}#1"},
        {"kid": None, "jwk": HOLDER.to_jwk()},
        {"kid": None, "jwk": PrivateKey.generate("ES256").public_key.to_jwk()},
        {"typ": "kb+jwt"},
        {"typ": None},
    ],
)
def test_a_presentation_with_another_key_or_type_is_refused(kind, changes):
    said = payload(rewrapped(kind, [kind.issue()]))
    typ = {"jwt_vc_json": "JWT", "vc+jwt": "vp+jwt"}[kind.name]
    with pytest.raises(VerificationError):
        kind.open(signed(said, **{"typ": typ, **changes}))


@pytest.mark.parametrize(
    "vp",
    [
        "x",
        {},
        presentation([V2], [V11_JWT.issue()]),
        presentation([V1, V1], [V11_JWT.issue()]),
        presentation(V1, [V11_JWT.issue()]),
        presentation([V1], []),
        presentation([V1], None),
        presentation([V1], [{}]),
        presentation([V1], [build_v11(TERMS, envelope())]),
        presentation([V1], [V11_JWT.issue()], type=["VerifiableCredential"]),
        presentation([V1], [V11_JWT.issue()], proof={}),
        presentation([V1], [V11_JWT.issue()], holder={}),
        presentation([V1], [V11_JWT.issue()], holder=HOLDERS["did:jwk EdDSA"][1]),
        presentation([V1], [V11_JWT.issue()] * 101),
    ],
)
def test_a_presentation_of_another_shape_is_refused(vp):
    with pytest.raises(VerificationError):
        V11_JWT.open(signed({**request(), "vp": vp}))


def test_a_credential_is_no_presentation():
    with pytest.raises(VerificationError):
        V11_JWT.open(V11_JWT.issue())
    vp = presentation([V1], [V11_JWT.issue()])
    with pytest.raises(MalformedValueError):
        V11_JWT.open(signed({**request(), "vp": vp, "vc": {}}))


@pytest.mark.parametrize(
    "held",
    [
        [V2_JWT.issue()],
        [{**enveloped(V2_JWT.issue()), "proof": {}}],
        [{**enveloped(V2_JWT.issue()), "type": "VerifiableCredential"}],
        [{**enveloped(V2_JWT.issue()), "@context": V1}],
        [{**enveloped(V2_JWT.issue()), "id": "data:application/vc+sd-jwt,a.b.c"}],
        [{**enveloped(V2_JWT.issue()), "id": "https://elsewhere.example/vc"}],
        [enveloped("a.b.c")],
        [{}],
        [],
    ],
)
def test_I32_what_is_no_enveloped_credential_is_refused(held):
    with pytest.raises(VerificationError):
        V2_JWT.open(signed({**request(), **presentation([V2], held)}, typ="vp+jwt"))


def test_I32_a_credential_altered_inside_its_envelope_is_refused():
    first, middle, last = V2_JWT.issue().split(".")
    data = b64url_decode(middle).replace(b'"saldo":42900', b'"saldo":42901', 1)
    altered = f"{first}.{b64url_encode(data)}.{last}"
    (unverified,) = V2_JWT.open(rewrapped(V2_JWT, [altered]))
    with pytest.raises(CryptographicSecurityError):
        V2_JWT.verify(unverified)


@pytest.mark.parametrize("members", [{"proof": {}}, {"x": 1}, {"holder": 7}, {"@context": [V1]}])
def test_a_presentation_of_data_model_2_0_of_another_shape_is_refused(members):
    held = presentation([V2], [enveloped(V2_JWT.issue())])
    with pytest.raises(VerificationError):
        V2_JWT.open(signed({**request(), **held, **members}, typ="vp+jwt"))


@every_jwt
def test_a_large_statement_fits_into_a_presentation(kind):
    """A string of a presentation may be longer than strings are elsewhere."""
    terms = stated(*(debt(number) for number in range(200)))
    text = kind.issue(terms)
    assert len(text) > 65_536
    (unverified,) = kind.open(kind.present(text))
    assert kind.verify(unverified).claims == terms
