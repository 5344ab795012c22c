"""An organisation whose keys, certificates, statements and status lists the tests hold."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from holder_demo.persons import Person
from tests.attacks import forging
from tests.attacks.holder import Card, new_key
from tests.attacks.identity import Identity
from tests.vckit import statements
from tests.vckit.adapters.loopback import Loopback
from vckit import x509
from vckit.formats import dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.status import StatusReference, token_status_list

DAY = 86_400
BACKDATED = 300
PURPOSES = ("revocation", "refresh")
ENTRIES = token_status_list.MINIMUM_ENTRIES
# Further DIDs that its entry names: a DID document is remembered, so a test of it wants a new one.
NEWCOMERS = 120


@dataclass
class Town:
    """One organisation; it is an issuer of a scheme only where that carries its `entry`.

    `pages` is what its server answers by path: status, body, media type and more headers.
    """

    name: str
    oin: str
    server: Loopback
    vct: str
    key: PrivateKey = field(default_factory=new_key)
    seal_key: PrivateKey = field(default_factory=new_key)
    authority_key: PrivateKey = field(default_factory=new_key)
    lists: dict[str, bytearray] = field(default_factory=dict)
    pages: dict[str, Callable[[], tuple[Any, ...]]] = field(default_factory=dict)
    dids: list[str] = field(default_factory=list)
    used: int = 1_000
    newcomers: int = 0

    def __post_init__(self) -> None:
        self.identity = Identity(self)
        now = int(time.time()) - BACKDATED
        self.authority = x509.create_authority(
            f"CA {self.name}", self.authority_key, now=now, days=30
        )
        self.chain = self.certified(self.key)
        self.seal_chain = self.certified(self.seal_key, seal=True)
        self.publish()

    @property
    def url(self) -> str:
        return self.server.origin

    @property
    def base_url(self) -> str:
        """Where the documents of the scheme are."""
        return self.vct.partition("/vct/")[0]

    def newcomer(self) -> Identity:
        """A DID of this organisation that nobody has asked for yet."""
        assert self.newcomers < NEWCOMERS
        self.newcomers += 1
        return Identity(self, f"/{self.newcomers}").publish()

    def certified(
        self, key: PrivateKey, uri: str | None = None, *, seal: bool = False
    ) -> tuple[x509.Certificate, ...]:
        """A leaf of this organisation's own authority for a key, and the authority."""
        leaf = x509.create_leaf(
            self.name,
            key.public,
            authority=self.authority,
            authority_key=self.authority_key,
            uri=uri or self.url,
            now=int(time.time()) - BACKDATED,
            days=20,
            seal=seal,
        )
        return leaf, self.authority

    def entry(self) -> dict[str, Any]:
        """Its entry in a scheme (wire.md); `dids` are named beside its own."""
        own = self.identity.did
        return {
            "dids": [own, *(f"{own}:{n + 1}" for n in range(NEWCOMERS)), *self.dids],
            "naam": self.name,
            "oin": self.oin,
            "rol": ["issuer"],
            "uitgevers": [self.url],
            "certificaten": [x509.digest(self.authority)],
            "soorten": ["schuldenopgave"],
            "start_url": self.url,
        }

    def publish(self) -> None:
        """Honest status lists, with nothing marked."""
        for purpose in PURPOSES:
            self.lists[purpose] = bytearray(ENTRIES // 8)
            self.serve(purpose, lambda one=purpose: self.token(one))
        self.identity.publish()

    def serve(self, purpose: str, make: Callable[[], str]) -> None:
        """Answer a list's address with what `make` gives."""
        media_type = token_status_list.MEDIA_TYPE
        self.pages[f"/status/{purpose}"] = lambda: (200, make().encode(), media_type)

    def list_uri(self, purpose: str) -> str:
        return f"{self.url}/status/{purpose}"

    def token(self, purpose: str, **changes: Any) -> str:
        """The list as this organisation signs it, but for the changes."""
        now = int(time.time())
        honest = {
            "uri": self.list_uri(purpose),
            "data": self.lists[purpose],
            "signer": self.key,
            "header": {"x5c": x509.to_x5c(self.chain)},
            "issued_at": now,
            "expires": now + DAY,
            "ttl": 900,
        }
        return token_status_list.issue(**{**honest, **changes})

    def mark(self, purpose: str, index: int) -> None:
        token_status_list.set_bit(self.lists[purpose], index, 1)

    @staticmethod
    def moment(*, days: int) -> str:
        """A reference date so many days ago."""
        day = datetime.now(UTC) - timedelta(days=days)
        return day.strftime("%Y-%m-%dT00:00:00Z")

    def debt(self, number: int = 1, **changes: Any) -> dict[str, Any]:
        """A debt to this organisation."""
        creditor = {"oin": self.oin, "naam": self.name}
        return statements.debt(number, **{"schuldeiser": creditor, **changes})

    def terms(self, person: Person, *debts: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """A statement as of yesterday; by default of one debt."""
        stated = debts or (self.debt(),)
        moment = self.moment(days=1)
        return statements.terms(
            *stated,
            **{
                "aangeleverd_door": {"naam": self.name, "oin": self.oin},
                "gemeentecode": None,
                "peildatum": moment,
                "bronnen": [{"code": "belastingen", "peildatum": moment, "status": "ok"}],
                "vernieuwing_uri": self.list_uri("refresh"),
                "vernieuwing_index": self.used,
                "geslachtsnaam": person.family_name,
                "voornamen": person.given_name,
                "geboortedatum": person.birthdate,
                "bsn": person.bsn,
                **changes,
            },
        )

    def card(
        self,
        person: Person,
        *,
        index: int | None = None,
        holder: PrivateKey | None = None,
        debts: Sequence[dict[str, Any]] = (),
        terms: dict[str, Any] | None = None,
        document: bool = False,
        **members: Any,
    ) -> Card:
        """A statement about somebody; `members` replace arguments of `dc_sd_jwt.issue`."""
        self.used += 1
        index = self.used if index is None else index
        key = holder or new_key()
        stated = self.terms(person, *debts, **{"vernieuwing_index": index, **(terms or {})})
        if document:
            stated["document"] = True
        now = int(time.time())
        honest = {
            "vct": self.vct,
            "vct_integrity": None,
            "issuer": self.url,
            "chain": self.chain,
            "signer": self.key,
            "holder_key": None if document else key.public,
            "revocation": StatusReference("revocation", self.list_uri("revocation"), index),
            "issued_at": now - now % DAY,
            "expires": now + 20 * DAY,
        }
        return Card(dc_sd_jwt.issue(stated, **{**honest, **members}), key)

    def forged(
        self, card: Card, header: Any = None, key: PrivateKey | None = None, **claims: Any
    ) -> Card:
        """The same statement signed anew, with other members; None leaves one out."""
        issuer_jwt, rest = card.text.split("~", 1)
        head, body = forging.parts(issuer_jwt)
        changed = ({**head, **(header or {})}, {**body, **claims})
        kept = [{n: v for n, v in part.items() if v is not None} for part in changed]
        return Card(f"{forging.signed(*kept, key or self.key)}~{rest}", card.key)
