"""Taking an answer: read, check every presentation, close the request once.

What a wallet posts on the device that asked is held until that device's browser comes back with
the response code that the wallet was given (OpenID4VP 13.3, HAIP 5.1; row V20).
"""

import hashlib
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from vckit import dcql
from vckit.errors import ProtocolError
from vckit.keys import PrivateKey
from vckit.oauth import InvalidRequest
from vckit.openid4vp import response, vp_token
from vckit.openid4vp.response import Asked, ErrorResponse, Plain
from vckit.sd_jwt import KeyBindingExpectation
from verifier import presentation, request_object
from verifier.findings import Finding
from verifier.office import Office
from verifier.requestbook import (
    CANCELLED,
    DC_API,
    DECLINED,
    DONE,
    FACE_TO_FACE,
    FAILED,
    SAME_DEVICE,
    Request,
)

Form = Mapping[str, Sequence[str]]
RETURN_PATH: Final = "/vraag/terug"
# From the answer to the browser's coming back, in seconds.
CODE_SECONDS: Final = 300


class OtherBrowserError(ProtocolError):
    """The response code is of nobody, of another browser, used or too old (row V20)."""

    status = 403


def browser_digest(secret: str) -> str:
    """How a request knows the browser that keeps this secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def receive(
    office: Office, request_id: str, read_form: Callable[[], Form], now: int
) -> dict[str, str]:
    """Take the form that was posted to a response URI; gives what the wallet is answered.

    Anything broken, for another request, late or repeated raises InvalidRequest, and a request
    that was still open has then failed (RSP-REJ of security.md).
    """
    request = _open_request(office, request_id, now)
    if request.way.name == DC_API:
        raise InvalidRequest("the request is answered by its browser")
    return _take(office, request, lambda asked: response.read(read_form(), asked), now)


def receive_from_browser(
    office: Office, request_id: str, browser: str, data: object, now: int
) -> None:
    """Take what the Digital Credentials API gave the browser that asked; errors as of `receive`."""
    request = _open_request(office, request_id, now)
    if request.way.name != DC_API or request.way.browser != browser:
        raise InvalidRequest("the request is another browser's")
    _take(office, request, lambda asked: response.read_data(data, asked), now)


def come_back(office: Office, response_code: str, browser: str, now: int) -> Request:
    """The request whose answer is there, for the browser that began it, once.

    Raises OtherBrowserError; what was held for the code is then thrown away.
    """
    digest = browser_digest(response_code)
    request = office.store.redeem(digest, browser, now)
    if request is None:
        request = office.store.by_code(digest, now - CODE_SECONDS)
        if request is None or request.way.name != FACE_TO_FACE:
            office.store.spoil(digest, now)
            raise OtherBrowserError("the response code is not this browser's")
    return request


def _open_request(office: Office, request_id: str, now: int) -> Request:
    request = office.store.request(request_id, now)
    if request is None or not request.is_open:
        raise InvalidRequest("the request is not open")
    return request


def _take(
    office: Office, request: Request, read: Callable[[Asked], Plain | ErrorResponse], now: int
) -> dict[str, str]:
    try:
        answer = read(_asked(request))
        if isinstance(answer, ErrorResponse):
            return _refused(office, request, answer, now)
        return _answered(office, request, _findings(office, request, answer, now), now)
    except ProtocolError as error:
        office.store.close(request.id, FAILED, now)
        raise InvalidRequest("the response cannot be taken") from error


def _asked(request: Request) -> Asked:
    key = PrivateKey.from_pem(request.response_key) if request.response_key else None
    return Asked(
        response_mode=request.response_mode,
        state=request.response_state,
        private_key=key,
        kid=key.public.thumbprint() if key else None,
    )


def _refused(office: Office, request: Request, answer: ErrorResponse, now: int) -> dict[str, str]:
    """OpenID4VP 8.5: a no is a no, and of anything else the wallet could not follow us."""
    declined = answer.error == response.ACCESS_DENIED
    state, ending = (CANCELLED, DECLINED) if declined else (FAILED, None)
    if not office.store.close(request.id, state, now, ending=ending):
        raise InvalidRequest("the request is not open")
    return response.answer()


def _answered(
    office: Office, request: Request, found: Sequence[Finding], now: int
) -> dict[str, str]:
    """Close the request; on the same device, or face to face, somebody comes back by a code."""
    code = secrets.token_urlsafe(32)
    digest = browser_digest(code)
    if request.way.name == SAME_DEVICE:
        until = now + CODE_SECONDS
        closed = office.store.hold(request.id, now, found, code_digest=digest, until=until)
    else:
        kept = digest if request.way.name == FACE_TO_FACE else None
        closed = office.store.close(request.id, DONE, now, found, code_digest=kept)
    if not closed:
        raise InvalidRequest("the request is not open")
    if request.way.name not in {SAME_DEVICE, FACE_TO_FACE}:
        return response.answer()
    return response.answer(f"{office.config.base_url}{RETURN_PATH}?response_code={code}")


def _findings(office: Office, request: Request, answer: Plain, now: int) -> list[Finding]:
    query = dcql.parse(request.query)
    token = vp_token.parse(answer.vp_token, query)
    if dcql.unmet_sets(query, token):  # OpenID4VP 8.6 step 3
        raise InvalidRequest("the response lacks what is required")
    case = office.store.case(request.case_id, now)
    if case is None or request.nonce is None:
        raise InvalidRequest("the case is over")
    return presentation.check_response(
        [(asked, each) for asked in query.credentials for each in token.get(asked.id, ())],
        expected=KeyBindingExpectation(
            audience=request_object.audience(office, request), nonce=request.nonce
        ),
        checks=office.checks(case.person, now),
    )
