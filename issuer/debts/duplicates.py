"""The same number more than once in a file: repeated, shared by joint debtors, or in conflict."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from issuer.debts.rows import Understood

# Joint debtors name each other in at most five columns.
_MOST_DEBTORS = 6


@dataclass(frozen=True, slots=True)
class Settled:
    """Lines that are not taken: repeated ones, and those in conflict."""

    repeated: set[int] = field(default_factory=set)
    conflicting: set[int] = field(default_factory=set)


def settle(rows: Iterable[tuple[int, Understood]], contested: set[str]) -> Settled:
    """Judge the rows whose key is in `contested` (security.md N05).

    Rows that are equal in everything that was understood count once. Others with the same key are
    right only where each names all others as co-debtor; else none of them is taken.
    """
    settled = Settled()
    for group in _groups(rows, contested):
        first: dict[Understood, int] = {}
        for line, row in group:
            if row in first:
                settled.repeated.add(line)
            else:
                first[row] = line
        if len(first) > 1 and not _are_joint_debtors(list(first)):
            settled.conflicting.update(first.values())
    return settled


def _groups(
    rows: Iterable[tuple[int, Understood]], contested: set[str]
) -> Iterable[Sequence[tuple[int, Understood]]]:
    groups: dict[str, list[tuple[int, Understood]]] = defaultdict(list)
    if contested:
        for line, row in rows:
            if row.key in contested:
                groups[row.key].append((line, row))
    return groups.values()


def _are_joint_debtors(rows: Sequence[Understood]) -> bool:
    if len(rows) > _MOST_DEBTORS:
        return False
    everybody = {row.bsn for row in rows}
    return len(everybody) == len(rows) and all(
        everybody - {row.bsn} <= set(row.co_debtors) for row in rows
    )
