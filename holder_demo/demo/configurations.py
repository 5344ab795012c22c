"""The TOML files of the demo's services, as an operator would write them."""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from holder_demo.demo import material, residents
from holder_demo.persons import ACR, DESK_ROLE, Person, write_persons, write_registration

_LOGIN_CALLBACK = "/inloggen/terug"


def write(folder: Path, urls: Mapping[str, str], people: Iterable[Person]) -> None:
    """Write the settings of all five services and the lists of people into the state folder."""
    people = list(people)
    write_persons(folder / "stand-in.json", people)
    write_registration(folder / "persons.json", people)
    for name in ("stand-in.json", "persons.json"):
        (folder / name).chmod(0o600)
    (folder / "digid.toml").write_text(_stand_in(urls), "utf-8")
    for municipality in material.MUNICIPALITIES:
        _copy_dialects(folder / municipality.slug, municipality.slug)
        path = folder / municipality.slug / "issuer.toml"
        path.write_text(_issuer(municipality, urls), "utf-8")
    (folder / "verifier" / "verifier.toml").write_text(_verifier(urls), "utf-8")
    (folder / "wallet").mkdir(exist_ok=True)
    (folder / "wallet" / "wallet.toml").write_text(_wallet(urls), "utf-8")


def _copy_dialects(folder: Path, slug: str) -> None:
    target = folder / "dialects"
    target.mkdir(parents=True, exist_ok=True)
    for organisation, code, _, _ in residents.EXPORTS:
        if organisation == slug:
            shutil.copyfile(
                residents.packaged("dialects") / f"{code}.toml", target / f"{code}.toml"
            )


def _origins(urls: Mapping[str, str]) -> str:
    return json.dumps(list(urls.values()))


def _stand_in(urls: Mapping[str, str]) -> str:
    clients = [(one.slug, one.name, ["resident", "representative", "desk"]) for one in _issuers()]
    clients.append(("verifier", material.VERIFIER_NAME, ["counsellor"]))
    tables = [
        f"""
[[clients]]
id = "{slug}"
name = "{name}"
secret_file = "{slug}/keys/login-secret"
redirect_uris = ["{urls[slug]}{_LOGIN_CALLBACK}"]
admits = {json.dumps(admits)}
"""
        for slug, name, admits in clients
    ]
    stated = f'base_url = "{urls["login"]}"\npersons_file = "stand-in.json"\n'
    return stated + _IDENTITY.format(wallet=urls["wallet"]) + "".join(tables)


def _issuers() -> tuple[material.Municipality, ...]:
    return material.MUNICIPALITIES


def _issuer(municipality: material.Municipality, urls: Mapping[str, str]) -> str:
    sources = "".join(
        f'\n[[sources]]\ncode = "{code}"\nname = "{name}"\ndialect = "dialects/{code}.toml"\n'
        for slug, code, name, _ in residents.EXPORTS
        if slug == municipality.slug
    )
    shared = _shared(urls, municipality.slug)
    return _ISSUER.format(**asdict(municipality), **shared, wallet=urls["wallet"]) + sources


def _verifier(urls: Mapping[str, str]) -> str:
    about = {"name": material.VERIFIER_NAME, "oin": material.VERIFIER_OIN}
    return _VERIFIER.format(**about, **_shared(urls, "verifier"), wallet=urls["wallet"])


def _wallet(urls: Mapping[str, str]) -> str:
    return f"""base_url = "{urls["wallet"]}"
demo = true
insecure_origins = {_origins(urls)}
folder = "cards"
{_SCHEME}
[identity]
url = "{urls["login"]}"
name = "{material.IDENTITY_NAME}"
"""


def _shared(urls: Mapping[str, str], service: str) -> dict[str, str]:
    return {
        "url": urls[service],
        "login": urls["login"],
        "origins": _origins(urls),
        "scheme": _SCHEME,
        "acr": ACR,
        "desk_role": DESK_ROLE,
    }


_SCHEME = """
[scheme]
file = "../scheme.json"
operator_keys = ["../scheme-operator.jwk.json"]
threshold = 1
reload_seconds = 10
"""

_IDENTITY = """
[identity]
signer = "file:keys/identity.pem"
chain = "keys/identity-chain.pem"
wallets = ["{wallet}"]
"""

_ISSUER = """base_url = "{url}"
demo = true
insecure_origins = {origins}
database = "issuer.sqlite"
database_key = "keys/database.key"
index_key = "keys/index.key"

[organisation]
name = "{name}"
oin = "{oin}"
municipality_code = "{code}"

[contact]
name = "Schuldhulp {name}"
phone = "{phone}"
email = "schuldhulp@{slug}.example"
url = "{url}"

[credentials]
signer = "file:keys/credential.pem"
chain = "keys/credential-chain.pem"
days = 30

[w3c]
signer = "file:keys/credential-ed25519.pem"
vc_jwt = true
legacy_vc11 = true

[document]
signer = "file:keys/seal.pem"
chain = "keys/seal-chain.pem"
days = 365
{scheme}
[login]
issuer = "{login}"
client_id = "{slug}"
client_secret_file = "keys/login-secret"
minimum_acr = "{acr}"

[login.claims]
bsn = "bsn"
family_name = "family_name"
given_name = "given_name"
birthdate = "birthdate"
represents_bsn = "represents_bsn"
roles = "roles"

[desk]
persons_file = "../persons.json"
role = "{desk_role}"

[[wallets]]
name = "Demo-wallet"
offer_endpoint = "{wallet}/open"

[status]
ttl_seconds = 900
expires_seconds = 86400
"""

_VERIFIER = """base_url = "{url}"
demo = true
insecure_origins = {origins}
database = "verifier.sqlite"
database_key = "keys/database.key"

[organisation]
name = "{name}"
oin = "{oin}"

[request]
signer = "file:keys/request.pem"
chain = "keys/request-chain.pem"

[report]
signer = "file:keys/report.pem"
chain = "keys/report-chain.pem"
{scheme}
[login]
issuer = "{login}"
client_id = "verifier"
client_secret_file = "keys/login-secret"
minimum_acr = "{acr}"
roles_claim = "roles"
counsellor_role = "counsellor"

[status]
max_age_seconds = 0
grace_seconds = 0

[overview]
stale_days = 30
note_days = 7

[identity]
certificates = "../keys/identity-chain.pem"

[[wallets]]
name = "Demo-wallet"
request_endpoint = "{wallet}/open"
"""
