"""A card: one received credential with the key that it is bound to, and what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final

from vckit.formats import FORMATS, ProvenCredential, dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.statement import PERSON_TERMS
from vckit.status import StatusReference

# In these a person chooses what to show; a card of any other format goes whole or stays.
SELECTIVE: Final = frozenset({dc_sd_jwt.FORMAT})

# A card that says who somebody is, and what it calls the terms about the person.
IDENTITY_TYPE: Final = "urn:eudi:pid:1"
IDENTITY_TERMS: Final = ("family_name", "given_name", "birthdate")
_NAMES: Final = ("voornamen", "given_name", "geslachtsnaam", "family_name")


@dataclass(frozen=True)
class Card:
    """What the wallet keeps of one credential; times in epoch seconds.

    `claims` are the terms as they were verified on receipt, `document` and `meta` what questions
    are matched with, `organisation` the name that the scheme gave the issuer then, `key` the PEM
    of the holder's key, `configuration` the id under which the issuer offered it.
    """

    id: str
    credential: str
    key: str
    format: str
    type: str
    issuer: str
    organisation: str
    claims: Mapping[str, Any]
    statuses: tuple[StatusReference, ...]
    obtained_at: int
    issued_at: int | None
    expires: int | None
    digest: str
    configuration: str | None = None
    document: Mapping[str, Any] = field(default_factory=dict)
    meta: Mapping[str, Any] = field(default_factory=dict)

    @property
    def signer(self) -> PrivateKey:
        """The key with which presentations of this card are bound."""
        return PrivateKey.from_pem(self.key.encode())

    @property
    def is_selective(self) -> bool:
        """Whether parts of it can be withheld."""
        return self.format in SELECTIVE

    @property
    def is_identity(self) -> bool:
        """Whether it says who its holder is, and states no debts."""
        return self.type == IDENTITY_TYPE

    @property
    def oin(self) -> str:
        """The number of the organisation that states it."""
        return str(self.claims.get("aangeleverd_door", {}).get("oin", self.issuer))

    @property
    def debts(self) -> Sequence[Mapping[str, Any]]:
        """The debts of a statement, in its own order."""
        debts = self.claims.get("vorderingen", [])
        return debts if isinstance(debts, list) else []

    @property
    def initials(self) -> str:
        """First letters of the person's names."""
        names = (str(self.claims.get(term, "")) for term in _NAMES)
        return " ".join(f"{name[:1]}." for name in names if name) or "?"

    @property
    def birth_year(self) -> str:
        """The year in which the person was born."""
        born = self.claims.get("geboortedatum", self.claims.get("birthdate", ""))
        return str(born)[:4] or "?"

    @property
    def whose(self) -> str:
        """Initials and year of birth: enough to see whose it is."""
        return f"{self.initials} {self.birth_year}"

    @property
    def person_terms(self) -> list[str]:
        """Which terms about the person the card holds."""
        terms = IDENTITY_TERMS if self.is_identity else PERSON_TERMS
        return [term for term in terms if term in self.claims]

    def amount(self, term: str) -> int:
        """One of the statement's totals, in cents; 0 for a card without it."""
        value = self.claims.get(term, 0)
        return value if isinstance(value, int) else 0

    def summary(self) -> dict[str, Any]:
        """What a list of cards shows, as plain JSON; amounts in cents."""
        return {
            "id": self.id,
            "organisation": self.organisation,
            "issuer": self.issuer,
            "format": self.format,
            "configuration": self.configuration,
            "reference_date": self.claims.get("peildatum"),
            "completeness": self.claims.get("volledigheid"),
            "claims": self.amount("aantal_vorderingen"),
            "outstanding": self.amount("totaal_openstaand"),
            "credit": self.amount("totaal_tegoed"),
            "obtained_at": self.obtained_at,
            "expires": self.expires,
        }

    def record(self) -> dict[str, Any]:
        """Give the form in which the keystore seals it."""
        return {field.name: getattr(self, field.name) for field in fields(self)} | {
            "statuses": [asdict(status) for status in self.statuses]
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Card":
        """Read what `record` gave, this version's or an earlier one's.

        Those knew one format only, and kept the terms alone.
        """
        known = {one.name: record[one.name] for one in fields(cls) if one.name in record}
        known["statuses"] = tuple(StatusReference(**status) for status in record["statuses"])
        if known.get("format") not in FORMATS:
            known["format"] = dc_sd_jwt.FORMAT
        if not known.get("meta"):
            known |= {"meta": {"vct": record["type"]}, "document": record["claims"]}
        return cls(**known)


def make_card(
    card_id: str,
    text: str,
    *,
    key: PrivateKey,
    proven: ProvenCredential,
    organisation: str,
    now: int,
    configuration: str | None = None,
) -> Card:
    """Join a verified credential and its key into a card."""
    return Card(
        id=card_id,
        credential=text,
        key=key.to_pem().decode(),
        format=proven.format,
        type=proven.type,
        issuer=proven.issuer,
        organisation=organisation,
        claims=proven.claims,
        statuses=proven.statuses,
        obtained_at=now,
        issued_at=proven.validity.issued_at,
        expires=proven.validity.expires,
        digest=proven.digest,
        configuration=configuration,
        document=proven.document,
        meta=proven.meta,
    )
