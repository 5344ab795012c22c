"""What a counsellor adds to a case: debts by hand, usual creditors, a second person."""

import secrets
from typing import Any, Final

import flask
from flask_babel import gettext as _

from vckit.adapters.flask import oidc
from verifier import sentences
from verifier.casework import keep_overview
from verifier.endpoints import added_debt, counsellor, desk, entry
from verifier.endpoints.entry import EntryError
from verifier.endpoints.pages import CASE_PATH, UNPROCESSABLE
from verifier.store import Case
from verifier.usual import CODES, usual_creditors

blueprint = flask.Blueprint("additions", __name__)
_DEBTS: Final = f"{CASE_PATH}/zelf"


@blueprint.get(_DEBTS)
@oidc.login_required
def debts(case_id: str) -> str:
    """What was added by hand, and the form for one more."""
    return _debts(counsellor.own_case(case_id))


@blueprint.post(_DEBTS)
@oidc.login_required
def add_debt(case_id: str) -> Any:
    """Add one debt; the same form again adds nothing."""
    case = counsellor.own_case(case_id)
    try:
        debt = added_debt.read(flask.request.form, household=case.partner is not None)
        added = desk.office().casebook.add_debt(case.id, debt, desk.now())
        added_debt.require_room(added=added)
    except EntryError as error:
        return _debts(case, str(error)), UNPROCESSABLE
    return _to("additions.debts", case)


@blueprint.post(f"{_DEBTS}/<debt_id>/weg")
@oidc.login_required
def remove_debt(case_id: str, debt_id: str) -> Any:
    """Erase one debt that was added by hand."""
    case = counsellor.own_case(case_id)
    desk.office().casebook.remove_debt(case.id, debt_id)
    return _to("additions.debts", case)


@blueprint.get(f"{CASE_PATH}/schuldeisers")
@oidc.login_required
def creditors(case_id: str) -> str:
    """The usual creditors, to tick off."""
    case = counsellor.own_case(case_id)
    beside = desk.office().casebook.beside(case.id)
    return flask.render_template(
        "creditors.html",
        case=case,
        usual=usual_creditors(beside.ticked, beside.by_hand),
        ticked=beside.ticked,
        names=sentences.usual_creditors(_),
    )


@blueprint.post(f"{CASE_PATH}/schuldeisers")
@oidc.login_required
def tick(case_id: str) -> Any:
    """Keep which are ticked off."""
    case = counsellor.own_case(case_id)
    ticked = set(flask.request.form.getlist("creditor")).intersection(CODES)
    desk.office().casebook.tick(case.id, ticked)
    return _to("overviews.page", case)


@blueprint.get(f"{CASE_PATH}/tweede-persoon")
@oidc.login_required
def partner(case_id: str) -> str:
    """Where a second person is entered or taken out."""
    return _partner(counsellor.own_case(case_id))


@blueprint.post(f"{CASE_PATH}/tweede-persoon")
@oidc.login_required
def set_partner(case_id: str) -> Any:
    """Keep who the second person is."""
    case = counsellor.own_case(case_id)
    try:
        second = entry.person(flask.request.form)
        _check_partner(case, second)
    except EntryError as error:
        return _partner(case, str(error)), UNPROCESSABLE
    desk.office().casebook.set_partner(case.id, second)
    return _to("pages.case", case)


@blueprint.post(f"{CASE_PATH}/tweede-persoon/weg")
@oidc.login_required
def remove_partner(case_id: str) -> Any:
    """The case is about one person again; statements of the other are then of a stranger."""
    case = counsellor.own_case(case_id)
    desk.office().casebook.set_partner(case.id, None)
    return _to("pages.case", case)


@blueprint.post(f"{CASE_PATH}/bewaar")
@oidc.login_required
def keep(case_id: str) -> Any:
    """Keep how the overview stands, to tell later what changed."""
    case = counsellor.own_case(case_id)
    keep_overview(desk.office(), case, desk.now())
    return _to("overviews.page", case)


def _check_partner(case: Case, second: Any) -> None:
    if case.person is None:
        raise EntryError(_("De eerste persoon is niet ingevuld. Open een nieuwe zaak."))
    if second is None:
        raise EntryError(_("Vul achternaam, voornamen en geboortedatum in."))
    if case.person.is_same(second):
        raise EntryError(_("Dit is dezelfde persoon als de eerste."))


def _debts(case: Case, problem: str = "") -> str:
    return flask.render_template(
        "hand_debts.html",
        case=case,
        debts=desk.office().casebook.beside(case.id).by_hand,
        problem=problem,
        filled=flask.request.form if problem else {},
        debt_id=secrets.token_hex(8),
        usual=flask.request.args.get("soort", ""),
        names=sentences.usual_creditors(_),
    )


def _partner(case: Case, problem: str = "") -> str:
    return flask.render_template(
        "partner.html", case=case, problem=problem, filled=flask.request.form
    )


def _to(endpoint: str, case: Case) -> Any:
    return flask.redirect(flask.url_for(endpoint, case_id=case.id), 303)
