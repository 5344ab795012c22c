"""Who a statement is about, and the list in which the desk looks people up."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

from vckit import strict_json
from vckit.errors import ConfigurationError, ParsingError

_TERMS: Final = ("bsn", "family_name", "given_name", "birthdate")


@dataclass(frozen=True)
class Person:
    """A resident as the log-in or the base registration names them; birthdate `YYYY-MM-DD`."""

    bsn: str
    family_name: str
    given_name: str
    birthdate: str

    def to_json(self) -> str:
        """For the store; `from_json` reads it back."""
        return strict_json.dumps(asdict(self)).decode()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote."""
        return cls(**strict_json.loads_object(text))


def find_person(persons_file: Path, bsn: str) -> Person | None:
    """Look a BSN up in the list of persons; ConfigurationError when the list is unreadable."""
    for entry in _entries(persons_file):
        if entry.get("bsn") == bsn:
            return Person(**{term: str(entry[term]) for term in _TERMS})
    return None


def _entries(persons_file: Path) -> list[dict[str, Any]]:
    try:
        entries = strict_json.loads(persons_file.read_bytes())
    except (OSError, ParsingError):
        raise ConfigurationError("desk.persons_file is no readable JSON") from None
    if not isinstance(entries, list) or not all(_is_complete(entry) for entry in entries):
        raise ConfigurationError("desk.persons_file is no list of persons")
    return entries


def _is_complete(entry: object) -> bool:
    return isinstance(entry, dict) and all(isinstance(entry.get(term), str) for term in _TERMS)
