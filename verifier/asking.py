"""Opening a case and asking its question: the request, its link, and who may fetch it."""

import secrets
from collections.abc import Sequence
from typing import Final

from vckit.errors import KitError, ProtocolError
from vckit.keys import PrivateKey
from vckit.openid4vp.request import (
    DC_API_JWT,
    DEFAULT_ENDPOINT,
    DIRECT_POST_JWT,
    WalletPost,
    by_reference,
    by_value,
)
from verifier import question, request_object, tickets
from verifier.findings import Source
from verifier.office import Office
from verifier.person import Person
from verifier.request_object import (
    DECENTRALIZED_IDENTIFIER,
    PREFIXES,
    REDIRECT_URI,
    RESPONSE_PATH,
    X509_HASH,
    X509_SAN_DNS,
)
from verifier.requestbook import (
    BY_COUNSELLOR,
    CANCELLED,
    CREATED,
    DC_API,
    FACE_TO_FACE,
    SAME_DEVICE,
    WAITING,
    Request,
    Way,
)
from verifier.store import Case

__all__ = [
    "DECENTRALIZED_IDENTIFIER",
    "PREFIXES",
    "REDIRECT_URI",
    "RESPONSE_PATH",
    "X509_HASH",
    "X509_SAN_DNS",
]

REQUEST_PATH: Final = "/openid4vp/requests"
PAGE_PATH: Final = "/vraag"
DIRECTLY: Final = Way()
_HOUR: Final = 3_600
_ENCRYPTED: Final = frozenset({DIRECT_POST_JWT, DC_API_JWT})


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
    response_mode: str = DIRECT_POST_JWT,
    now: int,
    prefix: str | None = None,
    formats: Sequence[str] | None = None,
    way: Way = DIRECTLY,
    organisation: Source | None = None,
) -> Request:
    """A new request of a case: fresh nonce, state and, where encrypted, response key.

    `prefix` (of the client id) and `formats` are as the settings say unless they are given. With
    an `organisation` only its statement is asked, in the plain dialect. Over the Digital
    Credentials API the response mode is its own.
    """
    request_id = secrets.token_urlsafe(16)
    settings = office.config.request
    prefix = prefix or settings.client_id
    response_mode = DC_API_JWT if way.name == DC_API else response_mode
    handed_over = prefix == REDIRECT_URI or way.name == DC_API
    request = Request(
        id=request_id,
        case_id=case.id,
        state=WAITING if handed_over else CREATED,
        client_id=request_object.client_id(office, prefix, request_id, now),
        response_mode=response_mode,
        query=_query(office, formats or settings.formats, organisation, now),
        nonce=secrets.token_urlsafe(32),
        response_state=secrets.token_urlsafe(16),
        response_key=_response_key(response_mode),
        created_at=now,
        expires_at=min(now + _life(office, way), case.expires_at),
        way=way,
        organisation=organisation.oin if organisation else None,
        check_code=_check_code(way),
    )
    office.store.add_request(request)
    return request


def cancel(office: Office, request: Request, now: int) -> bool:
    """End an open request, unanswered; False when it was not open any more."""
    return office.store.close(request.id, CANCELLED, now, ending=BY_COUNSELLOR)


def link(
    office: Office,
    request: Request,
    now: int,
    *,
    life: int = tickets.ROTATING,
    endpoint: str = DEFAULT_ENDPOINT,
) -> str:
    """What opens a wallet: a reference to the request object; unsigned, the whole request.

    A request that is asked face to face has another link every few seconds: it is good for `life`
    seconds at most. `endpoint` is a wallet's own.
    """
    if request_object.is_unsigned(request):
        return by_value(endpoint, request_object.authorization(office, request, now))
    address = request_uri(office, request)
    if request.way.name == FACE_TO_FACE:
        address = f"{address}/{tickets.make(request, now, life)}"
    return by_reference(endpoint, request.client_id, address)


def way_in(office: Office, request: Request, now: int) -> str:
    """What a person opens first: a wallet's link, or our page for the device of the answer."""
    if request.way.name == SAME_DEVICE:
        return f"{office.config.base_url}{PAGE_PATH}/{request.id}"
    return link(office, request, now)


def named_links(office: Office, request: Request, now: int) -> list[tuple[str, str]]:
    """For the wallets of the settings: name and link."""
    return [
        (each.name, link(office, request, now, endpoint=each.request_endpoint))
        for each in office.config.wallets
    ]


def for_browser(office: Office, request: Request, now: int) -> str:
    """The signed request that a page hands to its browser's Digital Credentials API."""
    return request_object.signed(office, request, now)


def request_uri(office: Office, request: Request) -> str:
    """Where a wallet fetches the request object; asked face to face, only with a ticket."""
    return f"{office.config.base_url}{REQUEST_PATH}/{request.id}"


def fetch(
    office: Office, request_id: str, *, ticket: str = "", wallet: WalletPost, now: int
) -> str:
    """The signed request object, with the same nonce each time until it is answered (row V22).

    Raises UnknownRequestError or ClosedRequestError, also for a ticket that is too old (row V19).
    """
    request = office.store.request(request_id, now)
    if request is None:
        raise UnknownRequestError
    if request_object.is_unsigned(request) or not _may_fetch(request, ticket, now):
        raise ClosedRequestError
    handed_out = office.store.hand_out(request_id, now, ticket)
    if handed_out is None:
        raise ClosedRequestError
    return request_object.signed(office, handed_out, now, wallet)


def _may_fetch(request: Request, ticket: str, now: int) -> bool:
    """Whether this ticket may be the first; from then on the store holds others off."""
    if request.way.name != FACE_TO_FACE:
        return not ticket
    return request.state != CREATED or tickets.is_fresh(request, ticket, now)


def _response_key(response_mode: str) -> bytes | None:
    return PrivateKey.generate("ES256").to_pem() if response_mode in _ENCRYPTED else None


def _check_code(way: Way) -> str:
    """Four digits to compare with another screen; "" where this browser goes and comes back."""
    return "" if way.return_path else f"{secrets.randbelow(10_000):04}"


def _life(office: Office, way: Way) -> int:
    settings = office.config.request
    is_sent = way.name == SAME_DEVICE and way.browser is None
    return settings.link_seconds if is_sent else settings.life_seconds


def _query(
    office: Office, formats: Sequence[str], organisation: Source | None, now: int
) -> dict[str, object]:
    if organisation is None:
        known = office.config.identity
        return question.dcql_query(
            office.scheme, list(dict.fromkeys(formats)), identity=known.vct if known else None
        )
    authorities = [
        key
        for each in office.scheme.issuers(now)
        if each.oin == organisation.oin
        for key in each.authority_keys
    ]
    return question.plain_query(office.scheme, authorities)
