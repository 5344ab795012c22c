"""Base64 with exactly one spelling for each value, and the digest that travels in it."""

import base64
import binascii
import hashlib

from vckit.errors import ParsingError


def b64url_encode(data: bytes) -> str:
    """Give base64url without padding (RFC 7515 2)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def b64url_decode(text: str) -> bytes:
    """Read base64url without padding; any other spelling of the same bytes raises ParsingError.

    A second spelling would pass a replay cache that is keyed on the text.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise ParsingError("This is not base64url.") from None
    if b64url_encode(data) != text:
        raise ParsingError("This is not canonical base64url.")
    return data


def b64_decode(text: str) -> bytes:
    """Read padded standard base64 (RFC 4648 4, as in `x5c`); else ParsingError."""
    try:
        data = base64.b64decode(text, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise ParsingError("This is not base64.") from None
    if b64_encode(data) != text:
        raise ParsingError("This is not canonical base64.")
    return data


def b64_encode(data: bytes) -> str:
    """Give padded standard base64 (RFC 4648 4)."""
    return base64.b64encode(data).decode()


def sha256_b64url(data: bytes) -> str:
    """Give the SHA-256 digest in base64url without padding (43 characters)."""
    return b64url_encode(hashlib.sha256(data).digest())
