"""A presentation of either version: one holder, and one or more credentials."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from vckit.data_model.version import CONTEXT
from vckit.errors import MalformedValueError

TYPE: Final = "VerifiablePresentation"
# A presentation may hold more than one credential; more than a response may is judged there.
MAX_CREDENTIALS: Final = 100
_MEMBERS: Final = frozenset(
    {CONTEXT, "id", "type", "holder", "verifiableCredential", "termsOfUse", "proof"}
)


def build_presentation(
    contexts: Sequence[str], credentials: Sequence[Any], *, holder: str
) -> dict[str, Any]:
    """The presentation without a proof."""
    return {
        CONTEXT: list(contexts),
        "type": [TYPE],
        "holder": holder,
        "verifiableCredential": list(credentials),
    }


def credentials_of(presentation: Mapping[str, Any]) -> list[Any]:
    """What is presented, at least one; MalformedValueError where it is no presentation."""
    if not _MEMBERS.issuperset(presentation):
        raise MalformedValueError("the presentation has other members")
    if presentation.get("type") not in (TYPE, [TYPE]):
        raise MalformedValueError("this is not a presentation")
    held = presentation.get("verifiableCredential")
    credentials = held if isinstance(held, list) else [held]
    if held is None or not 1 <= len(credentials) <= MAX_CREDENTIALS:
        raise MalformedValueError("the presentation holds no credential, or too many")
    return credentials


def holder_of(presentation: Mapping[str, Any]) -> str | None:
    """The holder's id where the presentation names one; a string or an object with an id."""
    if "holder" not in presentation:
        return None
    holder = presentation["holder"]
    identifier = holder.get("id") if isinstance(holder, dict) else holder
    if not isinstance(identifier, str):
        raise MalformedValueError("the holder has no id")
    return identifier
