"""The wallet's settings and its scheme."""

import pytest

from holder_demo import config
from tests.holder_demo import simulation
from tests.vckit import participants
from vckit import strict_json, trust
from vckit.errors import ConfigurationError

TOML = """
base_url = "http://localhost:8120"
[scheme]
file = "scheme.json"
operator_keys = ["operator.jwk.json"]
"""


@pytest.fixture
def path(tmp_path):
    setting = simulation.setting()
    payload = participants.scheme_payload(setting.boxtel.entry())
    (tmp_path / "scheme.json").write_bytes(trust.sign_scheme(payload, [setting.operator]))
    public = setting.operator.public.to_jwk()
    (tmp_path / "operator.jwk.json").write_bytes(strict_json.dumps(public))
    (tmp_path / "wallet.toml").write_text(TOML)
    return tmp_path / "wallet.toml"


def test_paths_are_beside_the_file_and_the_port_is_the_urls(path):
    settings = config.load(path)
    assert settings.folder == path.parent / "wallet"
    assert settings.port == 8120


def test_the_scheme_is_read_and_verified(path):
    settings = config.load(path)
    scheme = settings.scheme.load(simulation.NOW)
    assert scheme.organisations[0].name == "Gemeente Boxtel"
    with pytest.raises(trust.SchemeError):
        settings.scheme.load(simulation.NOW, minimum_version=4)


def test_without_its_scheme_there_is_no_wallet(path):
    (path.parent / "scheme.json").unlink()
    with pytest.raises(ConfigurationError):
        config.load(path).scheme.load(simulation.NOW)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("base_url", "base"), "base"),
        (('file = "scheme.json"', ""), "scheme.file"),
        (("[scheme]", 'extra = "x"\n[scheme]'), "extra"),
        (("[scheme]", "[scheme"), "TOML"),
    ],
)
def test_a_wrong_key_is_named(path, change, named):
    path.write_text(TOML.replace(*change))
    with pytest.raises(ConfigurationError) as error:
        config.load(path)
    assert named in str(error.value)
