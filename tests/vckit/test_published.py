"""Row T13: keys that everybody has are worth nothing, in our hands and in those of others."""

import pytest

from tests.vckit.participants import (
    DAY,
    NOW,
    Participant,
    issuer_entry,
    participant,
    scheme,
    scheme_payload,
    verifier_entry,
)
from vckit import published, strict_json, trust, x509
from vckit.adapters.settings import SchemeSource
from vckit.did import multikey
from vckit.errors import ConfigurationError, UntrustedIssuerError
from vckit.keys import PrivateKey, PublicKey
from vckit.signers import open_signer

URL = "https://boxtel.example"
# RFC 7515 A.3, and with its private half.
EXAMPLE = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}
SECRET = 0x8E9B109E719098BF980487DF1F5D77E9CB29606EBED2263B5F57C213DF84F4B2


@pytest.fixture(scope="module")
def operator():
    return PrivateKey.generate("EdDSA")


def example_key():
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    raw = ec.derive_private_key(SECRET, ec.SECP256R1())
    return PrivateKey.from_pem(raw.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def certified(key, *, authority="Proef CA"):
    """Somebody at URL whose authority has this name."""
    maker = PrivateKey.generate("ES256")
    top = x509.create_authority(authority, maker, now=NOW - DAY, days=50)
    leaf = x509.create_leaf(
        "Proef", key.public_key, authority=top, authority_key=maker, uri=URL, now=NOW - DAY, days=40
    )
    return Participant(URL, key, (leaf, top))


def issuer_of(operator, one, **payload):
    made = scheme(operator, issuer_entry(one), **payload)
    return made.issuer(URL, one.x5c, kind="schuldenopgave", now=NOW)


def test_T13_an_example_of_a_specification_signs_nothing(tmp_path):
    assert PublicKey.from_jwk(EXAMPLE) == example_key().public_key
    for key in (example_key(), PrivateKey.generate("ES256")):
        path = tmp_path / f"{key.public_key.thumbprint()}.pem"
        path.touch(0o600)
        path.write_bytes(key.to_pem())
    with pytest.raises(ConfigurationError, match="example"):
        open_signer(f"file:{tmp_path}/{example_key().public_key.thumbprint()}.pem")
    assert open_signer(f"file:{path}")


def test_T13_an_operator_with_an_example_key_is_none(tmp_path, operator):
    path = tmp_path / "operator.jwk.json"
    source = SchemeSource(file=tmp_path / "scheme.json", operator_keys=(path,))
    for key in (example_key(), operator):
        signed = trust.sign_scheme(scheme_payload(issuer_entry(participant(URL))), [key])
        path.write_bytes(strict_json.dumps(key.public_key.to_jwk()))
        if key is operator:
            assert source.verify(signed, NOW)
        else:
            with pytest.raises(trust.SchemeError, match="operator"):
                source.verify(signed, NOW)


def test_T13_a_statement_under_an_example_key_is_untrusted_whatever_the_scheme_says(operator):
    known = certified(PrivateKey.generate("ES256"))
    assert issuer_of(operator, known)[1] == known.key.public_key
    with pytest.raises(UntrustedIssuerError, match="example"):
        issuer_of(operator, certified(example_key()))


def test_T13_what_a_demo_certified_is_for_demos(operator):
    demo = certified(PrivateKey.generate("ES256"), authority=f"{x509.DEMO_PREFIX}CA Boxtel")
    with pytest.raises(UntrustedIssuerError, match="demo"):
        issuer_of(operator, demo)
    assert issuer_of(operator, demo, demo=True)


def test_T13_a_verifier_of_a_demo_asks_in_demos_only(operator):
    demo = certified(PrivateKey.generate("ES256"), authority=f"{x509.DEMO_PREFIX}CA Hulp")
    for is_demo in (False, True):
        made = scheme(operator, verifier_entry(demo), demo=is_demo)
        if is_demo:
            assert made.verifier(demo.chain, NOW)
        else:
            with pytest.raises(UntrustedIssuerError, match="demo"):
                made.verifier(demo.chain, NOW)


def test_T13_a_did_that_holds_an_example_is_on_no_scheme(operator):
    boxtel = participant(URL)
    for key in (example_key(), PrivateKey.generate("ES256")):
        entry = issuer_entry(boxtel, dids=[f"did:key:{multikey.encode(key.public_key)}"])
        if published.is_published(key.public_key):
            with pytest.raises(trust.SchemeError, match="example"):
                scheme(operator, entry)
        else:
            assert scheme(operator, entry)
    with pytest.raises(trust.SchemeError):
        scheme(operator, issuer_entry(boxtel, dids=["did:key:zNiets"]))
