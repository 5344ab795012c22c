"""JWTs of W3C credentials and presentations: what their registered claims must agree with."""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from vckit import jose, strict_json
from vckit.data_model import Credential, Version, issuer_of
from vckit.did import moment
from vckit.encoding import sha256_b64url
from vckit.errors import (
    HolderBindingError,
    InvalidChallengeError,
    InvalidDomainError,
    MalformedValueError,
    VerificationError,
)
from vckit.formats.binding import check_age, check_named, presenter_key
from vckit.formats.credential import UnverifiedCredential, UnverifiedIssuer
from vckit.keys import PublicKey
from vckit.sd_jwt import KeyBindingExpectation, Validity

TIMES: Final = ("iat", "nbf", "exp")


def string(value: object) -> str:
    """A credential or presentation of these formats, else MalformedValueError."""
    if not isinstance(value, str):
        raise MalformedValueError("this is not a JWT")
    return value


def opened(format_name: str, text: object, presenter: PublicKey | None) -> UnverifiedCredential:
    """A credential as it names its issuer; `kid` is the DID URL of the issuer's method."""
    jws = jose.parse(string(text))
    issuer, kid = jws.claims().get("iss"), jws.header.get("kid")
    if not isinstance(issuer, str) or not isinstance(kid, str):
        raise MalformedValueError("the credential does not name its issuer and the key")
    return UnverifiedCredential(
        format=format_name,
        issuer=UnverifiedIssuer(issuer, None, kid),
        content=jws,
        digest=sha256_b64url(string(text).encode()),
        presenter=presenter,
    )


def presentation_claims(
    text: object, *, typ: str, expected: KeyBindingExpectation, now: int
) -> tuple[dict[str, Any], PublicKey]:
    """The claims of a presentation made for this request, and its presenter's key.

    The header names the key by `kid` (a did:key or did:jwk URL) or is it (`jwk`). Raises
    InvalidDomainError, InvalidChallengeError or another VerificationError.
    """
    jws = jose.parse(string(text))
    # The credentials inside are strings, as long as the text at most.
    claims = jws.claims(strict_json.Limits(string=len(jws.payload)))
    key = presenter_key(jws.header.get("kid"), jws.header.get("jwk"))
    jose.verify(jws, key, typ=typ)
    check_named(string(claims["iss"]) if "iss" in claims else None, key)
    if not _same(claims.get("aud"), expected.audience):
        raise InvalidDomainError("the presentation is for another audience")
    if not _same(claims.get("nonce"), expected.nonce):
        raise InvalidChallengeError("the presentation has another nonce")
    _check_moment(claims, expected, now)
    return claims, key


def presentation_envelope(holder_id: str, audience: str, nonce: str, now: int) -> dict[str, Any]:
    """What the claims of a presentation say beside the presentation."""
    return {"iss": holder_id, "aud": audience, "nonce": nonce, "iat": now}


def with_iat(credential: Credential, claims: Mapping[str, Any]) -> Credential:
    """The credential, issued at `iat` where the JWT has one."""
    issued_at = times(claims).get("iat", credential.validity.issued_at)
    return replace(credential, validity=replace(credential.validity, issued_at=issued_at))


def times(claims: Mapping[str, Any]) -> dict[str, int]:
    """The times that are there: whole epoch seconds, else MalformedValueError."""
    found = {name: claims[name] for name in TIMES if name in claims}
    if not all(type(time) is int for time in found.values()):
        raise MalformedValueError("iat, nbf or exp is not a whole number of seconds")
    return found


def check_same(claims: Mapping[str, Any], document: Mapping[str, Any], version: Version) -> None:
    """Every registered claim that is there says what the credential says; MalformedValueError."""
    found = times(claims)
    subject = document.get("credentialSubject")
    said = {
        "iss": issuer_of(document),
        "jti": document.get("id"),
        "sub": subject.get("id") if isinstance(subject, dict) else None,
        "nbf": moment.parse(document.get(version.since)),
    }
    if "exp" in found:
        said["exp"] = moment.parse(document.get(version.until))
    if any(name in claims and claims[name] != member for name, member in said.items()):
        raise MalformedValueError("a registered claim contradicts the credential")


def _check_moment(claims: Mapping[str, Any], expected: KeyBindingExpectation, now: int) -> None:
    found = times(claims)
    check_age(found.get("iat"), expected, now)
    try:
        validity = Validity(None, found.get("nbf"), found.get("exp"))
        validity.check(now, expected.leeway)
    except VerificationError as error:
        raise HolderBindingError("the presentation is not valid now") from error


def _same(value: object, expected: str) -> bool:
    return isinstance(value, str) and hmac.compare_digest(value.encode(), expected.encode())
