"""An organisation of the scheme that runs nothing of ours: strangers hold its keys and sign.

It stands on https with its DID document and its status lists; what a statement says is ours to
compose, how it is secured is theirs.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from holder_demo.persons import Person
from tests.attacks.town import BACKDATED, DAY, Town
from tests.interop.authority import Authority
from tests.vckit.adapters.loopback import reply, serving
from vckit import data_model, strict_json, x509
from vckit.data_model import Envelope
from vckit.did import web
from vckit.keys import PublicKey
from vckit.status import StatusReference
from vckit.status.bitstring import MEDIA_TYPE, MEMBER

NAME, OIN = "Gemeente Elders", "00000001004444444000"
PURPOSES = ("revocation", "refresh")
# Of every statement, in both Bitstring lists.
PLACE = 7
DID_DOCUMENT = "/.well-known/did.json"


@dataclass
class Elsewhere:
    """`town` is its name, its certificates and its Token Status Lists; `methods` its DID's keys."""

    town: Town
    base_url: str
    methods: list[dict[str, Any]] = field(default_factory=list)

    @property
    def did(self) -> str:
        return web.of(self.town.url)

    def entry(self) -> dict[str, Any]:
        """Its entry in the scheme."""
        return {**self.town.entry(), "dids": [self.did]}

    def add(self, method: dict[str, Any]) -> str:
        """Publish a verification method; its id."""
        self.methods.append(method)
        document = {
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": self.did,
            "verificationMethod": self.methods,
            "assertionMethod": [one["id"] for one in self.methods],
        }
        self.put(DID_DOCUMENT, strict_json.dumps(document), "application/did+json")
        return str(method["id"])

    def put(self, path: str, body: bytes, media_type: str) -> None:
        """Answer this path."""
        self.town.pages[path] = lambda: (200, body, media_type)

    def certify(self, jwk: dict[str, Any]) -> list[str]:
        """An x5c of this organisation's authority for a key that a stranger holds."""
        leaf = x509.create_leaf(
            NAME,
            PublicKey.from_jwk(jwk),
            authority=self.town.authority,
            authority_key=self.town.authority_key,
            uri=self.town.url,
            now=int(time.time()) - BACKDATED,
            days=20,
        )
        return x509.to_x5c((leaf, self.town.authority))

    def list_path(self, purpose: str) -> str:
        return f"/status/bitstring/{purpose}"

    def publish(self, purpose: str, credential: dict[str, Any]) -> None:
        """Serve a Bitstring list that a stranger signed."""
        self.put(self.list_path(purpose), strict_json.dumps(credential), MEDIA_TYPE)

    def terms(self, person: Person) -> dict[str, Any]:
        """What it states about somebody: one debt."""
        terms = self.town.terms(person, bsn=None)
        return {**terms, "opgave_kenmerk": data_model.random_id()}

    def unsigned(self, person: Person, holder: str, version: str = "2.0") -> dict[str, Any]:
        """A statement as a credential of a data model, without a proof."""
        build = {"2.0": data_model.build_v2, "1.1": data_model.build_v11}[version]
        now = int(time.time())
        references = [
            StatusReference(purpose, f"{self.town.url}{self.list_path(purpose)}", PLACE, MEMBER)
            for purpose in PURPOSES
        ]
        envelope = Envelope(
            issuer=self.did,
            holder_id=holder,
            statuses=tuple(references),
            issued_at=now - now % DAY,
            expires=now + 20 * DAY,
            schema_url=f"{self.base_url}/schemas/schuldenopgave/1",
            context_url=f"{self.base_url}/contexts/v1",
        )
        return build(self.terms(person), envelope)


@contextmanager
def running(authority: Authority, base_url: str) -> Iterator[Elsewhere]:
    """The organisation on https; `base_url` is the scheme's."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        page = town.pages.get(handler.path)
        reply(*(page() if page else (404, b"{}", "application/json")))(handler)

    with serving(answer, authority.server()) as server:
        town = Town(NAME, OIN, server, f"{base_url}/vct/schuldenopgave/1")
        yield Elsewhere(town, base_url)
