"""What the settings of all roles share: every key known, values never told, nothing of the demo."""

import pytest

from tests.vckit import participants
from vckit import strict_json, trust, x509
from vckit.adapters.settings import Service, SigningKey, chosen_file, load
from vckit.errors import ConfigurationError
from vckit.keys import PrivateKey

NOW = participants.NOW
DEMO = """
base_url = "http://localhost:8101"
demo = true
insecure_origins = ["http://localhost:8100"]
database = "proef.sqlite"
database_key = "keys/database.key"
[organisation]
name = "Gemeente Proef"
oin = "00000001001234567000"
[scheme]
file = "../scheme.json"
operator_keys = ["../operator.jwk.json"]
[login]
issuer = "http://localhost:8100"
client_id = "proef"
client_secret_file = "keys/login-secret"
"""
PRODUCTION = (
    DEMO.replace("demo = true\n", 'listen = "127.0.0.1:8000"\n')
    .replace('insecure_origins = ["http://localhost:8100"]\n', "")
    .replace("http://localhost:8101", "https://proef.example")
    .replace("http://localhost:8100", "https://inloggen.example")
)


@pytest.fixture
def folder(tmp_path):
    """A folder of one service, with its key, beside the scheme and its operator."""
    operator, asker = PrivateKey.generate("EdDSA"), participants.participant("https://a.example")
    payload = participants.scheme_payload(participants.verifier_entry(asker))
    (tmp_path / "scheme.json").write_bytes(trust.sign_scheme(payload, [operator]))
    public = strict_json.dumps(operator.public.to_jwk())
    (tmp_path / "operator.jwk.json").write_bytes(public)
    folder = tmp_path / "proef"
    folder.mkdir()
    (folder / "seal.pem").touch(mode=0o600)
    (folder / "seal.pem").write_bytes(asker.key.to_pem())
    (folder / "chain.pem").write_bytes(x509.to_pem(asker.chain))
    return folder


@pytest.fixture
def read(folder):
    def read(text, model=Service):
        path = folder / "proef.toml"
        path.write_text(text, "utf-8")
        return load(path, model)

    return read


@pytest.fixture
def key(read):
    return read('signer = "file:seal.pem"\nchain = "chain.pem"\n', SigningKey)


def test_paths_and_keys_are_beside_the_file(read, key, folder):
    service = read(DEMO)
    assert service.database == folder / "proef.sqlite"
    assert service.login.client_secret_file == folder / "keys/login-secret"
    assert service.scheme.operator_keys == (folder / "../operator.jwk.json",)
    assert key.signer == f"file:{folder / 'seal.pem'}"


def test_a_key_elsewhere_keeps_its_uri(read):
    text = 'signer = "pkcs11:token=zegel"\nchain = "chain.pem"\n'
    assert read(text, SigningKey).signer == "pkcs11:token=zegel"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('kleur = "geheim"\n' + DEMO, "kleur"),
        (DEMO + 'kleur = "geheim"\n', "login.kleur"),
        (DEMO.replace('"keys/database.key"', "5"), "database_key"),
        (DEMO.replace('database = "proef.sqlite"\n', ""), "database"),
        (DEMO.replace("00000001001234567000", "geheim"), "organisation.oin"),
        (DEMO.replace('["../operator.jwk.json"]', "[]"), "scheme.operator_keys"),
        (DEMO + "[scheme.geheim]\n", "scheme.geheim"),
        ('workers = "geheim"\n' + DEMO, "workers"),
        ('listen = "geheim"\n' + DEMO, "listen"),
        (DEMO.replace("localhost:8100", "geheim/"), "insecure_origins.0"),
    ],
)
def test_a_wrong_key_is_named_and_its_value_is_not(read, text, named):
    with pytest.raises(ConfigurationError, match=rf"(wrong: |; ){named}:") as caught:
        read(text)
    assert "geheim" not in str(caught.value).replace(named, "")


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost",
        "https://proef.example:8443",
        "https://xn--bcher-kva.example",
        "http://[::1]:81",
    ],
)
def test_an_origin_is_taken_as_it_stands(read, url):
    assert read(DEMO.replace("http://localhost:8101", url)).base_url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "proef.example",
        "ftp://proef.example",
        "https://proef.example/",
        "https://proef.example/pad",
        "https://proef.example?a",
        "https://proef.example#a",
        "https://PROEF.example",
        "https://a@proef.example",
        "https://proef.example:",
        "https://proef.example:65536",
        "https://proef.example\\n",
        "https://proef .example",
        "https://",
    ],
)
def test_what_is_not_exactly_an_origin_is_refused(read, url):
    with pytest.raises(ConfigurationError, match="wrong: base_url:"):
        read(DEMO.replace("http://localhost:8101", url))


