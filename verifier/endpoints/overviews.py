"""The overview of a case, as a page and as JSON; of two persons together or of one."""

from collections.abc import Mapping
from typing import Any

import flask
from flask_babel import gettext as _

from vckit.adapters.flask import json_response, look, oidc
from verifier import build_up, details, notes, report, sentences, wording
from verifier.casework import case_overview, case_report
from verifier.endpoints import counsellor, desk
from verifier.endpoints.foreign import isolated
from verifier.endpoints.pages import CASE_PATH
from verifier.endpoints.speech import SPEECH, label
from verifier.overview import Overview
from verifier.store import Case
from verifier.totals import is_disputed, is_prescribed

blueprint = flask.Blueprint("overviews", __name__)
blueprint.add_app_template_filter(isolated, "vreemd")


@blueprint.get(f"{CASE_PATH}/overzicht")
@oidc.login_required
def page(case_id: str) -> str:
    """The overview to read."""
    case = counsellor.own_case(case_id)
    subject = _subject(case)
    seen = case_overview(desk.office(), case, desk.now(), subject)
    return flask.render_template(
        "overview.html",
        case=case,
        subject=subject,
        seen=seen,
        findings=list(report.findings(seen, SPEECH)),
        standings=[(each, *wording.standing(each, SPEECH)) for each in seen.standings],
        refresh=_refresh(),
        **_words(seen),
    )


@blueprint.get(f"{CASE_PATH}/overzicht.json")
@oidc.login_required
def as_json(case_id: str) -> flask.Response:
    """The same for scripts and case software."""
    case = counsellor.own_case(case_id)
    return json_response(case_report(desk.office(), case, desk.now(), SPEECH, _subject(case)))


def _subject(case: Case) -> int | None:
    """Whose overview of a household is asked for; None: of both together."""
    asked = flask.request.args.get("persoon", "")
    return {"1": 0, "2": 1}.get(asked) if case.partner else None


def _refresh() -> Mapping[str | None, str | None]:
    """Where somebody gets a new statement, by OIN."""
    office = desk.office()
    return {each.oin: each.start_url for each in office.scheme.issuers(desk.now())}


def _words(seen: Overview) -> dict[str, Any]:
    """What the template says with, and the few words that depend on what there is."""
    return {
        "label": label,
        "birth_day": _birth_day,
        "notes": lambda row: notes.notes(row, SPEECH),
        "build_up": build_up,
        "is_disputed": is_disputed,
        "is_prescribed": is_prescribed,
        "part_name": lambda by, part: details.part_name(by, part, SPEECH),
        "changes": [details.change(each, SPEECH) for each in seen.changes.items]
        if seen.changes
        else [],
        "urgencies": sentences.urgencies(_),
        "usual_names": sentences.usual_creditors(_),
        "states": sentences.states(_),
    }


def _birth_day(stated: str) -> str:
    """A birth date of which the month or day is not known (00) is shown as it stands."""
    try:
        return look.datum(stated)
    except ValueError:
        return stated
