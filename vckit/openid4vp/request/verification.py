"""What a wallet does with a request before it shows anything: OpenID4VP 1.0 sections 5 and 8.2."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from vckit import dcql, jose, strict_json
from vckit.errors import MalformedValueError, VerificationError
from vckit.oauth import InvalidRequest, endpoint_url
from vckit.openid4vp import client_id as client_ids
from vckit.openid4vp.client_id import Judges, ResolveDid, Trust
from vckit.openid4vp.request.authorization import (
    AUDIENCE,
    DC_API_MODES,
    RESPONSE_MODES,
    TYP,
    is_url_safe,
)
from vckit.trust import Organisation

LEEWAY = 60


class RequestRefused(InvalidRequest):
    """The request is authentic but can't be followed: `code` may be told at `response_uri`."""

    def __init__(self, description: str, *, response_uri: str, state: str | None) -> None:
        super().__init__(description)
        self.response_uri = response_uri
        self.state = state


class TransactionDataRefused(RequestRefused):
    """5.1, 8.5: transaction data of a kind that is not supported, which is every kind."""

    code = "invalid_transaction_data"


@dataclass(frozen=True)
class VerifiedRequest:
    """A request that a wallet may show to its person.

    `organisation` is who signed it, None where nobody vouches for that: an unsigned request, or
    a certificate that `trust` let pass without knowing it. `verifier_info` is what it tells of
    itself beside that (5.11): objects with at least `format` and `data`. `origin` is who asks over
    the Digital Credentials API; then there is no response URI.
    """

    client_id: str
    response_uri: str
    response_mode: str
    nonce: str
    state: str | None
    query: dcql.Query
    client_metadata: Mapping[str, Any]
    organisation: Organisation | None
    verifier_info: tuple[Mapping[str, Any], ...] = ()
    origin: str | None = None

    @property
    def audience(self) -> str:
        """Whom presentations are for: the full client id (14.8), or the origin (A.4)."""
        return self.client_id if self.origin is None else f"origin:{self.origin}"


def verify(
    jwt: str,
    *,
    expected_client_id: str,
    now: int,
    trust: Trust,
    resolve_did: ResolveDid | None = None,
    wallet_nonce: str | None = None,
) -> VerifiedRequest:
    """Verify a request object.

    `expected_client_id` is the link's, `wallet_nonce` what was posted; `trust` judges the
    certificate chain and `resolve_did` finds the key of a DID (`client_id`); without it the prefix
    decentralized_identifier is refused. Raises VerificationError when the request is not proven
    to be the verifier's (tell nobody), RequestRefused when it is but can't be followed.
    """
    judges = Judges(trust, resolve_did)
    claims, organisation = _signed_claims(jose.parse(jwt), expected_client_id, judges)
    _check_object(claims, expected_client_id, wallet_nonce)
    _check_moment(claims, now)
    prefix, identifier = client_ids.split(expected_client_id)
    if not prefix.covers(identifier, endpoint_url(claims.get("response_uri"))):
        raise MalformedValueError("The response URI is not the client identifier's.")
    return _read(claims, expected_client_id, organisation)


def verify_for_origin(
    jwt: str, *, origin: str, now: int, trust: Trust, resolve_did: ResolveDid | None = None
) -> VerifiedRequest:
    """Verify a signed request that a browser hands over for `origin` (A.2, A.3.2).

    As `verify`; the browser vouches for the origin, and a request made for another one is refused.
    """
    unverified = jose.parse(jwt)
    client_id = unverified.claims().get("client_id")
    if not isinstance(client_id, str):
        raise MalformedValueError("The request names no client.")
    claims, organisation = _signed_claims(unverified, client_id, Judges(trust, resolve_did))
    _check_object(claims, client_id, None)
    _check_moment(claims, now)
    origins = claims.get("expected_origins")
    if not isinstance(origins, list) or origin not in origins:
        raise MalformedValueError("The request is of another origin.")
    _check_parameters(claims, DC_API_MODES)
    return VerifiedRequest(
        client_id=client_id,
        response_uri="",
        response_mode=claims["response_mode"],
        nonce=claims["nonce"],
        state=None,
        query=dcql.parse(claims.get("dcql_query")),
        client_metadata=claims.get("client_metadata", {}),
        organisation=organisation,
        verifier_info=_verifier_info(claims),
        origin=origin,
    )


