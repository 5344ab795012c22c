"""Opening a case and asking its question: the request, its link and its signed request object.

Wallets know us by the certificate or by the DID of one and the same key.
"""

import secrets
from collections.abc import Sequence
from typing import Final

from vckit.errors import ConfigurationError, KitError, ProtocolError
from vckit.keys import PrivateKey
from vckit.openid4vp.client_id import (
    decentralized_identifier_client_id,
    redirect_uri_client_id,
    x509_hash_client_id,
)
from vckit.openid4vp.request import (
    DEFAULT_ENDPOINT,
    DIRECT_POST_JWT,
    MAX_LIFE,
    AuthorizationRequest,
    by_reference,
    by_value,
    client_metadata,
    sign,
)
from verifier import identity, question
from verifier.findings import Source
from verifier.office import Office
from verifier.person import Person
from verifier.store import CREATED, WAITING, Case, Request

X509_HASH: Final = "x509_hash"
DECENTRALIZED_IDENTIFIER: Final = "decentralized_identifier"
REDIRECT_URI: Final = "redirect_uri"
PREFIXES: Final = (X509_HASH, DECENTRALIZED_IDENTIFIER, REDIRECT_URI)
REQUEST_PATH: Final = "/openid4vp/requests"
RESPONSE_PATH: Final = "/openid4vp/responses"
_HOUR: Final = 3_600


class UnknownRequestError(ProtocolError):
    """There never was such a request."""

    code = "not_found"
    status = 404


class CaseExistsError(KitError):
    """The case was opened before."""


class ClosedRequestError(ProtocolError):
    """The request was answered, cancelled or is over (row V23)."""

    status = 410


def organisations(office: Office, now: int) -> tuple[Source, ...]:
    """Everyone of the scheme who states debts, by the name of the scheme."""
    return tuple(
        Source(each.name, each.oin)
        for each in office.scheme.issuers(now)
        if question.KIND in each.kinds
    )


def new_case_id() -> str:
    """An argument of the commands, so it never begins with a dash."""
    return secrets.token_hex(16)


def open_case(
    office: Office,
    *,
    owner: str,
    person: Person | None,
    chosen: Sequence[Source],
    now: int,
    case_id: str | None = None,
) -> Case:
    """A new case, kept for as long as the settings say. Cases that are over are erased.

    CaseExistsError when there is one with this `case_id` (a `new_case_id`): its form came twice.
    """
    office.store.purge(now)
    case = Case(
        id=case_id or new_case_id(),
        owner=owner,
        person=person,
        organisations=tuple(chosen),
        created_at=now,
        expires_at=now + office.config.overview.keep_hours * _HOUR,
    )
    if not office.store.add_case(case):
        raise CaseExistsError
    return case


def ask(
    office: Office,
    case: Case,
    *,
    response_mode: str,
    now: int,
    prefix: str | None = None,
    formats: Sequence[str] | None = None,
) -> Request:
    """A new request of a case: fresh nonce, state and, where encrypted, response key.

    `prefix` (of the client id) and `formats` are as the settings say unless they are given.
    """
    request_id = secrets.token_urlsafe(16)
    encrypted = response_mode == DIRECT_POST_JWT
    settings = office.config.request
    prefix = prefix or settings.client_id
    request = Request(
        id=request_id,
        case_id=case.id,
        state=WAITING if prefix == REDIRECT_URI else CREATED,
        client_id=_client_id(office, prefix, request_id, now),
        response_mode=response_mode,
        query=question.dcql_query(office.scheme, list(dict.fromkeys(formats or settings.formats))),
        nonce=secrets.token_urlsafe(32),
        response_state=secrets.token_urlsafe(16),
        response_key=PrivateKey.generate("ES256").to_pem() if encrypted else None,
        created_at=now,
        expires_at=min(now + settings.life_seconds, case.expires_at),
    )
    office.store.add_request(request)
    return request


def link(office: Office, request: Request, now: int) -> str:
    """What opens a wallet: a reference to the request object; unsigned, the whole request."""
    if _is_unsigned(request):
        return by_value(DEFAULT_ENDPOINT, _authorization(office, request, now))
    return by_reference(DEFAULT_ENDPOINT, request.client_id, request_uri(office, request))


def request_uri(office: Office, request: Request) -> str:
    """Where a wallet fetches the request object."""
    return f"{office.config.base_url}{REQUEST_PATH}/{request.id}"


def request_object(office: Office, request_id: str, *, wallet_nonce: str | None, now: int) -> str:
    """The signed request object, with the same nonce each time until it is answered (row V22).

    Raises UnknownRequestError or ClosedRequestError.
    """
    request = office.store.hand_out(request_id, now)
    if request is None or _is_unsigned(request):
        if office.store.request(request_id, now) is None:
            raise UnknownRequestError
        raise ClosedRequestError
    by_did = request.client_id.startswith(f"{DECENTRALIZED_IDENTIFIER}:")
    return sign(
        _authorization(office, request, now),
        signer=office.signer,
        chain=() if by_did else office.chain,
        kid=identity.key_url(office.config) if by_did else None,
        wallet_nonce=wallet_nonce,
    )


def _is_unsigned(request: Request) -> bool:
    return request.client_id.startswith(f"{REDIRECT_URI}:")


def _client_id(office: Office, prefix: str, request_id: str, now: int) -> str:
    if prefix == X509_HASH:
        return x509_hash_client_id(office.chain[0])
    if prefix == DECENTRALIZED_IDENTIFIER:
        return decentralized_identifier_client_id(
            identity.trusted_did(office.config, office.scheme, now)
        )
    if not office.config.demo:
        raise ConfigurationError("unsigned requests are for the demo only")
    return redirect_uri_client_id(_response_uri(office, request_id))


def _response_uri(office: Office, request_id: str) -> str:
    return f"{office.config.base_url}{RESPONSE_PATH}/{request_id}"


def _authorization(office: Office, request: Request, now: int) -> AuthorizationRequest:
    key = PrivateKey.from_pem(request.response_key).public if request.response_key else None
    return AuthorizationRequest(
        client_id=request.client_id,
        response_uri=_response_uri(office, request.id),
        response_mode=request.response_mode,
        nonce=request.nonce or "",
        state=request.response_state,
        dcql_query=request.query,
        client_metadata=client_metadata(
            key, formats=[each["format"] for each in request.query["credentials"]]
        ),
        issued_at=now,
        expires=min(now + MAX_LIFE, request.expires_at),
    )
