"""FCID JSON of national bodies, beside the credentials: read, shown apart, never checked."""

from collections.abc import Callable
from typing import Any, Final

import flask
from flask_babel import gettext as _

from vckit.adapters.flask import json_response, limit_body, oidc, only_file
from verifier import fcid
from verifier.beside import Subject
from verifier.endpoints import counsellor, desk
from verifier.endpoints.pages import CASE_PATH
from verifier.endpoints.uploads import PROBLEM_TYPE
from verifier.store import Case

# The file, and what a form needs around it.
BODY_LIMIT: Final = fcid.MAX_BYTES + 16 * 1024
_PATH: Final = f"{CASE_PATH}/landelijk"
# How the form tells whose it is.
_SUBJECTS: Final[dict[str, Subject]] = {"1": 0, "2": 1}

blueprint = flask.Blueprint("national", __name__)


@blueprint.get(_PATH)
@oidc.login_required
def form(case_id: str) -> str:
    """What national bodies told so far, and where a file is chosen."""
    return _form(counsellor.own_case(case_id))


@blueprint.post(_PATH)
@oidc.login_required
@limit_body(BODY_LIMIT)
def add(case_id: str) -> Any:
    """Read the file and put what it tells beside the credentials; the file itself is not kept."""
    case, now = counsellor.own_case(case_id), desk.now()
    try:
        told = fcid.read(only_file(), now=now, subject=_subject(case))
    except fcid.FcidError as error:
        return _refusal(case, error.reason)
    desk.office().casebook.add_national(case.id, told, now)
    return _back(case)


@blueprint.post(f"{_PATH}/<digest>/weg")
@oidc.login_required
def remove(case_id: str, digest: str) -> Any:
    """Take out what one file told."""
    case = counsellor.own_case(case_id)
    desk.office().casebook.remove_national(case.id, digest)
    return _back(case)


@blueprint.errorhandler(413)
def too_large(_error: Exception) -> Any:
    """The form again, for a file that was too large to be read at all."""
    return _refusal(counsellor.own_case((flask.request.view_args or {})["case_id"]), "too_large")


def _subject(case: Case) -> Subject:
    return _SUBJECTS.get(flask.request.form.get("subject", ""), 0) if case.partner else 0


def _refusal(case: Case, reason: str) -> Any:
    status, sentence = fcid.STATUSES[reason], _sentences(_)[reason]
    wish = flask.request.accept_mimetypes.best_match(["text/html", PROBLEM_TYPE])
    if wish == "text/html":
        return _form(case, sentence), status
    problem = {"type": reason, "title": sentence, "status": status}
    return json_response(problem, status, PROBLEM_TYPE)


def _sentences(_: Callable[[str], str]) -> dict[str, str]:
    return {
        "too_large": _("Dit bestand is te groot. Een overzicht is nooit groter dan 2 MB."),
        "not_json": _("Dit is geen JSON-bestand, of het is beschadigd."),
        "not_fcid": _("Dit is geen overzicht van een landelijke organisatie (FCID)."),
        "version": _("Deze versie van FCID kennen wij niet. Wij lezen versie 3 en 4."),
        "contents": _("Dit bestand is niet goed opgebouwd. Vraag een nieuw bestand."),
        "sums": _("De bedragen in dit bestand kloppen niet met elkaar. Vraag een nieuw bestand."),
        "future": _("De datum in dit bestand ligt in de toekomst. Vraag een nieuw bestand."),
    }


def _form(case: Case, problem: str = "") -> str:
    told = desk.office().casebook.beside(case.id).national
    return flask.render_template("national.html", case=case, told=told, problem=problem)


def _back(case: Case) -> Any:
    return flask.redirect(flask.url_for("national.form", case_id=case.id), 303)
