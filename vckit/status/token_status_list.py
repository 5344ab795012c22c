"""Token Status List (draft-ietf-oauth-status-list), JWT form.

Bits count from the least significant one of each byte (section 4.1), the opposite of the W3C
Bitstring.
"""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vckit import jose, strict_json
from vckit.encoding import b64url_decode, b64url_encode
from vckit.errors import (
    CryptographicSecurityError,
    MalformedValueError,
    ParsingError,
    RangeError,
    StatusRetrievalError,
    StatusVerificationError,
)
from vckit.keys import PublicKey
from vckit.rdf import JsonLd
from vckit.signers import Signer
from vckit.status.reference import TOKEN_STATUS_LIST, ListIssuer, StatusReference

MEMBER: Final = TOKEN_STATUS_LIST
MEDIA_TYPE: Final = "application/statuslist+jwt"
ACCEPTED: Final[frozenset[str]] = frozenset({MEDIA_TYPE})
TYP: Final = "statuslist+jwt"
# Herd privacy: the smallest list that we publish (the W3C's minimum, taken here too).
MINIMUM_ENTRIES: Final = 131_072
MAX_INFLATED: Final = 16 * 1024 * 1024
LEEWAY: Final = 60
_LIMITS: Final = strict_json.Limits(string=1_048_576)
_BITS: Final = (1, 2, 4, 8)


@dataclass(frozen=True)
class StatusList:
    """Packed statuses of `bits` bits each."""

    bits: int
    data: bytes

    def __post_init__(self) -> None:
        if isinstance(self.bits, bool) or self.bits not in _BITS:
            raise MalformedValueError("bits of a status list is not 1, 2, 4 or 8")

    @property
    def size(self) -> int:
        """How many statuses the list holds."""
        return len(self.data) * 8 // self.bits

    def get(self, index: int) -> int:
        """The status at `index`: 0 valid, 1 invalid, 2 suspended; outside raises RangeError."""
        if not 0 <= index < self.size:
            raise RangeError("a status index lies outside its list")
        byte, position = divmod(index * self.bits, 8)
        return self.data[byte] >> position & (1 << self.bits) - 1


@dataclass(frozen=True)
class VerifiedStatusList:
    """A list that its issuer signed; times in epoch seconds, `ttl` in seconds, None if unstated."""

    list: StatusList
    issued_at: int
    expires: int | None
    ttl: int | None


def encode(statuses: Iterable[int], bits: int) -> bytes:
    """Pack statuses, the first in the lowest bits; the last byte is filled up with 0."""
    values = list(statuses)
    data = bytearray((len(values) * bits + 7) // 8)
    for index, value in enumerate(values):
        if not 0 <= value < 1 << bits:
            raise RangeError("a status does not fit in the bits of its list")
        byte, position = divmod(index * bits, 8)
        data[byte] |= value << position
    return StatusList(bits, bytes(data)).data


def set_bit(data: bytearray, index: int, value: int = 1) -> None:
    """Set status `index` of a list of one bit each, in place."""
    if not 0 <= index < len(data) * 8:
        raise RangeError("a status index lies outside its list")
    mask = 1 << index % 8
    data[index // 8] = data[index // 8] | mask if value else data[index // 8] & ~mask


def to_lst(data: bytes | bytearray, level: int = 6) -> str:
    """The `lst` member (section 4.2): base64url of the zlib stream."""
    return b64url_encode(zlib.compress(bytes(data), level))


def from_lst(bits: int, lst: str) -> StatusList:
    """Read `bits` and `lst`, at most 16 MiB; MalformedValueError for anything but one stream."""
    if not isinstance(bits, int) or not isinstance(lst, str):
        raise MalformedValueError("bits or lst of a status list has a wrong type")
    return StatusList(bits, _inflate(_decode(lst)))


def _decode(lst: str) -> bytes:
    try:
        return b64url_decode(lst)
    except ParsingError as error:
        raise MalformedValueError("lst of a status list is not base64url") from error


def _inflate(compressed: bytes) -> bytes:
    decompressor = zlib.decompressobj()
    try:
        data = decompressor.decompress(compressed, MAX_INFLATED + 1)
    except zlib.error as error:
        raise MalformedValueError("a status list is not a zlib stream") from error
    if len(data) > MAX_INFLATED:
        raise MalformedValueError("a status list is too long")
    if not decompressor.eof or decompressor.unused_data:
        raise MalformedValueError("a status list is cut off or has data behind it")
    return data


def issue(
    *,
    uri: str,
    data: bytes | bytearray,
    bits: int = 1,
    signer: Signer,
    header: Mapping[str, Any],
    issued_at: int,
    expires: int,
    ttl: int,
) -> str:
    """The Status List Token (section 5.1) for the packed `data`; `header` carries the x5c."""
    claims = {
        "sub": uri,
        "iat": issued_at,
        "exp": expires,
        "ttl": ttl,
        "status_list": {"bits": StatusList(bits, bytes(data)).bits, "lst": to_lst(data)},
    }
    return jose.sign({**header, "typ": TYP}, claims, signer)


def judge(
    text: str,
    reference: StatusReference,
    *,
    issuer: ListIssuer,
    json_ld: JsonLd,  # noqa: ARG001  a token has no JSON-LD
    now: int,
) -> VerifiedStatusList:
    """See `StatusMechanism`: one key signs both, since wallets accept no other (wallets.md)."""
    return verify(text, uri=reference.uri, issuer_key=issuer.key, now=now)


def verify(token: str, *, uri: str, issuer_key: PublicKey, now: int) -> VerifiedStatusList:
    """Section 8.3 steps 3 to 5 with the key of the *credential's* issuer, which alone may tell.

    Raises StatusVerificationError, StatusRetrievalError when it has expired (so there is none
    now), MalformedValueError for what stands in `status_list`.
    """
    claims = _signed_claims(token, issuer_key)
    if claims.get("sub") != uri:  # Step 4.a.
        raise StatusVerificationError("the status list is another one than was asked")
    issued_at = _time(claims, "iat")
    if issued_at is None or issued_at > now + LEEWAY:  # Steps 3.b and 4.b.
        raise StatusVerificationError("the status list has no iat, or one in the future")
    expires = _time(claims, "exp")
    if expires is not None and expires <= now:  # Step 4.c.
        raise StatusRetrievalError("the status list has expired")
    return VerifiedStatusList(_status_list(claims), issued_at, expires, _ttl(claims))


def _signed_claims(token: str, issuer_key: PublicKey) -> dict[str, Any]:
    try:
        return jose.verify(token, issuer_key, typ=TYP).claims(_LIMITS)
    except (ParsingError, MalformedValueError, CryptographicSecurityError) as error:
        raise StatusVerificationError("the status list is not signed by the issuer") from error


def _time(claims: Mapping[str, Any], name: str) -> int | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise StatusVerificationError("a time of the status list is not a number")
    return int(value)


def _ttl(claims: Mapping[str, Any]) -> int | None:
    ttl = _time(claims, "ttl")
    if ttl is not None and ttl <= 0:
        raise StatusVerificationError("the ttl of the status list is not positive")
    return ttl


def _status_list(claims: Mapping[str, Any]) -> StatusList:
    content = claims.get("status_list")
    if not isinstance(content, dict):
        raise StatusVerificationError("a status list token carries no list")
    return from_lst(content.get("bits"), content.get("lst"))  # type: ignore[arg-type]  # judged there
