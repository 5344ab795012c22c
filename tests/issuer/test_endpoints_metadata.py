"""What the issuer publishes about itself and its words."""

import json

import pytest

import contexts
from tests.issuer.town import DID, URL
from vckit import did
from vckit.errors import InvalidRelationshipError
from vckit.oauth import parse_authorization_server
from vckit.openid4vci import metadata


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_wallet_reads_the_metadata(client, slash):
    answer = client.get(f"/.well-known/openid-credential-issuer{slash}")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    read = metadata.parse_issuer(answer.data, URL)
    assert read.credential_endpoint == f"{URL}/credential"
    assert read.nonce_endpoint == f"{URL}/nonce"
    assert read.notification_endpoint == f"{URL}/notification"
    assert read.unverified_name() == "Gemeente Proef"
    assert read.batch_size == 10
    offered = read.configurations["schuldenopgave_sd_jwt"]
    assert offered["format"] == "dc+sd-jwt"
    assert offered["vct"] == f"{URL}/vct/schuldenopgave/1"
    assert offered["cryptographic_binding_methods_supported"] == ["jwk"]


def test_every_term_is_shown_in_two_languages(client):
    document = client.get("/.well-known/openid-credential-issuer").json
    described = document["credential_configurations_supported"]["schuldenopgave_sd_jwt"]
    shown = described["credential_metadata"]
    for entry in [shown, *shown["claims"]]:
        assert {one["locale"][:2] for one in entry["display"]} == {"nl", "en"}
        assert all(one["name"] for one in entry["display"])


def configurations(client):
    document = client.get("/.well-known/openid-credential-issuer").json
    return document["credential_configurations_supported"]


TYPES = ["VerifiableCredential", "Schuldenopgave"]
V1, V2 = "https://www.w3.org/2018/credentials/v1", "https://www.w3.org/ns/credentials/v2"
W3C = {
    "schuldenopgave_ldp_eddsa": ("ldp_vc", [V2, f"{URL}/contexts/v1"], "eddsa-rdfc-2022"),
    "schuldenopgave_ldp_ecdsa": ("ldp_vc", [V2, f"{URL}/contexts/v1"], "ecdsa-rdfc-2019"),
    "schuldenopgave_jwt_vc": ("jwt_vc_json", None, "ES256"),
    "schuldenopgave_vc_jwt": ("vc+jwt", None, "ES256"),
    "schuldenopgave_vc11": (
        "ldp_vc",
        [V1, "https://w3id.org/security/suites/ed25519-2020/v1"],
        "Ed25519Signature2020",
    ),
}


@pytest.mark.parametrize("name", W3C)
def test_a_wallet_reads_what_each_w3c_format_is(client, name):
    named_format, contexts_of, proof = W3C[name]
    described = configurations(client)[name]
    assert described["format"] == named_format
    definition = {"type": TYPES}
    if contexts_of is not None:
        definition["@context"] = contexts_of
    assert described["credential_definition"] == definition
    assert described["credential_signing_alg_values_supported"] == [proof]
    assert described["cryptographic_binding_methods_supported"] == ["did:key", "did:jwk"]
    proofs = described["proof_types_supported"]["jwt"]["proof_signing_alg_values_supported"]
    assert {"ES256", "EdDSA"} <= set(proofs)


def test_HAIP_every_credential_has_a_scope_of_its_own(client):
    described = configurations(client)
    assert list(described) == ["schuldenopgave_sd_jwt", *W3C]
    assert len({one["scope"] for one in described.values()}) == len(described)


@pytest.mark.parametrize("name", W3C)
def test_the_terms_of_a_w3c_format_stand_in_the_subject_and_none_is_withheld_there(client, name):
    paths = [one["path"] for one in configurations(client)[name]["credential_metadata"]["claims"]]
    assert ["credentialSubject", "totaal_openstaand"] in paths
    assert {path[0] for path in paths} == {"credentialSubject"}
    told = {step for path in paths for step in path}
    assert told.isdisjoint({"bsn", "inlichtingenplicht", "vernieuwing_uri"})


def test_the_did_document_tells_two_keys_and_the_older_form_of_one(town, client):
    answer = client.get("/.well-known/did.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/did+json")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    read = did.parse_document(answer.data, DID)
    edwards, p256 = town.key("credential-ed25519").public, town.key("credential").public
    keys = {
        f"{DID}#{edwards.thumbprint()}": ("Multikey", edwards),
        f"{DID}#{p256.thumbprint()}": ("Multikey", p256),
        f"{DID}#{edwards.thumbprint()}-2020": ("Ed25519VerificationKey2020", edwards),
    }
    assert {url: method["type"] for url, method in read.methods.items()} == {
        url: kind for url, (kind, _) in keys.items()
    }
    for url, (_, key) in keys.items():
        assert read.key(url, "assertionMethod", now=town.clock.now) == key
        with pytest.raises(InvalidRelationshipError):
            read.key(url, "authentication", now=town.clock.now)


def test_the_issuer_is_its_own_authorization_server(client):
    answer = client.get("/.well-known/oauth-authorization-server")
    assert parse_authorization_server(answer.data, URL).token_endpoint == f"{URL}/token"


def test_P31_metadata_stands_in_no_other_place(client):
    assert client.get("/proef/.well-known/openid-credential-issuer").status_code == 404


def test_the_words_are_served_byte_for_byte(client):
    served = {
        "/contexts/v1": ("application/ld+json", contexts.own("context/v1")),
        "/schemas/schuldenopgave/1": (
            "application/schema+json",
            contexts.own("schemas/schuldenopgave/1"),
        ),
        "/vct/schuldenopgave/1": (
            "application/json",
            contexts.type_metadata("schuldenopgave/1", URL),
        ),
    }
    for path, (media_type, content) in served.items():
        answer = client.get(path)
        assert (answer.mimetype, answer.data) == (media_type, content)
        assert answer.headers["Cache-Control"].startswith("public")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert json.loads(served["/vct/schuldenopgave/1"][1])["vct"] == f"{URL}/vct/schuldenopgave/1"


@pytest.mark.parametrize("path", ["/schemas/x/1", "/vct/x/1", "/vct/schuldenopgave/2"])
def test_other_words_are_not_known(client, path):
    assert client.get(path).status_code == 404


def test_health_tells_nothing_but_itself(client):
    for path in ("/healthz", "/readyz"):
        answer = client.get(path)
        assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_O08_readiness_ends_when_the_database_is_gone(town, client):
    assert client.get("/readyz").status_code == 200
    (town.folder / "issuer.sqlite").unlink()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
