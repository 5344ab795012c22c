"""The resident's pages: where it begins, and the own debts."""

import flask

import contexts.vocabulary
from issuer import resident
from issuer.endpoints import returning, running, visitor
from vckit.adapters.flask import look, oidc

blueprint = flask.Blueprint("debts", __name__)


@blueprint.get("/")
def start() -> str | flask.Response:
    """What this is, and the way in; who is logged in or was sent here goes on at once."""
    if address := returning.address_for_arrival():
        return _see(address)
    if oidc.current_person() is not None:
        return _see(flask.url_for("debts.show"))
    return flask.render_template("start.html", contact=running.services().config.contact)


@blueprint.get("/mijn-schulden")
@oidc.login_required
def show() -> str:
    """The debts of the person, as the register holds them now."""
    services, person = running.services(), visitor.subject()
    account = services.register.account_of(
        person.bsn, services.config.sources, birthdate=person.birthdate
    )
    return flask.render_template(
        "debts.html",
        view=resident.view(account, services.config.organisation),
        contact=services.config.contact,
        can_certify=services.certification is not None,
        person=person,
        acting_name=visitor.acting_name(),
        word=word,
    )


def word(group: str, code: str) -> str:
    """What people read for a code, in the language of the page."""
    return contexts.vocabulary.label(group, code, look.language())


def _see(address: str) -> flask.Response:
    return flask.make_response(flask.redirect(address, 303))
