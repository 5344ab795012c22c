"""JWS and JSON as nobody honest writes them: any header, any payload, any signature."""

import hmac
import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import serialization

from vckit import strict_json
from vckit.encoding import b64url_decode, b64url_encode
from vckit.keys import PublicKey
from vckit.signers import Signer

# J01: RFC 8725 3.2, in every spelling that a careless comparison lets through.
NONES = ("none", "None", "NONE", "nOnE")


def compact(header: bytes, payload: bytes, signature: bytes = b"") -> str:
    """The compact form of exactly these bytes."""
    return ".".join(map(b64url_encode, (header, payload, signature)))


def signed(
    header: bytes | Mapping[str, Any], payload: bytes | Mapping[str, Any], key: Signer
) -> str:
    """A JWS whose signature holds, whatever header and payload say."""
    segments = [b64url_encode(_bytes(part)) for part in (header, payload)]
    signature = key.sign(".".join(segments).encode())
    return ".".join([*segments, b64url_encode(signature)])


def parts(jws: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and payload of an honest JWS."""
    header, payload, _ = jws.split(".")
    limits = strict_json.Limits(string=1_048_576)
    return (
        strict_json.loads_object(b64url_decode(header), limits),
        strict_json.loads_object(b64url_decode(payload), limits),
    )


def unsigned(jws: str, algorithm: str) -> str:
    """The same JWS with `alg` none and no signature."""
    header, payload = parts(jws)
    return compact(_bytes({**header, "alg": algorithm}), _bytes(payload))


def hmac_signed(jws: str, secret: bytes) -> str:
    """The same JWS as HS256 over a public key's bytes (RFC 8725 3.1)."""
    header, payload = parts(jws)
    segments = [b64url_encode(_bytes(part)) for part in ({**header, "alg": "HS256"}, payload)]
    tag = hmac.digest(secret, ".".join(segments).encode(), sha256)
    return ".".join([*segments, b64url_encode(tag)])


def public_bytes(key: PublicKey) -> Iterator[bytes]:
    """A public key in every form that a library might take for a secret: PEM, DER, JWK, raw x."""
    for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER):
        yield key.raw.public_bytes(encoding, serialization.PublicFormat.SubjectPublicKeyInfo)
    yield strict_json.dumps(key.to_jwk())
    yield b64url_decode(key.to_jwk()["x"])


def first_twice(members: Mapping[str, Any], name: str, first: object) -> bytes:
    """JSON in which `name` stands twice: `first`, and at the end what it is in `members`."""
    rest = {other: value for other, value in members.items() if other != name}
    texts = [
        json.dumps({name: first})[1:-1],
        json.dumps(rest)[1:-1],
        json.dumps({name: members[name]})[1:-1],
    ]
    return ("{" + ",".join(text for text in texts if text) + "}").encode()


def duplicates(jws: str, key: Signer, claim: str) -> dict[str, str]:
    """J10: what holds by signature, with a member of the header or of the payload twice."""
    header, payload = parts(jws)
    return {
        "alg none first": signed(first_twice(header, "alg", "none"), payload, key),
        "typ": signed(first_twice(header, "typ", "JWT"), payload, key),
        "the same twice": signed(first_twice(header, "alg", header["alg"]), payload, key),
        "payload": signed(header, first_twice(payload, claim, "https://elders.example"), key),
    }


def _bytes(part: bytes | Mapping[str, Any]) -> bytes:
    return part if isinstance(part, bytes) else strict_json.dumps(part)
