"""The question of a case on the counsellor's page: shown, followed, asked again, cancelled."""

from typing import Any, Final

import flask
from flask_babel import gettext as _

from vckit.adapters.flask import json_response, look, oidc
from verifier import asking, casework, tickets
from verifier.endpoints import counsellor, desk, live
from verifier.requestbook import CREATED, FACE_TO_FACE, OTHER_CODE, SAME_DEVICE, Request, Way
from verifier.store import Case

CASE_PATH: Final = "/zaken/<case_id>"
REQUEST_PATH: Final = f"{CASE_PATH}/vraag/<request_id>"
BY_LINK: Final = "link"

blueprint = flask.Blueprint("questions", __name__)


def show(mine: Case) -> flask.Response:
    """The page of a case. A reload would close what is read: `?vast=PART` keeps that part open."""
    office, now = desk.office(), desk.now()
    requests = office.store.requests_of(mine.id, now)
    newest = requests[0] if requests else None
    still = flask.request.args.get("vast", "")
    findings = office.store.findings_of(mine.id)
    # A question that was sent may be open for a day: nobody looks at the page for so long.
    follow = newest is not None and newest.is_open and not still and not _is_sent(newest)
    return live.page(
        "case.html",
        follow=follow,
        case=mine,
        request=newest,
        asked=_asked(mine, newest),
        is_open=newest is not None and newest.is_open,
        is_sent=newest is not None and _is_sent(newest),
        still=still,
        link=_link(newest) if newest and newest.is_open else None,
        left=casework.left_to_ask(mine, requests, findings),
        has_findings=bool(findings),
    )


@blueprint.get(f"{CASE_PATH}/stand")
@oidc.login_required
def state(case_id: str) -> flask.Response:
    """How the newest question stands, for the script of the page; with the code of this moment."""
    mine = counsellor.own_case(case_id)
    requests = desk.office().store.requests_of(mine.id, desk.now())
    newest = requests[0] if requests else None
    told = {"state": newest.state if newest else ""}
    if newest and newest.state == CREATED and newest.way.name == FACE_TO_FACE:
        link = _link(newest)
        told |= {"link": link, "code": str(look.qr_svg(link, _("Vraag om opgaven te delen")))}
    return json_response(told)


@blueprint.post(f"{CASE_PATH}/vraag")
@oidc.login_required
def ask_again(case_id: str) -> Any:
    """Another question of the same case, in the place of the one that is shown.

    How it stood is kept, so that a change can be told.
    """
    mine, office, now = counsellor.own_case(case_id), desk.office(), desk.now()
    if office.store.findings_of(mine.id):
        casework.keep_overview(office, mine, now)
    form = flask.request.form
    ask(mine, sent=form.get("manier") == BY_LINK, oin=form.get("organisatie"))
    return _to_case(case_id)


@blueprint.post(f"{CASE_PATH}/browser")
@oidc.login_required
def ask_browser(case_id: str) -> flask.Response:
    """The question for the Digital Credentials API of the counsellor's browser."""
    mine = counsellor.own_case(case_id)
    _take_away(mine)
    return json_response(live.ask_browser(mine, flask.url_for("pages.case", case_id=case_id)))


@blueprint.post(f"{REQUEST_PATH}/annuleer")
@oidc.login_required
def cancel(case_id: str, request_id: str) -> Any:
    """End an open question; ended before is as good."""
    asking.cancel(desk.office(), _of_case(case_id, request_id), desk.now())
    return _to_case(case_id)


@blueprint.post(f"{REQUEST_PATH}/andere-code")
@oidc.login_required
def other_code(case_id: str, request_id: str) -> Any:
    """The two screens show another code: what came is somebody else's, and goes."""
    desk.office().store.discard(_of_case(case_id, request_id).id, OTHER_CODE)
    return _to_case(case_id)


def ask(mine: Case, *, sent: bool = False, oin: str | None = None) -> None:
    """Ask the case's question, on this screen or by a link; of one organisation, or of all."""
    _take_away(mine)
    organisation = next((each for each in mine.organisations if each.oin == oin), None)
    way = Way(SAME_DEVICE) if sent else Way(FACE_TO_FACE)
    asking.ask(desk.office(), mine, way=way, organisation=organisation, now=desk.now())


def _take_away(mine: Case) -> None:
    """What the screen does not show any more, nobody is to answer; a link that was sent stays."""
    office, now = desk.office(), desk.now()
    for each in office.store.requests_of(mine.id, now):
        if each.is_open and each.way.name != SAME_DEVICE:
            asking.cancel(office, each, now)


def _link(request: Request) -> str:
    office, now = desk.office(), desk.now()
    if request.way.name == SAME_DEVICE:
        return asking.way_in(office, request, now)
    life = tickets.ROTATING if live.has_script() else tickets.STILL
    return asking.link(office, request, now, life=life)


def _is_sent(request: Request) -> bool:
    return request.way.name == SAME_DEVICE


def _asked(mine: Case, request: Request | None) -> str | None:
    """The name of the only organisation that is asked, if it is one."""
    oin = request.organisation if request else None
    return next((each.name for each in mine.organisations if oin and each.oin == oin), None)


def _of_case(case_id: str, request_id: str) -> Request:
    mine = counsellor.own_case(case_id)
    request = desk.office().store.request(request_id, desk.now())
    if request is None or request.case_id != mine.id:
        flask.abort(404)
    return request


def _to_case(case_id: str) -> Any:
    return flask.redirect(flask.url_for("pages.case", case_id=case_id), 303)