def _signed_claims(
    unverified: jose.UnverifiedJws, client_id: str, judges: Judges
) -> tuple[dict[str, Any], Organisation | None]:
    prefix, identifier = client_ids.split(client_id)
    if prefix.resolve is None:
        raise MalformedValueError("Requests of this client identifier are not signed.")
    verifier = prefix.resolve(identifier, unverified.header, judges)
    return jose.verify(unverified, verifier.key, typ=TYP).claims(), verifier.organisation


def verify_by_value(parameters: Mapping[str, str]) -> VerifiedRequest:
    """Read an unsigned request from a link's parameters; only the prefix `redirect_uri` has them.

    Raises VerificationError or RequestRefused.
    """
    client_id = parameters.get("client_id", "")
    prefix, identifier = client_ids.split(client_id)
    if prefix.resolve is not None:
        raise MalformedValueError("Requests of this client identifier are signed.")
    # 5.9.3: the identifier is the response URI, which may be left out.
    members: dict[str, Any] = {"response_uri": identifier, **parameters}
    if members["response_uri"] != identifier:
        raise MalformedValueError("The response URI is not the client identifier's.")
    for name in ("dcql_query", "client_metadata"):  # 5.1: objects travel as JSON text
        if name in parameters:
            members[name] = strict_json.loads_object(parameters[name])
    if "verifier_info" in parameters:
        members["verifier_info"] = strict_json.loads(parameters["verifier_info"])
    return _read(members, client_id, None)


def _check_object(claims: Mapping[str, Any], client_id: str, wallet_nonce: str | None) -> None:
    # 5.10.1: identical, prefix included; only the object's own parameters count.
    if claims.get("client_id") != client_id:
        raise MalformedValueError("The request is of another client.")
    if claims.get("aud") != AUDIENCE:  # 5.8
        raise MalformedValueError("The request is meant for somebody else.")
    if wallet_nonce is not None and claims.get("wallet_nonce") != wallet_nonce:
        raise MalformedValueError("The request does not carry the wallet's nonce.")


def _check_moment(claims: Mapping[str, Any], now: int) -> None:
    expires, issued_at = claims.get("exp", now), claims.get("iat", now)
    if not (_is_time(expires) and _is_time(issued_at)):
        raise MalformedValueError("The request's times are malformed.")
    if expires + LEEWAY <= now or issued_at - LEEWAY > now:
        raise MalformedValueError("The request is not of this moment.")


def _is_time(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _read(
    members: Mapping[str, Any], client_id: str, organisation: Organisation | None
) -> VerifiedRequest:
    response_uri = endpoint_url(members.get("response_uri"))
    state = members.get("state")
    if state is not None and not is_url_safe(state):
        raise MalformedValueError("The request's state is malformed.")
    if "transaction_data" in members:
        raise TransactionDataRefused(
            "Transaction data is not supported.", response_uri=response_uri, state=state
        )
    try:
        _check_parameters(members, RESPONSE_MODES)
        query = dcql.parse(members.get("dcql_query"))
    except VerificationError as error:
        raise RequestRefused(error.detail, response_uri=response_uri, state=state) from None
    return VerifiedRequest(
        client_id=client_id,
        response_uri=response_uri,
        response_mode=members["response_mode"],
        nonce=members["nonce"],
        state=state,
        query=query,
        client_metadata=members.get("client_metadata", {}),
        organisation=organisation,
        verifier_info=_verifier_info(members),
    )


def _verifier_info(members: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """5.11: what is unknown or malformed is ignored; a request stands without it."""
    given = members.get("verifier_info")
    entries = given if isinstance(given, list) else []
    return tuple(one for one in entries if isinstance(one, dict) and {"format", "data"} <= set(one))


def _check_parameters(members: Mapping[str, Any], response_modes: Collection[str]) -> None:
    if members.get("response_type") != "vp_token":
        raise MalformedValueError("The response type is not supported.")
    if members.get("response_mode") not in response_modes:
        raise MalformedValueError("The response mode is not supported.")
    if "redirect_uri" in members:  # 8.2: never both
        raise MalformedValueError("A request has a response URI or a redirect URI.")
    if "scope" in members:  # 5.1: either a query or a scope
        raise MalformedValueError("Requests by scope are not supported.")
    if not is_url_safe(members.get("nonce")):
        raise MalformedValueError("The nonce is missing or malformed.")
    if not isinstance(members.get("client_metadata", {}), dict):
        raise MalformedValueError("The client metadata is malformed.")
