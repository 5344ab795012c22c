"""Municipalities, wallets and a verifier of one scheme; the network between them in memory."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.vckit import participants, statements
from vckit import did, strict_json, trust, x509
from vckit.did import web
from vckit.errors import FetchError
from vckit.formats import dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.network import Response
from vckit.rdf import JsonLd
from vckit.sd_jwt import disclosures_by_path
from vckit.status import StatusReference, bitstring, token_status_list
from verifier.config import Config, load

NOW = statements.ISSUED + 3_600
DAY = 86_400
LIST = token_status_list.MEDIA_TYPE
LENGTH = token_status_list.MINIMUM_ENTRIES // 8
KINDS = {"EdDSA": "Multikey", "ES256": "JsonWebKey"}
JSON_LD = JsonLd({participants.scheme_payload()["context"]["url"]: "context/v1"})
SECRET = "een-geheim-van-de-proef"
VERIFIER_URL = "https://schuldhulp.example"
PERSON = {"geslachtsnaam": "d'Hondt", "voornamen": "José", "geboortedatum": "1974-08-21"}
OTHER_PERSON = {"geslachtsnaam": "Nowak", "voornamen": "Anouk", "geboortedatum": "1984-01-23"}


class Network:
    """The Fetcher of the tests: only what is published is there, and every fetch is noted."""

    def __init__(self):
        self.pages = {}
        self.fetched = []

    def get(self, url, **_limits):
        self.fetched.append(url)
        if url not in self.pages:
            raise FetchError("nobody is there")
        page = self.pages[url]()
        return page if isinstance(page, Response) else Response(200, page, _media_type(url))

    def post(self, _url, **_given):
        raise FetchError("nobody is there")


def _media_type(url):
    if url.endswith("/did.json"):
        return "application/did+json"
    return bitstring.MEDIA_TYPE if "/bitstring/" in url else LIST


@dataclass
class Municipality:
    """An issuer with two status lists, one for withdrawal and one for newer statements.

    Each list is published as a token and as a bitstring; `did_keys` are those of its DID.
    """

    url: str
    name: str
    oin: str
    clock: "Clock"
    participant: participants.Participant = None
    used: int = 0
    bits: dict = field(
        default_factory=lambda: {"revocation": bytearray(LENGTH), "refresh": bytearray(LENGTH)}
    )
    did_keys: dict = field(
        default_factory=lambda: {one: PrivateKey.generate(one) for one in ("EdDSA", "ES256")}
    )

    def __post_init__(self):
        self.participant = participants.participant(self.url)

    @property
    def did(self):
        return web.of(self.url)

    def method(self, algorithm):
        return f"{self.did}#{algorithm}"

    def did_document(self, **members):
        methods = [(one, KINDS[one], key.public) for one, key in self.did_keys.items()]
        return {**did.build_document(self.did, methods), **members}

    def entry(self, anchors=(), **members):
        return participants.issuer_entry(
            self.participant,
            naam=self.name,
            oin=self.oin,
            dids=[self.did],
            certificaten=[x509.digest(self.participant.chain[1]), *anchors],
            **members,
        )

    def publish(self, network, key=None, issued_at=None):
        for purpose in self.bits:
            network.pages[self.status_uri(purpose)] = lambda one=purpose: self.status_token(
                one, key, issued_at
            )
            network.pages[self.bitstring_uri(purpose)] = lambda one=purpose: self.bitstring(one)
        network.pages[web.document_url(self.did)] = lambda: strict_json.dumps(self.did_document())

    def bitstring_uri(self, purpose):
        return f"{self.url}/status/bitstring/{purpose}"

    def bitstring(self, listed, **members):
        return bitstring.issue(
            **{
                "uri": self.bitstring_uri(listed),
                "purpose": listed,
                "data": bytes(self.bits[listed]),
                "issuer_did": self.did,
                "verification_method": self.method("EdDSA"),
                "signer": self.did_keys["EdDSA"],
                "issued_at": self.clock.now,
                "expires": self.clock.now + DAY,
                "json_ld": JSON_LD,
                "ttl": 900,
                **members,
            }
        ).encode()

    def status_uri(self, purpose):
        return f"{self.url}/status/{purpose}"

    def status_token(self, purpose, key=None, issued_at=None, **members):
        return token_status_list.issue(
            **{
                "uri": self.status_uri(purpose),
                "data": bytes(self.bits[purpose]),
                "signer": key or self.participant.key,
                "header": {"x5c": self.participant.x5c},
                "issued_at": issued_at or self.clock.now,
                "expires": self.clock.now + DAY,
                "ttl": 900,
                **members,
            }
        ).encode()

    def mark(self, purpose, index):
        token_status_list.set_bit(self.bits[purpose], index, 1)

    def terms(self, index, *debts, **changes):
        return statements.terms(
            *debts,
            **{
                "aangeleverd_door": {"naam": self.name, "oin": self.oin},
                "vernieuwing_uri": self.status_uri("refresh"),
                "vernieuwing_index": index,
                "opgave_kenmerk": f"urn:uuid:8a3e0b4e-1111-4222-8333-{index:012d}",
                **PERSON,
                **changes,
            },
        )

    def state(self, *debts, holder=None, members=None, **changes):
        """A statement about the person, held by `holder`; without one it is a document."""
        self.used += 1
        terms = self.terms(self.used, *debts, **changes)
        if holder is None:
            terms["document"] = True
        text = dc_sd_jwt.issue(
            terms,
            **{
                "vct": f"{participants.scheme_payload()['basis']}/vct/schuldenopgave/2",
                "vct_integrity": None,
                "issuer": self.url,
                "chain": self.participant.chain,
                "signer": self.participant.key,
                "holder_key": holder and holder.public,
                "revocation": StatusReference(
                    "revocation", self.status_uri("revocation"), self.used
                ),
                "issued_at": statements.ISSUED - statements.ISSUED % DAY,
                "expires": NOW + 29 * DAY,
                **(members or {}),
            },
        )
        return Card(text, holder, self.used)


@dataclass(frozen=True)
class Card:
    """A credential, its holder's key, and its index in both status lists."""

    text: str
    holder: PrivateKey | None
    index: int

    def present(self, asked, *, now, without=(), audience=None, nonce=None, signer=None, bsn=False):
        """A presentation of everything but `without` (paths) and, unless `bsn`, the BSN."""
        hidden = {*without} if bsn else {*without, ("bsn",)}
        keep = [
            path
            for path in disclosures_by_path(self.text)
            if not any(path[: len(one)] == one for one in hidden)
        ]
        return dc_sd_jwt.present(
            self.text,
            keep=keep,
            signer=signer or self.holder,
            audience=audience or asked.client_id,
            nonce=nonce or asked.nonce,
            now=now,
        )


