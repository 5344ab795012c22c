"""The demo's keys, certificates and scheme, and the settings that name them."""

import stat
import tomllib

import pytest

import contexts
import issuer.config
import verifier.config
from holder_demo import config, digid
from holder_demo.demo import configurations, material, residents
from holder_demo.persons import ACR
from vckit import x509
from vckit.adapters.flask import oidc
from vckit.encoding import sha256_b64url
from vckit.signers import open_signer

NOW = 1_795_516_200
URLS = {
    "login": "http://localhost:8100",
    "boxtel": "http://localhost:8101",
    "sint-michielsgestel": "http://localhost:8102",
    "verifier": "http://localhost:8110",
    "wallet": "http://localhost:8120",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    state = tmp_path_factory.mktemp("state")
    material.make(state, URLS, now=NOW, version=3)
    configurations.write(state, URLS, residents.people(residents.packaged("sample")))
    return state


@pytest.fixture(scope="module")
def scheme(folder):
    settings = config.load(folder / "wallet" / "wallet.toml")
    return settings.scheme.load(NOW)


def chain(path):
    return x509.load_pem_chain(path.read_bytes())


@pytest.mark.parametrize("slug", ["boxtel", "sint-michielsgestel"])
@pytest.mark.parametrize("purpose", ["credential", "seal"])
def test_what_a_municipality_signs_is_trusted_as_its_own(folder, scheme, slug, purpose):
    keys = folder / slug / "keys"
    x5c = x509.to_x5c(chain(keys / f"{purpose}-chain.pem"))
    organisation, key = scheme.issuer(URLS[slug], x5c, kind="schuldenopgave", now=NOW)
    assert slug in organisation.name.lower().replace(" ", "-")
    assert key == open_signer(f"file:{keys / f'{purpose}.pem'}").public_key


def test_no_municipality_can_sign_for_the_other(folder, scheme):
    x5c = x509.to_x5c(chain(folder / "boxtel" / "keys" / "credential-chain.pem"))
    with pytest.raises(x509_untrusted()):
        scheme.issuer(URLS["sint-michielsgestel"], x5c, kind="schuldenopgave", now=NOW)


def x509_untrusted():
    from vckit.errors import UntrustedIssuerError

    return UntrustedIssuerError


def test_the_verifier_is_on_the_scheme_with_its_purpose(folder, scheme):
    certificates = chain(folder / "verifier" / "keys" / "request-chain.pem")
    organisation = scheme.verifier(certificates, NOW)
    assert organisation.name == material.VERIFIER_NAME
    assert organisation.purpose == material.VERIFIER_PURPOSE


def test_the_scheme_names_the_published_documents_by_their_digest(scheme):
    served = contexts.type_metadata("schuldenopgave/1", URLS["boxtel"])
    assert scheme.vct("schuldenopgave") == f"{URLS['boxtel']}/vct/schuldenopgave/1"
    assert scheme.documents.vct[0].sha256 == sha256_b64url(served)
    assert scheme.version == 3


def test_private_files_are_for_their_owner_only(folder):
    private = [
        *folder.rglob("keys/*.pem"),
        *folder.rglob("login-secret"),
        *folder.glob("*persons.json"),
        *folder.glob("stand-in.json"),
    ]
    open_to_others = {path.name for path in private if stat.S_IMODE(path.stat().st_mode) & 0o077}
    assert open_to_others == {name for name in open_to_others if name.endswith("-chain.pem")}


@pytest.mark.parametrize("slug", ["boxtel", "sint-michielsgestel"])
def test_the_issuers_read_their_settings(folder, slug):
    settings = issuer.config.load(folder / slug / "issuer.toml")
    assert settings.base_url == URLS[slug]
    assert settings.login.minimum_acr == ACR
    assert [source.dialect.is_file() for source in settings.sources] == [True, True]
    assert settings.wallets[0].offer_endpoint == f"{URLS['wallet']}/open"


def test_the_verifier_reads_its_settings(folder):
    settings = verifier.config.load(folder / "verifier" / "verifier.toml")
    assert settings.base_url == URLS["verifier"]
    assert settings.login.counsellor_role == "counsellor"


def test_the_stand_in_knows_where_its_clients_want_people_back(folder):
    settings = digid.load_settings(folder / "digid.toml")
    assert {client.id: client.redirect_uris for client in settings.clients} == {
        name: (f"{URLS[name]}{oidc.CALLBACK_PATH}",)
        for name in ("boxtel", "sint-michielsgestel", "verifier")
    }
    assert all(client.secret_file.is_file() for client in settings.clients)


def test_only_the_demos_own_origins_are_excepted(folder):
    for name in ("boxtel/issuer.toml", "verifier/verifier.toml", "wallet/wallet.toml"):
        written = tomllib.loads((folder / name).read_text("utf-8"))
        assert set(written["insecure_origins"]) == set(URLS.values())
