"""Settings: every key known, wrong ones named, nothing of the demo in production."""

import pytest

from tests.vckit import participants
from tests.verifier.world import TOML
from vckit import trust
from vckit.errors import ConfigurationError
from vckit.keys import PrivateKey
from verifier import application, create_app
from verifier.config import load
from verifier.installation import initialise, judge


def written(tmp_path, text):
    path = tmp_path / "proef.toml"
    path.write_text(text, "utf-8")
    return path


def test_paths_are_beside_the_file(tmp_path):
    config = load(written(tmp_path, TOML))
    assert config.database == tmp_path / "verifier.sqlite"
    assert config.request.signer == f"file:{tmp_path / 'request.pem'}"
    assert config.address == "127.0.0.1:8110"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("stale", "stale"), None),
        (('name = "Schuldhulp Proef"', 'naam = "Schuldhulp Proef"'), "organisation.naam"),
        (('oin = "00000001009999999000"', 'oin = "1"'), "organisation.oin"),
        (('"https://schuldhulp.example"', '"https://schuldhulp.example/"'), "base_url"),
        (('"https://schuldhulp.example"', '"http://schuldhulp.example"'), "base_url"),
        (('issuer = "https://login', 'issuer = "http://login'), "login.issuer"),
        (('"file:request.pem"', '"request.pem"'), "request.signer"),
        (('database = "', 'insecure_origins = ["http://localhost:1"]\ndatabase = "'), "insecure"),
        (('listen = "127.0.0.1:8110"\n', ""), "listen"),
        (("max_age_seconds = 0", "max_age_seconds = -1"), "status.max_age_seconds"),
        (("[request]", '[request]\nclient_id = "did"'), "request.client_id"),
        (("[request]", '[request]\nformats = ["mso_mdoc"]'), "request.formats"),
        (("[request]", "[request]\nformats = []"), "request.formats"),
        (("[organisation]", "[organisation"), "TOML"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(tmp_path, change, named):
    path = written(tmp_path, TOML.replace(*change))
    if named is None:
        assert load(path)
        return
    with pytest.raises(ConfigurationError) as error:
        load(path)
    assert named in str(error.value)
    assert "schuldhulp.example" not in str(error.value)


def test_the_environment_names_the_file_for_gunicorn(monkeypatch):
    monkeypatch.delenv("BLAUWEKNOP_VERIFIER_CONFIG", raising=False)
    with pytest.raises(ConfigurationError):
        application()


def test_everything_is_judged_before_it_serves(world):
    list(initialise(world.config))
    assert list(judge(world.config, world.now))[-1] == "database: in order"


def test_without_a_database_it_does_not_start(world):
    with pytest.raises(ConfigurationError, match="database"):
        create_app(world.config, clock=world.clock)


@pytest.mark.parametrize("name", ["scheme.json", "operator.jwk.json", "chain.pem"])
@pytest.mark.parametrize("content", [None, b"onzin"], ids=["absent", "nonsense"])
def test_T05_without_a_good_scheme_or_chain_it_does_not_start(world, name, content):
    list(initialise(world.config))
    path = world.folder / name
    path.unlink()
    if content:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError):
        create_app(world.config, clock=world.clock)


def test_T05_a_scheme_of_another_operator_is_refused(world):
    list(initialise(world.config))
    path = world.folder / "scheme.json"
    other = PrivateKey.generate("EdDSA")
    asker = participants.verifier_entry(participants.participant("https://schuldhulp.example"))
    path.write_bytes(trust.sign_scheme(participants.scheme_payload(asker), [other]))
    with pytest.raises(ConfigurationError):
        create_app(world.config, clock=world.clock)


def test_T05_an_expired_scheme_is_refused(world):
    list(initialise(world.config))
    world.clock.now += 60 * 86_400
    with pytest.raises(ConfigurationError):
        create_app(world.config, clock=world.clock)


def test_O17_a_key_that_is_not_the_certificate_s_does_not_sign(world):
    list(initialise(world.config))
    (world.folder / "request.pem").write_bytes(PrivateKey.generate("ES256").to_pem())
    with pytest.raises(ConfigurationError, match=r"request\.chain"):
        create_app(world.config, clock=world.clock)


def test_O17_a_key_or_secret_that_others_can_read_is_refused(world):
    list(initialise(world.config))
    for name in ("request.pem", "login-secret", "database.key"):
        path = world.folder / name
        path.chmod(0o644)
        with pytest.raises(ConfigurationError):
            create_app(world.config, clock=world.clock)
        path.chmod(0o600)
    assert create_app(world.config, clock=world.clock)
