"""The settings: every key known, wrong ones named without their value, no demo in production."""

import pytest

from issuer import application, create_app
from issuer.config import CONFIG_VARIABLE, load
from tests.issuer.town import SETTINGS
from vckit.errors import ConfigurationError

PRODUCTION = (
    SETTINGS.replace("demo = true\n", 'listen = "127.0.0.1:8000"\n')
    .replace('insecure_origins = ["http://localhost:8100"]\n', "")
    .replace('base_url = "http://localhost"', 'base_url = "https://proef.example"')
    .replace('issuer = "http://localhost:8100"', 'issuer = "https://inloggen.example"')
)


@pytest.fixture
def settings(tmp_path):
    def write(text):
        path = tmp_path / "issuer.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_paths_are_beside_the_file(settings):
    path = settings(SETTINGS)
    config = load(path)
    assert config.database == path.parent / "issuer.sqlite"
    assert config.credentials.signer == f"file:{path.parent}/keys/credential.pem"
    assert config.sources[0].dialect == path.parent / "heffingen.toml"


def test_what_is_not_set_has_its_default(settings):
    config = load(settings(SETTINGS))
    assert (config.credentials.days, config.document.days) == (30, 365)
    assert (config.status.ttl_seconds, config.status.expires_seconds) == (900, 86_400)
    assert (config.workers, config.scheme.threshold) == (2, 1)
    assert config.credentials.bsn_legal_basis is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (SETTINGS + 'kleur = "geheim-blauw"\n', "sources.0.kleur"),
        ('kleur = "geheim-blauw"\n' + SETTINGS, "kleur"),
        (SETTINGS.replace("[desk]", '[desk]\ndeur = "geheim-open"'), "desk.deur"),
        (SETTINGS.replace('oin = "00000001001234567000"', 'oin = "geheim-1"'), "organisation.oin"),
        (SETTINGS.replace('minimum_acr = "hoog"\n', ""), "login.minimum_acr"),
        (SETTINGS.replace("file:keys/seal.pem", "geheim-pad"), "document.signer"),
        (SETTINGS.replace("[credentials]", '[credentials]\ndays = "geheim"'), "credentials.days"),
        (SETTINGS.replace('"http://localhost"', '"http://geheim/"'), "base_url"),
    ],
)
def test_a_wrong_key_is_named_and_its_value_is_not(settings, text, named):
    with pytest.raises(ConfigurationError, match=rf"(wrong: |; ){named}:") as caught:
        load(settings(text))
    assert "geheim" not in str(caught.value).lower().replace(named, "")


def test_one_code_names_one_source(settings):
    again = SETTINGS + '[[sources]]\ncode = "heffingen"\nname = "Nog eens"\n'
    with pytest.raises(ConfigurationError, match="same code"):
        load(settings(again))


def test_a_list_outlives_its_cache(settings):
    short = SETTINGS.replace("[[wallets]]", "[status]\nexpires_seconds = 1000\n[[wallets]]")
    with pytest.raises(ConfigurationError, match="twice ttl_seconds"):
        load(settings(short))


def test_a_production_file_holds(settings):
    config = load(settings(PRODUCTION))
    assert not config.demo
    assert config.address == "127.0.0.1:8000"


@pytest.mark.parametrize(
    ("leftover", "named"),
    [
        (
            PRODUCTION.replace("database = ", 'insecure_origins = ["http://x"]\ndatabase = ', 1),
            "insecure_origins",
        ),
        (PRODUCTION.replace("https://proef.example", "http://proef.example"), "base_url"),
        (PRODUCTION.replace("https://inloggen.example", "http://inloggen.example"), "login.issuer"),
        (PRODUCTION.replace('listen = "127.0.0.1:8000"\n', ""), "listen"),
    ],
)
def test_T13_production_refuses_what_is_left_of_the_demo(settings, leftover, named):
    with pytest.raises(ConfigurationError, match=named):
        load(settings(leftover))


def test_a_server_starts_from_the_environment(town, monkeypatch):
    monkeypatch.setattr("time.time", lambda: float(town.clock.now))
    monkeypatch.setenv(CONFIG_VARIABLE, str(town.config_path))
    assert application().test_client().get("/healthz").status_code == 200
    monkeypatch.delenv(CONFIG_VARIABLE)
    with pytest.raises(ConfigurationError, match=CONFIG_VARIABLE):
        application()


def test_two_organisations_run_in_one_process(town, built_town, tmp_path):
    import shutil

    from tests.issuer.town import Town

    shutil.copytree(built_town, tmp_path / "buur")
    neighbour = Town(tmp_path / "buur")
    neighbour.deliver("")
    apps = [create_app(one.config, clock=one.clock) for one in (town, neighbour)]
    assert apps[0].session_interface is not apps[1].session_interface
    assert {app.test_client().get("/readyz").status_code for app in apps} == {200}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('address = "https://a.example/x"\nfolder = "drop"', "not both"),
        ('secret_file = "keys/source"', "secret_file belongs to an address"),
        ('address = "postgresql+psycopg://lezer:geheim@db.example/x"', "belongs in secret_file"),
        ('address = "https://a.example/x?api_key=geheim"', "belongs in secret_file"),
        ('address = "https://a.example/x?a=1&Token=geheim"', "belongs in secret_file"),
        ('address = "geen adres"', "sources.0.address"),
        ('folder = "drop"\nevery_days = 0', "sources.0.every_days"),
    ],
)
def test_where_a_source_is_tells_no_secret(settings, more, message):
    with pytest.raises(ConfigurationError, match=message) as wrong:
        load(settings(f"{SETTINGS.rstrip()}\n{more}\n"))
    assert "geheim" not in str(wrong.value)


def test_a_source_without_https_is_for_the_demo_only(settings):
    asked = 'address = "http://a.example/x"\n'
    assert load(settings(f"{SETTINGS.rstrip()}\n{asked}")).sources[0].address
    with pytest.raises(ConfigurationError, match="https outside the demo"):
        load(settings(f"{PRODUCTION.rstrip()}\n{asked}"))
    assert load(settings(f"{PRODUCTION.rstrip()}\n{asked.replace('http:', 'https:')}"))


@pytest.mark.parametrize(("mode", "content"), [(0o644, b"geheim"), (0o600, b""), (0o600, b"a\nb")])
def test_a_secret_is_one_private_line(settings, mode, content):
    asked = 'address = "https://a.example/x"\nsecret_file = "secret"\n'
    path = settings(f"{SETTINGS.rstrip()}\n{asked}")
    [source] = load(path).sources
    secret = path.with_name("secret")
    secret.touch(0o600)
    secret.write_bytes(b" geheim woord \n")
    assert source.secret() == "geheim woord"
    secret.chmod(mode)
    secret.write_bytes(content)
    with pytest.raises(ConfigurationError, match="secret_file of source heffingen"):
        source.secret()
