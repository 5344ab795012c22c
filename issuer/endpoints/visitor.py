"""Who is at the page: always from the session on the server, never from the request."""

import secrets
from typing import Any, Final

import flask
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden

from issuer.endpoints import running
from issuer.person import Person, find_person
from vckit.adapters.flask import oidc

_LOGIN: Final = "login_id"


class RepresentativeError(Forbidden):
    """Only the person can do this, and nobody in their place."""


class StaffError(Forbidden):
    """Who is logged in as staff is not a resident here, whatever else the log-in states."""


class NoStaffError(Forbidden):
    """The desk is for who has the role of the settings, and for nobody else."""


def install(app: flask.Flask) -> None:
    """Explain to everybody what is for somebody else."""
    app.register_error_handler(RepresentativeError, _explain_representative)
    app.register_error_handler(StaffError, _lead_to_the_desk)
    app.register_error_handler(NoStaffError, _explain_desk)


def _explain_representative(_error: Exception) -> tuple[str, int]:
    return _explained(
        _("Dit kan alleen de persoon zelf"),
        _("U regelt dit voor iemand anders. U kunt wel het document meenemen."),
        (_("Terug naar de schulden"), flask.url_for("debts.show")),
    )


def _lead_to_the_desk(_error: Exception) -> Any:
    if flask.request.method == "GET":
        return flask.redirect(flask.url_for("desk.show"), 303)
    return _explained(
        _("U bent ingelogd als medewerker"),
        _("Wilt u uw eigen schulden zien? Log dan uit, en log in als inwoner."),
        (_("Naar de balie"), flask.url_for("desk.show")),
    )


def _explain_desk(_error: Exception) -> tuple[str, int]:
    return _explained(
        _("Dit is alleen voor medewerkers"),
        _("U bent niet ingelogd als medewerker van de balie."),
        (_("Naar mijn schulden"), flask.url_for("debts.show")),
    )


def _explained(happened: str, advice: str, action: tuple[str, str]) -> tuple[str, int]:
    page = flask.render_template("error.html", happened=happened, advice=advice, action=action)
    return page, 403


def subject() -> Person:
    """Whose data is shown: who logged in, or whom they act for.

    The names of somebody who is represented are looked up where the log-in does not tell them.
    """
    visitor = _resident()
    told = Person(visitor.bsn, visitor.family_name, visitor.given_name, visitor.birthdate)
    if not visitor.acting_bsn or told.birthdate:
        return told
    found = find_person(running.services().config.desk.persons_file, visitor.bsn)
    if found is None:
        raise Forbidden
    return found


def acting_name() -> str:
    """The name of who acts for somebody else; "" when it is the person itself."""
    visitor = _resident()
    return visitor.acting_name or visitor.acting_bsn


def require_self() -> Person:
    """The person, and nobody in their place: a wallet is somebody's own (403 otherwise)."""
    if _resident().acting_bsn:
        raise RepresentativeError
    return subject()


def require_staff() -> oidc.Person:
    """Somebody of the staff, with the role of the settings; NoStaffError for everybody else."""
    person = _logged_in()
    if not _is_staff(person):
        raise NoStaffError
    return person


def login_id() -> str:
    """Names this log-in; what it offers ends with it."""
    if _LOGIN not in flask.session:
        flask.session[_LOGIN] = secrets.token_urlsafe(16)
    return str(flask.session[_LOGIN])


def end_offers() -> None:
    """Before the log-out: whatever this log-in offered is void."""
    if _LOGIN not in flask.session:
        return
    services = running.services()
    digest = services.keyring.login_digest(str(flask.session[_LOGIN]))
    services.store.offers.void_of_login(digest)


def _resident() -> oidc.Person:
    person = _logged_in()
    if _is_staff(person):
        raise StaffError
    return person


def _is_staff(person: oidc.Person) -> bool:
    role = running.services().config.desk.role
    return role is not None and role in person.roles


def _logged_in() -> oidc.Person:
    person = oidc.current_person()
    if person is None:
        raise Forbidden
    return person
