"""The resident's own overview: all cards of the wallet together, every debt once.

A smaller one than a counsellor gets, by the same rules (domain.md cases 1, 2, 6, 7, 9 to 11): of
an organisation the newest valid card counts, nothing is netted or merged on less than a strong
key, and it is complete only when every organisation of the scheme has told everything. Cards of
two people are two overviews.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from holder_demo.cards import Card
from holder_demo.checking import EXPIRED, SUPERSEDED, UNKNOWN, VALID, WITHDRAWN
from vckit import statement
from vckit.same_debt import collector, handling, is_same_debt
from vckit.statement import Debt
from vckit.trust import Organisation

COUNTED: Final = "counted"
STALE: Final = "stale"
MISSING: Final = "missing"
# What keeps the card that counts from telling everything.
SOURCE_DOWN: Final = "source_down"
BREACH: Final = "breach"
NEWER: Final = "newer"
STALE_DAYS: Final = 30
_DAY: Final = 86_400
# From best to worst: the best card of an organisation is shown for it.
_STATES: Final = (COUNTED, SUPERSEDED, STALE, EXPIRED, UNKNOWN, WITHDRAWN)
_OVERTAKING: Final = frozenset({SUPERSEDED, EXPIRED, UNKNOWN})
_STATED: Final = ("aantal_vorderingen", "totaal_financieel_verplicht", "totaal_openstaand",
                  "totaal_opeisbaar", "totaal_achterstand", "totaal_tegoed")  # fmt: skip


@dataclass
class Bill:
    """One debt as one organisation states it. `also` are the others that state it too.

    `counts` is False where one of those leads.
    """

    debt: Debt
    oin: str
    organisation: str
    referenced_at: int
    counts: bool = True
    also: list["Bill"] = field(default_factory=list)

    @property
    def is_disputed(self) -> bool:
        """Whether the person does not agree with it."""
        return "betwist" in self.debt.get("markeringen", ())


@dataclass(frozen=True)
class Part:
    """What one organisation tells: its best card and how that stands, or "missing".

    `remarks` are codes of this module; `bills` are there where the card counts.
    """

    name: str
    oin: str
    start_url: str | None
    state: str
    card: Card | None = None
    remarks: tuple[str, ...] = ()
    bills: tuple[Bill, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether the organisation has told everything."""
        return self.state == COUNTED and not self.remarks

    def summary(self) -> dict[str, Any]:
        """The same as plain JSON; amounts in cents."""
        stated = self.card.summary() if self.card else {}
        told = ("reference_date", "claims", "outstanding", "credit")
        return {
            "organisation": self.name,
            "oin": self.oin,
            "state": self.state,
            "remarks": list(self.remarks),
            **{name: stated.get(name) for name in told},
            "start_url": self.start_url,
        }


@dataclass(frozen=True)
class OwnOverview:
    """All of one person, in cents; `card` is one of that person's, None in an empty wallet.

    `minimal`: more can be due than `due`. `disputed` is in `outstanding` and not in `due`.
    `oldest` is the reference date of the oldest card that counts, as it is written there.
    """

    card: Card | None
    parts: tuple[Part, ...]
    outstanding: int
    credit: int
    due: int
    disputed: int
    bills: int
    minimal: bool
    oldest: str | None

    @property
    def complete(self) -> bool:
        """Whether every organisation has told everything."""
        return bool(self.parts) and all(part.complete for part in self.parts)

    @property
    def counted(self) -> int:
        """How many organisations are in the total."""
        return sum(part.state == COUNTED for part in self.parts)

    def summary(self) -> dict[str, Any]:
        """The same as plain JSON; amounts in cents."""
        return {
            "person": f"{self.card.initials} {self.card.birth_year}" if self.card else None,
            "complete": self.complete,
            "outstanding": self.outstanding,
            "credit": self.credit,
            "due": self.due,
            "due_is_minimal": self.minimal or not self.complete,
            "disputed": self.disputed,
            "claims": self.bills,
            "oldest_reference_date": self.oldest,
            "organisations": [part.summary() for part in self.parts],
        }


def own_overviews(
    cards: Sequence[Card],
    statuses: Mapping[str, str],
    organisations: Iterable[Organisation],
    *,
    now: int,
) -> tuple[OwnOverview, ...]:
    """One overview for each person that the cards are about; of an empty wallet what is missing.

    `statuses` are what became of each card; `organisations` are all that can state debts; `now`
    is epoch seconds.
    """
    known = tuple(organisations)
    people: dict[tuple[str, ...], list[Card]] = {}
    for card in cards:
        people.setdefault(_person(card), []).append(card)
    states = {card.id: _state(card, statuses.get(card.id, UNKNOWN), now) for card in cards}
    return tuple(_of_one(mine, states, known, now) for mine in people.values() or [[]])


def _person(card: Card) -> tuple[str, ...]:
    """A name alone never merges (case 10)."""
    family, given, born = (str(card.claims.get(term, "")) for term in statement.PERSON_TERMS[:3])
    return statement.comparable_name(family), statement.comparable_name(given), born


