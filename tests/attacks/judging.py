"""What must become of a presentation that does not hold: alone, in company, and made honest."""

from collections.abc import Callable, Iterator, Mapping

from tests.attacks.counsellor import Case, presented, reasons, respond
from tests.attacks.exchange import SECONDS
from tests.attacks.holder import Card, Presented, W3cCard
from tests.attacks.reactions import response_refused
from vckit.openid4vp.request import VerifiedRequest

Present = Callable[[VerifiedRequest], str | Presented]


def refused_alone(case: Case, hostile: Present) -> None:
    """RSP-REJ: the request has failed and the case is what it was."""
    before, asked = case.found(), case.ask()
    response_refused(respond(asked, hostile(asked)))
    assert case.report()["state"] == "FAILED"
    assert case.found() == before


def finding(case: Case, company: Card | W3cCard, hostile: Present, reason: str) -> None:
    """VC-REJ(r): beside an honest statement it is told with its reason and counts nothing."""
    asked = case.ask()
    answer = respond(asked, *presented(asked, company), hostile(asked))
    assert (answer.status, set(answer.json())) == (200, {"redirect_uri"}), answer.body
    assert answer.seconds < SECONDS
    report = case.report()
    assert report["state"] == "DONE"
    assert reasons(report) == [reason], report["findings"]
    assert report["totals"]["outstanding"] == OUTSTANDING
    assert not report["complete"]


def rejected(case: Case, company: Card | W3cCard, hostile: Present, reason: str) -> None:
    """A broken presentation, both ways."""
    refused_alone(case, hostile)
    finding(case, company, hostile, reason)


def all_rejected(
    open_case: Callable[[], Case],
    company: Card | W3cCard,
    hostile: Mapping[str, Present],
    reason: str,
) -> None:
    """Many broken presentations by name, some of them in each response."""
    for some in _some_at_once(hostile):
        case = open_case()
        asked = case.ask()
        response_refused(respond(asked, *[make(asked) for make in some.values()]))
        assert case.report()["state"] == "FAILED"
        _each_told(case, some, reason, company)


def all_found(
    open_case: Callable[[], Case],
    company: Card | W3cCard,
    hostile: Mapping[str, Present],
    reason: str,
) -> None:
    """VC-REJ(r) of many whose holder's proofs are good: findings, alone as well."""
    for some in _some_at_once(hostile):
        _each_told(open_case(), some, reason)
        _each_told(open_case(), some, reason, company)


def _some_at_once(hostile: Mapping[str, Present]) -> Iterator[dict[str, Present]]:
    names = list(hostile)
    for start in range(0, len(names), TOGETHER):
        yield {name: hostile[name] for name in names[start : start + TOGETHER]}


def _each_told(
    case: Case, hostile: Mapping[str, Present], reason: str, *company: Card | W3cCard
) -> None:
    asked = case.ask()
    given = [make(asked) for make in hostile.values()]
    answer = respond(asked, *presented(asked, *company), *given)
    assert (answer.status, set(answer.json())) == (200, {"redirect_uri"}), answer.body
    assert answer.seconds < SECONDS
    report = case.report()
    found = dict(zip(hostile, reasons(report), strict=True))
    assert found == dict.fromkeys(hostile, reason), found
    assert report["totals"]["outstanding"] == OUTSTANDING * len(company)
    assert not report["complete"]


def counts(case: Case, *cards: Card | W3cCard) -> None:
    """The honest twin: presented as they are, all of them count."""
    asked = case.ask()
    answer = respond(asked, *presented(asked, *cards))
    assert (answer.status, set(answer.json())) == (200, {"redirect_uri"}), answer.body
    assert case.report()["totals"]["outstanding"] == OUTSTANDING * len(cards)


def assert_counts(case: Case, present: Present) -> None:
    """What is made for the request counts."""
    asked = case.ask()
    answer = respond(asked, present(asked))
    assert (answer.status, set(answer.json())) == (200, {"redirect_uri"}), answer.body
    assert case.report()["totals"]["outstanding"] == OUTSTANDING, case.report()["findings"]


TOGETHER = 10
# What one statement of a town amounts to, in cents.
OUTSTANDING = 42_900
