"""The pages of the desk: for who has the role, and for one identified resident at a time.

Whom staff serves stands in the session on the server: a BSN is never in an address.
"""

import re
from typing import Any, Final

import flask
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from issuer import desk
from issuer.endpoints import document, running, visitor
from issuer.person import Person
from vckit.adapters.flask import oidc

_SERVED: Final = "served"
_SPACES: Final = re.compile(r"[\s.]")

blueprint = flask.Blueprint("desk", __name__)


@blueprint.before_request
def admit() -> Any:
    """Nobody but staff gets further, on whatever page is ever added here."""
    if running.services().config.desk.role is None:
        raise NotFound
    if oidc.current_person() is None:
        return flask.redirect(flask.url_for("login.start", naar=flask.url_for("desk.show")), 303)
    visitor.require_staff()
    return None


@blueprint.get("/balie")
def show() -> str:
    """Who is served now and what was given to them, or else the form to identify somebody."""
    person = _served()
    if person is None:
        return _form(was_served=_SERVED in flask.session)
    return _page(
        "desk_person.html",
        person=person,
        records=_desk().given(person, running.now()),
        can_certify=running.services().certification is not None,
    )


@blueprint.post("/balie")
def identify() -> Any:
    """Begin to serve who showed a document of identity."""
    form, now = flask.request.form, running.now()
    bsn = _SPACES.sub("", form.get("bsn", ""))
    try:
        _desk().identify(bsn, form.get("seen", ""), _staff(), now)
    except desk.DeskError as error:
        return _form(error=error.field, seen=form.get("seen", "")), 400
    flask.session[_SERVED] = {"bsn": bsn, "until": now + desk.SERVED_SECONDS}
    return _see_desk()


@blueprint.post("/balie/klaar")
def finish() -> Any:
    """Forget who was served."""
    flask.session.pop(_SERVED, None)
    return _see_desk()


@blueprint.post("/balie/document")
def make() -> Any:
    """The document of who is served."""
    person = _served()
    if person is None:
        return _see_desk()
    now = running.now()
    return document.answer(lambda language: _desk().document(person, language, _staff(), now))


@blueprint.get("/balie/intrekken/<record_id>")
def confirm(record_id: str) -> Any:
    """Ask why, and whether it is sure, before one is withdrawn for ever."""
    person = _served()
    if person is None:
        return _see_desk()
    record = _desk().withdrawable(person, record_id, running.now())
    if record is None:
        raise NotFound
    return _page("desk_withdraw.html", person=person, record=record)


@blueprint.post("/balie/intrekken")
def withdraw() -> Any:
    """Withdraw one of who is served, and of nobody else."""
    person, form, now = _served(), flask.request.form, running.now()
    if person is None:
        return _see_desk()
    record_id = form.get("record", "")
    reason = next((one for one in desk.REASONS if one == form.get("reason")), None)
    if reason is None:
        record = _desk().withdrawable(person, record_id, now)
        if record is None:
            raise NotFound
        return _page("desk_withdraw.html", person=person, record=record, error=True), 400
    if not _desk().withdraw(person, record_id, reason, _staff(), now):
        raise NotFound
    return _see_desk()


def _desk() -> desk.Desk:
    return running.services().desk


def _staff() -> str:
    return running.services().keyring.staff(visitor.require_staff().subject)


def _served() -> Person | None:
    """Whom this session serves; nobody when it was identified too long ago."""
    served = flask.session.get(_SERVED)
    if served is None or running.now() >= served["until"]:
        return None
    return _desk().find(served["bsn"])


def _form(*, error: str = "", seen: str = "", was_served: bool = False) -> str:
    return _page("desk_identify.html", error=error, seen=seen, was_served=was_served)


def _page(template: str, **values: Any) -> str:
    staff = visitor.require_staff()
    name = f"{staff.given_name} {staff.family_name}".strip() or _("Medewerker")
    return flask.render_template(template, staff_name=name, **values)


def _see_desk() -> Any:
    return flask.redirect(flask.url_for("desk.show"), 303)
