"""Rejections of RFC 9901 section 7.3, each beside the honest presentation."""

import pytest

from tests.vckit.sd_jwt_forge import (
    AUDIENCE,
    CNF,
    EXPECTED,
    HOLDER,
    ISSUER,
    NONCE,
    NOW,
    digest,
    disclosure,
    forge,
    key_binding,
    verify,
)
from vckit import jose, sd_jwt, strict_json
from vckit.encoding import b64url_encode
from vckit.errors import (
    CryptographicSecurityError,
    ExpiredError,
    HolderBindingError,
    MalformedValueError,
    NotYetValidError,
    OtherRequestError,
    ParsingError,
    VerificationError,
)
from vckit.keys import PrivateKey
from vckit.sd_jwt import Validity

NAME = disclosure("s1", "naam", "Jan")
OTHER = disclosure("s2", "plaats", "Boxtel")
TEXT = forge({"cnf": CNF, "_sd": [digest(NAME), digest(OTHER)]}, NAME)


def judge(text, **changes):
    return verify(text, **{"key_binding": EXPECTED, **changes})


def test_an_honest_presentation_names_the_holder():
    proven = judge(TEXT + key_binding(TEXT))
    assert proven.holder_key == HOLDER.public_key
    assert proven.claims["naam"] == "Jan"


def test_what_bind_makes_is_accepted():
    bound = sd_jwt.bind(TEXT, signer=HOLDER, audience=AUDIENCE, nonce=NONCE, now=NOW)
    assert judge(bound).claims["naam"] == "Jan"


def test_a_key_binding_uses_the_hash_of_the_credential():
    text = forge({"cnf": CNF, "_sd_alg": "sha-512"})
    bound = sd_jwt.bind(text, signer=HOLDER, audience=AUDIENCE, nonce=NONCE, now=NOW)
    assert judge(bound).holder_key == HOLDER.public_key
    with pytest.raises(HolderBindingError):
        judge(text + key_binding(text))


def test_S14_a_stripped_key_binding_is_refused():
    with pytest.raises(HolderBindingError):
        judge(TEXT)


@pytest.mark.parametrize(
    "change",
    [
        lambda jwt, name, _: f"{jwt}~{name}",
        lambda jwt, name, _: f"{jwt}~~{name}~",
        lambda jwt, name, kb: f"{jwt}~{name}~~{kb}",
        lambda jwt, _, __: f"{jwt}~~",
        lambda jwt, _, __: jwt,
        lambda jwt, name, kb: f"{jwt}~{name}~{kb}~",
        lambda jwt, name, kb: f"~{jwt}~{name}~{kb}",
    ],
)
def test_S14_a_tilde_too_many_or_too_few_is_refused(change):
    issuer_jwt = TEXT.split("~")[0]
    with pytest.raises((ParsingError, MalformedValueError)):
        judge(change(issuer_jwt, NAME, key_binding(TEXT)))


def test_S14_a_disclosure_added_after_binding_is_refused():
    issuer_jwt, name, _ = TEXT.split("~")
    with pytest.raises(HolderBindingError):
        judge(f"{issuer_jwt}~{name}~{OTHER}~{key_binding(TEXT)}")


def test_S14_a_disclosure_removed_after_binding_is_refused():
    issuer_jwt = TEXT.split("~")[0]
    with pytest.raises(HolderBindingError):
        judge(f"{issuer_jwt}~{key_binding(TEXT)}")


def test_S14_disclosures_in_another_order_than_bound_are_refused():
    both = forge({"cnf": CNF, "_sd": [digest(NAME), digest(OTHER)]}, NAME, OTHER)
    issuer_jwt = both.split("~")[0]
    with pytest.raises(HolderBindingError):
        judge(f"{issuer_jwt}~{OTHER}~{NAME}~{key_binding(both)}")


def test_S16_a_key_binding_by_another_key_is_refused():
    with pytest.raises(HolderBindingError):
        judge(TEXT + key_binding(TEXT, key=PrivateKey.generate("ES256")))


def test_S16_a_key_binding_by_the_issuer_is_refused():
    with pytest.raises(HolderBindingError):
        judge(TEXT + key_binding(TEXT, key=ISSUER))


def test_S16_a_credential_without_a_holder_cannot_be_bound():
    text = forge({"a": 1})
    with pytest.raises(HolderBindingError):
        judge(text + key_binding(text))


def test_a_holder_key_of_ed25519_is_taken():
    holder = PrivateKey.generate("EdDSA")
    text = forge({"cnf": {"jwk": holder.public_key.to_jwk()}})
    assert judge(text + key_binding(text, key=holder)).holder_key == holder.public_key


