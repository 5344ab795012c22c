"""The pages on which a person answers a verifier: who asks, exactly what goes, yes or no."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import flask

from holder_demo import receiving_pages, sharing
from holder_demo.choosing import Share
from holder_demo.desk import Desk
from vckit.errors import KitError

YES = "ja"


@dataclass(frozen=True)
class Asked:
    """A link whose verifier was not contacted yet."""

    link: str
    host: str


@dataclass(frozen=True)
class Proposal:
    """A verified question and what would answer it."""

    question: sharing.Question
    shares: list[Share]


def begin(desk: Desk, link: str) -> Any:
    """Read a request link without contacting anyone, and ask before the first contact."""
    try:
        address = sharing.address_of(link)
    except KitError as error:
        return receiving_pages.stop(error)
    decision_id = desk.sitting().put(Asked(link, urlsplit(address).netloc))
    return flask.redirect(flask.url_for("wallet.request_page", decision_id=decision_id), 303)


def add(wallet: flask.Blueprint, desk: Desk) -> None:
    """Add the pages of sharing."""

    @wallet.get("/verzoek/<decision_id>")
    @desk.opened
    def request_page(decision_id: str) -> Any:
        thing = desk.waiting(decision_id, Asked, Proposal)
        template = "wallet/ask_contact.html"
        if isinstance(thing, Proposal):
            template = "wallet/ask_decide.html" if thing.shares else "wallet/ask_nothing.html"
        return flask.render_template(template, decision_id=decision_id, thing=thing)

    @wallet.post("/verzoek/<decision_id>/bekijken")
    @desk.opened
    def look_at(decision_id: str) -> Any:
        asked = desk.waiting(decision_id, Asked)
        opened = desk.sitting().wallet
        try:
            question = opened.read_question(asked.link, now=desk.now())
            shares = opened.propose(question, now=desk.now())
        except KitError as error:
            return receiving_pages.stop(error)
        desk.sitting().put(Proposal(question, shares), decision_id)
        return flask.redirect(flask.url_for("wallet.request_page", decision_id=decision_id), 303)

    @wallet.post("/verzoek/<decision_id>/beslissen")
    @desk.opened
    def answer(decision_id: str) -> Any:
        proposal = desk.waiting(decision_id, Proposal)
        del desk.sitting().waiting[decision_id]
        return _answer(desk, proposal)


def _answer(desk: Desk, proposal: Proposal) -> Any:
    opened = desk.sitting().wallet
    shares = [share for share in map(_as_chosen, proposal.shares) if share is not None]
    try:
        if not shares or not _agreed(proposal):
            opened.decline(proposal.question, now=desk.now())
            return flask.render_template("wallet/declined.html")
        address = opened.share(proposal.question, shares, now=desk.now())
    except KitError as error:
        return receiving_pages.stop(error)
    return flask.render_template(
        "wallet/shared.html", question=proposal.question, shares=shares, address=address
    )


def _agreed(proposal: Proposal) -> bool:
    """For a stranger a button is not enough: the box must be ticked as well (H10)."""
    form = flask.request.form
    known = proposal.question.verifier is not None
    return form.get("besluit") == YES and (known or form.get("toch") == YES)


def _as_chosen(share: Share) -> Share | None:
    """Leave out what was not ticked; a card without its tick stays home whole."""
    form = flask.request.form
    if form.get(f"kaart-{share.card.id}") != YES:
        return None
    terms = [term for term in share.person_terms if form.get(f"{share.card.id}-{term}") != YES]
    debts = [
        index for index in share.debts if form.get(f"{share.card.id}-vordering-{index}") != YES
    ]
    return share.without(terms, debts)
