"""The question on the resident's own device: opened in a browser, answered by a wallet there.

Only the browser that began it sees how it stands, and only when it comes back with the response
code does the answer count (OpenID4VP 13.3; row V20).
"""

from typing import Any, Final

import flask
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden, NotFound

from vckit.adapters.flask import json_response, limit_body, logs
from verifier import asking, casework, receiving
from verifier.endpoints import browsers, desk, live
from verifier.endpoints.wallet import RESPONSE_LIMIT
from verifier.receiving import OtherBrowserError
from verifier.requestbook import FACE_TO_FACE, SAME_DEVICE, Request, Way
from verifier.store import Case

PATH: Final = f"{asking.PAGE_PATH}/<request_id>"

blueprint = flask.Blueprint("answers", __name__)


class StrangeBrowserError(Forbidden):
    """The question was begun in another browser, or its answer belongs there."""


def install(app: flask.Flask) -> None:
    """Explain why nothing is shown."""
    app.register_error_handler(StrangeBrowserError, _explain)


def _explain(_error: Exception) -> tuple[str, int]:
    page = flask.render_template(
        "question/nothing.html",
        happened=_("Dit kunnen wij hier niet laten zien"),
        advice=_(
            "De vraag is in een andere browser geopend, of al gebruikt. Er wordt niets getoond. "
            "Open de link van uw hulpverlener opnieuw, in uw gewone browser."
        ),
    )
    return page, 403


@blueprint.get(PATH)
def show(request_id: str) -> flask.Response:
    """Who asks what and why, the way into the wallet, and afterwards what came of it."""
    request, case = _request(request_id)
    if request.way.browser not in {None, browsers.known()}:
        raise StrangeBrowserError
    office, now = desk.office(), desk.now()
    ready = request.is_open and request.way.browser is not None
    return live.page(
        "question/ask.html",
        follow=ready,
        request=request,
        case=case,
        asked=_asked(case, request),
        purpose=office.scheme.verifier(office.chain, now).purpose,
        link=asking.link(office, request, now) if ready else None,
        named=asking.named_links(office, request, now) if ready else [],
        left=_left(request, case),
    )


@blueprint.get(f"{PATH}/stand")
def state(request_id: str) -> flask.Response:
    """How it stands, for the script of the page."""
    request, _case = _request(request_id)
    _require_own(request)
    return json_response({"state": request.state})


@blueprint.post(PATH)
def begin(request_id: str) -> Any:
    """Begin in this browser; from now on it is the only one."""
    request, _case = _request(request_id)
    if request.is_open and not desk.office().store.bind(request.id, browsers.begin(), desk.now()):
        raise StrangeBrowserError
    return _to(request.id)


@blueprint.post(f"{PATH}/annuleer")
def cancel(request_id: str) -> Any:
    """The resident stops; ended before is as good."""
    request, _case = _request(request_id)
    _require_own(request)
    asking.cancel(desk.office(), request, desk.now())
    return _to(request.id)


@blueprint.post(f"{PATH}/volgende")
def ask_next(request_id: str) -> Any:
    """The same question to the next organisation, in the plain dialect."""
    request, case = _request(request_id)
    _require_own(request)
    left = _left(request, case)
    if not left:
        return _to(request.id)
    way = Way(SAME_DEVICE, request.way.browser, request.way.return_path)
    asked = asking.ask(desk.office(), case, way=way, organisation=left[0], now=desk.now())
    return _to(asked.id)


@blueprint.post(f"{PATH}/browser")
def ask_browser(request_id: str) -> flask.Response:
    """The same question for the Digital Credentials API of this browser."""
    request, case = _request(request_id)
    _require_own(request)
    asking.cancel(desk.office(), request, desk.now())
    path = request.way.return_path or flask.url_for("answers.show", request_id=request.id)
    return json_response(live.ask_browser(case, path))


@blueprint.post(f"{PATH}/antwoord")
@limit_body(RESPONSE_LIMIT)
def take(request_id: str) -> flask.Response:
    """What the Digital Credentials API gave the browser that asked; gives where it goes on."""
    office, now, browser = desk.office(), desk.now(), browsers.known()
    receiving.receive_from_browser(office, request_id, browser, live.data_of_browser(), now)
    request = office.store.request(request_id, now)
    return json_response({"next": request.way.return_path if request else "/"})


@blueprint.get(receiving.RETURN_PATH)
def come_back() -> Any:
    """Where a wallet leads its person with the response code."""
    office, now = desk.office(), desk.now()
    code = flask.request.args.get("response_code", "")
    try:
        request = receiving.come_back(office, code, browsers.known(), now)
    except OtherBrowserError:
        logs.log().warning("response code from another browser")
        raise StrangeBrowserError from None
    if request.way.name == FACE_TO_FACE:
        return flask.render_template("question/shared.html", request=request)
    return flask.redirect(
        request.way.return_path or flask.url_for("answers.show", request_id=request.id), 303
    )


def _request(request_id: str) -> tuple[Request, Case]:
    office, now = desk.office(), desk.now()
    request = office.store.request(request_id, now)
    case = office.store.case(request.case_id, now) if request else None
    if request is None or case is None or request.way.name != SAME_DEVICE:
        raise NotFound
    return request, case


def _require_own(request: Request) -> None:
    if request.way.browser is None or request.way.browser != browsers.known():
        raise StrangeBrowserError


def _asked(case: Case, request: Request) -> list[str]:
    return [each.name for each in case.organisations if request.organisation in {None, each.oin}]


def _left(request: Request, case: Case) -> tuple[Any, ...]:
    """Whom to ask after this one: only where one at a time is asked."""
    if request.organisation is None or request.is_open:
        return ()
    office = desk.office()
    requests = office.store.requests_of(case.id, desk.now())
    return casework.left_to_ask(case, requests, office.store.findings_of(case.id))


def _to(request_id: str) -> Any:
    return flask.redirect(flask.url_for("answers.show", request_id=request_id), 303)
