"""A small municipality in a folder: keys, scheme, settings, a database with debts, an app."""

import json
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path

import contexts
from issuer import create_app, setup
from issuer.config import load
from issuer.importing import Importing, find_source
from issuer.person import Person
from issuer.services import open_services
from issuer.stored import open_stored
from vckit import strict_json, trust, x509
from vckit.adapters.flask import oidc
from vckit.encoding import sha256_b64url
from vckit.keys import PrivateKey, PublicKey

NOW = 1_795_000_000  # 18 November 2026 in the afternoon
DAY = 86_400
REFERENCE = date(2026, 11, 10)
URL = "http://localhost"
DID = "did:web:localhost"
OIN = "00000001001234567000"
ANNA = Person("123456782", "de Boer", "Anna", "1980-02-03")
BRAM = Person("111222333", "Jansen", "Bram", "1971-12-31")
CARLA = Person("999990019", "Visser", "Carla", "1990-06-15")

DIALECT = """
[file]
kind = "csv"
encoding = "utf-8"
delimiter = ","
header_row = 1

[columns]
bsn = "bsn"
case_number = "nummer"
debt_number = "nummer"
imposed_on = "datum"
due_on = "vervaldatum"
principal = "aanslag"
paid = "betaald"
balance = "saldo"
stage = "status"

[amounts]
unit = "euro"
decimal = "."

[balance]
rule = "checked"

[dates]
notation = "yyyy-mm-dd"

[kinds]
fixed = "riool"

[kinds.words.riool]
type = "gem_rioolheffing"
description = "Rioolheffing"
legal_basis = "Gemeentewet, artikel 228a"
rank = "concurrent"
rank_basis = "Gemeentewet, artikel 249"

[stages.words]
opgelegd = "opgelegd"
aangemaand = "aangemaand"
"""
HEADER = "bsn,nummer,datum,vervaldatum,aanslag,betaald,saldo,status\n"
ANNA_ROWS = (
    "123456782,R-1,2026-01-31,2026-03-31,250.00,50.00,200.00,aangemaand\n"
    "123456782,R-2,2026-10-31,2026-12-31,100.00,0.00,100.00,opgelegd\n"
)
BRAM_ROWS = "111222333,R-3,2026-01-31,2026-03-31,75.50,0.00,75.50,aangemaand\n"

SETTINGS = """
base_url = "http://localhost"
demo = true
insecure_origins = ["http://localhost:8100"]
database = "issuer.sqlite"
database_key = "keys/database.key"
index_key = "keys/index.key"
[organisation]
name = "Gemeente Proef"
oin = "00000001001234567000"
municipality_code = "GM0757"
[contact]
name = "Geldloket"
phone = "14 0411"
email = "geldloket@proef.example"
url = "https://proef.example/geld"
[credentials]
signer = "file:keys/credential.pem"
chain = "keys/credential-chain.pem"
[w3c]
signer = "file:keys/credential-ed25519.pem"
vc_jwt = true
legacy_vc11 = true
[document]
signer = "file:keys/seal.pem"
chain = "keys/seal-chain.pem"
[scheme]
file = "scheme.json"
operator_keys = ["operator.jwk.json"]
[login]
issuer = "http://localhost:8100"
client_id = "proef"
client_secret_file = "keys/login-secret"
minimum_acr = "hoog"
claims = { roles = "roles" }
[desk]
persons_file = "persons.json"
role = "balie"
[[wallets]]
name = "Proefwallet"
offer_endpoint = "https://wallet.example/offer"
[[sources]]
code = "heffingen"
name = "Heffingen"
dialect = "heffingen.toml"
"""


@dataclass
class Clock:
    now: int = NOW

    def __call__(self):
        return float(self.now)


@dataclass
class Town:
    """Everything of the municipality; `clock.now` is the time that its app sees."""

    folder: Path
    clock: Clock = field(default_factory=Clock)

    @property
    def config_path(self):
        return self.folder / "issuer.toml"

    @property
    def config(self):
        return load(self.config_path)

    def stored(self):
        return open_stored(self.config)

    def services(self):
        return open_services(self.config, self.clock.now, lambda _error: None)

    def key(self, name):
        return PrivateKey.from_pem((self.folder / "keys" / f"{name}.pem").read_bytes())

    def app(self):
        return create_app(self.config, clock=self.clock)

    def deliver(self, rows, reference=REFERENCE):
        path = self.folder / "heffingen.csv"
        path.write_text(HEADER + rows, "utf-8")
        return self.deliver_file(path, reference)

    def deliver_file(self, path, reference=REFERENCE):
        stored, source = self.stored(), find_source(self.config, "heffingen")
        importing = Importing(stored.store, stored.register)
        return importing.run(source, path, reference, self.clock.now, force=True, fewer=True)

    def scheme(self):
        key = strict_json.loads_object((self.folder / "operator.jwk.json").read_bytes())
        return trust.verify_scheme(
            (self.folder / "scheme.json").read_bytes(),
            operator_keys=[PublicKey.from_jwk(key)],
            threshold=1,
            now=self.clock.now,
        )