def _state(card: Card, status: str, now: int) -> str:
    if status != VALID:
        return status
    return STALE if _referenced_at(card) < now - STALE_DAYS * _DAY else COUNTED


def _referenced_at(card: Card) -> int:
    return int(datetime.fromisoformat(card.claims["peildatum"]).timestamp())


def _moment(card: Card) -> tuple[int, int]:
    return _referenced_at(card), card.issued_at or 0


def _of_one(
    cards: Sequence[Card], states: Mapping[str, str], known: Sequence[Organisation], now: int
) -> OwnOverview:
    others = {card.oin: card.organisation for card in reversed(cards)}
    for one in known:
        others.pop(one.oin, None)
    asked = [Part(one.name, one.oin, one.start_url, MISSING) for one in known]
    unasked = [Part(name, oin, None, MISSING) for oin, name in others.items()]
    parts = [_filled(part, cards, states, now) for part in (*asked, *unasked)]
    _count_once([bill for part in parts for bill in part.bills])
    return _summed(cards[0] if cards else None, parts)


def _filled(part: Part, cards: Sequence[Card], states: Mapping[str, str], now: int) -> Part:
    """The organisation with its best card; of equals the newest."""
    mine = [card for card in cards if card.oin == part.oin]
    if not mine:
        return part
    newest_first = sorted(mine, key=_moment, reverse=True)
    best = min(newest_first, key=lambda card: _STATES.index(states[card.id]))
    if states[best.id] != COUNTED:
        return replace(part, state=states[best.id], card=best)
    others = [card for card in mine if states[card.id] in _OVERTAKING]
    remarks = tuple(_remarks(best, others, states, now))
    bills = tuple(Bill(debt, part.oin, part.name, _referenced_at(best)) for debt in best.debts)
    return replace(part, state=COUNTED, card=best, remarks=remarks, bills=bills)


def _remarks(
    best: Card, others: Iterable[Card], states: Mapping[str, str], now: int
) -> Iterator[str]:
    if best.claims["volledigheid"] == "gedeeltelijk":
        yield SOURCE_DOWN
    if statement.breaches(best.claims, issued_at=best.issued_at or 0, now=now):
        yield BREACH
    if any(_is_overtaken(best, other, states[other.id]) for other in others):
        yield NEWER


def _is_overtaken(best: Card, other: Card, state: str) -> bool:
    """Whether `other`, which can't be used, tells that `best` is not the last word."""
    if _said(other) == _said(best):
        return state == SUPERSEDED
    if _moment(other) == _moment(best):
        return state != SUPERSEDED
    return _moment(other) > _moment(best)


def _said(card: Card) -> tuple[object, ...]:
    """Equal for one statement in two formats; the salts in them differ."""
    return _referenced_at(card), *(card.claims[name] for name in _STATED)


def _count_once(bills: Sequence[Bill]) -> None:
    """Of the same debt the statement of whoever handles it counts, else the newest (case 2)."""
    for same in _groups(bills):
        collectors = frozenset(collector(bill.debt) for bill in same)
        leading = max(
            same, key=lambda bill: (handling(bill.oin, bill.debt, collectors), bill.referenced_at)
        )
        for bill in same:
            bill.counts = bill.oin == leading.oin
            bill.also = [other for other in same if other.oin != bill.oin]


def _groups(bills: Sequence[Bill]) -> list[list[Bill]]:
    """What is one debt, over all organisations; two debts of one statement never are by themselves.

    A wallet holds few enough to compare each with each.
    """
    groups: list[list[Bill]] = []
    for bill in bills:
        joined = [group for group in groups if any(_is_same(bill, other) for other in group)]
        groups = [group for group in groups if group not in joined]
        groups.append([*(one for group in joined for one in group), bill])
    return groups


def _is_same(bill: Bill, other: Bill) -> bool:
    return bill.oin != other.oin and is_same_debt(bill.debt, other.debt)


def _summed(card: Card | None, parts: Sequence[Part]) -> OwnOverview:
    """The signed sums, less what another organisation tells too and leads."""
    counted = [part.card for part in parts if part.card and part.state == COUNTED]
    bills = [bill for part in parts for bill in part.bills]
    led = [bill.debt for bill in bills if not bill.counts]
    disputed = [bill.debt for bill in bills if bill.counts and bill.is_disputed]
    not_due = sum(debt.get("opeisbaar_bedrag", 0) for debt in (*led, *disputed))
    return OwnOverview(
        card=card,
        parts=tuple(parts),
        outstanding=_stated(counted, "totaal_openstaand") - statement.outstanding(led),
        credit=_stated(counted, "totaal_tegoed") - statement.credit(led),
        due=_stated(counted, "totaal_opeisbaar") - not_due,
        disputed=statement.outstanding(disputed),
        bills=_stated(counted, "aantal_vorderingen") - len(led),
        minimal=any(card.claims.get("totalen_minimaal") for card in counted),
        oldest=min((card.claims["peildatum"] for card in counted), default=None),
    )


def _stated(cards: Iterable[Card], term: str) -> int:
    return sum(card.amount(term) for card in cards)
