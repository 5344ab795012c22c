"""P-256 and Ed25519 keys: judged once when they come in, and pinned to one algorithm each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils

from vckit import strict_json
from vckit.encoding import b64url_decode, b64url_encode, sha256_b64url
from vckit.errors import (
    ConfigurationError,
    CryptographicSecurityError,
    MalformedValueError,
    ParsingError,
)

ES256 = "ES256"
EDDSA = "EdDSA"
ALGORITHMS = (ES256, EDDSA)
# RFC 9864 2.2: what EdDSA is with an Ed25519 key, by its fully-specified name. We sign under the
# name that every wallet knows and verify under both.
ED25519 = "Ed25519"
ALGORITHM_NAMES = (*ALGORITHMS, ED25519)

Use = Literal["sig", "enc"]
RawPublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey
RawPrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey

_CURVE = ec.SECP256R1()
_VERIFYING = ec.ECDSA(hashes.SHA256())
_SIGNING = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)  # RFC 6979
_SIZE = 32  # octets of a P-256 coordinate, of r, of s, of an Ed25519 key
_UNCOMPRESSED = b"\x04"  # SEC 1 2.3.3

# RFC 7517 4.3: what a public key of each use may be for.
_OPERATIONS: dict[Use, frozenset[str]] = {
    "sig": frozenset({"verify"}),
    "enc": frozenset({"deriveKey", "deriveBits"}),
}
_PRIVATE_MEMBERS = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth", "k"})

# RFC 8032 5.1: the field prime, and the y of the eight points of small order. With the sign bit
# set aside each y stands for every encoding of its points.
_P = 2**255 - 19
_Y8 = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER_Y = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})


@dataclass(frozen=True)
class PublicKey:
    """A key that was judged; equal and hashable by value.

    `algorithm` is "ES256" or "EdDSA", `point` the uncompressed point or the 32 octets of RFC 8032.
    """

    algorithm: str
    point: bytes
    raw: RawPublicKey = field(compare=False, repr=False)

    @classmethod
    def from_raw(cls, raw: object) -> Self:
        """Take a cryptography key; another kind raises CryptographicSecurityError."""
        if isinstance(raw, ec.EllipticCurvePublicKey) and raw.curve.name == _CURVE.name:
            point = raw.public_bytes(
                serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
            )
            return cls(ES256, point, raw)
        if isinstance(raw, ed25519.Ed25519PublicKey):
            return cls._from_ed25519(raw.public_bytes_raw())
        raise CryptographicSecurityError("The key is neither P-256 nor Ed25519.")

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any], *, use: Use = "sig") -> Self:
        """Import a public JWK that may serve this use (RFC 7517 4, RFC 7518 6.2.1, RFC 8037 2).

        Members that are not understood are ignored (RFC 7517 4). A private or unsafe key, or one
        for another job, raises CryptographicSecurityError; a malformed one MalformedValueError.
        """
        if not isinstance(jwk, Mapping):
            raise MalformedValueError("The JWK is not an object.")
        if not _PRIVATE_MEMBERS.isdisjoint(jwk):
            raise CryptographicSecurityError("The JWK holds a private key.")
        key = cls._import(jwk)
        _check_job(jwk, key.algorithm_names, use)
        return key

    @classmethod
    def from_compressed(cls, algorithm: str, octets: bytes) -> Self:
        """Take the 33 octets of a P-256 point (SEC 1 2.3.4) or the 32 of RFC 8032; nothing else."""
        match algorithm, len(octets):
            case "ES256", 33:
                return cls._from_point(octets)
            case "EdDSA", 32:
                return cls._from_ed25519(octets)
        raise CryptographicSecurityError("The key has the wrong length.")

    @classmethod
    def _import(cls, jwk: Mapping[str, Any]) -> Self:
        match jwk.get("kty"), jwk.get("crv"):
            case "EC", "P-256":
                return cls._from_point(_UNCOMPRESSED + _octets(jwk, "x") + _octets(jwk, "y"))
            case "OKP", "Ed25519":
                return cls._from_ed25519(_octets(jwk, "x"))
        raise CryptographicSecurityError("The key is neither P-256 nor Ed25519.")

    @classmethod
    def _from_point(cls, encoded: bytes) -> Self:
        try:
            raw = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, encoded)
        except ValueError:
            raise CryptographicSecurityError("The key is not a point of P-256.") from None
        return cls.from_raw(raw)

    @classmethod
    def _from_ed25519(cls, octets: bytes) -> Self:
        # RFC 8032 5.1.3 step 1: y >= p is no encoding. A small-order key verifies a signature
        # for almost any message.
        y = int.from_bytes(octets, "little") & (2**255 - 1)
        if y >= _P or y in _SMALL_ORDER_Y:
            raise CryptographicSecurityError("The Ed25519 key is of small order or not canonical.")
        return cls(EDDSA, octets, ed25519.Ed25519PublicKey.from_public_bytes(octets))

    @property
    def algorithm_names(self) -> tuple[str, ...]:
        """Give the values of `alg` under which a signature of this key may stand."""
        return (EDDSA, ED25519) if self.algorithm == EDDSA else (self.algorithm,)

    @property
    def compressed(self) -> bytes:
        """Give the point in 33 octets (SEC 1 2.3.3), or the 32 of RFC 8032."""
        if self.algorithm == EDDSA:
            return self.point
        return bytes([2 + self.point[-1] % 2]) + self.point[1 : 1 + _SIZE]

    def to_jwk(self) -> dict[str, str]:
        """Give the members of RFC 7638 3.2 only."""
        if self.algorithm == EDDSA:
            return {"crv": "Ed25519", "kty": "OKP", "x": b64url_encode(self.point)}
        x, y = self.point[1 : 1 + _SIZE], self.point[1 + _SIZE :]
        return {"crv": "P-256", "kty": "EC", "x": b64url_encode(x), "y": b64url_encode(y)}

    def thumbprint(self) -> str:
        """Give the RFC 7638 thumbprint: SHA-256 in base64url."""
        return sha256_b64url(strict_json.dumps(self.to_jwk()))

    def verify(self, signature: bytes, data: bytes) -> None:
        """Return when the 64 octets (r || s, or RFC 8032) hold, else CryptographicSecurityError."""
        if len(signature) != 2 * _SIZE:
            raise CryptographicSecurityError("The signature does not hold.")
        try:
            self._verify(signature, data)
        except InvalidSignature:
            raise CryptographicSecurityError("The signature does not hold.") from None

    def _verify(self, signature: bytes, data: bytes) -> None:
        if isinstance(self.raw, ed25519.Ed25519PublicKey):
            self.raw.verify(signature, data)
            return
        # RFC 7518 3.4: r and s, 32 octets each; a high s is valid there.
        r, s = int.from_bytes(signature[:_SIZE]), int.from_bytes(signature[_SIZE:])
        self.raw.verify(utils.encode_dss_signature(r, s), data, _VERIFYING)


@dataclass(frozen=True)
class PrivateKey:
    """A private key of our own; equal and hashable by its public key. It is a Signer."""

    public: PublicKey
    raw: RawPrivateKey = field(compare=False, repr=False)

    @classmethod
    def generate(cls, algorithm: str) -> Self:
        """Make a fresh key for "ES256" or "EdDSA"."""
        match algorithm:
            case "ES256":
                return cls.from_raw(ec.generate_private_key(_CURVE))
            case "EdDSA":
                return cls.from_raw(ed25519.Ed25519PrivateKey.generate())
        raise ConfigurationError("Keys are made for ES256 and EdDSA only.")

    @classmethod
    def from_raw(cls, raw: RawPrivateKey) -> Self:
        """Take a private key of the cryptography library."""
        return cls(PublicKey.from_raw(raw.public_key()), raw)

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """Read an unencrypted PEM; anything else raises ConfigurationError."""
        try:
            raw = serialization.load_pem_private_key(pem, password=None)
            return cls.from_raw(cast("RawPrivateKey", raw))
        except (ValueError, TypeError, CryptographicSecurityError):
            raise ConfigurationError("This is no PEM of a P-256 or Ed25519 key.") from None

    @classmethod
    def from_jwk(cls, jwk: Mapping[str, Any]) -> Self:
        """Read a private JWK of our own; one that does not fit raises ConfigurationError."""
        try:
            public = PublicKey.from_jwk(_without_private(jwk), use=_use(jwk))
            key = cls.from_raw(_import_private(public, _octets(jwk, "d")))
        except (ValueError, CryptographicSecurityError, MalformedValueError):
            raise ConfigurationError("This is no private JWK of P-256 or Ed25519.") from None
        if key.public != public:
            raise ConfigurationError("The private JWK does not belong to its public members.")
        return key

    @property
    def algorithm(self) -> str:
        """Give "ES256" or "EdDSA"."""
        return self.public.algorithm

    @property
    def public_key(self) -> PublicKey:
        """Give the public key, under the name that Signer asks for."""
        return self.public

    def sign(self, data: bytes) -> bytes:
        """Give r || s (deterministic, RFC 6979) or the RFC 8032 signature: 64 octets."""
        if isinstance(self.raw, ed25519.Ed25519PrivateKey):
            return self.raw.sign(data)
        r, s = utils.decode_dss_signature(self.raw.sign(data, _SIGNING))
        return r.to_bytes(_SIZE) + s.to_bytes(_SIZE)

    def to_pem(self) -> bytes:
        """Give unencrypted PKCS #8 PEM; the caller keeps it in a file of mode 0600."""
        return self.raw.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def to_jwk(self) -> dict[str, str]:
        """Give the private JWK."""
        return {**self.public.to_jwk(), "d": b64url_encode(self._secret())}

    def _secret(self) -> bytes:
        if isinstance(self.raw, ed25519.Ed25519PrivateKey):
            return self.raw.private_bytes_raw()
        return self.raw.private_numbers().private_value.to_bytes(_SIZE)


