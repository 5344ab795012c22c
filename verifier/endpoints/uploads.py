"""Adding a sealed document to a case (security.md rows X and UP)."""

from typing import Any, Final

import flask

from vckit.adapters.flask import json_response, limit_body, oidc, only_file
from vckit.sealed_pdf.opening import RefusedFileError
from verifier import wording
from verifier.documents import EvidenceRefusedError, add_document
from verifier.endpoints import counsellor, desk
from verifier.endpoints.pages import CASE_PATH
from verifier.endpoints.speech import SPEECH
from verifier.store import Case

# 10 MiB for the file, and what a form needs around it.
BODY_LIMIT: Final = 10 * 1024 * 1024 + 16 * 1024
PROBLEM_TYPE: Final = "application/problem+json"


blueprint = flask.Blueprint("uploads", __name__)


@blueprint.get(f"{CASE_PATH}/document")
@oidc.login_required
def form(case_id: str) -> str:
    """Where a file is chosen."""
    return _form(counsellor.own_case(case_id))


@blueprint.post(f"{CASE_PATH}/document")
@oidc.login_required
@limit_body(BODY_LIMIT)
def add(case_id: str) -> Any:
    """Check the file and add what it says to the case."""
    office, now = desk.office(), desk.now()
    case = counsellor.own_case(case_id)
    try:
        add_document(office, case, only_file(), now)
    except RefusedFileError as error:
        sentence = wording.refusal(error.reason, SPEECH)
        return _refusal(case, error.status, error.reason, sentence)
    except EvidenceRefusedError as error:
        sentence = wording.disproof(error.reason, SPEECH)
        return _refusal(case, error.status, error.reason, sentence)
    return flask.redirect(flask.url_for("overviews.page", case_id=case.id), 303)


@blueprint.errorhandler(413)
def too_large(_error: Exception) -> Any:
    """The form again, for a file that was too large to be read at all."""
    case = counsellor.own_case((flask.request.view_args or {})["case_id"])
    return _refusal(case, 413, "too_large", wording.refusal("too_large", SPEECH))


def _refusal(case: Case, status: int, reason: str, sentence: str) -> Any:
    wish = flask.request.accept_mimetypes.best_match(["text/html", PROBLEM_TYPE])
    if wish == "text/html":
        return _form(case, sentence), status
    problem = {"type": reason, "title": sentence, "status": status}
    return json_response(problem, status, PROBLEM_TYPE)


def _form(case: Case, problem: str = "") -> str:
    return flask.render_template("document.html", case=case, problem=problem)
