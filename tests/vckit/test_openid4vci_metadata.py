"""Credential issuer metadata: OpenID4VCI 1.0 section 12.2, and what wallets were seen to need."""

import json

import pytest

from vckit.errors import MalformedValueError, ParsingError
from vckit.openid4vci import metadata

ISSUER = "https://boxtel.example/uitgever"
CONFIGURATION = metadata.credential_configuration(
    "dc+sd-jwt",
    {"vct": "https://stelsel.example/vct/schuldenopgave/1"},
    scope="schuldenopgave",
    display=[{"name": "Schuldenopgave", "locale": "nl"}],
    claims=[{"path": ["vorderingen"]}],
)
DISPLAY = [{"locale": "en", "name": "Boxtel"}, {"locale": "nl-NL", "name": "Gemeente Boxtel"}]


def published(**members):
    made = metadata.credential_issuer_metadata(ISSUER, {"opgave": CONFIGURATION}, DISPLAY)
    return json.dumps({**made, **members}).encode()


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("https://b.example", "https://b.example/.well-known/openid-credential-issuer"),
        ("https://b.example/", "https://b.example/.well-known/openid-credential-issuer"),
        (
            "http://localhost:8101/a/b",
            "http://localhost:8101/.well-known/openid-credential-issuer/a/b",
        ),
    ],
)
def test_the_well_known_part_goes_between_host_and_path(issuer, url):
    assert metadata.well_known_url(issuer) == url
    server = metadata.well_known_url(issuer, metadata.AUTHORIZATION_SERVER)
    assert server == url.replace("openid-credential-issuer", "oauth-authorization-server")


def test_a_configuration_has_what_wallets_need():
    assert CONFIGURATION["format"] == "dc+sd-jwt"
    assert CONFIGURATION["vct"].endswith("/schuldenopgave/1")
    assert CONFIGURATION["scope"] == "schuldenopgave"
    assert CONFIGURATION["cryptographic_binding_methods_supported"] == ["jwk", "did:key", "did:jwk"]
    proofs = CONFIGURATION["proof_types_supported"]
    algorithms = ["ES256", "EdDSA", "Ed25519"]
    assert proofs == {"jwt": {"proof_signing_alg_values_supported": algorithms}}
    assert set(CONFIGURATION["credential_metadata"]) == {"display", "claims"}


def test_metadata_has_absolute_endpoints_and_what_one_library_looks_for():
    made = json.loads(published())
    assert made["credential_issuer"] == made["issuer"] == ISSUER
    for name in ("credential", "nonce", "notification", "token"):
        assert made[f"{name}_endpoint"] == f"{ISSUER}/{name}"
    assert "batch_credential_issuance" not in made
    assert "authorization_servers" not in made


def test_batches_are_published_only_when_there_are_some():
    made = metadata.credential_issuer_metadata(ISSUER, {}, [], batch_size=10)
    assert made["batch_credential_issuance"] == {"batch_size": 10}
    assert "display" not in made
    assert metadata.parse_issuer(json.dumps(made).encode(), ISSUER).batch_size == 10


def test_a_wallet_reads_what_an_issuer_publishes():
    read = metadata.parse_issuer(published(later=1), ISSUER)
    assert read.credential_issuer == read.authorization_server == ISSUER
    assert read.credential_endpoint == f"{ISSUER}/credential"
    assert read.nonce_endpoint == f"{ISSUER}/nonce"
    assert read.notification_endpoint == f"{ISSUER}/notification"
    assert read.configurations["opgave"]["vct"] == CONFIGURATION["vct"]
    assert read.batch_size == 1


def test_the_shown_name_follows_the_locale_and_is_never_made_up():
    read = metadata.parse_issuer(published(), ISSUER)
    assert read.unverified_name() == "Gemeente Boxtel"
    assert read.unverified_name("en") == "Boxtel"
    assert read.unverified_name("fr") == "Boxtel"
    nameless = metadata.parse_issuer(published(display=[{"name": 1}]), ISSUER)
    assert nameless.unverified_name() is None


def test_another_authorization_server_and_missing_endpoints_are_read():
    made = json.loads(published(authorization_servers=["https://login.example"]))
    del made["nonce_endpoint"], made["notification_endpoint"]
    read = metadata.parse_issuer(json.dumps(made).encode(), ISSUER)
    assert read.authorization_server == "https://login.example"
    assert read.nonce_endpoint is None
    assert read.notification_endpoint is None


@pytest.mark.parametrize(
    "members",
    [
        {"credential_issuer": f"{ISSUER}/"},
        {"credential_issuer": "https://boxtel.example/Uitgever"},
        {"credential_issuer": None},
        {"credential_endpoint": None},
        {"credential_endpoint": "javascript:1"},
        {"nonce_endpoint": "x"},
        {"authorization_servers": []},
        {"authorization_servers": ["file:///x"]},
        {"credential_configurations_supported": []},
        {"credential_configurations_supported": {"a": {}}},
        {"batch_credential_issuance": {"batch_size": 1}},
    ],
)
def test_H02_metadata_of_another_issuer_or_shape_is_not_used(members):
    with pytest.raises(MalformedValueError):
        metadata.parse_issuer(published(**members), ISSUER)


def test_metadata_that_is_no_object_is_not_used():
    with pytest.raises(ParsingError):
        metadata.parse_issuer(b"[]", ISSUER)


def test_w3c_credentials_are_described_by_their_types():
    types, contexts = ["VerifiableCredential", "Schuldenopgave"], ["https://a.example", {"a": "b"}]
    assert metadata.credential_definition(types) == {"credential_definition": {"type": types}}
    with_context = metadata.credential_definition(types, contexts)
    assert with_context == {"credential_definition": {"@context": contexts, "type": types}}
    described = metadata.credential_configuration(
        "ldp_vc",
        with_context,
        scope="schuldenopgave_ldp",
        signing_algorithms=["eddsa-rdfc-2022"],
        proof_algorithms=["ES256"],
    )
    assert described["credential_definition"]["type"] == types
    assert described["credential_signing_alg_values_supported"] == ["eddsa-rdfc-2022"]
    proofs = described["proof_types_supported"]
    assert proofs == {"jwt": {"proof_signing_alg_values_supported": ["ES256"]}}
