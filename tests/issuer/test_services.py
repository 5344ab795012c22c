"""What is checked before an organisation may serve (T05, T16, O08, O17)."""

import pytest

from issuer import setup
from issuer.configurations.pen import require_private
from issuer.services import open_services
from tests.issuer import town as towns
from vckit.errors import ConfigurationError, KitError
from vckit.keys import PrivateKey


def opened(town):
    return open_services(town.config, town.clock.now, lambda _error: None)


def test_a_right_organisation_opens(town):
    services = opened(town)
    assert services.certification is not None
    assert services.issuance.workshop.letterhead.vct == f"{towns.URL}/vct/schuldenopgave/1"
    assert services.issuance.workshop.letterhead.vct_integrity.startswith("sha256-")


def test_without_a_seal_there_are_no_documents(town):
    settings = town.config_path.read_text("utf-8")
    start = settings.index("[document]")
    town.config_path.write_text(settings[:start] + settings[settings.index("[scheme]") :], "utf-8")
    assert opened(town).certification is None


def test_T05_without_a_scheme_of_the_operator_nothing_starts(town):
    towns.resign(town)
    path = town.folder / "scheme.json"
    scheme = path.read_bytes()
    for spoiled in (b"", scheme[:-10], scheme.replace(b'"signatures"', b'"x"')):
        path.write_bytes(spoiled)
        with pytest.raises(ConfigurationError):
            opened(town)
    path.unlink()
    with pytest.raises(ConfigurationError, match="unreadable"):
        opened(town)
    path.write_bytes(scheme)
    assert opened(town)


def test_T05_with_the_last_good_scheme_it_goes_on_whatever_is_offered(town, capsys):
    good = opened(town).scheme
    (town.folder / "scheme.json").write_bytes(b"[]")
    services = opened(town)
    assert services.scheme == good
    assert services.schemes.trouble.reason == "unsigned"
    assert '"event": "scheme_refused"' in capsys.readouterr().err


def test_T05_an_expired_scheme_stops_the_start(town):
    until = town.clock.now + 10 * towns.DAY
    towns.resign(town, members={"exp": until})
    town.clock.now = until
    with pytest.raises(ConfigurationError, match="expired"):
        opened(town)


def test_T05_who_starts_a_service_needs_a_scheme_that_has_not_ended(town):
    """A worker of one that runs goes on for the grace; to start with is another thing."""
    until = town.clock.now + 10 * towns.DAY
    towns.resign(town, members={"exp": until})
    setup.check(town.config, town.clock.now)
    town.clock.now = until + towns.DAY
    assert opened(town).schemes.trouble.reason == "expired"
    with pytest.raises(ConfigurationError, match="expired"):
        setup.check(town.config, town.clock.now)
    town.clock.now = until + 7 * towns.DAY
    with pytest.raises(ConfigurationError, match="expired"):
        opened(town)


def test_T16_a_key_that_the_scheme_does_not_trust_signs_nothing(town):
    towns.resign(town, certificaten=["A" * 43])
    with pytest.raises(ConfigurationError, match="does not trust"):
        opened(town)
    towns.resign(town)
    assert opened(town)


def test_the_name_in_the_settings_is_that_of_the_scheme(town):
    settings = town.config_path.read_text("utf-8")
    town.config_path.write_text(settings.replace("Gemeente Proef", "Gemeente Anders"), "utf-8")
    with pytest.raises(ConfigurationError, match="differs from the scheme"):
        opened(town)


@pytest.mark.parametrize(
    "name", ["credential.pem", "database.key", "index.key", "seal.pem", "credential-ed25519.pem"]
)
def test_O17_a_key_that_others_can_read_is_refused(town, name):
    path = town.folder / "keys" / name
    path.chmod(0o640)
    with pytest.raises(ConfigurationError, match="0600"):
        opened(town)
    path.chmod(0o600)
    assert opened(town)


@pytest.mark.parametrize("name", ["credential", "seal"])
def test_O17_a_key_of_another_certificate_is_refused(town, name):
    path = town.folder / "keys" / f"{name}.pem"
    path.write_bytes(PrivateKey.generate("ES256").to_pem())
    with pytest.raises(ConfigurationError, match="is not the key of"):
        opened(town)


def test_O17_an_absent_or_truncated_key_is_refused(town):
    path = town.folder / "keys" / "credential.pem"
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(KitError):
        opened(town)
    path.unlink()
    with pytest.raises(ConfigurationError):
        opened(town)


def test_O08_an_absent_database_is_never_made_anew(town):
    (town.folder / "issuer.sqlite").unlink()
    with pytest.raises(ConfigurationError, match="database"):
        opened(town)
    assert not (town.folder / "issuer.sqlite").exists()


def test_a_broken_chain_is_refused(town):
    (town.folder / "keys" / "credential-chain.pem").write_bytes(b"geen certificaat")
    with pytest.raises(ConfigurationError, match=r"credentials\.chain"):
        opened(town)


def test_an_app_does_not_start_without_the_secret_of_the_log_in(town):
    assert town.app()
    (town.folder / "keys" / "login-secret").unlink()
    with pytest.raises(ConfigurationError, match="client_secret_file"):
        town.app()


