"""The pages on which a person receives a card: who gives it, then what it says, then keep it."""

from dataclasses import dataclass
from typing import Any

import flask
from flask_babel import gettext

from holder_demo.acceptance import Contact, Offered, Received, RefusedError
from holder_demo.desk import Desk
from holder_demo.sittings import Trip
from vckit.errors import FetchError, KitError, UntrustedIssuerError, VerificationError

_BAD_REQUEST = 400
_PAGE = "wallet.offer"
ONWARD = "wallet.onward"
KEEP = "bewaren"
KEEP_AND_GO_ON = "verder"
_REFUSED = "refused"


@dataclass(frozen=True)
class Decided:
    """The card was stored, or thrown away (None)."""

    card_id: str | None


def begin(desk: Desk, link: str) -> Any:
    """Read an offer link without contacting anyone, and ask before the first contact."""
    try:
        contact = desk.sitting().wallet.open_offer(link, now=desk.now())
    except KitError as error:
        return stop(error)
    decision_id = desk.sitting().put(contact)
    return _to(decision_id)


def add(wallet: flask.Blueprint, desk: Desk) -> None:
    """Add the pages of receiving."""
    _add_looking(wallet, desk)
    _add_deciding(wallet, desk)


def _add_looking(wallet: flask.Blueprint, desk: Desk) -> None:

    @wallet.get("/aanbod/<decision_id>")
    @desk.opened
    def offer(decision_id: str) -> Any:
        thing = desk.waiting(decision_id, Contact, Offered, Received, Decided)
        return _show(decision_id, thing, desk.sitting().trip)

    @wallet.post("/aanbod/<decision_id>/bekijken")
    @desk.opened
    def look(decision_id: str) -> Any:
        contact = desk.step(decision_id, Contact, _PAGE)
        try:
            found = _looked_at(desk, contact)
        except KitError as error:
            return stop(error)
        desk.sitting().put(found, decision_id)
        return _to(decision_id)


def _add_deciding(wallet: flask.Blueprint, desk: Desk) -> None:
    @wallet.post("/aanbod/<decision_id>/ophalen")
    @desk.opened
    def fetch(decision_id: str) -> Any:
        offered = desk.step(decision_id, Offered, _PAGE)
        tx_code = flask.request.form.get("code", "").strip() or None
        try:
            received = desk.sitting().wallet.fetch(offered, tx_code, now=desk.now())
        except RefusedError as error:
            flask.session[_REFUSED] = error.code
            return _to(decision_id)
        except KitError as error:
            return stop(error)
        desk.sitting().put(received, decision_id)
        return _to(decision_id)

    @wallet.post("/aanbod/<decision_id>/beslissen")
    @desk.opened
    def decide(decision_id: str) -> Any:
        received = desk.step(decision_id, Received, _PAGE)
        sitting, decided, card_id = desk.sitting(), flask.request.form.get("besluit"), None
        if decided in {KEEP, KEEP_AND_GO_ON}:
            card_id = sitting.wallet.store(received, now=desk.now()).id
        else:
            sitting.wallet.refuse(received, now=desk.now())
        sitting.put(Decided(card_id), decision_id)
        if card_id and sitting.trip:
            return _go_on(sitting.trip, "ja" if decided == KEEP_AND_GO_ON else None)
        return _to(decision_id)


def _looked_at(desk: Desk, contact: Contact) -> Offered | Received:
    """What is offered; for who is on the way for a question the card itself, to look at.

    They came for it, and still decide whether it is kept.
    """
    sitting, now = desk.sitting(), desk.now()
    offered = sitting.wallet.read_offer(contact, now=now)
    if sitting.trip is None or offered.needs_tx_code:
        return offered
    return sitting.wallet.fetch(offered, None, now=now)


def stop(error: KitError) -> Any:
    """Say why nothing was received or sent, in words for the person."""
    if isinstance(error, UntrustedIssuerError):
        happened = gettext("Deze organisatie kennen wij niet")
        advice = gettext("Zij staat niet op de lijst van de Blauwe Knop. Gebruik deze link niet.")
    elif isinstance(error, FetchError):
        happened = gettext("De organisatie geeft geen antwoord")
        advice = gettext("Misschien is de link verlopen: vraag een nieuwe. Of probeer het straks.")
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


def _to(decision_id: str) -> Any:
    """Every step ends in a page that can be reloaded and gone back to."""
    return flask.redirect(flask.url_for(_PAGE, decision_id=decision_id), 303)


def _go_on(trip: Trip, onward: str | None) -> Any:
    """With the question that the card is for; `onward` first to the next organisation."""
    address = flask.url_for(ONWARD, decision_id=trip.decision_id, verder=onward)
    return flask.redirect(address, 303)


def _show(decision_id: str, thing: Any, trip: Trip | None) -> Any:
    if isinstance(thing, Decided):
        if thing.card_id is None:
            return flask.redirect(flask.url_for("wallet.home"), 303)
        return flask.redirect(flask.url_for("wallet.card", card_id=thing.card_id), 303)
    refused = flask.session.pop(_REFUSED, "")
    template = {
        Contact: "wallet/offer_contact.html",
        Offered: "wallet/offer_fetch.html",
        Received: "wallet/offer_decide.html",
    }[type(thing)]
    following = (
        trip.after(thing.card.organisation) if trip and isinstance(thing, Received) else None
    )
    return flask.render_template(
        template,
        decision_id=decision_id,
        thing=thing,
        refused=refused,
        trip=trip,
        following=following,
    )