def test_a_key_binding_of_ed25519_may_name_itself_fully():
    holder = PrivateKey.generate("EdDSA")
    text = forge({"cnf": {"jwk": holder.public_key.to_jwk()}})
    payload = key_binding(text, key=holder).split(".")[1]
    header = b64url_encode(strict_json.dumps({"alg": "Ed25519", "typ": "kb+jwt"}))
    signature = b64url_encode(holder.sign(f"{header}.{payload}".encode()))
    assert judge(f"{text}{header}.{payload}.{signature}").holder_key == holder.public_key


@pytest.mark.parametrize("algorithm", ["none", "HS256", "ES384", ""])
def test_J01_a_key_binding_that_nobody_signed_is_told_apart(algorithm):
    _, payload, signature = key_binding(TEXT).split(".")
    header = b64url_encode(strict_json.dumps({"alg": algorithm, "typ": "kb+jwt"}))
    with pytest.raises(CryptographicSecurityError):
        judge(f"{TEXT}{header}.{payload}.{signature}")


def test_J10_a_claim_of_a_key_binding_that_stands_twice_is_refused():
    doubled = b'{"aud":"a","aud":"b"}'
    with pytest.raises(ParsingError):
        judge(TEXT + jose.sign({"typ": "kb+jwt"}, doubled, HOLDER))


@pytest.mark.parametrize("typ", ["JWT", "kb+JWT", "dc+sd-jwt", ""])
def test_S17_another_type_is_refused(typ):
    with pytest.raises(HolderBindingError):
        judge(TEXT + key_binding(TEXT, typ=typ))


@pytest.mark.parametrize("name", ["iat", "aud", "nonce", "sd_hash"])
def test_S17_each_claim_of_a_key_binding_is_required(name):
    with pytest.raises(HolderBindingError):
        judge(TEXT + key_binding(TEXT, without=(name,)))


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": [AUDIENCE]},
        {"nonce": 1},
        {"iat": str(NOW)},
        {"iat": True},
        {"iat": None},
        {"sd_hash": 1},
        {"sd_hash": ""},
    ],
)
def test_S17_a_claim_of_another_type_is_refused(changes):
    with pytest.raises(HolderBindingError):
        judge(TEXT + key_binding(TEXT, **changes))


@pytest.mark.parametrize("changes", [{"aud": AUDIENCE + "/"}, {"nonce": NONCE[:-1]}])
def test_another_audience_or_nonce_is_told_apart(changes):
    with pytest.raises(OtherRequestError):
        judge(TEXT + key_binding(TEXT, **changes))


@pytest.mark.parametrize(
    ("issued_at", "accepted"),
    [(NOW - 300, True), (NOW - 301, False), (NOW + 60, True), (NOW + 61, False), (NOW, True)],
)
def test_a_key_binding_is_at_most_five_minutes_old_and_a_minute_ahead(issued_at, accepted):
    text = TEXT + key_binding(TEXT, iat=issued_at)
    if accepted:
        assert judge(text).holder_key
        return
    with pytest.raises(HolderBindingError):
        judge(text)


@pytest.mark.parametrize("changes", [{"exp": NOW - 60}, {"nbf": NOW + 61}, {"exp": "soon"}])
def test_a_key_binding_that_is_not_valid_now_is_refused(changes):
    with pytest.raises(HolderBindingError):
        judge(TEXT + key_binding(TEXT, **changes))


def test_a_bound_presentation_is_neither_bound_nor_presented_again():
    bound = TEXT + key_binding(TEXT)
    with pytest.raises(MalformedValueError):
        sd_jwt.bind(bound, signer=HOLDER, audience=AUDIENCE, nonce=NONCE, now=NOW)
    with pytest.raises(MalformedValueError):
        sd_jwt.present(bound, keep=[])


@pytest.mark.parametrize("name", ["iat", "nbf", "exp"])
@pytest.mark.parametrize("wrong", ["1795500000", True, [], {}])
def test_a_time_that_is_no_number_is_refused(name, wrong):
    with pytest.raises(VerificationError):
        verify(forge({name: wrong}))


def test_validity_is_told_and_judged_apart():
    validity = verify(forge({"iat": NOW, "nbf": NOW, "exp": NOW + 10.5})).validity
    assert validity == Validity(NOW, NOW, NOW + 10)
    assert verify(forge({})).validity == Validity(None, None, None)


@pytest.mark.parametrize(
    ("validity", "error"),
    [
        (Validity(NOW + 60, NOW + 60, NOW - 59), None),
        (Validity(None, None, None), None),
        (Validity(None, None, NOW - 60), ExpiredError),
        (Validity(None, NOW + 61, None), NotYetValidError),
        (Validity(NOW + 61, None, None), NotYetValidError),
    ],
)
def test_validity_allows_a_minute_of_clock_difference(validity, error):
    if error is None:
        validity.check(NOW)
        return
    with pytest.raises(error):
        validity.check(NOW)
