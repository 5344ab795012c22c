"""The pages on which a person receives a card: who gives it, then what it says, then keep it."""

from typing import Any

import flask
from flask_babel import gettext

from holder_demo.acceptance import Contact, Offered, Received, RefusedError
from holder_demo.desk import Desk
from vckit.errors import FetchError, KitError, UntrustedIssuerError, VerificationError

_BAD_REQUEST = 400


def begin(desk: Desk, link: str) -> Any:
    """Read an offer link without contacting anyone, and ask before the first contact."""
    try:
        contact = desk.sitting().wallet.open_offer(link, now=desk.now())
    except KitError as error:
        return stop(error)
    decision_id = desk.sitting().put(contact)
    return flask.redirect(flask.url_for("wallet.offer", decision_id=decision_id), 303)


def add(wallet: flask.Blueprint, desk: Desk) -> None:
    """Add the pages of receiving."""
    _add_looking(wallet, desk)
    _add_deciding(wallet, desk)


def _add_looking(wallet: flask.Blueprint, desk: Desk) -> None:

    @wallet.get("/aanbod/<decision_id>")
    @desk.opened
    def offer(decision_id: str) -> Any:
        return _show(decision_id, desk.waiting(decision_id, Contact, Offered, Received))

    @wallet.post("/aanbod/<decision_id>/bekijken")
    @desk.opened
    def look(decision_id: str) -> Any:
        contact = desk.waiting(decision_id, Contact)
        try:
            offered = desk.sitting().wallet.read_offer(contact, now=desk.now())
        except KitError as error:
            return stop(error)
        desk.sitting().put(offered, decision_id)
        return flask.redirect(flask.url_for("wallet.offer", decision_id=decision_id), 303)


def _add_deciding(wallet: flask.Blueprint, desk: Desk) -> None:
    @wallet.post("/aanbod/<decision_id>/ophalen")
    @desk.opened
    def fetch(decision_id: str) -> Any:
        offered = desk.waiting(decision_id, Offered)
        tx_code = flask.request.form.get("code", "").strip() or None
        try:
            received = desk.sitting().wallet.fetch(offered, tx_code, now=desk.now())
        except RefusedError as error:
            return _show(decision_id, offered, refused=error.code), _BAD_REQUEST
        except KitError as error:
            return stop(error)
        desk.sitting().put(received, decision_id)
        return flask.redirect(flask.url_for("wallet.offer", decision_id=decision_id), 303)

    @wallet.post("/aanbod/<decision_id>/beslissen")
    @desk.opened
    def decide(decision_id: str) -> Any:
        received = desk.waiting(decision_id, Received)
        del desk.sitting().waiting[decision_id]
        opened = desk.sitting().wallet
        if flask.request.form.get("besluit") != "bewaren":
            opened.refuse(received, now=desk.now())
            return flask.redirect(flask.url_for("wallet.home"), 303)
        card = opened.store(received, now=desk.now())
        return flask.redirect(flask.url_for("wallet.card", card_id=card.id), 303)


def stop(error: KitError) -> Any:
    """Say why nothing was received or sent, in words for the person."""
    if isinstance(error, UntrustedIssuerError):
        happened = gettext("Deze organisatie kennen wij niet")
        advice = gettext("Zij staat niet op de lijst van de Blauwe Knop. Gebruik deze link niet.")
    elif isinstance(error, FetchError):
        happened = gettext("De organisatie antwoordt niet")
        advice = gettext("Probeer het over een paar minuten opnieuw.")
    elif isinstance(error, RefusedError):
        happened = gettext("De organisatie werkt hier niet aan mee")
        advice = gettext("De link is misschien verlopen of al gebruikt. Vraag een nieuwe.")
    elif isinstance(error, VerificationError):
        happened = gettext("Dit klopt niet, daarom zijn we gestopt")
        advice = gettext("De wallet heeft niets bewaard en niets gedeeld. Vraag een nieuwe link.")
    else:
        happened = gettext("Dit lukt nu niet")
        advice = gettext("De wallet heeft niets bewaard en niets gedeeld.")
    return flask.render_template("error.html", happened=happened, advice=advice), _BAD_REQUEST


def _show(decision_id: str, thing: Any, refused: str = "") -> Any:
    template = {
        Contact: "wallet/offer_contact.html",
        Offered: "wallet/offer_fetch.html",
        Received: "wallet/offer_decide.html",
    }[type(thing)]
    return flask.render_template(template, decision_id=decision_id, thing=thing, refused=refused)
