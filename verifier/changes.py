"""What changed in a case since its overview stood otherwise: a comparison, nothing more."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Self

# What can have changed, in the order in which it is told.
COMPLETE: Final = "complete"
SOURCE: Final = "source"
ADDED: Final = "added"
GONE: Final = "gone"
UNSEEN: Final = "unseen"
BALANCE: Final = "balance"
STAGE: Final = "stage"
BY_HAND: Final = "by_hand"
# Of whom nothing was there yet.
_ABSENT: Final = "missing"


@dataclass(frozen=True)
class SourceThen:
    """One line of the strip: an organisation (`oin`, None off the scheme) for one person."""

    name: str
    oin: str | None
    subject: int
    state: str
    outstanding: int | None


@dataclass(frozen=True)
class DebtThen:
    """One counted debt. `saldo` is in cents, `stage` a code or ""."""

    key: tuple[str, ...]
    subject: int
    what: str
    creditor: str
    oin: str | None
    saldo: int
    stage: str


@dataclass(frozen=True)
class Snapshot:
    """How the overview stood at `taken_at` (epoch seconds); amounts in cents."""

    taken_at: int
    complete: bool
    outstanding: int
    by_hand: int
    sources: tuple[SourceThen, ...]
    debts: tuple[DebtThen, ...]

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        debts = tuple(DebtThen(**{**each, "key": tuple(each["key"])}) for each in kept["debts"])
        sources = tuple(SourceThen(**each) for each in kept["sources"])
        return cls(**{**kept, "debts": debts, "sources": sources})

    def to_json(self) -> dict[str, Any]:
        """The form that is kept in the database."""
        return asdict(self)


@dataclass(frozen=True)
class Change:
    """One thing that changed, for the person at the place `subject` in the household.

    `before` and `after` are cents, codes or bools; None: not there.
    `unseen`: the debt stood in a statement that does not count now, so it is not known to be gone.
    """

    what: str
    name: str
    before: Any
    after: Any
    creditor: str = ""
    subject: int = 0


@dataclass(frozen=True)
class Changes:
    """All that changed since `since` (epoch seconds), and the totals then and now in cents."""

    since: int
    outstanding_before: int
    outstanding_after: int
    items: tuple[Change, ...]


def compare(earlier: Snapshot, later: Snapshot) -> Changes:
    """What changed from `earlier` to `later`."""
    items = [
        *_of_the_whole(earlier, later),
        *_of_sources(earlier, later),
        *_of_debts(earlier, later),
    ]
    return Changes(earlier.taken_at, earlier.outstanding, later.outstanding, tuple(items))


def _of_the_whole(earlier: Snapshot, later: Snapshot) -> Iterator[Change]:
    if earlier.complete != later.complete:
        yield Change(COMPLETE, "", earlier.complete, later.complete)
    if earlier.by_hand != later.by_hand:
        yield Change(BY_HAND, "", earlier.by_hand, later.by_hand)


def _of_sources(earlier: Snapshot, later: Snapshot) -> Iterator[Change]:
    then = {_place(source): source for source in earlier.sources}
    for now in later.sources:
        before = then.get(_place(now))
        state = before.state if before else _ABSENT
        if state != now.state:
            yield Change(SOURCE, now.name, state, now.state, subject=now.subject)


def _of_debts(earlier: Snapshot, later: Snapshot) -> Iterator[Change]:
    # Without the person: a joint debt may count with the other one now, and is the same.
    then = {debt.key: debt for debt in earlier.debts}
    now = {debt.key: debt for debt in later.debts}
    heard = {(each.oin, each.subject) for each in later.sources if each.state == "verified"}
    for key, debt in now.items():
        before = then.get(key)
        if before is None:
            yield Change(ADDED, debt.what, None, debt.saldo, debt.creditor, debt.subject)
        else:
            yield from _of_one(before, debt)
    for key, debt in then.items():
        if key not in now:
            what = GONE if (debt.oin, debt.subject) in heard else UNSEEN
            yield Change(what, debt.what, debt.saldo, None, debt.creditor, debt.subject)


def _of_one(before: DebtThen, after: DebtThen) -> Iterator[Change]:
    if before.saldo != after.saldo:
        yield Change(BALANCE, after.what, before.saldo, after.saldo, after.creditor, after.subject)
    if before.stage != after.stage:
        yield Change(STAGE, after.what, before.stage, after.stage, after.creditor, after.subject)


def _place(source: SourceThen) -> tuple[object, ...]:
    return source.oin or source.name, source.subject
