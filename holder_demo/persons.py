"""The persons of the demo: residents, who acts for another, who works at a desk, counsellors."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vckit import strict_json
from vckit.errors import ConfigurationError, ParsingError

# How sure the stand-in says to be of a person, in the words of eIDAS.
ACR = "http://eidas.europa.eu/LoA/substantial"


@dataclass(frozen=True)
class Person:
    """Somebody who can log in at the stand-in.

    `login` is what the stand-in calls this person (never the BSN); `kind` is resident,
    representative, desk or counsellor; `birthdate` is YYYY-MM-DD; who works has no BSN there.
    """

    login: str
    kind: str
    family_name: str
    given_name: str
    bsn: str = ""
    birthdate: str = ""
    represents_bsn: str = ""
    roles: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name in the order in which one says it."""
        return f"{self.given_name} {self.family_name}"


def read_persons(path: Path) -> list[Person]:
    """Read a file of `write_persons`; ConfigurationError when it is no such file."""
    try:
        entries = strict_json.loads(path.read_bytes())
        return [Person(**(entry | {"roles": tuple(entry.get("roles", ()))})) for entry in entries]
    except (OSError, ParsingError, TypeError, AttributeError):
        raise ConfigurationError("the persons file cannot be read") from None


def write_persons(path: Path, persons: Iterable[Person]) -> None:
    """Write everybody of the stand-in."""
    path.write_bytes(strict_json.dumps([asdict(person) for person in persons]))


def write_registration(path: Path, persons: Iterable[Person]) -> None:
    """Write who a BSN belongs to, for offers at an issuer's desk (`[desk] persons_file`)."""
    path.write_bytes(strict_json.dumps([_registered(person) for person in persons if person.bsn]))


def _registered(person: Person) -> dict[str, str]:
    entry = {
        "bsn": person.bsn,
        "family_name": person.family_name,
        "given_name": person.given_name,
        "birthdate": person.birthdate,
    }
    return entry | ({"represents_bsn": person.represents_bsn} if person.represents_bsn else {})


def residents_of(expected: Mapping[str, Any]) -> list[Person]:
    """Make persons of the `residents` of an expected.json: the first word is the given name."""
    return [
        Person(
            login=f"bewoner-{number:02d}",
            kind="resident",
            given_name=entry["name"].split(" ", 1)[0],
            family_name=entry["name"].split(" ", 1)[-1],
            bsn=entry["bsn"],
            birthdate=entry["born"],
        )
        for number, entry in enumerate(expected["residents"], start=1)
    ]


def others(residents: list[Person]) -> list[Person]:
    """Give the representative, acting for the first resident, and who works there."""
    representative = Person(
        login="vertegenwoordiger-01",
        kind="representative",
        given_name="Marieke",
        family_name="van der Linden",
        bsn=REPRESENTATIVE_BSN,
        birthdate="1969-03-02",
        represents_bsn=residents[0].bsn,
    )
    return [representative, *_STAFF]


# Passes the eleven test and belongs to nobody of the sample.
REPRESENTATIVE_BSN = "999990019"
# What the log-in calls people of a municipality's desk (`[desk] role`).
DESK_ROLE = "balie"
_STAFF = (
    Person("balie-01", "desk", "Yildiz", "Fatma", roles=(DESK_ROLE,)),
    Person("hulpverlener-01", "counsellor", "Bakker", "Samira", roles=("counsellor",)),
    Person("hulpverlener-02", "counsellor", "Willems", "Tom", roles=("counsellor",)),
)
