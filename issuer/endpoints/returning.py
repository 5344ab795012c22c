"""For who was sent here: the statement, and back with it in as few steps as possible."""

from typing import Any, Final

import flask
from werkzeug.exceptions import NotFound

from issuer import resident, returning
from issuer.config import Wallet
from issuer.endpoints import document, running, visitor, wallet
from issuer.returning import Sender
from vckit.adapters.flask import oidc
from vckit.adapters.flask.headers import allow_forms_to
from vckit.encoding import b64url_encode
from vckit.openid4vci import offer

PARAMETER: Final = "terug"
PATH: Final = "/meenemen"

blueprint = flask.Blueprint("returning", __name__)


def address_for_arrival() -> str | None:
    """Where somebody goes on who arrives with an address to return to; None for all others."""
    found = _sender(flask.request.args.get(PARAMETER, ""))
    return flask.url_for("returning.show", terug=found.address) if found else None


@blueprint.get(PATH)
@oidc.login_required
def show() -> str:
    """Who sent the resident, what goes along, and the button for it."""
    found = _required(flask.request.args.get(PARAMETER, ""))
    if found.wallet is not None:
        visitor.require_self()
        allow_forms_to(found.address)
    return _page("return.html", found)


@blueprint.post(PATH)
@oidc.login_required
def make() -> Any:
    """The document, in a form that goes back with it; or the offer, at the wallet itself."""
    found = _required(flask.request.form.get(PARAMETER, ""))
    if found.wallet is not None:
        return flask.redirect(_offer_link(found.wallet), 303)
    services = running.services()
    if services.certification is None:
        raise NotFound
    try:
        certified = services.certification.make(visitor.subject(), running.now())
    except document.REFUSALS as error:
        return document.explain(error)
    allow_forms_to(found.address)
    return _page("return_send.html", found, document=b64url_encode(certified.pdf))


def _offer_link(picked: Wallet) -> str:
    offer_id = wallet.new_offer(picked.profile)
    return offer.by_reference(picked.offer_endpoint, running.services().offering.uri(offer_id))


def _sender(address: str) -> Sender | None:
    services = running.services()
    return returning.sender(
        address, scheme=services.scheme, config=services.config, now=running.now()
    )


def _required(address: str) -> Sender:
    found = _sender(address)
    if found is None:
        raise NotFound
    return found


def _page(template: str, found: Sender, **content: Any) -> str:
    services, person = running.services(), visitor.subject()
    account = services.register.account_of(
        person.bsn, services.config.sources, birthdate=person.birthdate
    )
    return flask.render_template(
        template,
        sender=found,
        view=resident.view(account, services.config.organisation),
        contact=services.config.contact,
        person=person,
        acting_name=visitor.acting_name(),
        has_document=services.certification is not None,
        **content,
    )
