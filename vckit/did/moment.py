"""The `dateTimeStamp` of XML Schema 1.1, in which the W3C documents state moments."""

import re
from datetime import UTC, datetime
from typing import Final

from vckit.errors import MalformedValueError

_STAMP: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def parse(text: object) -> int:
    """Give epoch seconds, fractions cut off; a moment without a zone raises MalformedValueError."""
    found = _STAMP.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise MalformedValueError("A moment is no dateTimeStamp.")
    try:
        return int(datetime.fromisoformat(found[1] + found[2]).timestamp())
    except ValueError:
        raise MalformedValueError("A moment is no dateTimeStamp.") from None


def write(epoch: int) -> str:
    """Give the moment in UTC and whole seconds, e.g. "2026-11-24T09:00:00Z"."""
    return datetime.fromtimestamp(epoch, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
