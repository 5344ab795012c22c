"""The overview of a case, as a page and as JSON."""

import flask

from contexts import vocabulary
from vckit.adapters.flask import json_response, look, oidc
from verifier import report, wording
from verifier.casework import case_overview, case_report
from verifier.endpoints import counsellor, desk
from verifier.endpoints.foreign import isolated
from verifier.endpoints.pages import CASE_PATH
from verifier.endpoints.speech import SPEECH

blueprint = flask.Blueprint("overviews", __name__)
blueprint.add_app_template_filter(isolated, "vreemd")


@blueprint.get(f"{CASE_PATH}/overzicht")
@oidc.login_required
def page(case_id: str) -> str:
    """The overview to read."""
    case = counsellor.own_case(case_id)
    seen = case_overview(desk.office(), case, desk.now())
    return flask.render_template(
        "overview.html",
        case=case,
        seen=seen,
        findings=list(report.findings(seen, SPEECH)),
        standings=[(each, *wording.standing(each, SPEECH)) for each in seen.standings],
        label=_label,
        birth_day=_birth_day,
    )


@blueprint.get(f"{CASE_PATH}/overzicht.json")
@oidc.login_required
def as_json(case_id: str) -> flask.Response:
    """The same for scripts and case software."""
    case = counsellor.own_case(case_id)
    return json_response(case_report(desk.office(), case, desk.now(), SPEECH))


def _label(group: str, code: str) -> str:
    return vocabulary.label(group, code, look.language())


def _birth_day(stated: str) -> str:
    """A birth date of which the month or day is not known (00) is shown as it stands."""
    try:
        return look.datum(stated)
    except ValueError:
        return stated
