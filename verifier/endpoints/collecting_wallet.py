"""Verzamel with a wallet: the question of the case, asked on the device of the resident."""

from typing import Any, Final

import flask

from verifier import asking, collecting
from verifier.endpoints import browsers, desk, device
from verifier.endpoints.collecting import LIST_PATH, about
from verifier.requestbook import CANCELLED, DONE, SAME_DEVICE, Request, Way
from verifier.share_book import Share

REFRESH_SECONDS: Final = "4"
_PAGE: Final = f"{LIST_PATH}/app"

blueprint = flask.Blueprint("collecting_wallet", __name__)


@blueprint.post(_PAGE)
def ask(link_id: str) -> Any:
    """Ask the wallet that was picked by name, or show the way to another one."""
    office, now, here = desk.office(), desk.now(), device.here(link_id)
    address = flask.url_for("collecting_wallet.show", link_id=link_id)
    way = Way(SAME_DEVICE, browsers.begin(), address)
    request, _share = collecting.ask_wallet(office, here, way, now)
    return flask.redirect(_named_link(request) or address, 303)


@blueprint.get(_PAGE)
def show(link_id: str) -> Any:
    """How the newest question to a wallet stands; the page reloads itself while it is open."""
    office, now, here = desk.office(), desk.now(), device.here(link_id)
    asked = collecting.asked_wallets(office, here)
    request = office.store.request(asked[0].request_id or "", now) if asked else None
    if request is None:
        return flask.redirect(flask.url_for("collecting.show", link_id=link_id), 303)
    if request.state == DONE:
        return _to_receipt(link_id, asked[0])
    return _waiting(request, here)


def _waiting(request: Request, here: collecting.Visit) -> flask.Response:
    office, now = desk.office(), desk.now()
    page = flask.render_template(
        "verzamel/wallet.html",
        link=asking.link(office, request, now) if request.is_open else None,
        named=asking.named_links(office, request, now) if request.is_open else [],
        declined=request.state == CANCELLED,
        **about(here.case.expires_at, here),
    )
    response = flask.make_response(page)
    if request.is_open:
        response.headers["Refresh"] = REFRESH_SECONDS
    return response


def _to_receipt(link_id: str, given: Share) -> Any:
    address = flask.url_for("receipts.show", link_id=link_id, share_id=given.id)
    return flask.redirect(address, 303)


def _named_link(request: Request) -> str | None:
    """The question at the address of the wallet that was picked."""
    named = dict(asking.named_links(desk.office(), request, desk.now()))
    return named.get(flask.request.form.get("wallet", ""))
