"""Taking a wallet's answer: read, check every presentation, close the request once."""

from collections.abc import Callable, Mapping, Sequence

from vckit import dcql
from vckit.errors import ProtocolError
from vckit.keys import PrivateKey
from vckit.oauth import InvalidRequest
from vckit.openid4vp import response, vp_token
from vckit.sd_jwt import KeyBindingExpectation
from verifier import presentation
from verifier.findings import Finding
from verifier.office import Office
from verifier.store import CANCELLED, CREATED, DONE, FAILED, WAITING, Request

Form = Mapping[str, Sequence[str]]


def receive(
    office: Office, request_id: str, read_form: Callable[[], Form], now: int
) -> dict[str, str]:
    """Take the form that was posted to a response URI; gives what the wallet is answered.

    Anything broken, for another request, late or repeated raises InvalidRequest, and a request
    that was still open has then failed (RSP-REJ of security.md).
    """
    request = _open_request(office, request_id, now)
    try:
        answer = _answer(request, read_form())
        if isinstance(answer, response.ErrorResponse):
            closed = office.store.close(request.id, CANCELLED, now)
        else:
            found = _findings(office, request, answer, now)
            closed = office.store.close(request.id, DONE, now, found)
    except ProtocolError as error:
        office.store.close(request.id, FAILED, now)
        raise InvalidRequest("the response cannot be taken") from error
    if not closed:
        raise InvalidRequest("the request is not open")
    return response.answer()


def _open_request(office: Office, request_id: str, now: int) -> Request:
    request = office.store.request(request_id, now)
    if request is None or request.state not in {CREATED, WAITING}:
        raise InvalidRequest("the request is not open")
    return request


def _answer(request: Request, form: Form) -> response.Plain | response.ErrorResponse:
    key = PrivateKey.from_pem(request.response_key) if request.response_key else None
    return response.read(
        form,
        response_mode=request.response_mode,
        state=request.response_state,
        private_key=key,
        kid=key.public.thumbprint() if key else None,
    )


def _findings(office: Office, request: Request, answer: response.Plain, now: int) -> list[Finding]:
    query = dcql.parse(request.query)
    token = vp_token.parse(answer.vp_token, query)
    case = office.store.case(request.case_id, now)
    if case is None or request.nonce is None:
        raise InvalidRequest("the case is over")
    return presentation.check_response(
        [(asked, each) for asked in query.credentials for each in token.get(asked.id, ())],
        expected=KeyBindingExpectation(audience=request.client_id, nonce=request.nonce),
        checks=office.checks(case.person, now),
    )
