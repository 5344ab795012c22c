"""Folded debts as understood rows: judged as strictly as the rows of a table are."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from issuer.debts import codes, notation
from issuer.debts.dialect import Dialect
from issuer.debts.folding import EventsRefusedError, Folded
from issuer.debts.notation import CellRefusedError
from issuer.debts.rows import RowRefusedError, Understood, understood

_Judge = Callable[[Any], Any]
_CODES: Final[Mapping[str, Sequence[str]]] = {
    "transfer": codes.TRANSFERS,
    "handler_role": codes.HANDLERS,
    "liability": codes.LIABILITIES,
}


def rules_of(dialect: Dialect) -> dict[str, str | None]:
    """By the word of each kind, the rule that says what a payment pays: for `fold`."""
    return {word: kind.allocation for word, kind in dialect.kinds.words.items()}


def check_balance(folded: Sequence[Folded], stated_cents: int) -> None:
    """Hold what a source states of a case against its events; EventsRefusedError."""
    if sum(each.balance_cents for each in folded) != stated_cents:
        raise EventsRefusedError("event_balance", "")


def row_of(folded: Folded, bsn: str, dialect: Dialect) -> Understood:
    """One debt of `bsn` (which was judged) as a row. RowRefusedError, as rows of a table give."""
    kind = dialect.kinds.words.get(folded.kind)
    if kind is None:
        raise RowRefusedError("kind_unknown")
    content = {name: _judged(name, value) for name, value in folded.content.items()}
    content = {name: value for name, value in content.items() if value is not None}
    _check_amounts(content, dialect)
    _check_dates(content, dialect.dates.earliest)
    if ("creditor_oin" in content) != ("creditor_name" in content):
        raise RowRefusedError("creditor")
    return understood({"kind": folded.kind, **content}, bsn, kind.category)


def _judged(name: str, value: Any) -> Any:
    """`value` where it is what a debt may have under this name."""
    try:
        if isinstance(value, dict):
            return {inner: _judged(inner, each) for inner, each in value.items()}
        if not isinstance(value, str):
            return value
        return _JUDGES.get(name, _judge_text(name))(value)
    except CellRefusedError as error:
        raise RowRefusedError(error.code) from None


def _judge_text(name: str) -> _Judge:
    if name in _CODES:
        return partial(_code, _CODES[name])
    return _day if name.endswith(("_on", "_since", "_until")) else notation.optional_text


def _code(known: Sequence[str], value: str) -> str:
    if value not in known:
        raise CellRefusedError("word_unknown")
    return value


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise CellRefusedError("date_notation") from None


def _number(value: str) -> str:
    number = notation.reference(value)
    if number is None:
        raise CellRefusedError("number_missing")
    return number


_JUDGES: Final[Mapping[str, _Judge]] = {
    "case_number": _number,
    "debt_number": _number,
    "decision_number": notation.reference,
    "original_number": notation.reference,
    "handler_file_number": notation.reference,
    "payment_reference": notation.reference,
    "creditor_oin": notation.oin,
    "collector_oin": notation.oin,
    "iban": notation.iban,
}


def _check_amounts(content: Mapping[str, Any], dialect: Dialect) -> None:
    """A balance below zero follows from the events: it is a credit and no misread sign."""
    largest = dialect.amounts.maximum_euros * 100
    amounts = [value for name, value in content.items() if name.endswith("_cents")]
    if any(abs(cents) > largest for cents in amounts):
        raise RowRefusedError("amount_range")


def _check_dates(content: Mapping[str, Any], earliest: date) -> None:
    """ISO texts compare as dates do."""
    imposed, due = content["imposed_on"], content.get("due_on")
    if imposed < earliest.isoformat():
        raise RowRefusedError("date_range")
    if due is not None and due < imposed:
        raise RowRefusedError("date_order")
