"""Base64 with exactly one spelling for each value, and the digest that travels in it."""

import binascii
import hashlib

from vckit.errors import ParsingError

# More than any key or proof needs: reading base58 costs the square of its length.
MAX_BASE58 = 512

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
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


def base58btc_encode(data: bytes) -> str:
    """Give the multibase form of the Bitcoin alphabet: "z" and base58 (CID 1.0 2.4)."""
    zeros = len(data) - len(data.lstrip(b"\0"))
    number, digits = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _BASE58[digit] + digits
    return "z" + "1" * zeros + digits


def base58btc_decode(text: str) -> bytes:
    """Read "z" and base58, at most MAX_BASE58 characters; anything else raises ParsingError."""
    if not isinstance(text, str) or text[:1] != "z" or len(text) > MAX_BASE58:
        raise ParsingError("This is not base58btc.")
    digits = text[1:]
    number = 0
    for character in digits:
        digit = _BASE58.find(character)
        if digit < 0:
            raise ParsingError("This is not base58btc.")
        number = number * 58 + digit
    zeros = len(digits) - len(digits.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8)


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
