# ruff: noqa: N818  the classes bear the names of the specifications' codes
"""OAuth 2.0 as far as OpenID4VCI and OpenID4VP stand on it: errors, bearer tokens, metadata.

RFC 6749 (framework), RFC 6750 (bearer tokens), RFC 8414 (server metadata).
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Strict, StringConstraints, ValidationError

from vckit import encoding, strict_json
from vckit.errors import MalformedValueError, ProtocolError, VerificationError

PRE_AUTHORIZED_CODE_GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"

# RFC 6750 2.1: credentials = "Bearer" 1*SP b64token; the scheme's name in any case (RFC 9110 11.1).
_BEARER = re.compile(r"bearer +([A-Za-z0-9._~+/-]+=*)", re.ASCII | re.IGNORECASE)

Text = Annotated[str, Strict(), StringConstraints(min_length=1)]


class InvalidRequest(ProtocolError):
    """RFC 6749 5.2: a parameter is missing, repeated, unsupported or malformed."""

    code = "invalid_request"


class InvalidClient(ProtocolError):
    """RFC 6749 5.2: the client could not be authenticated."""

    code = "invalid_client"
    status = 401


class InvalidGrant(ProtocolError):
    """RFC 6749 5.2: the code is unknown, used, expired or the transaction code is wrong."""

    code = "invalid_grant"


class UnauthorizedClient(ProtocolError):
    """RFC 6749 5.2: this client may not use this grant."""

    code = "unauthorized_client"


class UnsupportedGrantType(ProtocolError):
    """RFC 6749 5.2: the server does not know this grant type."""

    code = "unsupported_grant_type"


class InvalidScope(ProtocolError):
    """RFC 6749 5.2: the scope is unknown, malformed or more than was granted."""

    code = "invalid_scope"


class InvalidAuthorizationDetails(ProtocolError):
    """RFC 9396 5: the authorization details can't be granted."""

    code = "invalid_authorization_details"


class ServerError(ProtocolError):
    """RFC 6749 4.1.2.1: something of ours failed."""

    code = "server_error"
    status = 500


class TemporarilyUnavailable(ProtocolError):
    """RFC 6749 4.1.2.1: try again later."""

    code = "temporarily_unavailable"
    status = 503


class BearerError(ProtocolError):
    """What a protected resource answers, with the challenge of `www_authenticate` (RFC 6750 3)."""

    code: ClassVar[str] = "invalid_token"
    status: ClassVar[int] = 401


class MissingToken(BearerError):
    """RFC 6750 3.1: no token was sent, so the answer carries no error code (`code` is empty)."""

    code = ""


class InvalidToken(BearerError):
    """RFC 6750 3.1: the token is malformed, unknown, expired or revoked."""

    code = "invalid_token"


class InsufficientScope(BearerError):
    """RFC 6750 3.1: the token does not reach this far."""

    code = "insufficient_scope"
    status = 403


def new_token() -> str:
    """Give a fresh opaque token of 256 random bits, base64url."""
    return secrets.token_urlsafe(32)


def token_digest(token: str) -> str:
    """Give what a store keeps instead of the token: base64url SHA-256.

    Plain hashing is enough, since a token has 256 random bits.
    """
    return encoding.sha256_b64url(token.encode("utf-8"))


def parse_bearer(authorization_header: str | None) -> str:
    """Read the token of an Authorization header.

    Raises MissingToken when no bearer token was tried, InvalidToken when it is malformed.
    """
    if authorization_header is None:
        raise MissingToken
    scheme, _, _ = authorization_header.partition(" ")
    if scheme.lower() != "bearer":
        raise MissingToken
    found = _BEARER.fullmatch(authorization_header)
    if found is None:
        raise InvalidToken("The access token is malformed.")
    return found.group(1)


def www_authenticate(error: BearerError) -> str:
    """Give the challenge that goes with a 401 or 403 of a protected resource (RFC 6750 3)."""
    if not error.code:
        return "Bearer"
    return f'Bearer error="{error.code}"'


def endpoint_url(value: object) -> str:
    """Give an http(s) URL from outside; whether plain http may be used is the Fetcher's decision.

    Refuses userinfo, fragments, spaces and other schemes with MalformedValueError (RFC 6749 3.1).
    """
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        raise MalformedValueError("A URL is malformed.")
    try:
        parts = urlsplit(value)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        raise MalformedValueError("A URL is malformed.") from None
    plain = not (parts.fragment or "@" in parts.netloc or set(value) & set(' <>"\\^`{|}#'))
    if parts.scheme not in {"http", "https"} or not (parts.hostname and port_fits and plain):
        raise MalformedValueError("A URL is malformed.")
    return value


def authorization_server_metadata(
    issuer: str,
    *,
    token_endpoint: str,
    grant_types: Sequence[str] = (PRE_AUTHORIZED_CODE_GRANT,),
) -> dict[str, Any]:
    """Publish the authorization server at `issuer` (RFC 8414 2, OpenID4VCI 12.3).

    OpenID4VCI 12.2.4 lets a server that only has the pre-authorized code grant leave out
    `response_types_supported`.
    """
    return {
        "issuer": issuer,
        "token_endpoint": token_endpoint,
        "grant_types_supported": list(grant_types),
        "token_endpoint_auth_methods_supported": ["none"],
        "pre-authorized_grant_anonymous_access_supported": True,
    }


@dataclass(frozen=True)
class AuthorizationServer:
    """What a wallet read of an authorization server's metadata."""

    issuer: str
    token_endpoint: str
    grant_types: tuple[str, ...]


class _ServerMetadata(BaseModel):
    model_config = ConfigDict(extra="ignore")

    issuer: Text
    token_endpoint: Text
    # RFC 8414 2: if omitted, the default is authorization_code and implicit.
    grant_types_supported: tuple[Text, ...] = ("authorization_code", "implicit")


def parse_authorization_server(data: bytes, expected_issuer: str) -> AuthorizationServer:
    """Read the metadata fetched for `expected_issuer`.

    Raises MalformedValueError or ParsingError; RFC 8414 3.3: another `issuer` MUST NOT be used.
    """
    members = strict_json.loads_object(data)
    try:
        read = _ServerMetadata.model_validate(members)
    except ValidationError:
        raise MalformedValueError("The authorization server's metadata is malformed.") from None
    if read.issuer != expected_issuer:
        raise MalformedValueError("The metadata is of another authorization server.")
    endpoint = endpoint_url(read.token_endpoint)
    return AuthorizationServer(read.issuer, endpoint, read.grant_types_supported)


def single_values(form: Mapping[str, str | Sequence[str]]) -> dict[str, str]:
    """Give each parameter its one value; RFC 6749 3.2: a repeated one is an InvalidRequest.

    Parameters without a value are treated as left out, as the same section says.
    """
    singles: dict[str, str] = {}
    for name, given in form.items():
        values = [given] if isinstance(given, str) else list(given)
        if len(values) != 1:
            raise InvalidRequest("A parameter occurs more than once.")
        if values[0]:
            singles[name] = values[0]
    return singles


def unverified_error_code(body: bytes) -> str:
    """Read the error code of another party's answer, for people to look up; "" if it has none."""
    try:
        code = strict_json.loads_object(body).get("error")
    except VerificationError:
        return ""
    known = isinstance(code, str) and re.fullmatch(r"[a-z0-9_]{1,64}", code, re.ASCII)
    return code if isinstance(code, str) and known else ""
