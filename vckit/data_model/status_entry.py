"""`credentialStatus`: entries of Bitstring Status Lists (section 2.1), one for each purpose."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from vckit.errors import MalformedValueError
from vckit.status import StatusReference
from vckit.status.bitstring import MEMBER

REFRESH: Final = "refresh"
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,14}")
_MEMBERS: Final = frozenset(
    {"id", "type", "statusPurpose", "statusListIndex", "statusListCredential", "statusSize"}
)


def check_mechanism(reference: StatusReference) -> None:
    """Raise MalformedValueError for a list of another mechanism."""
    if reference.mechanism != MEMBER:
        raise MalformedValueError("a W3C credential refers to Bitstring Status Lists only")


def entry_of(reference: StatusReference) -> dict[str, str]:
    """The entry without an id: nothing would use it."""
    check_mechanism(reference)
    return {
        "type": MEMBER,
        "statusPurpose": reference.purpose,
        "statusListIndex": str(reference.index),
        "statusListCredential": reference.uri,
    }


def lone_entry_of(references: Sequence[StatusReference]) -> dict[str, str]:
    """The revocation entry as data model 1.1 wants it (section 4.9): an id, and no array around it.

    didkit and the wallets built on it read no credential with another `credentialStatus`.
    """
    others = [each for each in references if each.purpose != REFRESH]
    if len(others) != 1:
        raise MalformedValueError("data model 1.1 has one status entry beside the refresh")
    (revocation,) = others
    return {"id": f"{revocation.uri}#{revocation.index}", **entry_of(revocation)}


def references_of(
    entries: object, further: tuple[StatusReference, ...] = ()
) -> tuple[StatusReference, ...]:
    """What `credentialStatus`, one entry or an array of them, refers to, and what was `further`.

    Raises MalformedValueError.
    """
    listed = entries if isinstance(entries, list) else [entries]
    found = (*map(_reference, listed), *further)
    if len({each.purpose for each in found}) < len(found):
        raise MalformedValueError("two status entries have one purpose")
    return found


def _reference(entry: object) -> StatusReference:
    if not isinstance(entry, dict) or entry.get("type") not in (MEMBER, [MEMBER]):
        raise MalformedValueError("a status entry is of another type")
    _check_plain(entry)
    match entry:
        case {
            "statusPurpose": str(purpose),
            "statusListIndex": str(index),
            "statusListCredential": str(uri),
        } if _INDEX.fullmatch(index):
            return StatusReference(purpose, uri, int(index), MEMBER)
    raise MalformedValueError("a status entry lacks its purpose, index or list")


def _check_plain(entry: Mapping[str, Any]) -> None:
    """One bit each, so no messages: a greater `statusSize` must have some (section 2.1)."""
    if not _MEMBERS.issuperset(entry):
        raise MalformedValueError("a status entry has other members")
    if type(entry.get("statusSize", 1)) is not int or entry.get("statusSize", 1) != 1:
        raise MalformedValueError("a status entry has more than one bit and no messages")
    if not isinstance(entry.get("id", ""), str):
        raise MalformedValueError("the id of a status entry is not a string")


def entries_of(references: Sequence[StatusReference]) -> list[dict[str, str]]:
    """Entries in the order of their references."""
    return [entry_of(reference) for reference in references]
