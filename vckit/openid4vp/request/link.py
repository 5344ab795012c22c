"""Links that carry a request to a wallet: by reference (RFC 9101 5.2) or by value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from vckit import strict_json
from vckit.errors import MalformedValueError
from vckit.oauth import endpoint_url
from vckit.openid4vp.request.authorization import AuthorizationRequest

# OpenID4VP 13.1.2, HAIP 5.1 and the European scheme.
SCHEMES = ("openid4vp", "haip-vp", "eu-eaap")
DEFAULT_ENDPOINT = "openid4vp://"

MAX_LINK = 65_536
_MAX_PARAMETERS = 32

Method = Literal["get", "post"]


@dataclass(frozen=True)
class RequestReference:
    """Where a wallet fetches the request object, and whose it must be."""

    client_id: str
    request_uri: str
    method: Method


def by_reference(
    scheme: str, client_id: str, request_uri: str, *, method: Method | None = "post"
) -> str:
    """Give a link to a signed request; `scheme` is a wallet's endpoint such as `openid4vp://`.

    With `post` a wallet may send a nonce of its own; one that can't goes on with GET (5.10).
    """
    parameters = {"client_id": client_id, "request_uri": request_uri}
    if method is not None:
        parameters["request_uri_method"] = method
    return _link(scheme, parameters)


def by_value(scheme: str, request: AuthorizationRequest) -> str:
    """Give a link that carries an unsigned request (5.9.3, prefix `redirect_uri`)."""
    if not request.client_id.startswith("redirect_uri:"):
        raise ValueError("Only requests with the prefix redirect_uri are unsigned.")
    parameters = {
        name: value if isinstance(value, str) else strict_json.dumps(value).decode()
        for name, value in request.parameters().items()
    }
    return _link(scheme, parameters)


def parse_link(link: str) -> RequestReference | dict[str, str]:
    """Read a link: a reference, or the parameters of a request by value (for `verify_by_value`).

    Raises MalformedValueError.
    """
    parameters = _parameters(link)
    if "client_id" not in parameters:
        raise MalformedValueError("The link lacks its client identifier.")
    return _reference(parameters) if "request_uri" in parameters else parameters


def _reference(parameters: Mapping[str, str]) -> RequestReference:
    if "request" in parameters:  # RFC 9101 5: never both
        raise MalformedValueError("The link carries two requests.")
    client_id, request_uri = parameters["client_id"], endpoint_url(parameters["request_uri"])
    match parameters.get("request_uri_method", "get"):
        case "get":
            return RequestReference(client_id, request_uri, "get")
        case "post":
            return RequestReference(client_id, request_uri, "post")
    raise MalformedValueError("The link's request URI method is unknown.")


def _link(scheme: str, parameters: Mapping[str, str]) -> str:
    endpoint = scheme if "://" in scheme else f"{scheme}://"
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters)}"


def _parameters(link: str) -> dict[str, str]:
    if len(link) > MAX_LINK:
        raise MalformedValueError("The link is too long.")
    try:
        parts = urlsplit(link)
        given = parse_qsl(
            parts.query, strict_parsing=True, max_num_fields=_MAX_PARAMETERS, errors="strict"
        )
    except ValueError:
        raise MalformedValueError("The link is malformed.") from None
    if parts.scheme not in {*SCHEMES, "https", "http"} or len(dict(given)) != len(given):
        raise MalformedValueError("The link is no request for a presentation.")
    return dict(given)
