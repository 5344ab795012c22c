"""The same debt stated by two organisations: found by strong keys only, counted once.

wire.md "Same key, same claim": creditor OIN, zaakkenmerk, vordering_kenmerk and categorie are
equal, or creditor OIN and vordering_kenmerk equal the other's oorspronkelijk_kenmerk. Nothing
weaker merges, and two debts of one organisation never do.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from vckit.statement import debt_key
from verifier.findings import Debt, Evidence


@dataclass
class Row:
    """One debt of a statement that counts; `doubled` are the same debt's rows elsewhere.

    `counts` is False where another organisation leads: then its row is the one that counts.
    """

    debt: Debt
    evidence: Evidence
    counts: bool = True
    doubled: list["Row"] = field(default_factory=list)

    @property
    def oin(self) -> str | None:
        """The organisation that states it."""
        return self.evidence.source.oin


def rows(statements: Sequence[Evidence]) -> list[Row]:
    """Every debt of `statements`, which are of different organisations, each double linked."""
    found = [Row(debt, statement) for statement in statements for debt in statement.debts]
    for same in _groups(found):
        _link(same)
    return found


def _link(same: list[Row]) -> None:
    leading = max(same, key=_handles).oin
    for row in same:
        row.counts = row.oin == leading
        row.doubled = [other for other in same if other.oin != row.oin]


def _handles(row: Row) -> tuple[bool, bool, int]:
    """The party that handles a debt leads (domain.md case 2).

    That is the named collector, else whoever is not the creditor, else the newest reference date.
    """
    collector = row.debt.get("invorderaar", {}).get("oin")
    creditor = row.debt["schuldeiser"]["oin"]
    return row.oin == collector, row.oin != creditor, row.evidence.referenced_at


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
    """Pairs of two organisations, enough of them to connect all that are the same."""
    by_key: defaultdict[tuple[str, ...], list[Row]] = defaultdict(list)
    by_reference: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in found:
        by_key[debt_key(row.debt)].append(row)
        by_reference[_reference(row.debt, "vordering_kenmerk")].append(row)
    for alike in by_key.values():
        if len({row.oin for row in alike}) > 1:
            yield from ((alike[0], other) for other in alike[1:])
    for row in found:
        original = _reference(row.debt, "oorspronkelijk_kenmerk")
        for other in by_reference.get(original, ()) if original[1] else ():
            if other.oin != row.oin:
                yield row, other


def _reference(debt: Debt, term: str) -> tuple[str, str]:
    return debt["schuldeiser"]["oin"], debt.get(term, "")
