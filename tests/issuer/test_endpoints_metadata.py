"""What the issuer publishes about itself and its words."""

import json

import pytest

import contexts
from tests.issuer.town import URL
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
