"""Who a case is about, and whether a statement is about the same person (domain.md case 10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from vckit.statement import comparable_name


@dataclass(frozen=True)
class Person:
    """Names as the civil register writes them, and a birth date `YYYY-MM-DD`."""

    family_name: str
    given_name: str
    birthdate: str

    @classmethod
    def stated(cls, terms: Mapping[str, Any]) -> Self:
        """The person of a statement that disclosed all three terms."""
        return cls(terms["geslachtsnaam"], terms["voornamen"], terms["geboortedatum"])

    def is_same(self, other: "Person") -> bool:
        """All three equal after NFC and case folding (wire.md); a name alone never merges."""
        return _comparable(self) == _comparable(other)

    def to_json(self) -> dict[str, str]:
        """The form that is kept in the database and shown by the commands."""
        return {
            "family_name": self.family_name,
            "given_name": self.given_name,
            "birthdate": self.birthdate,
        }


def _comparable(person: Person) -> tuple[str, str, str]:
    names = comparable_name(person.family_name), comparable_name(person.given_name)
    return *names, person.birthdate
