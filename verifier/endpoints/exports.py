"""The files of a case, to download."""

from collections.abc import Callable

import flask

from vckit.adapters.flask import oidc
from verifier import exporting
from verifier.endpoints import counsellor, desk
from verifier.endpoints.pages import CASE_PATH
from verifier.store import Case

blueprint = flask.Blueprint("exports", __name__)


@blueprint.get(f"{CASE_PATH}/uitvoer/<name>")
@oidc.login_required
def download(case_id: str, name: str) -> flask.Response:
    """One file, made now; nothing of it is kept here."""
    office, case = desk.office(), counsellor.own_case(case_id)
    content = exporting.content_of(office, case, desk.now(), _subject(case))
    made = exporting.file(office, name, content)
    if made is None:
        flask.abort(404)
    response = flask.Response(made.content, content_type=made.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=made.name(content))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.app_context_processor
def offered() -> dict[str, Callable[[], bool]]:
    """For the pages: whether there is a sealed report."""
    return {"has_report": lambda: exporting.reporter(desk.office()) is not None}


def _subject(case: Case) -> int | None:
    """Whose part of a household is asked for; None: both together."""
    asked = flask.request.args.get("persoon", "")
    return {"1": 0, "2": 1}.get(asked) if case.partner else None
