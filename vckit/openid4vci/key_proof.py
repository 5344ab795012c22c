"""Key proofs of type `jwt` and their nonces: OpenID4VCI 1.0 sections 7 and Appendix F."""

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vckit import did, jose, strict_json
from vckit.errors import MalformedValueError, VerificationError
from vckit.keys import ALGORITHM_NAMES, PublicKey
from vckit.openid4vci.credential import InvalidProof
from vckit.signers import Signer

TYP = "openid4vci-proof+jwt"

# security.md P04 and V26: five minutes back, one minute ahead.
MAX_AGE = 300
LEEWAY = 60


@dataclass(frozen=True)
class UnspentProof:
    """A verified key proof whose nonce is still to be spent by the store, which knows it.

    `issued_at` is in epoch seconds. `holder_id` is the DID by which the wallet named its key, to
    which a W3C credential is then bound; None for a key that came as `jwk`.
    """

    holder_key: PublicKey
    nonce: str
    issued_at: int
    holder_id: str | None = None


def verify(
    jwt: str, *, audience: str, now: int, algorithms: Collection[str] = ALGORITHM_NAMES
) -> UnspentProof:
    """Verify one key proof (F.1, F.4); everything that is wrong is an InvalidProof.

    `audience` is the Credential Issuer Identifier, compared as a simple string. Section 8.3.1.2
    (3) makes a proof without a nonce an InvalidProof too; InvalidNonce is the store's answer.
    """
    try:
        unverified = jose.parse(jwt)
        holder_key, holder_id = _holder(unverified.header)
        proof = jose.verify(unverified, holder_key, typ=TYP, algorithms=algorithms)
        claims = proof.claims()
    except VerificationError:
        raise InvalidProof("A key proof does not hold.") from None
    if claims.get("aud") != audience:
        raise InvalidProof("A key proof is meant for another issuer.")
    return UnspentProof(holder_key, _nonce(claims), _issued_at(claims, now), holder_id)


def verify_all(
    jwts: Sequence[str], *, audience: str, now: int, algorithms: Collection[str] = ALGORITHM_NAMES
) -> tuple[UnspentProof, ...]:
    """Verify every key proof of a request, or none.

    Section 8.3: each key is bound to at most one credential, so a key that occurs twice is an
    InvalidProof.
    """
    proofs = tuple(verify(one, audience=audience, now=now, algorithms=algorithms) for one in jwts)
    if len({one.holder_key.thumbprint() for one in proofs}) != len(proofs):
        raise InvalidProof("Two key proofs are of one key.")
    return proofs


def create(signer: Signer, *, audience: str, nonce: str, now: int, kid: str | None = None) -> str:
    """Make the key proof of a wallet without client identifier, so without `iss` (F.1).

    `kid` is the DID URL of the key, where the credential is to be bound to a DID.
    """
    named = {"jwk": signer.public_key.to_jwk()} if kid is None else {"kid": kid}
    header: dict[str, Any] = {"typ": TYP, **named}
    return jose.sign(header, {"aud": audience, "iat": now, "nonce": nonce}, signer)


def new_nonce() -> str:
    """Give a fresh nonce of 256 random bits."""
    return secrets.token_urlsafe(32)


def nonce_response(nonce: str) -> dict[str, str]:
    """Give the answer of the nonce endpoint (section 7.2), to be sent with `no-store`."""
    return {"c_nonce": nonce}


def parse_nonce_response(body: bytes) -> str:
    """Read the answer of the nonce endpoint. Raises MalformedValueError or ParsingError."""
    nonce = strict_json.loads_object(body).get("c_nonce")
    if not isinstance(nonce, str) or not nonce:
        raise MalformedValueError("The nonce response is malformed.")
    return nonce


def _holder(header: Mapping[str, Any]) -> tuple[PublicKey, str | None]:
    # F.1: kid, jwk and x5c exclude each other; binding to a certificate is not offered in
    # cryptographic_binding_methods_supported.
    named = [one for one in ("jwk", "kid", "x5c") if one in header]
    if named == ["jwk"]:
        return PublicKey.from_jwk(header["jwk"]), None
    if named == ["kid"] and isinstance(header["kid"], str):
        # Only DIDs that hold their own key: nothing is fetched for whoever sends a proof.
        return did.holder_key(header["kid"]), header["kid"].partition("#")[0]
    raise InvalidProof("A key proof names its key by jwk or by DID URL, and by nothing else.")


def _nonce(claims: Mapping[str, Any]) -> str:
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not nonce:
        raise InvalidProof("A key proof does not carry a nonce.")
    return nonce


def _issued_at(claims: Mapping[str, Any], now: int) -> int:
    issued_at = claims.get("iat")
    if isinstance(issued_at, bool) or not isinstance(issued_at, int | float):
        raise InvalidProof("A key proof does not tell when it was made.")
    if not now - MAX_AGE <= issued_at <= now + LEEWAY or not _is_valid(claims, now):
        raise InvalidProof("A key proof is not of this moment.")
    return int(issued_at)


def _is_valid(claims: Mapping[str, Any], now: int) -> bool:
    """RFC 7519 4.1.4 and 4.1.5: no proof needs these, and who states them is held to them."""
    expires, starts = claims.get("exp", now + 1), claims.get("nbf", now)
    if not all(type(time) in {int, float} for time in (expires, starts)):
        return False
    return bool(now - LEEWAY < expires and starts <= now + LEEWAY)
