"""The counsellor's side of Verzamel: the link for the resident, and how far it is."""

from typing import Any, Final

import flask

from vckit.adapters.flask import oidc
from verifier import collecting, collecting_progress
from verifier.endpoints import counsellor, desk
from verifier.endpoints.pages import CASE_PATH
from verifier.store import Case

_PATH: Final = f"{CASE_PATH}/verzamel"

blueprint = flask.Blueprint("collecting_link", __name__)


@blueprint.get(_PATH)
@oidc.login_required
def show(case_id: str) -> str:
    """How far the resident is; a link that was made is not shown again."""
    return _page(counsellor.own_case(case_id))


@blueprint.post(_PATH)
@oidc.login_required
def make(case_id: str) -> str:
    """A link, shown this once; the one before it opens nothing any more."""
    case = counsellor.own_case(case_id)
    token = collecting.make_link(desk.office(), case, desk.now())
    path = flask.url_for("collecting.begin", token=token)
    return _page(case, f"{desk.office().config.base_url}{path}")


@blueprint.post(f"{_PATH}/intrekken")
@oidc.login_required
def revoke(case_id: str) -> Any:
    """Let the link open nothing any more, and erase what was collected and not shared."""
    case = counsellor.own_case(case_id)
    desk.office().collecting.revoke_link(case.id)
    return flask.redirect(flask.url_for("collecting_link.show", case_id=case.id), 303)


def _page(case: Case, link: str = "") -> str:
    office = desk.office()
    return flask.render_template(
        "collecting_link.html",
        case=case,
        link=link,
        existing=office.collecting.link_of(case.id),
        view=collecting_progress.counsellors_view(office, case),
        withdrawn=[each for each in office.sharing.shares(case.id) if each.withdrawn_at],
    )
