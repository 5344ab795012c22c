"""Client identifiers: OpenID4VP 1.0 section 5.9."""

import pytest

from tests.vckit.participants import NOW, issuer_entry, participant, scheme, verifier_entry
from vckit import x509
from vckit.errors import MalformedValueError, UntrustedIssuerError, VerificationError
from vckit.keys import PrivateKey
from vckit.openid4vp import client_id
from vckit.openid4vp.client_id import Judges


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
        "verifier_attestation:a.example",
        "https://a.example",
        "did:web:a.example",
    ],
)
def test_H04_other_prefixes_are_refused(given):
    with pytest.raises(MalformedValueError):
        client_id.split(given)


def test_a_signer_is_found_by_the_hash_of_its_leaf(counsellor, known):
    prefix, identifier = client_id.split(client_id.x509_hash_client_id(counsellor.leaf))
    header = {"x5c": counsellor.x5c}
    judges = Judges(lambda chain: known.verifier(chain, NOW))
    found = prefix.resolve(identifier, header, judges)
    assert found.organisation.name == "Schuldhulp Proef"
    assert found.key == counsellor.key.public_key


def test_H10_a_strange_certificate_is_no_signer(counsellor, known):
    stranger = participant("https://vreemd.example")
    prefix, identifier = client_id.split(client_id.x509_hash_client_id(counsellor.leaf))

    judges = Judges(lambda chain: known.verifier(chain, NOW))
    with pytest.raises(UntrustedIssuerError):
        prefix.resolve(identifier, {"x5c": stranger.x5c}, judges)
    with pytest.raises(UntrustedIssuerError):
        prefix.resolve(x509.digest(stranger.leaf), {"x5c": stranger.x5c}, judges)
    with pytest.raises(VerificationError):
        prefix.resolve(identifier, {}, judges)


def test_an_issuer_of_the_scheme_is_not_a_verifier(counsellor):
    boxtel = participant("https://boxtel.example")
    found = scheme(PrivateKey.generate("ES256"), issuer_entry(boxtel), verifier_entry(counsellor))
    prefix, identifier = client_id.split(client_id.x509_hash_client_id(boxtel.leaf))
    with pytest.raises(UntrustedIssuerError):
        prefix.resolve(identifier, {"x5c": boxtel.x5c}, Judges(lambda c: found.verifier(c, NOW)))


DID = "did:web:schuldhulp.example"


class Resolving:
    """A wallet's DID resolution; it writes down what it was asked."""

    def __init__(self, counsellor):
        self.found = client_id.Verifier(None, counsellor.key.public_key)
        self.asked = []

    def __call__(self, did, did_url):
        self.asked.append((did, did_url))
        return self.found


def test_a_signer_is_found_by_its_did(counsellor, known):
    prefix, identifier = client_id.split(client_id.decentralized_identifier_client_id(DID))
    assert identifier == DID
    resolving = Resolving(counsellor)
    judges = Judges(lambda chain: known.verifier(chain, NOW), resolving)
    assert prefix.resolve(identifier, {"kid": f"{DID}#key-1"}, judges) == resolving.found
    assert resolving.asked == [(DID, f"{DID}#key-1")]


@pytest.mark.parametrize(
    "kid",
    [
        None,
        1,
        "",
        "#key-1",
        "key-1",
        DID,
        f"{DID}.evil.example#key-1",
        f"{DID}:else#key-1",
        "did:web:evil.example#key-1",
        f"DID{DID[3:]}#key-1",
    ],
)
def test_J07_a_key_of_another_did_or_without_its_whole_url_is_not_looked_for(counsellor, kid):
    prefix, identifier = client_id.split(client_id.decentralized_identifier_client_id(DID))
    resolving = Resolving(counsellor)
    with pytest.raises(UntrustedIssuerError):
        prefix.resolve(identifier, {"kid": kid}, Judges(lambda _: None, resolving))
    assert resolving.asked == []


def test_without_resolution_no_did_is_a_signer():
    prefix, identifier = client_id.split(client_id.decentralized_identifier_client_id(DID))
    with pytest.raises(UntrustedIssuerError):
        prefix.resolve(identifier, {"kid": f"{DID}#key-1"}, Judges(lambda _: None))


def judges(known):
    return Judges(lambda chain: known.verifier(chain, NOW))


def test_a_signer_is_found_by_a_host_of_its_leaf(counsellor, known):
    name = client_id.x509_san_dns_client_id(counsellor.leaf, "schuldhulp.example")
    prefix, identifier = client_id.split(name)
    found = prefix.resolve(identifier, {"x5c": counsellor.x5c}, judges(known))
    assert (found.organisation.name, found.key) == ("Schuldhulp Proef", counsellor.key.public_key)
    with pytest.raises(MalformedValueError):
        client_id.x509_san_dns_client_id(counsellor.leaf, "vreemd.example")


@pytest.mark.parametrize("host", ["vreemd.example", "a.schuldhulp.example", "SCHULDHULP.EXAMPLE"])
def test_H04_a_host_that_the_leaf_does_not_name_is_no_signer(counsellor, known, host):
    prefix, identifier = client_id.split(f"x509_san_dns:{host}")
    with pytest.raises(UntrustedIssuerError):
        prefix.resolve(identifier, {"x5c": counsellor.x5c}, judges(known))


def test_H04_no_wildcard_stands_for_a_host(known):
    wild = participant("https://*.example")
    prefix, identifier = client_id.split("x509_san_dns:*.example")
    with pytest.raises(UntrustedIssuerError):
        prefix.resolve(identifier, {"x5c": wild.x5c}, judges(known))
