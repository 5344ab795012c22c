"""What case software does by the API: the same use cases as the pages, for the owner of a token."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vckit.errors import ProblemError
from verifier import asking
from verifier.casework import keep_overview
from verifier.findings import Source
from verifier.notifying import origin
from verifier.office import Office
from verifier.person import Person
from verifier.repeats import Attempt
from verifier.requestbook import OTHER_CODE, SAME_DEVICE, Request, Way, WayName
from verifier.store import Case
from verifier.tokens import Token


class UnknownCaseError(ProblemError):
    """There is no such case, it is over or it is another's: that is not told apart."""

    code, status, title = "case-not-found", 404, "There is no such case"


class UnknownRequestError(ProblemError):
    """The case has no such request."""

    code, status, title = "request-not-found", 404, "The case has no such request"


class RequestClosedError(ProblemError):
    """It was answered, cancelled or is over."""

    code, status, title = "request-closed", 409, "The request is not open any more"


class NothingToDiscardError(ProblemError):
    """It brought nothing, or what it brought was thrown away before."""

    code, status, title = "nothing-to-discard", 409, "The request brought nothing"


class RepeatDiffersError(ProblemError):
    """The key of an earlier request came with another one."""

    code, status = "idempotency-key-reused", 422
    title = "The Idempotency-Key belongs to another request"


class ContentError(ProblemError):
    """The content can be read and not be taken: `errors` tell where, by JSON pointer, and why."""

    code, status, title = "content-invalid", 422, "The content cannot be taken as it is"

    def __init__(self, *places: tuple[str, str]) -> None:
        super().__init__(
            errors=[{"pointer": f"#{pointer}", "detail": detail} for pointer, detail in places]
        )


@dataclass(frozen=True)
class Sender:
    """Whose request of the API it is, and how a second sending of it is known (None: it is not)."""

    token: Token
    attempt: Attempt | None = None


@dataclass(frozen=True)
class Question:
    """How a request is asked: in which way and formats (None: as set), and whom to tell of it.

    `organisation` is the OIN of the only one of the case that is asked; None: all of them.
    """

    way: WayName = SAME_DEVICE
    organisation: str | None = None
    formats: tuple[str, ...] | None = None
    webhook: str | None = None


@dataclass(frozen=True)
class Wish:
    """A case as it is wanted. `oins` are the organisations to hear, None: all of the scheme."""

    person: Person | None
    partner: Person | None
    oins: tuple[str, ...] | None
    question: Question


def own_case(office: Office, token: Token, case_id: str, now: int) -> Case:
    """The case, if it is of the token's owner; else UnknownCaseError."""
    case = office.store.case(case_id, now)
    if case is None or case.owner != token.owner:
        raise UnknownCaseError
    return case


def request_of(office: Office, case: Case, request_id: str, now: int) -> Request:
    """The request of this case; else UnknownRequestError."""
    request = office.store.request(request_id, now)
    if request is None or request.case_id != case.id:
        raise UnknownRequestError
    return request


def open_case(office: Office, sender: Sender, wish: Wish, now: int) -> tuple[Case, Request]:
    """A new case with its first request, or what came of the same attempt before."""
    chosen = _chosen(office, wish.oins, now)
    _check_partner(wish)
    _check_webhook(office, wish.question)

    def opened() -> Request:
        case = asking.open_case(
            office, owner=sender.token.owner, person=wish.person, chosen=chosen, now=now
        )
        if wish.partner:
            office.casebook.set_partner(case.id, wish.partner)
        return _ask(office, sender.token, case, wish.question, now)

    return _once(office, sender, opened, now)


def ask_again(
    office: Office, sender: Sender, case: Case, question: Question, now: int
) -> tuple[Case, Request]:
    """Another request of a case; how its overview stood is kept, so that changes can be told."""
    _check_webhook(office, question)
    if question.organisation and not _named(case, question):
        raise ContentError(("/organisation", "is not asked in this case"))

    def asked() -> Request:
        if office.store.findings_of(case.id):
            keep_overview(office, case, now)
        return _ask(office, sender.token, case, question, now)

    return _once(office, sender, asked, now)


def cancel(office: Office, case: Case, request_id: str, now: int) -> Request:
    """End an open request; RequestClosedError when it is not open."""
    request = request_of(office, case, request_id, now)
    if not asking.cancel(office, request, now):
        raise RequestClosedError
    return request_of(office, case, request_id, now)


def discard(office: Office, case: Case, request_id: str, now: int) -> Request:
    """Throw away what came by another screen than ours; NothingToDiscardError where nothing did."""
    request = request_of(office, case, request_id, now)
    if not office.store.discard(request.id, OTHER_CODE):
        raise NothingToDiscardError
    return request_of(office, case, request_id, now)


def _ask(office: Office, token: Token, case: Case, question: Question, now: int) -> Request:
    request = asking.ask(
        office,
        case,
        way=Way(question.way),
        organisation=_named(case, question),
        formats=question.formats,
        now=now,
    )
    if question.webhook:
        office.webhooks.add(request.id, token.id, question.webhook)
    return request


def _named(case: Case, question: Question) -> Source | None:
    return next((one for one in case.organisations if one.oin == question.organisation), None)


def _once(
    office: Office, sender: Sender, make: Callable[[], Request], now: int
) -> tuple[Case, Request]:
    """Two of one key wait for each other, and the second finds what the first one made."""
    attempt = sender.attempt
    with office.database.transaction():
        found = office.repeats.find(attempt, now) if attempt else None
        if attempt and found and found.fingerprint != attempt.fingerprint:
            raise RepeatDiffersError
        if found:
            case = own_case(office, sender.token, found.case_id, now)
            return case, request_of(office, case, found.request_id, now)
        request = make()
        if attempt:
            office.repeats.keep(attempt, request.case_id, request.id, now)
    return own_case(office, sender.token, request.case_id, now), request


def _chosen(office: Office, oins: Sequence[str] | None, now: int) -> tuple[Source, ...]:
    known = asking.organisations(office, now)
    if oins is None:
        return known
    listed = {source.oin for source in known}
    strangers = [place for place, oin in enumerate(oins) if oin not in listed]
    if strangers:
        raise ContentError(
            *((f"/organisations/{place}", "is not on the scheme") for place in strangers)
        )
    return tuple(source for source in known if source.oin in oins)


def _check_partner(wish: Wish) -> None:
    if wish.partner and wish.person and wish.partner.is_same(wish.person):
        raise ContentError(("/partner", "is the same person as the first"))


def _check_webhook(office: Office, question: Question) -> None:
    if question.webhook and origin(question.webhook) not in office.config.api.webhook_origins:
        raise ContentError(("/webhook", "is at an origin that the settings do not allow"))
