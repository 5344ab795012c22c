"""The resident's page of what was given out, with a button to withdraw."""

from typing import Any

import flask
from werkzeug.exceptions import NotFound

from issuer.endpoints import running, visitor
from vckit.adapters.flask import oidc

blueprint = flask.Blueprint("records", __name__)


@blueprint.get("/meegegeven")
@oidc.login_required
def show() -> str:
    """Every unexpired statement about the person."""
    services, person = running.services(), visitor.subject()
    return flask.render_template(
        "records.html",
        records=services.store.records.of_person(
            services.keyring.pseudonym(person.bsn), running.now()
        ),
        person=person,
        acting_name=visitor.acting_name(),
        contact=services.config.contact,
    )


@blueprint.get("/meegegeven/intrekken/<record_id>")
@oidc.login_required
def confirm(record_id: str) -> str:
    """What withdrawing means, before it is done; of another person nothing is told."""
    person, services = visitor.require_self(), running.services()
    pseudonym = services.keyring.pseudonym(person.bsn)
    record = services.store.records.withdrawable(record_id, pseudonym, running.now())
    if record is None:
        raise NotFound
    return flask.render_template(
        "withdraw.html",
        record=record,
        person=person,
        acting_name="",
        contact=services.config.contact,
    )


@blueprint.post("/meegegeven/intrekken")
@oidc.login_required
def withdraw() -> Any:
    """Withdraw one statement for ever; of another person nothing is withdrawn or told."""
    person, services = visitor.require_self(), running.services()
    services.store.records.withdraw(
        flask.request.form.get("record", ""),
        "resident",
        running.now(),
        pseudonym=services.keyring.pseudonym(person.bsn),
    )
    return flask.redirect(flask.url_for("records.show"), 303)
