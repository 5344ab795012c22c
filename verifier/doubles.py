"""The same debt in two statements: found by the strong keys of `vckit.same_debt`, counted once.

Nothing weaker merges: it is said to be possible. Two debts of one statement never are one.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from vckit.same_debt import (
    collector,
    handling,
    is_same_debt,
    original_reference,
    own_reference,
)
from vckit.statement import debt_key
from verifier.findings import Debt, Evidence

_SHARE: Final = "naar_deel"
# Enough to look at; more of them tell nothing more.
_MOST_POSSIBLE: Final = 3


@dataclass
class Row:
    """One debt of a statement that counts; `doubled` are the same debt's rows elsewhere.

    `subject` is the place in the household of whom the statement is about. `counts` is False
    where another statement leads: then its row is the one that counts. `joint`: another person
    of the household owes it too. `possibly` are rows that may be the same, and all count.
    """

    debt: Debt
    evidence: Evidence
    counts: bool = True
    doubled: list["Row"] = field(default_factory=list)
    subject: int = 0
    joint: bool = False
    possibly: list["Row"] = field(default_factory=list)

    @property
    def oin(self) -> str | None:
        """The organisation that states it."""
        return self.evidence.source.oin

    @property
    def statement(self) -> tuple[str | None, int]:
        """Whose statement about whom it is of."""
        return self.oin, self.subject


def rows(statements: Sequence[Evidence], subjects: Sequence[int] | None = None) -> list[Row]:
    """Every debt of `statements`, of which an organisation has one for each of `subjects`.

    Each double is linked.
    """
    about = subjects or [0] * len(statements)
    found = [
        Row(debt, statement, subject=subject)
        for statement, subject in zip(statements, about, strict=True)
        for debt in statement.debts
    ]
    for same in _groups(found):
        _link(same)
    _doubt(found)
    return found


def _link(same: list[Row]) -> None:
    named = frozenset(collector(row.debt) for row in same)
    ranked = sorted(same, key=lambda row: _handles(row, named), reverse=True)
    counted: list[Row] = []
    for row in ranked:
        led = row.oin != ranked[0].oin or any(_is_of_both(row, other) for other in counted)
        row.counts = not led
        counted += [] if led else [row]
        row.doubled = [other for other in same if other.oin != row.oin]
        row.joint = any(other.subject != row.subject for other in same)


def _handles(row: Row, named: frozenset[str]) -> tuple[object, ...]:
    """The party that handles a debt leads, else the newest reference date.

    Of equals that is what is proven to be of this person.
    """
    proven = row.evidence.basis == "wallet"
    return handling(row.oin, row.debt, named), row.evidence.referenced_at, proven


def _is_of_both(row: Row, other: Row) -> bool:
    """One organisation states it for two persons (domain.md case 4)."""
    different = row.subject != other.subject
    return different and is_same_debt(row.debt, other.debt) and _may_be_one(row, other)


def _may_be_one(row: Row, other: Row) -> bool:
    """What a person owes for a part only is not what another owes for theirs (BW 6:6)."""
    if row.subject == other.subject:
        return row.oin != other.oin
    return _SHARE not in {row.debt.get("aansprakelijkheid"), other.debt.get("aansprakelijkheid")}


def _groups(found: Sequence[Row]) -> list[list[Row]]:
    """Connected components over the pairs that are the same debt."""
    component = {id(row): [row] for row in found}
    for one, other in _pairs(found):
        first, second = component[id(one)], component[id(other)]
        if first is not second:
            first.extend(second)
            component.update((id(row), first) for row in second)
    distinct = {id(rows_): rows_ for rows_ in component.values()}
    return [same for same in distinct.values() if len(same) > 1]


def _pairs(found: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """Pairs of two statements, enough of them to connect all that are the same."""
    by_key: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    by_reference: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in found:
        by_key[debt_key(row.debt)].append(row)
        by_reference[own_reference(row.debt)].append(row)
    for alike in by_key.values():
        yield from _alike_pairs(alike)
    for row in found:
        original = original_reference(row.debt)
        for other in by_reference.get(original, ()) if original[1] else ():
            if _may_be_one(row, other):
                yield row, other


def _alike_pairs(alike: Sequence[Row]) -> Iterator[tuple[Row, Row]]:
    """All of one person with the first of another organisation; then person with person."""
    by_subject: defaultdict[int, list[Row]] = defaultdict(list)
    for row in alike:
        by_subject[row.subject].append(row)
    for mine in by_subject.values():
        if len({row.oin for row in mine}) > 1:
            yield from ((mine[0], other) for other in mine[1:])
    owing = [row for row in alike if row.debt.get("aansprakelijkheid") != _SHARE]
    if len({row.subject for row in owing}) > 1:
        yield from ((owing[0], other) for other in owing[1:])


def _doubt(found: Sequence[Row]) -> None:
    """Point at debts of two statements that look alike without a strong key."""
    lookalikes: defaultdict[tuple[object, ...], list[Row]] = defaultdict(list)
    alone = [row for row in found if not row.doubled and not row.joint and row.debt["saldo"]]
    for row in alone:
        for trait in _traits(row.debt):
            lookalikes[trait].append(row)
    several = {
        trait: alike
        for trait, alike in lookalikes.items()
        if len({row.statement for row in alike}) > 1
    }
    for row in alone:
        row.possibly = _lookalikes(row, several)


def _traits(debt: Debt) -> tuple[tuple[object, ...], ...]:
    creditor = debt["schuldeiser"]["oin"]
    return (
        ("case", creditor, debt["zaakkenmerk"]),
        ("amount", creditor, debt["saldo"]),
        ("reference", debt["vordering_kenmerk"]),
    )


def _lookalikes(row: Row, lookalikes: dict[tuple[object, ...], list[Row]]) -> list[Row]:
    found: list[Row] = []
    for trait in _traits(row.debt):
        for other in lookalikes.get(trait, ()):
            if len(found) == _MOST_POSSIBLE:
                return found
            if _may_double(row, other) and not any(other is one for one in found):
                found.append(other)
    return found


def _may_double(row: Row, other: Row) -> bool:
    """One organisation knows its own debts apart, but for what two persons owe a part of."""
    different = row.subject != other.subject
    return row.oin != other.oin or (different and is_same_debt(row.debt, other.debt))
