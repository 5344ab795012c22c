"""What the page must say, by domain.md, told from the truth alone: written apart from the product.

Debts are told apart by what they really are, never by their keys.
"""

from collections import defaultdict
from dataclasses import dataclass

from tests.properties.truth import STRANGER

STALE_FROM = 30  # A reference date is a midnight: thirty days back is more than thirty days ago.
GROUP_OF = {
    "revoked": "withdrawn",
    "suspended": "withdrawn",
    "superseded": "outdated",
    "expired": "outdated",
    "unknown": "unchecked",
    "untrusted": "untrusted",
}


@dataclass
class Seen:
    """One credential after all its arrivals."""

    credential: object
    condition: str
    at: int
    shown: frozenset
    group: str = ""

    @property
    def whole(self):
        one = self.credential
        disclosed = len(self.shown) == len(one.debts)
        return disclosed and not one.down and not one.off and not one.wrong


@dataclass(frozen=True)
class Expected:
    complete: bool
    totals: dict
    groups: dict
    counted: dict
    members: tuple


def expect(journey):
    """The overview of everybody together, and of each person of two."""
    told = [_settled(same) for same in _by_credential(journey).values()]
    for one in told:
        one.group = _group(one, journey)
    current = {cell: _current(mine) for cell, mine in _cells(told).items()}
    people = range(journey.persons)
    parts = [_of(journey, told, current, [person]) for person in people]
    whole = _of(journey, told, current, people)
    members = tuple(parts) if journey.persons > 1 else ()
    return Expected(*whole, _groups(told), _counts(current.values()), members)


def _by_credential(journey):
    arrived = defaultdict(list)
    for showing in journey.showings:
        arrived[showing.credential.number].append(showing)
    return arrived


def _settled(arrivals):
    """A withdrawal stands for ever, else what was found last.

    What was disclosed while a check held stays known.
    """
    last = max(arrivals, key=lambda one: one.at)
    withdrawn = [one for one in arrivals if GROUP_OF.get(one.condition) == "withdrawn"]
    return Seen(
        credential=last.credential,
        condition=(withdrawn or [last])[0].condition,
        at=last.at,
        shown=frozenset().union(*(one.shown for one in arrivals if one.condition == "good")),
    )


def _group(one, journey):
    person = one.credential.person
    if one.condition == "untrusted":
        return "untrusted"
    if person == STRANGER or person >= journey.persons:
        return "other_person"
    if one.condition in GROUP_OF:
        return GROUP_OF[one.condition]
    return "outdated" if one.credential.day >= STALE_FROM else "verified"


def _cells(told):
    cells = defaultdict(list)
    for one in told:
        if one.group == "verified":
            cells[one.credential.organisation, one.credential.person].append(one)
    return cells


def _current(mine):
    """The newest counts and the others are out of date; of its forms the one that hides least."""
    newest = max(mine, key=_newness)
    for one in mine:
        if one.credential.content != newest.credential.content:
            one.group = "outdated"
    return max((one for one in mine if one.group == "verified"), key=_fullness)


def _newness(one):
    return -one.credential.day, -one.credential.issued, one.at


def _fullness(one):
    return len(one.shown), not one.credential.on_paper


def _of(journey, told, current, people):
    counting = [one for (_, person), one in current.items() if person in people]
    asked = [current.get((oin, person)) for oin in journey.chosen for person in people]
    complete = (
        bool(asked)
        and all(asked)
        and all(one.whole and not _is_overtaken(one, told) for one in counting)
        and not journey.too_many
    )
    return complete, _totals(counting)


def _is_overtaken(counted, told):
    """Something says that there is a later statement than the one that counts."""
    mine = counted.credential
    for other in told:
        theirs = other.credential
        cell = theirs.organisation == mine.organisation and theirs.person == mine.person
        if not cell or other.group not in {"outdated", "unchecked"}:
            continue
        superseded = other.condition in {"superseded", "good"}
        if theirs.content == mine.content:
            overtaken = superseded
        elif (theirs.day, theirs.issued) == (mine.day, mine.issued):
            overtaken = not superseded
        else:
            overtaken = (theirs.day, theirs.issued) < (mine.day, mine.issued)
        if overtaken:
            return True
    return False


def _leaders(counting):
    """Of every real debt that is shown the one that counts: who handles it, then the newest."""
    shown = defaultdict(list)
    for one in counting:
        for index in one.shown:
            shown[one.credential.debts[index].identity].append((one, index))
    return {identity: min(rows, key=_leading) for identity, rows in shown.items()}, shown


def _leading(row):
    """Of equals the one that is proven to be of this person."""
    return _debt(row).place, row[0].credential.day, row[0].credential.on_paper


def _debt(row):
    return row[0].credential.debts[row[1]]


def _totals(counting):
    leading, shown = _leaders(counting)
    rows = list(leading.values())
    hidden = [
        (one, index)
        for one in counting
        for index in range(len(one.credential.debts))
        if index not in one.shown
    ]
    undisputed = [row for row in rows if not _debt(row).disputed] + hidden
    together = [
        leading[identity]
        for identity, same in shown.items()
        if len({one.credential.person for one, _ in same}) > 1
    ]
    off = sum(one.credential.off for one in counting)
    paper = [row for row in rows + hidden if row[0].credential.on_paper]
    off_paper = sum(one.credential.off for one in counting if one.credential.on_paper)
    return {
        "outstanding": _owed(rows + hidden) + off,
        "credit": sum(max(-_debt(row).balance, 0) for row in rows + hidden),
        "due": sum(_debt(row).due or 0 for row in undisputed),
        "arrears": sum(_debt(row).arrears or 0 for row in undisputed),
        "disputed": _owed(row for row in rows if _debt(row).disputed),
        "prescribed": _owed(row for row in rows if _debt(row).prescribed),
        "joint": _owed(together),
        "on_documents": _owed(paper) + off_paper,
        "minimal": any(debt.due is None for one in counting for debt in one.credential.debts),
    }


def _owed(rows):
    return sum(max(_debt(row).balance, 0) for row in rows)


def _groups(told):
    """By group whose statements stand there; the same statement in other forms stands there once.

    Of what does not count every form stands there.
    """
    groups = defaultdict(list)
    verified = {one.credential.content: one for one in told if one.group == "verified"}
    for one in [*(each for each in told if each.group != "verified"), *verified.values()]:
        groups[one.group].append(one.credential.content)
    return {group: sorted(contents) for group, contents in groups.items()}


def _counts(counting):
    """How often each real debt must count: once."""
    return dict.fromkeys(_leaders(counting)[0], 1)
