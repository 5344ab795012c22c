"""The one door to JSON canonicalisation (RFC 8785)."""

import rfc8785

from vckit.errors import MalformedValueError


def canonicalize(value: object) -> bytes:
    """Give the RFC 8785 form; integers beyond 2^53 and non-JSON raise MalformedValueError."""
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # it judges the value itself
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeError):
        raise MalformedValueError("A value has no canonical JSON form.") from None
