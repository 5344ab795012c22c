"""JWS, read strictly (RFC 7515, RFC 8725): one header, one algorithm, pinned to the key.

What the general libraries let through is refused here: members named twice, `crit` with nothing in
it, keys fetched from addresses in the header, and every second spelling of the same bytes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vckit import strict_json
from vckit.encoding import b64url_decode, b64url_encode
from vckit.errors import (
    ConfigurationError,
    CryptographicSecurityError,
    MalformedValueError,
    ParsingError,
)
from vckit.keys import ALGORITHM_NAMES, PublicKey
from vckit.signers import Signer

MAX_HEADER = 8_192  # octets of a header
MAX_CERTIFICATES = 5
MAX_SIGNATURES = 16

_MAX_HEADER_SEGMENT = (MAX_HEADER * 4 + 2) // 3
_SEGMENTS = 3

# `crit`: no extension is known, so every list names an unknown one or is empty (RFC 7515 4.1.11).
# `b64` is void without `crit` (RFC 7797 6). `jku` and `x5u` would fetch the key (ASVS 9.1.3).
_REFUSED = frozenset({"crit", "b64", "jku", "x5u"})
_TYPES: dict[str, type] = {"alg": str, "typ": str, "cty": str, "kid": str, "jwk": dict, "x5c": list}


@dataclass(frozen=True)
class Jws:
    """A verified signature: its header, and the payload that was signed."""

    header: dict[str, Any] = field(repr=False)
    payload: bytes = field(repr=False)

    def claims(self, limits: strict_json.Limits = strict_json.DEFAULT) -> dict[str, Any]:
        """Give the payload as a strict JSON object, else ParsingError."""
        return strict_json.loads_object(self.payload, limits)


@dataclass(frozen=True)
class UnverifiedJws:
    """A well-formed JWS that nobody vouches for yet."""

    header: dict[str, Any] = field(repr=False)
    payload: bytes = field(repr=False)
    signing_input: bytes = field(repr=False)
    signature: bytes = field(repr=False)

    def claims(self, limits: strict_json.Limits = strict_json.DEFAULT) -> dict[str, Any]:
        """Give the unverified payload as a strict JSON object, else ParsingError."""
        return strict_json.loads_object(self.payload, limits)


def sign(header: Mapping[str, Any], payload: Mapping[str, Any] | bytes, signer: Signer) -> str:
    """Give the compact form; `alg` comes from the signer."""
    encoded = b64url_encode(payload if isinstance(payload, bytes) else strict_json.dumps(payload))
    protected, signature = _signed(header, encoded, signer)
    return f"{protected}.{encoded}.{signature}"


def parse(compact: str) -> UnverifiedJws:
    """Read a compact JWS; ParsingError for its syntax, else CryptographicSecurityError."""
    if not isinstance(compact, str) or compact.count(".") != _SEGMENTS - 1:
        raise ParsingError("This is no compact JWS.")
    header, payload, signature = compact.split(".")
    return _parse(header, payload, signature)


def verify(
    jws: str | UnverifiedJws,
    key: PublicKey,
    *,
    typ: str,
    algorithms: Collection[str] = ALGORITHM_NAMES,
) -> Jws:
    """Give what `key` signed as this `typ`, compared exactly (RFC 8725 3.11).

    `alg` must be one of `algorithms` and be the key's own (RFC 8725 3.1). ParsingError for the
    syntax, else CryptographicSecurityError.
    """
    unverified = parse(jws) if isinstance(jws, str) else jws
    _check_header(unverified.header, key, typ, algorithms)
    key.verify(unverified.signature, unverified.signing_input)
    return Jws(unverified.header, unverified.payload)


def sign_general(payload: bytes, signers: Sequence[tuple[Mapping[str, Any], Signer]]) -> bytes:
    """Give the general JSON serialisation (RFC 7515 7.2.1), one signature per (header, signer)."""
    encoded = b64url_encode(payload)
    signed = [_signed(header, encoded, signer) for header, signer in signers]
    signatures = [{"protected": header, "signature": signature} for header, signature in signed]
    return strict_json.dumps({"payload": encoded, "signatures": signatures})


def parse_general(data: bytes) -> list[UnverifiedJws]:
    """Read the general JSON serialisation (RFC 7515 7.2.1), one for each signature.

    Without unprotected headers: nothing unsigned may steer. Errors as of `parse`.
    """
    document = strict_json.loads_object(data, strict_json.Limits(string=len(data)))
    match document:
        case {"payload": str(payload), "signatures": [*signatures], **others}:
            if others or not 1 <= len(signatures) <= MAX_SIGNATURES:
                raise MalformedValueError("The JWS has other members or too many signatures.")
            return [_parse_signature(one, payload) for one in signatures]
    raise MalformedValueError("This is no JWS in the general JSON serialisation.")


def verify_general(data: bytes, keys: Collection[PublicKey], *, typ: str, threshold: int) -> bytes:
    """Give the payload that at least `threshold` different `keys` signed as this `typ`.

    Signatures of unknown keys do not count and do no harm, so that a key can be replaced.
    """
    if not 1 <= threshold <= len(set(keys)):
        raise ConfigurationError("The threshold asks for no signature, or for more than there are.")
    unverified = parse_general(data)
    signed_by = {key for key in keys if any(_signed_by(key, one, typ) for one in unverified)}
    if len(signed_by) < threshold:
        raise CryptographicSecurityError("Too few known keys signed this.")
    return unverified[0].payload


def _signed(header: Mapping[str, Any], payload: str, signer: Signer) -> tuple[str, str]:
    protected = b64url_encode(strict_json.dumps({**header, "alg": signer.algorithm}))
    return protected, b64url_encode(signer.sign(f"{protected}.{payload}".encode()))


def _parse(header: str, payload: str, signature: str) -> UnverifiedJws:
    if len(header) > _MAX_HEADER_SEGMENT:
        raise CryptographicSecurityError("The JOSE header is too large.")
    try:
        segments = [b64url_decode(one) for one in (header, payload, signature)]
    except ParsingError:
        # A second spelling of the same bytes would pass a replay cache keyed on the text.
        raise CryptographicSecurityError("A JWS segment is not canonical base64url.") from None
    members = strict_json.loads_object(segments[0])
    _check_members(members)
    return UnverifiedJws(members, segments[1], f"{header}.{payload}".encode(), segments[2])


def _check_members(header: Mapping[str, Any]) -> None:
    if not _REFUSED.isdisjoint(header):
        raise CryptographicSecurityError("The JOSE header asks for what is refused here.")
    if not isinstance(header.get("alg"), str):
        raise CryptographicSecurityError("The JOSE header names no algorithm.")
    if any(name in header and not isinstance(header[name], _TYPES[name]) for name in _TYPES):
        raise CryptographicSecurityError("A member of the JOSE header has the wrong type.")
    if len(header.get("x5c", ())) > MAX_CERTIFICATES:
        raise CryptographicSecurityError("The JOSE header holds too many certificates.")


def _check_header(
    header: Mapping[str, Any], key: PublicKey, typ: str, algorithms: Collection[str]
) -> None:
    algorithm = header.get("alg")
    if algorithm not in algorithms or algorithm not in key.algorithm_names:
        raise CryptographicSecurityError("The algorithm is not allowed for this key.")
    if header.get("typ") != typ:
        raise CryptographicSecurityError("This JWS is of another type.")


def _parse_signature(member: object, payload: str) -> UnverifiedJws:
    match member:
        case {"protected": str(header), "signature": str(signature), **others} if not others:
            return _parse(header, payload, signature)
    raise MalformedValueError("A signature of the JWS is malformed.")


def _signed_by(key: PublicKey, unverified: UnverifiedJws, typ: str) -> bool:
    try:
        verify(unverified, key, typ=typ)
    except CryptographicSecurityError:
        return False
    return True
