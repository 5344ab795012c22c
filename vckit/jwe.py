"""JWE, only as OpenID4VP and OpenID4VCI use it: ECDH-ES on P-256, compact; the door to joserfc.

Everything is refused from the header alone before any key is touched, and every refusal is the
same: which step failed is nobody's business (RFC 7516 11.5).
"""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, cast

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from vckit import strict_json
from vckit.encoding import b64url_decode, b64url_encode
from vckit.errors import (
    ConfigurationError,
    CryptographicSecurityError,
    ProtocolError,
    VerificationError,
)
from vckit.keys import ES256, PrivateKey, PublicKey

ALGORITHM = "ECDH-ES"
ENCRYPTIONS = ("A128GCM", "A256GCM")
MAX_HEADER = 8_192  # octets

_SEGMENTS = 5
_REFUSED = frozenset({"crit", "zip", "jku", "x5u", "b64"})
# RFC 7518 5: octets of the initialisation vector and of the tag. A shorter tag is a weaker one.
_SIZES = {
    "A128GCM": (12, 16),
    "A192GCM": (12, 16),
    "A256GCM": (12, 16),
    "A128CBC-HS256": (16, 16),
    "A192CBC-HS384": (16, 24),
    "A256CBC-HS512": (16, 32),
}
_PADDING = 16  # octets that CBC may add


class DecryptionError(ProtocolError):
    """The JWE is refused; the text never tells why."""

    code: ClassVar[str] = "invalid_request"

    def __init__(self) -> None:
        super().__init__("The encrypted message cannot be used.")


class _Registry(jwe.JWERegistry):
    """ECDH-ES only; sizes are judged before, unknown header members are ignored (RFC 7516 4)."""

    max_protected_header_length = 2 * MAX_HEADER

    def __init__(self, encs: Collection[str], ciphertext: int = 0) -> None:
        super().__init__(algorithms=[ALGORITHM, *encs], strict_check_header=False)
        self.max_ciphertext_length = ciphertext


def encrypt(
    plaintext: bytes,
    recipient_jwk: Mapping[str, Any],
    *,
    enc: str,
    apu: bytes | None = None,
    apv: bytes | None = None,
) -> str:
    """Encrypt to a P-256 key that is meant for it; its `kid` goes along (OpenID4VP 8.3)."""
    key = PublicKey.from_jwk(recipient_jwk, use="enc")
    if key.algorithm != ES256:
        raise CryptographicSecurityError("Only keys on P-256 can be encrypted to.")
    if enc not in _SIZES:
        raise CryptographicSecurityError("The content encryption is unknown.")
    header = {"alg": ALGORITHM, "enc": enc} | _optional(recipient_jwk.get("kid"), apu, apv)
    return jwe.encrypt_compact(header, plaintext, _imported(key), registry=_Registry([enc]))


def unverified_header(compact: str) -> dict[str, Any]:
    """Give the header, to find the key by its `kid`; anything malformed raises DecryptionError."""
    try:
        return _header(_segments(compact)[0])
    except VerificationError:
        raise DecryptionError from None


def decrypt(
    compact: str,
    private_key: PrivateKey,
    *,
    kid: str | None,
    max_plaintext: int,
    encs: Collection[str] = ENCRYPTIONS,
) -> bytes:
    """Give the plaintext, at most `max_plaintext` octets; else DecryptionError, always the same.

    A `kid` that is given must be the header's. ConfigurationError when our key is not on P-256.
    """
    if private_key.algorithm != ES256:
        raise ConfigurationError("The decryption key is not on P-256.")
    try:
        _check(_segments(compact), kid, max_plaintext, encs)
        registry = _Registry(encs, len(compact))
        decrypted = jwe.decrypt_compact(compact, _imported(private_key), registry=registry)
        return _plaintext(decrypted, max_plaintext)
    except (VerificationError, JoseError, ValueError, TypeError):
        raise DecryptionError from None


def _imported(key: PublicKey | PrivateKey) -> ECKey:
    return ECKey.import_key(cast("Any", key.raw))  # on P-256, as was checked


def _optional(kid: object, apu: bytes | None, apv: bytes | None) -> dict[str, str]:
    parties = {"apu": apu, "apv": apv}
    members = {name: b64url_encode(value) for name, value in parties.items() if value is not None}
    return members | ({"kid": kid} if isinstance(kid, str) else {})


def _segments(compact: str) -> list[str]:
    if not isinstance(compact, str) or compact.count(".") != _SEGMENTS - 1:
        raise CryptographicSecurityError("This is no compact JWE.")
    return compact.split(".")


def _header(segment: str) -> dict[str, Any]:
    if len(segment) > _encoded(MAX_HEADER):
        raise CryptographicSecurityError("The JOSE header is too large.")
    return strict_json.loads_object(b64url_decode(segment))


def _check(segments: list[str], kid: str | None, max_plaintext: int, encs: Collection[str]) -> None:
    """Everything that can be refused without our key."""
    header, key, vector, ciphertext, tag = segments
    members = _header(header)
    _check_members(members, kid, encs)
    # RFC 7516 5.2 step 10: with direct key agreement there is no encrypted key.
    if key or len(ciphertext) > _encoded(max_plaintext + _PADDING):
        raise CryptographicSecurityError("The JWE has an encrypted key or is too long.")
    if (len(b64url_decode(vector)), len(b64url_decode(tag))) != _SIZES[members["enc"]]:
        raise CryptographicSecurityError("The vector or the tag has the wrong length.")
    # RFC 7518 4.6.1.1: the ephemeral key is a public one, on our curve.
    if PublicKey.from_jwk(members["epk"], use="enc").algorithm != ES256:
        raise CryptographicSecurityError("The ephemeral key is on another curve.")


def _check_members(header: Mapping[str, Any], kid: str | None, encs: Collection[str]) -> None:
    if not _REFUSED.isdisjoint(header):
        raise CryptographicSecurityError("The JOSE header asks for what is refused here.")
    if header.get("alg") != ALGORITHM or header.get("enc") not in [*_SIZES.keys() & set(encs)]:
        raise CryptographicSecurityError("The encryption is not allowed.")
    if kid is not None and header.get("kid") != kid:
        raise CryptographicSecurityError("The JWE is for another key.")
    if not isinstance(header.get("epk"), dict):
        raise CryptographicSecurityError("There is no ephemeral key.")
    for party in ("apu", "apv"):
        b64url_decode(header.get(party, ""))


def _plaintext(decrypted: jwe.CompactEncryption, max_plaintext: int) -> bytes:
    plaintext = decrypted.plaintext
    if plaintext is None or len(plaintext) > max_plaintext:
        raise CryptographicSecurityError("The plaintext is too long.")
    return plaintext


def _encoded(octets: int) -> int:
    return (octets * 4 + 2) // 3
