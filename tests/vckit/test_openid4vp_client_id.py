"""Client identifiers: OpenID4VP 1.0 section 5.9."""

import pytest

from tests.vckit.participants import NOW, issuer_entry, participant, scheme, verifier_entry
from vckit import x509
from vckit.errors import MalformedValueError, UntrustedIssuerError, VerificationError
from vckit.keys import PrivateKey
from vckit.openid4vp import client_id


@pytest.fixture(scope="module")
def counsellor():
    return participant("https://schuldhulp.example")


@pytest.fixture(scope="module")
def known(counsellor):
    operator = PrivateKey.generate("ES256")
    return scheme(operator, verifier_entry(counsellor))


def test_an_identifier_is_written_with_its_prefix(counsellor):
    written = client_id.x509_hash_client_id(counsellor.leaf)
    assert written == f"x509_hash:{x509.digest(counsellor.leaf)}"
    assert client_id.redirect_uri_client_id("https://a.example/b") == (
        "redirect_uri:https://a.example/b"
    )


def test_the_prefix_ends_at_the_first_colon():
    prefix, identifier = client_id.split("redirect_uri:https://a.example:8443/b")
    assert prefix.resolve is None
    assert identifier == "https://a.example:8443/b"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "schuldhulp",
        "x509_hash",
        "x509_hash:",
        ":abc",
        "origin:https://a.example",
        "X509_HASH:abc",
        "x509_san_dns:a.example",
        "https://a.example",
        "decentralized_identifier:did:web:a.example",
    ],
)
def test_H04_other_prefixes_are_refused(given):
    with pytest.raises(MalformedValueError):
        client_id.split(given)


def test_a_signer_is_found_by_the_hash_of_its_leaf(counsellor, known):
    prefix, identifier = client_id.split(client_id.x509_hash_client_id(counsellor.leaf))
    header = {"x5c": counsellor.x5c}
    found = prefix.resolve(identifier, header, lambda chain: known.verifier(chain, NOW))
    assert found.organisation.name == "Schuldhulp Proef"
    assert found.key == counsellor.key.public_key


def test_H10_a_strange_certificate_is_no_signer(counsellor, known):
    stranger = participant("https://vreemd.example")
    prefix, identifier = client_id.split(client_id.x509_hash_client_id(counsellor.leaf))

    def trust(chain):
        return known.verifier(chain, NOW)

    with pytest.raises(UntrustedIssuerError):
        prefix.resolve(identifier, {"x5c": stranger.x5c}, trust)
    with pytest.raises(UntrustedIssuerError):
        prefix.resolve(x509.digest(stranger.leaf), {"x5c": stranger.x5c}, trust)
    with pytest.raises(VerificationError):
        prefix.resolve(identifier, {}, trust)


def test_an_issuer_of_the_scheme_is_not_a_verifier(counsellor):
    boxtel = participant("https://boxtel.example")
    found = scheme(PrivateKey.generate("ES256"), issuer_entry(boxtel), verifier_entry(counsellor))
    prefix, identifier = client_id.split(client_id.x509_hash_client_id(boxtel.leaf))
    with pytest.raises(UntrustedIssuerError):
        prefix.resolve(identifier, {"x5c": boxtel.x5c}, lambda chain: found.verifier(chain, NOW))
