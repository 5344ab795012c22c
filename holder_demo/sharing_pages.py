"""The pages on which a person answers a verifier: who asks, exactly what goes, yes or no."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import flask

from holder_demo import receiving_pages, sharing
from holder_demo.choosing import Share, is_answer
from holder_demo.desk import Desk
from holder_demo.sittings import Trip
from vckit.adapters.flask.headers import allow_forms_to
from vckit.errors import KitError
from vckit.trust import Organisation

YES = "ja"
_PAGE = "wallet.request_page"
# Where links of other pages come in; issuers know this wallet by it.
OPEN_PATH = "/open"


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
    lacking: list[Organisation]


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
    _add_looking(wallet, desk)
    _add_going_on(wallet, desk)
    _add_answering(wallet, desk)


def _add_looking(wallet: flask.Blueprint, desk: Desk) -> None:

    @wallet.get("/verzoek/<decision_id>")
    @desk.opened
    def request_page(decision_id: str) -> Any:
        thing = desk.waiting(decision_id, Asked, Proposal, Answered)
        if isinstance(thing, Proposal):
            allow_forms_to(thing.question.request.response_uri)
        return flask.render_template(
            _template(thing),
            decision_id=decision_id,
            thing=thing,
            start=lambda organisation: _start(desk, organisation),
        )

    @wallet.post("/verzoek/<decision_id>/bekijken")
    @desk.opened
    def look_at(decision_id: str) -> Any:
        asked = desk.step(decision_id, Asked, _PAGE)
        opened = desk.sitting().wallet
        try:
            question = opened.read_question(asked.link, now=desk.now())
            proposal = _propose(desk, question)
        except KitError as error:
            return receiving_pages.stop(error)
        _begin_trip(desk, decision_id, proposal)
        return _to(decision_id)


def _add_going_on(wallet: flask.Blueprint, desk: Desk) -> None:
    @wallet.get("/verzoek/<decision_id>/verder")
    @desk.opened
    def onward(decision_id: str) -> Any:
        """On with a question after a card was kept: to the next organisation, or to the answer."""
        waiting = desk.sitting().waiting.get(decision_id)
        if not isinstance(waiting, Proposal):
            return flask.redirect(flask.url_for("wallet.home"), 303)
        proposal = _propose(desk, waiting.question)
        _begin_trip(desk, decision_id, proposal)
        if not proposal.lacking or flask.request.args.get("verder") != YES:
            return _to(decision_id)
        return _to_organisation(desk, proposal.lacking[0])


def _add_answering(wallet: flask.Blueprint, desk: Desk) -> None:
    @wallet.post("/verzoek/<decision_id>/beslissen")
    @desk.opened
    def answer(decision_id: str) -> Any:
        proposal = desk.step(decision_id, Proposal, _PAGE)
        # Whatever comes of it, this question is answered once.
        del desk.sitting().waiting[decision_id]
        desk.sitting().trip = None
        try:
            answered = _answer(desk, proposal)
        except KitError as error:
            return receiving_pages.stop(error)
        desk.sitting().put(answered, decision_id)
        if answered.address and _is_of_asker(answered.address, proposal):
            # OpenID4VP 1.0 8.2: the wallet leads its person there.
            return flask.redirect(answered.address, 303)
        return _to(decision_id)


def _propose(desk: Desk, question: sharing.Question) -> Proposal:
    opened, now = desk.sitting().wallet, desk.now()
    shares = opened.propose(question, now=now)
    return Proposal(question, shares, opened.lacking(shares, now))


def _begin_trip(desk: Desk, decision_id: str, proposal: Proposal) -> None:
    sitting = desk.sitting()
    sitting.put(proposal, decision_id)
    sitting.trip = Trip(decision_id, proposal.lacking) if proposal.lacking else None


def _start(desk: Desk, organisation: Organisation) -> str:
    """Where one begins at an organisation, and how it finds this wallet."""
    return f"{organisation.start_url}?{urlencode({'terug': desk.config.base_url + OPEN_PATH})}"


def _to_organisation(desk: Desk, organisation: Organisation) -> Any:
    """A page that goes on by itself: the form before it may not end at another site."""
    address = _start(desk, organisation)
    page = flask.render_template("wallet/onward.html", name=organisation.name, address=address)
    response = flask.make_response(page)
    response.headers["Refresh"] = f"0; url={address}"
    return response


def _is_of_asker(address: str, proposal: Proposal) -> bool:
    """Whether the form of this page may end there: at the origin that got the answer."""
    asker = urlsplit(proposal.question.request.response_uri)
    return urlsplit(address)[:2] == asker[:2]


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
    if not is_answer(shares) or not _agreed(proposal):
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
    if not share.card.is_selective or share.card.is_identity:
        return share
    terms = [term for term in share.person_terms if form.get(f"{share.card.id}-{term}") != YES]
    debts = [
        index for index in share.debts if form.get(f"{share.card.id}-vordering-{index}") != YES
    ]
    return share.without(terms, debts)
