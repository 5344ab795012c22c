"""A DID of an organisation in the tests' hands, and statements in its name in the W3C formats."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from holder_demo.persons import Person
from tests.attacks.holder import W3cCard, new_key
from vckit import strict_json
from vckit.data_integrity import ed25519_signature_2020
from vckit.data_model import Envelope, random_id
from vckit.did import build_document, jwk, web
from vckit.formats import Format, jwt_vc_json, ldp_vc, open_formats, vc_jwt
from vckit.keys import PrivateKey
from vckit.rdf import JsonLd
from vckit.status import StatusReference, bitstring, token_status_list

if TYPE_CHECKING:
    from tests.attacks.town import Town

DAY: Final = 86_400
PURPOSES: Final = ("revocation", "refresh")
ENTRIES: Final = token_status_list.MINIMUM_ENTRIES
DID_MEDIA_TYPE: Final = "application/did+json"
METHOD_TYPES: Final = {"EdDSA": "Multikey", "ES256": "JsonWebKey"}


@cache
def readers(base_url: str) -> tuple[JsonLd, Mapping[str, Format]]:
    """JSON-LD and the formats under a scheme whose documents are at `base_url`."""
    context_url = f"{base_url}/contexts/v1"
    json_ld = JsonLd({context_url: "context/v1"})
    return json_ld, open_formats(json_ld, context_url)


@dataclass
class Identity:
    """One DID with a key for each algorithm and its lists; `path` is where, at the town's server.

    `did` may also be one of another host: then `pages` are that host's, for the document.
    """

    town: "Town"
    path: str = ""
    did: str = ""
    pages: dict[str, Callable[[], tuple[Any, ...]]] | None = None
    keys: dict[str, PrivateKey] = field(
        default_factory=lambda: {name: PrivateKey.generate(name) for name in METHOD_TYPES}
    )
    lists: dict[str, bytearray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.did = self.did or web.of(f"{self.town.url}{self.path}")
        self.pages = self.town.pages if self.pages is None else self.pages
        self.json_ld, self.formats = readers(self.town.base_url)

    @property
    def document_path(self) -> str:
        """Where its DID document is."""
        folder = "/".join(self.did.split(":")[3:]) or ".well-known"
        return f"/{folder}/did.json"

    def method(self, algorithm: str) -> str:
        return f"{self.did}#{algorithm}"

    def document(self, **members: Any) -> dict[str, Any]:
        """The honest DID document, but for these members."""
        methods = [(name, METHOD_TYPES[name], key.public) for name, key in self.keys.items()]
        return {**build_document(self.did, methods), **members}

    def publish(self) -> "Identity":
        """The honest DID document, and lists with nothing marked."""
        self.serve_document(self.document)
        for purpose in PURPOSES:
            self.lists[purpose] = bytearray(ENTRIES // 8)
            self.serve(purpose, lambda one=purpose: self.list(one))
        return self

    def serve_document(self, make: Callable[[], Mapping[str, Any]]) -> None:
        """Answer the document's address with what `make` gives."""
        assert self.pages is not None
        self.pages[self.document_path] = lambda: (200, strict_json.dumps(make()), DID_MEDIA_TYPE)

    def serve(self, purpose: str, make: Callable[[], str]) -> None:
        """Answer a list's address with what `make` gives."""
        media_type = bitstring.MEDIA_TYPE
        self.town.pages[self.list_path(purpose)] = lambda: (200, make().encode(), media_type)

    def list_path(self, purpose: str) -> str:
        return f"{self.path}/status/bitstring/{purpose}"

    def list_uri(self, purpose: str) -> str:
        return f"{self.town.url}{self.list_path(purpose)}"

    def list(self, purpose: str, /, **changes: Any) -> str:
        """The list as its issuer signs it, but for the changes."""
        now = int(time.time())
        honest = {
            "uri": self.list_uri(purpose),
            "purpose": purpose,
            "data": self.lists[purpose],
            "issuer_did": self.did,
            "verification_method": self.method("EdDSA"),
            "signer": self.keys["EdDSA"],
            "issued_at": now,
            "expires": now + DAY,
            "json_ld": self.json_ld,
            "ttl": 900,
        }
        return bitstring.issue(**{**honest, **changes})

    def mark(self, purpose: str, index: int) -> None:
        token_status_list.set_bit(self.lists[purpose], index, 1)

    def references(self, index: int) -> tuple[StatusReference, ...]:
        """Entry `index` of both lists."""
        return tuple(
            StatusReference(one, self.list_uri(one), index, bitstring.MEMBER) for one in PURPOSES
        )

    def card(
        self,
        person: Person,
        kind: str = "eddsa",
        *,
        debts: Sequence[dict[str, Any]] = (),
        terms: dict[str, Any] | None = None,
        holder: PrivateKey | None = None,
        index: int | None = None,
        signer: PrivateKey | None = None,
        method: str | None = None,
        **members: Any,
    ) -> W3cCard:
        """A statement about somebody in one of KINDS; `members` replace those of the envelope."""
        form, algorithm, issue = KINDS[kind]
        self.town.used += 1
        key, now = holder or new_key(), int(time.time())
        stated = self.town.terms(
            person, *debts, **{"bsn": None, "opgave_kenmerk": random_id(), **(terms or {})}
        )
        honest = {
            "issuer": self.did,
            "holder_id": jwk.of(key.public),
            "statuses": self.references(self.town.used if index is None else index),
            "issued_at": now - now % DAY,
            "expires": now + 20 * DAY,
            "schema_url": f"{self.town.base_url}/schemas/schuldenopgave/1",
            "context_url": f"{self.town.base_url}/contexts/v1",
        }
        text = issue(
            stated,
            Envelope(**{**honest, **members}),
            signer=signer or self.keys[algorithm],
            verification_method=method or self.method(algorithm),
            json_ld=self.json_ld,
        )
        return W3cCard(text, key, self.formats[form])


def _ldp(cryptosuite: str) -> Callable[..., str]:
    return lambda terms, envelope, **signed: ldp_vc.issue(
        terms, envelope, cryptosuite=cryptosuite, **signed
    )


def _jwt(module: Any) -> Callable[..., str]:
    def issue(terms: Any, envelope: Envelope, **signed: Any) -> str:
        del signed["json_ld"]
        text: str = module.issue(terms, envelope, **signed)
        return text

    return issue


def _vc11(terms: Any, envelope: Envelope, **signed: Any) -> str:
    def sign(document: dict[str, Any]) -> Mapping[str, Any]:
        return ed25519_signature_2020.add_proof(
            document, purpose="assertionMethod", created=envelope.issued_at, **signed
        )

    return ldp_vc.issue_vc11(terms, envelope, sign=sign)


# By name: the format, the algorithm of the issuer's key, and how it is issued.
KINDS: Final[Mapping[str, tuple[str, str, Callable[..., str]]]] = {
    "eddsa": ("ldp_vc", "EdDSA", _ldp("eddsa-rdfc-2022")),
    "ecdsa": ("ldp_vc", "ES256", _ldp("ecdsa-rdfc-2019")),
    "vc11": ("ldp_vc", "EdDSA", _vc11),
    "jwt_vc": ("jwt_vc_json", "ES256", _jwt(jwt_vc_json)),
    "vc_jwt": ("vc+jwt", "ES256", _jwt(vc_jwt)),
}
