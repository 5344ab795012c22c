"""Base64 with exactly one spelling for each value, and the digest that travels in it."""

import binascii
import hashlib

from vckit.errors import ParsingError

_FROM_STANDARD = bytes.maketrans(b"+/", b"-_")
# What is not of the base64url alphabet becomes something that is of neither.
_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")


def b64url_encode(data: bytes) -> str:
    """Give base64url without padding (RFC 7515 2)."""
    return binascii.b2a_base64(data, newline=False).translate(_FROM_STANDARD, b"=").decode()


def b64url_decode(text: str) -> bytes:
    """Read base64url without padding; any other spelling of the same bytes raises ParsingError.

    A second spelling would pass a replay cache that is keyed on the text.
    """
    try:
        standard = text.encode("ascii").translate(_TO_STANDARD)
    except (AttributeError, UnicodeError):
        raise ParsingError("This is not base64url.") from None
    return _decode(standard + b"=" * (-len(standard) % 4))


def b64_encode(data: bytes) -> str:
    """Give padded standard base64 (RFC 4648 4)."""
    return binascii.b2a_base64(data, newline=False).decode()


def b64_decode(text: str) -> bytes:
    """Read padded standard base64 (RFC 4648 4, as in `x5c`); else ParsingError."""
    try:
        return _decode(text.encode("ascii"))
    except (AttributeError, UnicodeError):
        raise ParsingError("This is not base64.") from None


def sha256_b64url(data: bytes) -> str:
    """Give the SHA-256 digest in base64url without padding (43 characters)."""
    return b64url_encode(hashlib.sha256(data).digest())


def _decode(standard: bytes) -> bytes:
    try:
        data = binascii.a2b_base64(standard)
    except binascii.Error:
        raise ParsingError("This is not base64.") from None
    # The decoder skips what it does not know and drops unused bits: only a canonical text returns.
    if binascii.b2a_base64(data, newline=False) != standard:
        raise ParsingError("This is not canonical base64.")
    return data