@pytest.mark.parametrize("text", ["= geen toml", "\x00", DEMO + DEMO])
def test_a_file_that_is_no_toml_is_refused(read, text):
    with pytest.raises(ConfigurationError, match="no readable TOML"):
        read(text)


def test_the_place_where_a_file_breaks_is_told_and_what_stands_there_is_not(read):
    with pytest.raises(ConfigurationError, match="see line 2, column 15") as caught:
        read('kleur = "a"\ndeur = "geheim\n')
    assert "geheim" not in str(caught.value)


def test_an_absent_or_unreadable_file_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load(tmp_path / "geen.toml", Service)
    (tmp_path / "latin.toml").write_bytes(b'naam = "\xeb"')
    with pytest.raises(ConfigurationError, match="no readable TOML"):
        load(tmp_path / "latin.toml", Service)


def test_the_demo_listens_on_the_loopback_port_of_its_address(read):
    assert read(DEMO).address == "127.0.0.1:8101"
    assert read(DEMO.replace("localhost:8101", "localhost")).address == "127.0.0.1:80"
    assert read(DEMO.replace("http://localhost:8101", "https://a")).address == "127.0.0.1:443"


def test_a_production_file_holds(read):
    service = read(PRODUCTION)
    assert not service.demo
    assert service.address == "127.0.0.1:8000"


@pytest.mark.parametrize(
    ("leftover", "named"),
    [
        (PRODUCTION.replace("database = ", 'insecure_origins = ["http://x"]\ndatabase = ', 1),
         "insecure_origins"),
        (PRODUCTION.replace("https://proef.example", "http://proef.example"), "base_url"),
        (PRODUCTION.replace("https://inloggen.example", "http://inloggen.example"), "login.issuer"),
        (PRODUCTION.replace('listen = "127.0.0.1:8000"\n', ""), "listen"),
    ],
)  # fmt: skip
def test_T13_production_refuses_what_is_left_of_the_demo(read, leftover, named):
    with pytest.raises(ConfigurationError, match=named):
        read(leftover)


def test_the_scheme_is_read_and_verified(read):
    scheme = read(DEMO).scheme
    assert scheme.load(NOW).version == 3
    with pytest.raises(trust.SchemeError):
        scheme.load(NOW, minimum_version=4)


@pytest.mark.parametrize("name", ["scheme.json", "operator.jwk.json"])
@pytest.mark.parametrize("content", [None, b"onzin", b"{}"])
def test_T05_without_a_good_scheme_there_is_none(read, folder, name, content):
    path = folder.parent / name
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigurationError):
        read(DEMO).scheme.load(NOW)


def test_a_key_opens_with_its_chain(key):
    signer, chain = key.open("document")
    assert signer.public_key == x509.public_key(chain[0])


def test_O17_a_key_of_another_certificate_is_refused(key, folder):
    (folder / "seal.pem").write_bytes(PrivateKey.generate("ES256").to_pem())
    with pytest.raises(ConfigurationError, match=r"document\.signer is not the key of"):
        key.open("document")


@pytest.mark.parametrize("content", [None, b"", b"geen certificaat"])
def test_a_chain_that_is_none_is_named(key, folder, content):
    (folder / "chain.pem").unlink()
    if content is not None:
        (folder / "chain.pem").write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"document\.chain"):
        key.open("document")


def test_O17_a_key_that_others_can_read_or_that_is_none_is_named(key, folder):
    (folder / "seal.pem").chmod(0o640)
    with pytest.raises(ConfigurationError, match=r"document\.signer: .*0600"):
        key.open("document")
    (folder / "seal.pem").chmod(0o600)
    (folder / "seal.pem").write_bytes(b"geen sleutel")
    with pytest.raises(ConfigurationError, match=r"document\.signer: "):
        key.open("document")


def test_O17_the_secret_of_the_log_in_is_private_text(read, folder):
    login = read(DEMO).login
    with pytest.raises(ConfigurationError, match=r"login\.client_secret_file cannot be found"):
        login.client_secret()
    (folder / "keys").mkdir()
    secret = folder / "keys" / "login-secret"
    secret.write_text("geheim\n")
    secret.chmod(0o644)
    with pytest.raises(ConfigurationError, match="0600"):
        login.client_secret()
    secret.chmod(0o600)
    assert login.client_secret() == "geheim"
    secret.write_bytes(b"\xff")
    with pytest.raises(ConfigurationError, match="not text"):
        login.client_secret()


def test_the_command_line_goes_before_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("PROEF_CONFIG", str(tmp_path / "omgeving.toml"))
    assert chosen_file(None, "PROEF_CONFIG") == tmp_path / "omgeving.toml"
    assert chosen_file(tmp_path / "a.toml", "PROEF_CONFIG") == tmp_path / "a.toml"
    monkeypatch.delenv("PROEF_CONFIG")
    with pytest.raises(ConfigurationError, match="PROEF_CONFIG"):
        chosen_file(None, "PROEF_CONFIG")
