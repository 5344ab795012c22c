"""Judging an SD-JWT (RFC 9901 section 7.1) and its key binding (section 7.3)."""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from vckit import jose
from vckit.errors import (
    CryptographicSecurityError,
    ExpiredError,
    HolderBindingError,
    MalformedValueError,
    NotYetValidError,
    OtherRequestError,
    VerificationError,
)
from vckit.keys import ALGORITHM_NAMES, PublicKey
from vckit.sd_jwt.disclosure import digest, hash_name
from vckit.sd_jwt.presentation import KEY_BINDING_TYP, UnverifiedSdJwt, parse
from vckit.sd_jwt.processing import process

LEEWAY: Final = 60


@dataclass(frozen=True)
class KeyBindingExpectation:
    """What the KB-JWT must be bound to, and its age in seconds (7.3 steps 5.e and 5.f)."""

    audience: str
    nonce: str
    max_age: int = 300
    leeway: int = LEEWAY


@dataclass(frozen=True)
class Validity:
    """Epoch seconds of `iat`, `nbf` and `exp`, None where the issuer stated none."""

    issued_at: int | None
    not_before: int | None
    expires: int | None

    def check(self, now: int, leeway: int = LEEWAY) -> None:
        """7.1 step 6: raise NotYetValidError or ExpiredError."""
        if any(start is not None and now + leeway < start for start in self._starts()):
            raise NotYetValidError
        if self.expires is not None and now - leeway >= self.expires:
            raise ExpiredError

    def _starts(self) -> tuple[int | None, int | None]:
        return self.issued_at, self.not_before


@dataclass(frozen=True)
class ProvenSdJwt:
    """An SD-JWT whose signature, disclosures and, where asked, key binding hold.

    `claims` is the processed payload. Time and status are not judged here.
    """

    header: dict[str, Any]
    claims: dict[str, Any]
    holder_key: PublicKey | None
    validity: Validity


def verify(
    sd_jwt: str | UnverifiedSdJwt,
    *,
    issuer_key: PublicKey,
    typ: str = "dc+sd-jwt",
    key_binding: KeyBindingExpectation | None,
    now: int,
    never_disclosable: Collection[str],
) -> ProvenSdJwt:
    """Section 7.1 steps 1 to 5 and section 7.3, with the key that the caller trusts (step 2.c).

    With `key_binding` a KB-JWT is required; None refuses one (7.2: an issuer sends none).
    Raises ParsingError, MalformedValueError, CryptographicSecurityError, PolicyLimitError,
    HolderBindingError.
    """
    parts = parse(sd_jwt) if isinstance(sd_jwt, str) else sd_jwt  # 7.1 step 1, 7.3 step 3
    # 7.1 steps 2.a and 2.b; 2.d is the first thing that `process` does.
    issuer_jws = jose.verify(parts.unverified_issuer_jwt, issuer_key, typ=typ)
    payload = issuer_jws.claims()
    processed = process(payload, parts.disclosures, never_disclosable=never_disclosable)
    holder_key = _holder_key(processed.claims)
    _judge_key_binding(parts, hash_name(payload), holder_key, key_binding, now)
    return ProvenSdJwt(
        dict(issuer_jws.header), processed.claims, holder_key, _validity(processed.claims)
    )


def _holder_key(claims: Mapping[str, Any]) -> PublicKey | None:
    """7.3 step 5.a: the key in `cnf.jwk`, the only confirmation method (RFC 7800 3.2) taken."""
    if "cnf" not in claims:
        return None
    confirmation = claims["cnf"]
    if not isinstance(confirmation, dict) or confirmation.keys() != {"jwk"}:
        raise HolderBindingError("cnf has other members than jwk")
    if not isinstance(confirmation["jwk"], dict):
        raise HolderBindingError("cnf.jwk is not an object")
    return PublicKey.from_jwk(confirmation["jwk"])


def _judge_key_binding(
    parts: UnverifiedSdJwt,
    algorithm: str,
    holder_key: PublicKey | None,
    expected: KeyBindingExpectation | None,
    now: int,
) -> None:
    """7.3 steps 1, 2 and 5. What is expected never depends on what was sent."""
    presented = parts.key_binding_jwt
    if expected is None:
        if presented is not None:
            raise HolderBindingError("a key binding was sent where none is expected")
        return
    if presented is None:  # step 2
        raise HolderBindingError("the key binding is missing")
    if holder_key is None:
        raise HolderBindingError("the credential is bound to no key")
    claims = _key_binding_claims(presented, holder_key)
    _judge_key_binding_claims(claims, expected, now)
    if not _same(claims.get("sd_hash"), digest(parts.bound_text, algorithm)):  # step 5.g
        raise HolderBindingError("the key binding is bound to other disclosures")


def _key_binding_claims(presented: str, holder_key: PublicKey) -> dict[str, Any]:
    """Steps 5.b, 5.c and 5.d. What is no signature of anybody is told apart from a stranger's."""
    unverified = jose.parse(presented)
    if unverified.header["alg"] not in ALGORITHM_NAMES:
        raise CryptographicSecurityError("the key binding is not signed")
    try:
        key_binding = jose.verify(unverified, holder_key, typ=KEY_BINDING_TYP)
    except CryptographicSecurityError as error:
        raise HolderBindingError("the key binding is not signed by the holder") from error
    return key_binding.claims()


def _judge_key_binding_claims(
    claims: Mapping[str, Any], expected: KeyBindingExpectation, now: int
) -> None:
    issued_at = claims.get("iat")
    if not _is_time(issued_at):
        raise HolderBindingError("the key binding has no iat")
    if not -expected.leeway <= now - issued_at <= expected.max_age:  # step 5.e
        raise HolderBindingError("the key binding is too old or from the future")
    if not _same(claims.get("aud"), expected.audience):  # step 5.f
        raise OtherRequestError("the key binding is for another audience")
    if not _same(claims.get("nonce"), expected.nonce):
        raise OtherRequestError("the key binding has another nonce")
    try:
        _validity({**claims, "iat": None}).check(now, expected.leeway)  # step 5.h
    except VerificationError as error:
        raise HolderBindingError("the key binding is not valid now") from error


def _same(value: object, expected: str) -> bool:
    """Equal, and a string: 4.3 allows no array for `aud` and no number for `nonce`."""
    return isinstance(value, str) and hmac.compare_digest(value.encode(), expected.encode())


def _is_time(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _validity(claims: Mapping[str, Any]) -> Validity:
    times = [claims.get(name) for name in ("iat", "nbf", "exp")]
    if not all(time is None or _is_time(time) for time in times):
        raise MalformedValueError("iat, nbf or exp is not a number")
    return Validity(*(None if time is None else int(time) for time in times))
