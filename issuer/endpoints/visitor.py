"""Who is at the page: always from the session on the server, never from the request."""

import secrets
from typing import Final

import flask
from flask_babel import gettext as _
from werkzeug.exceptions import Forbidden

from issuer.endpoints import running
from issuer.person import Person, find_person
from vckit.adapters.flask import oidc

_LOGIN: Final = "login_id"


class RepresentativeError(Forbidden):
    """Only the person can do this, and nobody in their place."""


def install(app: flask.Flask) -> None:
    """Explain to who acts for somebody else what they cannot do."""
    app.register_error_handler(RepresentativeError, _explain)


def _explain(_error: Exception) -> tuple[str, int]:
    page = flask.render_template(
        "error.html",
        happened=_("Dit kan alleen de persoon zelf"),
        advice=_("U regelt dit voor iemand anders. U kunt wel het document meenemen."),
        action=(_("Terug naar de schulden"), flask.url_for("debts.show")),
    )
    return page, 403


def subject() -> Person:
    """Whose data is shown: who logged in, or whom they act for.

    The names of somebody who is represented are looked up where the log-in does not tell them.
    """
    visitor = _logged_in()
    told = Person(visitor.bsn, visitor.family_name, visitor.given_name, visitor.birthdate)
    if not visitor.acting_bsn or told.birthdate:
        return told
    found = find_person(running.services().config.desk.persons_file, visitor.bsn)
    if found is None:
        raise Forbidden
    return found


def acting_name() -> str:
    """The name of who acts for somebody else; "" when it is the person itself."""
    visitor = _logged_in()
    return visitor.acting_name or visitor.acting_bsn


def require_self() -> Person:
    """The person, and nobody in their place: a wallet is somebody's own (403 otherwise)."""
    if _logged_in().acting_bsn:
        raise RepresentativeError
    return subject()


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


def _logged_in() -> oidc.Person:
    person = oidc.current_person()
    if person is None:
        raise Forbidden
    return person
