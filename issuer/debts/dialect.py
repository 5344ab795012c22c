"""A dialect: the declaration, in TOML, of how one administration writes its debts.

Nothing is guessed: what a dialect does not declare is refused. Every key is described in
docs/municipality.md, and a test holds that page complete.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Self

from pydantic import model_validator

from issuer.debts.sections import (
    DATE_COLUMNS,
    Amounts,
    Answers,
    Balance,
    Bsn,
    Columns,
    Creditor,
    Dates,
    Exclusion,
    Flags,
    Handler,
    Kinds,
    Movements,
    Numbers,
    Plan,
    Stages,
    YesNo,
    in_columns,
)
from issuer.debts.shapes import OWN, File, Rest
from vckit.adapters.settings import Section, load

_IN_COLUMNS: Final = (
    "columns",
    "stages",
    "flags",
    "answers",
    "handler",
    "plan",
    "movements",
    "exclusions",
)
_OF_EVENTS: Final = {
    "bsn": "bsn",
    "case_number": "zaakkenmerk",
    "debt_number": "vordering_kenmerk",
    "kind": "type",
    "principal": "bedrag",
}


class Dialect(Section):
    """One file's declaration; `digest` (hex) tells whether it changed."""

    file: File
    rest: Rest | None = None
    columns: Columns
    bsn: Bsn = Bsn()
    numbers: Numbers = Numbers()
    amounts: Amounts
    balance: Balance
    dates: Dates = Dates()
    kinds: Kinds
    stages: Stages = Stages()
    flags: Flags = Flags()
    answers: Answers = Answers()
    handler: Handler | None = None
    creditor: Creditor | None = None
    plan: Plan | None = None
    movements: Movements | None = None
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 in hex over everything that is declared."""
        return sha256(self.model_dump_json().encode()).hexdigest()

    def used_columns(self) -> tuple[str, ...]:
        """Every column that the dialect reads, once, in the order of the declaration."""
        return tuple(dict.fromkeys(self._mentioned()))

    def _mentioned(self) -> Iterator[str]:
        for name in Columns.model_fields:
            yield from in_columns(getattr(self.columns, name))
        for section in (self.flags, self.answers):
            for name in type(section).model_fields:
                answer: YesNo | None = getattr(section, name)
                if answer is not None:
                    yield answer.column
        for exclusion in self.exclusions:
            yield exclusion.column

    @model_validator(mode="before")
    @classmethod
    def _events_need_no_columns(cls, given: Any) -> Any:
        """A source that keeps events tells by them what others tell in columns, in cents."""
        match given:
            case {"file": {"kind": "fcid"}}:
                pass
            case {"file": {"kind": str(kind)}} if kind.startswith(OWN) and "columns" not in given:
                pass
            case _:
                return given
        told = [name for name in _IN_COLUMNS if name in given]
        if told:
            raise ValueError(f"{', '.join(told)} belongs to sources with columns, not with events")
        amounts = {"unit": "cent", **given.get("amounts", {})}
        balance = {"rule": "computed", **given.get("balance", {})}
        return {**given, "columns": _OF_EVENTS, "amounts": amounts, "balance": balance}

    @model_validator(mode="after")
    def _kinds_and_stages_are_told(self) -> Self:
        if (self.columns.kind is None) == (self.kinds.fixed is None):
            raise ValueError("either columns.kind or kinds.fixed must be given")
        if self.kinds.fixed is not None and self.kinds.fixed not in self.kinds.words:
            raise ValueError("kinds.fixed is not among kinds.words")
        if (self.columns.stage is None) != (not self.stages.words):
            raise ValueError("columns.stage and stages.words need each other")
        if self.columns.stage is not None and self.stages.fixed is not None:
            raise ValueError("either columns.stage or stages.fixed can be given")
        return self

    @model_validator(mode="after")
    def _balance_has_what_it_needs(self) -> Self:
        has_balance = self.columns.balance is not None
        if has_balance != (self.balance.rule != "computed"):
            raise ValueError("columns.balance is needed, unless balance.rule is computed")
        if self.columns.principal is None and self.balance.rule != "stated":
            raise ValueError("columns.principal is needed, unless balance.rule is stated")
        return self

    @model_validator(mode="after")
    def _notations_are_told(self) -> Self:
        if self.file.kind == "csv" and self.amounts.unit == "euro" and not self.amounts.decimal:
            raise ValueError("amounts.decimal is needed for text files")
        has_dates = any(getattr(self.columns, name) for name in DATE_COLUMNS)
        if has_dates and self.file.kind in {"csv", "sql", "rest"} and self.dates.notation is None:
            raise ValueError("dates.notation is needed, unless the file is a workbook")
        if self.movements is not None and self.file.kind not in {"sql", "database"}:
            raise ValueError("movements belong to files of kind sql or database")
        return self

    @model_validator(mode="after")
    def _pages_are_told(self) -> Self:
        if self.rest is None and self.file.kind == "rest":
            raise ValueError("rest is needed for sources of kind rest")
        if self.rest is not None and (self.file.is_file or self.file.kind == "database"):
            raise ValueError("rest belongs to sources of kind rest or fcid")
        return self

    @model_validator(mode="after")
    def _parts_belong_together(self) -> Self:
        if (self.columns.handler_name is None) != (self.handler is None):
            raise ValueError("columns.handler_name and handler need each other")
        if (self.columns.creditor_oin is None) != (self.columns.creditor_name is None):
            raise ValueError("columns.creditor_oin and columns.creditor_name need each other")
        if set(self.used_columns()) & set(self.file.ignored_columns):
            raise ValueError("a column is both used and ignored")
        return self


def load_dialect(path: Path) -> Dialect:
    """Read the dialect of `path`; ConfigurationError names every key that is wrong."""
    return load(path, Dialect, what="the dialect")
