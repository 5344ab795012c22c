"""The counsellor's pages about cases: the list, a new one, and the case with its question."""

from contextlib import suppress
from typing import Any, Final

import flask

from vckit.adapters.flask import oidc
from verifier import asking
from verifier.endpoints import counsellor, desk, entry, questions

CASES_PATH: Final = "/zaken"
CASE_PATH: Final = f"{CASES_PATH}/<case_id>"
UNPROCESSABLE: Final = 422

blueprint = flask.Blueprint("pages", __name__)


@blueprint.get("/")
def welcome() -> Any:
    """What this is, and the way in."""
    if oidc.current_person() is not None:
        return flask.redirect(CASES_PATH, 303)
    return flask.render_template("welcome.html")


@blueprint.get(CASES_PATH)
@oidc.login_required
def cases() -> str:
    """The counsellor's own cases."""
    mine = desk.office().store.cases_of(counsellor.subject(), desk.now())
    return flask.render_template("cases.html", cases=mine)


@blueprint.get(f"{CASES_PATH}/nieuw")
@oidc.login_required
def new_case() -> str:
    """The form of a new case."""
    return _form()


@blueprint.post(CASES_PATH)
@oidc.login_required
def create_case() -> Any:
    """Open a case and ask its question at once."""
    office, now = desk.office(), desk.now()
    try:
        filled = entry.read(flask.request.form, asking.organisations(office, now))
    except entry.EntryError as error:
        return _form(problem=str(error)), UNPROCESSABLE
    try:
        case = asking.open_case(
            office,
            owner=counsellor.subject(),
            person=filled.person,
            chosen=filled.chosen,
            now=now,
            case_id=filled.case_id,
        )
    except asking.CaseExistsError:
        # The second of two clicks: the case is there, or it is nobody's business here (V37).
        return _to_case(counsellor.own_case(filled.case_id).id)
    questions.ask(case)
    return _to_case(case.id)


@blueprint.get(CASE_PATH)
@oidc.login_required
def case(case_id: str) -> flask.Response:
    """The case with its question and how that stands."""
    return questions.show(counsellor.own_case(case_id))


@blueprint.post(f"{CASE_PATH}/vergeet")
@oidc.login_required
def forget(case_id: str) -> Any:
    """Erase the case now; erased before is as good."""
    with suppress(counsellor.NoCaseError):
        desk.office().store.forget_case(counsellor.own_case(case_id).id)
    return flask.redirect(CASES_PATH, 303)


def _to_case(case_id: str) -> Any:
    return flask.redirect(flask.url_for("pages.case", case_id=case_id), 303)


def _form(problem: str = "") -> str:
    return flask.render_template(
        "new_case.html",
        organisations=asking.organisations(desk.office(), desk.now()),
        problem=problem,
        filled=flask.request.form,
        case_id=asking.new_case_id(),
    )