def _octets(jwk: Mapping[str, Any], member: str) -> bytes:
    """RFC 7518 6.2.1.2: the full size of a coordinate, leading zeros included."""
    try:
        octets = b64url_decode(jwk[member])
    except (KeyError, ParsingError):
        raise MalformedValueError("A member of the JWK is missing or no base64url.") from None
    if len(octets) != _SIZE:
        raise CryptographicSecurityError("A member of the JWK has the wrong length.")
    return octets


def _check_job(jwk: Mapping[str, Any], algorithms: tuple[str, ...], use: Use) -> None:
    """RFC 7517 4.2-4.4: what the key says that it is for."""
    if "use" in jwk and jwk["use"] != use:
        raise CryptographicSecurityError("The JWK is for another use.")
    if "alg" in jwk and jwk["alg"] not in (algorithms if use == "sig" else ("ECDH-ES",)):
        raise CryptographicSecurityError("The JWK is for another algorithm.")
    if "key_ops" in jwk and not _operations_fit(jwk["key_ops"], use):
        raise CryptographicSecurityError("The JWK is for other operations.")
    if not isinstance(jwk.get("kid", ""), str):
        raise MalformedValueError("The kid of the JWK is not a string.")


def _operations_fit(operations: object, use: Use) -> bool:
    if not isinstance(operations, list) or not all(isinstance(one, str) for one in operations):
        return False
    if len(set(operations)) != len(operations):
        return False
    # Web Cryptography exports a public ECDH key with an empty list.
    return _OPERATIONS[use].issuperset(operations) and (bool(operations) or use == "enc")


def _use(jwk: Mapping[str, Any]) -> Use:
    return "enc" if jwk.get("use") == "enc" or jwk.get("alg") == "ECDH-ES" else "sig"


def _without_private(jwk: Mapping[str, Any]) -> dict[str, Any]:
    # key_ops of a private key speak of signing, which is no matter of its public half.
    return {name: value for name, value in jwk.items() if name not in {"d", "key_ops"}}


def _import_private(public: PublicKey, secret: bytes) -> RawPrivateKey:
    if public.algorithm == EDDSA:
        return ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    return ec.derive_private_key(int.from_bytes(secret), _CURVE)