def build(folder):
    """Make the municipality with an empty database."""
    keys = folder / "keys"
    keys.mkdir(parents=True)
    authority_key = PrivateKey.generate("ES256")
    authority = x509.create_authority("Proef CA", authority_key, now=NOW - DAY, days=400)
    for name in ("credential", "seal"):
        key = PrivateKey.generate("ES256")
        leaf = x509.create_leaf(
            "Gemeente Proef",
            key.public,
            authority=authority,
            authority_key=authority_key,
            uri=URL,
            now=NOW - DAY,
            days=300,
        )
        private(keys / f"{name}.pem", key.to_pem())
        (keys / f"{name}-chain.pem").write_bytes(x509.to_pem((leaf, authority)))
    private(keys / "credential-ed25519.pem", PrivateKey.generate("EdDSA").to_pem())
    operator = PrivateKey.generate("EdDSA")
    (folder / "operator.jwk.json").write_bytes(strict_json.dumps(operator.public.to_jwk()))
    (folder / "scheme.json").write_bytes(trust.sign_scheme(scheme(authority), [operator]))
    private(keys / "login-secret", b"een geheim voor de proef")
    people = [asdict(person) for person in (ANNA, BRAM, CARLA)]
    (folder / "persons.json").write_text(json.dumps(people), "utf-8")
    (folder / "heffingen.toml").write_text(DIALECT, "utf-8")
    (folder / "issuer.toml").write_text(SETTINGS, "utf-8")
    town = Town(folder)
    setup.initialise(town.config)
    return town


def private(path, content):
    path.touch(0o600)
    path.write_bytes(content)


def scheme(authority, **entry):
    """The payload of a scheme with one entry, of which some members are changed."""
    return {
        "iss": "beheerder",
        "iat": NOW - DAY,
        "exp": NOW + 400 * DAY,
        "versie": 1,
        "basis": URL,
        "context": {
            "url": f"{URL}/contexts/v1",
            "sha256": sha256_b64url(contexts.own("context/v1")),
        },
        "schemas": [{"url": f"{URL}/schemas/schuldenopgave/1", "sha256": "00"}],
        "vct": [{"url": f"{URL}/vct/schuldenopgave/1", "sha256": "00"}],
        "organisaties": [
            {
                "naam": "Gemeente Proef",
                "oin": OIN,
                "gemeentecode": "GM0757",
                "rol": ["issuer"],
                "dids": [DID],
                "uitgevers": [URL],
                "certificaten": [x509.digest(authority)],
                "soorten": ["schuldenopgave"],
                **entry,
            }
        ],
    }


def resign(town, *, context=None, members=None, operator=None, **entry):
    """Another scheme, signed by an operator that the settings name; it is given."""
    operator = operator or PrivateKey.generate("EdDSA")
    (town.folder / "operator.jwk.json").write_bytes(strict_json.dumps(operator.public.to_jwk()))
    chain = x509.load_pem_chain((town.folder / "keys/credential-chain.pem").read_bytes())
    payload = scheme(chain[1], **entry)
    if context is not None:
        payload["context"]["sha256"] = context
    payload |= members or {}
    (town.folder / "scheme.json").write_bytes(trust.sign_scheme(payload, [operator]))
    return operator


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def log_in(client, person, **more):
    """Put a person in the session as the log-in does."""
    with client.session_transaction() as session:
        session["person"] = asdict(oidc.Person(**asdict(person), **more)) | {"roles": []}


def log_in_staff(client, *roles, **more):
    """Put somebody in the session who works here, as the log-in does."""
    staff = {"given_name": "Fatma", "family_name": "Yildiz", "subject": "balie-01", **more}
    with client.session_transaction() as session:
        session["person"] = asdict(oidc.Person(**staff)) | {"roles": list(roles or ("balie",))}


def csrf_token(page):
    """The hidden field of the page's forms."""
    return page.text.split('name="csrf_token" value="')[1].split('"')[0]
