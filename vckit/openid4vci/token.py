"""The token endpoint with a pre-authorized code: OpenID4VCI 1.0 section 6."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Strict, ValidationError

from vckit import strict_json
from vckit.errors import MalformedValueError
from vckit.oauth import (
    PRE_AUTHORIZED_CODE_GRANT,
    InvalidAuthorizationDetails,
    InvalidRequest,
    Text,
    UnsupportedGrantType,
    single_values,
)

# wallets.md: one library wants the type in lower case; RFC 6749 5.1 compares it in any case.
TOKEN_TYPE = "bearer"  # noqa: S105  the type of a token, none itself

_MAX_TX_CODE = 256


@dataclass(frozen=True)
class PreAuthorizedRequest:
    """A token request; the transaction code stays a string, zeros in front count (G10)."""

    pre_authorized_code: str
    tx_code: str | None = None
    client_id: str | None = None


def parse(form: Mapping[str, str | Sequence[str]]) -> PreAuthorizedRequest:
    """Read the form of a token request; unknown parameters are ignored (section 6.1).

    Raises InvalidRequest, UnsupportedGrantType or InvalidAuthorizationDetails.
    """
    parameters = single_values(form)
    grant_type = parameters.get("grant_type")
    if grant_type is None:
        raise InvalidRequest("The grant type is missing.")
    if grant_type != PRE_AUTHORIZED_CODE_GRANT:
        raise UnsupportedGrantType("This server does not know that grant type.")
    if "authorization_details" in parameters:
        # RFC 9396 5: refuse what can't be granted; none are published.
        raise InvalidAuthorizationDetails("This server takes no authorization details.")
    code = parameters.get("pre-authorized_code")
    if code is None:
        raise InvalidRequest("The pre-authorized code is missing.")
    tx_code = parameters.get("tx_code")
    if tx_code is not None and len(tx_code) > _MAX_TX_CODE:
        raise InvalidRequest("The transaction code is too long.")
    return PreAuthorizedRequest(code, tx_code, parameters.get("client_id"))


def request_form(pre_authorized_code: str, tx_code: str | None = None) -> dict[str, str]:
    """Give the form that a wallet sends (section 6.1)."""
    form = {"grant_type": PRE_AUTHORIZED_CODE_GRANT, "pre-authorized_code": pre_authorized_code}
    return form if tx_code is None else {**form, "tx_code": tx_code}


def token_response(
    access_token: str, expires_in: int, token_type: str = TOKEN_TYPE
) -> dict[str, Any]:
    """Give a token's answer (RFC 6749 5.1); `expires_in` is in seconds."""
    return {"access_token": access_token, "token_type": token_type, "expires_in": expires_in}


@dataclass(frozen=True)
class TokenResponse:
    """What a wallet got; `expires_in` is in seconds, None where the server does not tell."""

    access_token: str
    token_type: str
    expires_in: int | None


class _Response(BaseModel):
    model_config = ConfigDict(extra="ignore")

    access_token: Text
    token_type: Text
    expires_in: Annotated[int, Strict(), Field(ge=0)] | None = None


def parse_response(body: bytes) -> TokenResponse:
    """Read a successful token response. Raises MalformedValueError or ParsingError."""
    members = strict_json.loads_object(body)
    try:
        read = _Response.model_validate(members)
    except ValidationError:
        raise MalformedValueError("The token response is malformed.") from None
    # RFC 6749 7.1: a client must not use a token whose type it does not understand.
    if read.token_type.lower() != TOKEN_TYPE:
        raise MalformedValueError("The token is of an unknown type.")
    return TokenResponse(read.access_token, TOKEN_TYPE, read.expires_in)