def test_keys_that_live_elsewhere_are_not_made_here(town):
    settings = town.config_path.read_text("utf-8")
    elsewhere = settings.replace("file:keys/seal.pem", "pkcs11:token=zegel")
    town.config_path.write_text(elsewhere, "utf-8")
    for name in ("issuer.sqlite", "keys/index.key"):
        (town.folder / name).unlink()
    assert setup.initialise(town.config) == ["index_key", "database"]


def test_a_folder_that_cannot_hold_a_key_is_told(town):
    settings = town.config_path.read_text("utf-8")

    spoiled = settings.replace('"keys/index.key"', '"/proc/index.key"')
    town.config_path.write_text(spoiled, "utf-8")
    (town.folder / "issuer.sqlite").unlink()
    with pytest.raises(ConfigurationError, match="index_key"):
        setup.initialise(town.config)


def test_without_w3c_nothing_needs_a_did(town):
    without(town)
    towns.resign(town, dids=[])
    services = opened(town)
    assert list(services.publication.forms) == ["token"]
    assert list(services.issuance.configurations) == ["schuldenopgave_sd_jwt"]
    client = town.app().test_client()
    assert client.get("/.well-known/did.json").status_code == 404
    document = client.get("/.well-known/openid-credential-issuer").json
    assert list(document["credential_configurations_supported"]) == ["schuldenopgave_sd_jwt"]


def without(town):
    settings = town.config_path.read_text("utf-8")
    start, end = settings.index("[w3c]"), settings.index("[document]")
    town.config_path.write_text(settings[:start] + settings[end:], "utf-8")


@pytest.mark.parametrize("dids", [[], ["did:web:localhost%3A80"], ["did:web:localhost:x"]])
def test_a_did_that_the_scheme_lacks_stops_the_start(town, dids):
    towns.resign(town, dids=dids)
    with pytest.raises(ConfigurationError, match=r"lacks the DID .*: did:web:localhost$"):
        opened(town)
    towns.resign(town)
    assert opened(town)


def test_another_context_on_the_scheme_than_ours_stops_the_start(town):
    towns.resign(town, context="B" * 43)
    with pytest.raises(ConfigurationError, match="another context"):
        opened(town)


def test_the_second_key_is_an_ed25519_key(town):
    path = town.folder / "keys" / "credential-ed25519.pem"
    path.write_bytes(PrivateKey.generate("ES256").to_pem())
    with pytest.raises(ConfigurationError, match=r"w3c\.signer is no Ed25519"):
        opened(town)
    path.unlink()
    with pytest.raises(ConfigurationError, match=r"w3c\.signer"):
        opened(town)


def test_the_second_key_is_made_where_it_is_absent(town):
    for name in ("issuer.sqlite", "keys/credential-ed25519.pem"):
        (town.folder / name).unlink()
    assert setup.initialise(town.config) == ["w3c.signer", "database"]
    assert town.key("credential-ed25519").algorithm == "EdDSA"


def test_a_key_that_is_no_file_makes_no_legacy_form():
    class Elsewhere:
        algorithm = "EdDSA"

    with pytest.raises(ConfigurationError, match="legacy_vc11"):
        require_private(Elsewhere())


def test_a_newer_scheme_holds_while_the_service_runs(town):
    operator = towns.resign(town)
    app = town.app()
    client = app.test_client()
    path = "/.well-known/openid-credential-issuer"
    assert "/vct/schuldenopgave/1" in client.get(path).text
    base = "https://later.example"
    later = {"versie": 2, "vct": [{"url": f"{base}/vct/schuldenopgave/1", "sha256": "00"}]}
    towns.resign(town, members=later, operator=operator)
    assert base not in client.get(path).text
    town.clock.now += town.config.scheme.reload_seconds
    assert f"{base}/vct/schuldenopgave/1" in client.get(path).text


def test_T05_a_scheme_that_ended_is_used_for_the_grace_and_then_nothing_is_given(town):
    operator = towns.resign(town, members={"exp": town.clock.now + 3_600})
    client = town.app().test_client()
    town.clock.now += 3_600
    assert client.get("/readyz").json == {"status": "ok", "scheme": "refused"}
    assert client.post("/nonce").status_code == 200
    town.clock.now += 7 * towns.DAY
    for path in ("/readyz", "/"):
        assert client.get(path).status_code == 503
    assert client.post("/nonce").json == {"error": "temporarily_unavailable"}
    assert client.get("/healthz").status_code == 200
    assert client.get("/regeling").status_code == 200
    newer = {"versie": 2, "exp": town.clock.now + towns.DAY, "iat": town.clock.now}
    towns.resign(town, members=newer, operator=operator)
    town.clock.now += 60
    assert client.get("/readyz").json == {"status": "ok"}
    assert client.post("/nonce").status_code == 200


def test_a_scheme_without_us_is_an_alarm_and_no_reason_to_trust_the_one_before(town):
    operator = towns.resign(town)
    client = town.app().test_client()
    towns.resign(town, members={"versie": 2}, operator=operator, dids=["did:web:elders.example"])
    town.clock.now += 60
    assert client.get("/readyz").json == {"status": "ok", "scheme": "refused"}
    page = client.get("/regeling").text
    assert "Gemeente Proef" in page
    assert "beheerder" in page
    assert "staat niet goed op de lijst" not in page
