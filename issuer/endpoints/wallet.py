"""The resident's page that offers the statement to a wallet."""

from typing import Any, Final

import flask
from werkzeug.exceptions import NotFound

from issuer.config import GENERAL
from issuer.endpoints import running, visitor
from issuer.store.offers import OfferedState
from vckit.adapters.flask import oidc
from vckit.openid4vci import offer

RELOAD_SECONDS: Final = "5"
_OFFER: Final = "offer_id"

blueprint = flask.Blueprint("wallet", __name__)


@blueprint.get("/app")
@oidc.login_required
def show() -> flask.Response:
    """How far the last offer of this log-in is; the page reloads itself while it is open.

    A reload would close the link that somebody is copying: with `?vast` it stays.
    """
    person = visitor.require_self()
    services, now = running.services(), running.now()
    login = services.keyring.login_digest(visitor.login_id())
    state = services.store.offers.state(flask.session.get(_OFFER, ""), login, now)
    is_open = state is not None and state.state == "open"
    still = "vast" in flask.request.args
    page = flask.render_template(
        "wallet.html",
        state=state,
        still=still,
        now=now,
        person=person,
        acting_name="",
        contact=services.config.contact,
        other_wallets=[one.name for one in services.config.wallets if one.profile != GENERAL],
        **(_links(state) if state is not None and is_open else {}),
    )
    response = flask.make_response(page)
    if is_open and not still:
        response.headers["Refresh"] = RELOAD_SECONDS
    return response


@blueprint.post("/app")
@oidc.login_required
def make() -> Any:
    """Make an offer; an earlier one of this log-in is void."""
    new_offer(_chosen_profile())
    return flask.redirect(flask.url_for("wallet.show"), 303)


def new_offer(profile: str) -> str:
    """Make an offer for the person who is logged in, and remember it; gives its id."""
    person, offering = visitor.require_self(), running.services().offering
    offer_id = offering.on_page(
        person, visitor.login_id(), offering.profile(profile), running.now()
    )
    flask.session[_OFFER] = offer_id
    return offer_id


@blueprint.post("/app/intrekken")
@oidc.login_required
def withdraw() -> Any:
    """Undo an offer, and everything that was fetched with it."""
    visitor.require_self()
    services = running.services()
    login = services.keyring.login_digest(visitor.login_id())
    offer_id = flask.request.form.get("offer", "")
    if not services.store.records.withdraw_offered(offer_id, login, running.now()):
        raise NotFound
    return flask.redirect(flask.url_for("wallet.show"), 303)


def _chosen_profile() -> str:
    """That of the wallet picked by name, else the general one."""
    services, picked = running.services(), flask.request.form.get("wallet", "")
    named = {wallet.name: wallet.profile for wallet in services.config.wallets}
    return named.get(picked, GENERAL)


def _links(state: OfferedState) -> dict[str, Any]:
    """The link of the profile (also as QR), and those of its wallets that are known by name."""
    services = running.services()
    uri, profiles = services.offering.uri(state.offer_id), services.offering.profiles
    profile = profiles.get(state.profile, profiles[GENERAL])
    named = [
        (wallet.name, offer.by_reference(wallet.offer_endpoint, uri))
        for wallet in services.config.wallets
        if wallet.profile == profile.name
    ]
    return {"link": offer.by_reference(profile.offer_endpoint, uri), "named": named}
