"""Who is at the desk, and which cases are theirs."""

import flask
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden, NotFound, Unauthorized

from vckit.adapters.flask import oidc
from verifier.endpoints import desk
from verifier.store import Case


class ColleaguesCaseError(Forbidden):
    """The case is another counsellor's."""


class NoCaseError(NotFound):
    """There never was such a case, or it was erased."""


def install(app: flask.Flask) -> None:
    """Explain why there is no case to see."""
    app.register_error_handler(ColleaguesCaseError, _explain_colleague)
    app.register_error_handler(NoCaseError, _explain_absence)


def _explain_colleague(_error: Exception) -> tuple[str, int]:
    happened = _("Deze zaak is van een collega")
    advice = _("Alleen wie een zaak opent, kan hem zien. Overleg met uw collega.")
    return _no_case(happened, advice), 403


def _explain_absence(_error: Exception) -> tuple[str, int]:
    happened = _("Deze zaak is er niet")
    advice = _("Zaken worden na de werkdag gewist. Open een nieuwe zaak als u verder wilt.")
    return _no_case(happened, advice), 404


def _no_case(happened: str, advice: str) -> str:
    action = (_("Mijn zaken"), flask.url_for("pages.cases"))
    return flask.render_template("no_case.html", happened=happened, advice=advice, action=action)


def subject() -> str:
    """The log-in provider's identifier of this counsellor."""
    person = oidc.current_person()
    if person is None or not person.subject:
        raise Unauthorized
    return person.subject


def name() -> str:
    """How the counsellor is called; "" when nobody is logged in."""
    person = oidc.current_person()
    return f"{person.given_name} {person.family_name}".strip() if person else ""


def own_case(case_id: str) -> Case:
    """The case, if it is this counsellor's; 403 for anybody else's (row V37)."""
    case = desk.office().store.case(case_id, desk.now())
    if case is None:
        raise NoCaseError
    if case.owner != subject():
        raise ColleaguesCaseError
    return case
