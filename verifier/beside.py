"""What stands beside the credentials of a case: added by hand, or told by a national body.

None of it is checked, so it joins totals of its own and never the verified one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

# Whose something is: the place in the household, 0 or 1; None is of both.
Subject = int | None


@dataclass(frozen=True)
class HandDebt:
    """A debt that the counsellor typed in: niet gecontroleerd. `amount` is in cents.

    `usual` is a code of `usual.CODES` where the creditor is one of those.
    """

    id: str
    creditor: str
    amount: int
    description: str = ""
    reference: str = ""
    usual: str | None = None
    subject: Subject = 0

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        return cls(**kept)

    def to_json(self) -> dict[str, Any]:
        """The form that is kept in the database."""
        return asdict(self)


@dataclass(frozen=True)
class NationalClaim:
    """One claim as a national body tells it. `outstanding` is in cents, below zero a credit.

    `case_number` is FCID's zaakkenmerk; dates are `YYYY-MM-DD`.
    """

    case_number: str
    creditor: str
    outstanding: int
    creditor_oin: str | None = None
    reference: str | None = None
    kind: str | None = None
    description: str | None = None
    due_on: str | None = None


@dataclass(frozen=True)
class NationalStatement:
    """What one national body tells in FCID JSON, on `told_on` (`YYYY-MM-DD`; None: not told).

    `digest` names the file, so that the same file again replaces it.
    """

    digest: str
    body: str
    oin: str | None
    told_on: str | None
    claims: tuple[NationalClaim, ...]
    subject: Subject = 0

    @property
    def outstanding(self) -> int:
        """Cents of all balances above zero; credit is never netted."""
        return sum(max(claim.outstanding, 0) for claim in self.claims)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        claims = tuple(NationalClaim(**claim) for claim in kept["claims"])
        return cls(**{**kept, "claims": claims})

    def to_json(self) -> dict[str, Any]:
        """The form that is kept in the database."""
        return asdict(self)


@dataclass(frozen=True)
class Beside:
    """All of it for one case. `ticked` are codes of `usual.CODES` that were asked after."""

    by_hand: tuple[HandDebt, ...] = ()
    national: tuple[NationalStatement, ...] = ()
    ticked: frozenset[str] = frozenset()

    def of(self, subject: int) -> Self:
        """What is of one person, who is then the only one."""
        return replace(
            self, by_hand=_of(self.by_hand, subject), national=_of(self.national, subject)
        )


NOTHING: Final = Beside()


def _of(kept: Iterable[Any], subject: int) -> tuple[Any, ...]:
    return tuple(replace(each, subject=0) for each in kept if each.subject in {subject, None})
