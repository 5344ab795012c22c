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
_PAGE = "wallet.request_page"


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


@dataclass(frozen=True)
class Answered:
    """What was sent to whom, and where the person may go on; no shares: the answer was no."""

    question: sharing.Question
    shares: list[Share]
    address: str | None = None


def begin(desk: Desk, link: str) -> Any:
    """Read a request link without contacting anyone, and ask before the first contact."""
    try:
        address = sharing.address_of(link)
    except KitError as error:
        return receiving_pages.stop(error)
    decision_id = desk.sitting().put(Asked(link, urlsplit(address).netloc))
    return _to(decision_id)


def add(wallet: flask.Blueprint, desk: Desk) -> None:
    """Add the pages of sharing."""

    @wallet.get("/verzoek/<decision_id>")
    @desk.opened
    def request_page(decision_id: str) -> Any:
        thing = desk.waiting(decision_id, Asked, Proposal, Answered)
        return flask.render_template(_template(thing), decision_id=decision_id, thing=thing)

    @wallet.post("/verzoek/<decision_id>/bekijken")
    @desk.opened
    def look_at(decision_id: str) -> Any:
        asked = desk.step(decision_id, Asked, _PAGE)
        opened = desk.sitting().wallet
        try:
            question = opened.read_question(asked.link, now=desk.now())
            shares = opened.propose(question, now=desk.now())
        except KitError as error:
            return receiving_pages.stop(error)
        desk.sitting().put(Proposal(question, shares), decision_id)
        return _to(decision_id)

    @wallet.post("/verzoek/<decision_id>/beslissen")
    @desk.opened
    def answer(decision_id: str) -> Any:
        proposal = desk.step(decision_id, Proposal, _PAGE)
        # Whatever comes of it, this question is answered once.
        del desk.sitting().waiting[decision_id]
        try:
            answered = _answer(desk, proposal)
        except KitError as error:
            return receiving_pages.stop(error)
        desk.sitting().put(answered, decision_id)
        return _to(decision_id)


def _to(decision_id: str) -> Any:
    return flask.redirect(flask.url_for(_PAGE, decision_id=decision_id), 303)


def _template(thing: Asked | Proposal | Answered) -> str:
    if isinstance(thing, Asked):
        return "wallet/ask_contact.html"
    if isinstance(thing, Proposal):
        return "wallet/ask_decide.html" if thing.shares else "wallet/ask_nothing.html"
    return "wallet/shared.html" if thing.shares else "wallet/declined.html"


def _answer(desk: Desk, proposal: Proposal) -> Answered:
    opened, question = desk.sitting().wallet, proposal.question
    shares = [share for share in map(_as_chosen, proposal.shares) if share is not None]
    if not shares or not _agreed(proposal):
        opened.decline(question, now=desk.now())
        return Answered(question, [])
    return Answered(question, shares, opened.share(question, shares, now=desk.now()))


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
    if not share.card.is_selective:
        return share
    terms = [term for term in share.person_terms if form.get(f"{share.card.id}-{term}") != YES]
    debts = [
        index for index in share.debts if form.get(f"{share.card.id}-vordering-{index}") != YES
    ]
    return share.without(terms, debts)