class Clock:
    def __init__(self, now):
        self.now = now

    def __call__(self):
        return float(self.now)


@dataclass
class World:
    """Two municipalities, one that is no more, and a verifier; `config` is its configuration."""

    folder: Path
    clock: Clock
    network: Network
    boxtel: Municipality
    michielsgestel: Municipality
    stranger: Municipality
    former: Municipality
    config: Config
    scheme: trust.Scheme

    @property
    def now(self):
        return self.clock.now

    @property
    def municipalities(self):
        return (self.boxtel, self.michielsgestel)


def build(folder, seals=(), *, starts=False):
    """A fresh world at NOW, everything published, nobody asked yet.

    `seals` are digests of the authorities of Boxtel's seals. With `starts` the scheme tells where
    residents begin.
    """
    clock, network = Clock(NOW), Network()
    boxtel = Municipality(
        "https://boxtel.example", "Gemeente Boxtel", "00000001001234567000", clock
    )
    michielsgestel = Municipality(
        "https://gestel.example", "Gemeente Sint-Michielsgestel", "00000001007654321000", clock
    )
    stranger = Municipality("https://vreemd.example", "Vreemd", "00000001005555555000", clock)
    former = Municipality("https://vroeger.example", "Vroeger", "00000001006666666000", clock)
    for one in (boxtel, michielsgestel, stranger, former):
        one.publish(network)
    asker = participants.participant(VERIFIER_URL)
    reporter = participants.participant(VERIFIER_URL)
    operator = PrivateKey.generate("EdDSA")
    entries = [
        *(
            one.entry(seals if one is boxtel else (), **({"start_url": one.url} if starts else {}))
            for one in (boxtel, michielsgestel)
        ),
        former.entry(geldig_tot="2026-01-01"),
        participants.verifier_entry(
            asker,
            dids=[web.of(VERIFIER_URL)],
            certificaten=[x509.digest(asker.leaf), x509.digest(reporter.leaf)],
            **({"start_url": VERIFIER_URL} if starts else {}),
        ),
    ]
    signed = trust.sign_scheme(participants.scheme_payload(*entries), [operator])
    (folder / "scheme.json").write_bytes(signed)
    (folder / "operator.jwk.json").write_bytes(strict_json.dumps(operator.public.to_jwk()))
    (folder / "chain.pem").write_bytes(x509.to_pem(asker.chain))
    private(folder / "request.pem", asker.key.to_pem())
    (folder / "report-chain.pem").write_bytes(x509.to_pem(reporter.chain))
    private(folder / "report.pem", reporter.key.to_pem())
    private(folder / "login-secret", SECRET.encode())
    (folder / "verifier.toml").write_text(TOML, "utf-8")
    scheme = trust.verify_scheme(
        signed, operator_keys=[operator.public], threshold=1, now=clock.now
    )
    config = load(folder / "verifier.toml")
    return World(folder, clock, network, boxtel, michielsgestel, stranger, former, config, scheme)


def private(path, data):
    path.touch(mode=0o600)
    path.write_bytes(data)


TOML = f"""
base_url = "{VERIFIER_URL}"
listen = "127.0.0.1:8110"
database = "verifier.sqlite"
database_key = "database.key"

[organisation]
name = "Schuldhulp Proef"
oin = "00000001009999999000"

[request]
signer = "file:request.pem"
chain = "chain.pem"

[report]
signer = "file:report.pem"
chain = "report-chain.pem"

[scheme]
file = "scheme.json"
operator_keys = ["operator.jwk.json"]

[login]
issuer = "https://login.example"
client_id = "verifier"
client_secret_file = "login-secret"

[status]
max_age_seconds = 0
grace_seconds = 0
"""


def replaced(config, **changes):
    """The same configuration with other values in one of its tables, as table__name=value."""
    for name, value in changes.items():
        table, _, key = name.partition("__")
        changed = getattr(config, table).model_copy(update={key: value}) if key else value
        config = config.model_copy(update={table: changed})
    return config
