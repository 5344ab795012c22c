"""The wallet's pages: unlock, see cards, accept an offer, answer a question, look back.

Nothing happens by opening an address: whoever is to be contacted is named first, and every step
that sends or stores something is a form of its own.
"""

from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit

import flask
from flask_babel import gettext

from holder_demo import identity_pages, keystore, receiving_pages, sharing_pages
from holder_demo.desk import SITTING, Desk
from holder_demo.keystore import WrongPinError
from vckit.adapters.flask import scheme
from vckit.adapters.flask.headers import allow_forms_to
from vckit.errors import ConfigurationError
from vckit.openid4vci.offer import SCHEMES as OFFER_SCHEMES

MAX_LINK = 65_536
_TOO_MANY_REQUESTS = 429
_MESSAGE = "message"
_OFFER_PARAMETERS = {"credential_offer", "credential_offer_uri"}


def blueprint(desk: Desk) -> flask.Blueprint:
    """Give all pages of the wallet."""
    wallet = flask.Blueprint("wallet", __name__)

    @wallet.app_context_processor
    def door() -> dict[str, bool]:
        return {"open_wallet": "sitting" in flask.g}

    _add_door(wallet, desk)
    _add_cards(wallet, desk)
    _add_looking_back(wallet, desk)
    _add_links(wallet, desk)
    receiving_pages.add(wallet, desk)
    sharing_pages.add(wallet, desk)
    identity_pages.add(wallet, desk)
    return wallet


def _add_door(wallet: flask.Blueprint, desk: Desk) -> None:
    @wallet.get("/ontgrendelen")
    def unlock() -> Any:
        return _door(desk)

    @wallet.post("/ontgrendelen")
    def try_pin() -> Any:
        if desk.sittings.is_locked(desk.now()):
            return _at_the_door("")
        try:
            opened = keystore.open_or_create(desk.config.folder, flask.request.form["pin"])
        except WrongPinError:
            desk.sittings.wrong_pin(desk.now())
            return _at_the_door(gettext("Deze pincode is niet goed."))
        except ConfigurationError:
            return _at_the_door(gettext("Kies een pincode van ten minste vier cijfers."))
        flask.session.clear()
        flask.session[SITTING] = desk.sittings.begin(
            desk.open_wallet(desk.config, opened), desk.now()
        )
        return flask.redirect(_local(flask.request.form.get("naar", "/")), 303)

    @wallet.post("/vergrendelen")
    def lock() -> Any:
        desk.sittings.end(flask.session.get(SITTING, ""))
        flask.session.clear()
        return flask.redirect(flask.url_for("wallet.unlock"), 303)


def _at_the_door(message: str) -> Any:
    """Back to the form, which tells what was wrong; that page can be gone back to."""
    flask.session[_MESSAGE] = message
    wish = _local(flask.request.form.get("naar", "/"))
    return flask.redirect(flask.url_for("wallet.unlock", naar=wish), 303)


def _door(desk: Desk) -> Any:
    message, status = flask.session.pop(_MESSAGE, ""), 200
    if desk.sittings.is_locked(desk.now()):
        message = gettext("Te vaak een verkeerde pincode. Wacht een halve minuut.")
        status = _TOO_MANY_REQUESTS
    page = flask.render_template(
        "wallet/unlock.html",
        is_new=not keystore.exists(desk.config.folder),
        message=message,
        wish=_local(flask.request.args.get("naar", "/")),
    )
    return page, status


def _local(address: str) -> str:
    """Only a path of this service, never another site."""
    parts = urlsplit(address)
    is_path = not parts.scheme and not parts.netloc and address.startswith("/")
    return address if is_path and "\\" not in address else "/"


def _add_cards(wallet: flask.Blueprint, desk: Desk) -> None:
    @wallet.get("/")
    @desk.opened
    def home() -> Any:
        return _home(desk)

    @wallet.get("/kaart/<card_id>")
    @desk.opened
    def card(card_id: str) -> Any:
        opened = desk.sitting().wallet
        try:
            found = opened.card(card_id)
        except KeyError:
            flask.abort(404)
        status = opened.statuses(desk.now())[found.id]
        return flask.render_template("wallet/card.html", card=found, status=status)

    @wallet.post("/kaart/<card_id>/verwijderen")
    @desk.opened
    def delete(card_id: str) -> Any:
        with suppress(KeyError):  # the second of two clicks: it is gone already
            desk.sitting().wallet.delete(card_id, now=desk.now())
        return flask.redirect(flask.url_for("wallet.home"), 303)


def _add_looking_back(wallet: flask.Blueprint, desk: Desk) -> None:
    @wallet.get("/overzicht")
    @desk.opened
    def overview() -> Any:
        overviews = desk.sitting().wallet.overviews(desk.now())
        return flask.render_template("wallet/overview.html", overviews=overviews)

    @wallet.get("/geschiedenis")
    @desk.opened
    def history() -> Any:
        entries = desk.sitting().wallet.history()
        return flask.render_template("wallet/history.html", entries=entries)


def _home(desk: Desk) -> Any:
    mine = desk.sitting().wallet
    cards, statuses = mine.cards(), mine.statuses(desk.now())
    trouble = scheme.sentence(mine.scheme_trouble())
    if mine.identity_giver:
        allow_forms_to(mine.identity_giver.url)
    return flask.render_template(
        "wallet/home.html",
        cards=cards,
        statuses=statuses,
        scheme_trouble=trouble,
        identity=mine.identity(),
        identity_giver=mine.identity_giver,
        now=desk.now(),
    )


def _add_links(wallet: flask.Blueprint, desk: Desk) -> None:
    @wallet.get(sharing_pages.OPEN_PATH)
    @desk.opened
    def opened_from_elsewhere() -> Any:
        """A link of another page: nobody is contacted until the person says so."""
        given = flask.request.args
        link = given.get("link") or f"{_scheme_for(set(given))}?{urlencode(list(given.items()))}"
        if not given:
            return flask.render_template("wallet/link.html", link=link)
        return _begin(desk, link[:MAX_LINK])

    @wallet.post("/link")
    @desk.opened
    def use_link() -> Any:
        return _begin(desk, flask.request.form.get("link", "").strip())


def _begin(desk: Desk, link: str) -> Any:
    begin = receiving_pages.begin if _is_offer(link) else sharing_pages.begin
    return begin(desk, link)


def _scheme_for(parameters: set[str]) -> str:
    return "openid-credential-offer://" if parameters & _OFFER_PARAMETERS else "openid4vp://"


def _is_offer(link: str) -> bool:
    parts = urlsplit(link)
    return parts.scheme in OFFER_SCHEMES or any(
        f"{name}=" in parts.query for name in _OFFER_PARAMETERS
    )
