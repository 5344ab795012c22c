"""Movements: costs, payments and corrections that a database keeps apart from its debts."""

from collections.abc import Iterable
from typing import Any

from issuer.debts import notation
from issuer.debts.amounts import amount_reader
from issuer.debts.notation import CellRefusedError
from issuer.debts.sections import Amounts
from issuer.debts.sections import Movements as Declared


def folded(
    movements: Iterable[tuple[Any, Any, Any]], declared: Declared | None, amounts: Amounts
) -> dict[str, dict[str, int] | None]:
    """Cents for every part of a debt, by its number; None where one movement is not understood.

    The order of the movements makes no difference.
    """
    if declared is None:
        return {}
    read_amount = amount_reader(amounts)
    read_kind = notation.word_reader(declared.kinds, "movement")
    found: dict[str, dict[str, int] | None] = {}
    for number, kind, amount in movements:
        key = _number(number)
        parts = found.setdefault(key, {})
        if parts is None:
            continue
        try:
            part, cents = read_kind(kind), read_amount(amount)
        except CellRefusedError:
            found[key] = None
            continue
        name = part.removeprefix("-")
        parts[name] = parts.get(name, 0) + (cents if name == part else -cents)
    return found


def _number(cell: Any) -> str:
    """A number that cannot be read belongs to no debt and is counted as unmatched."""
    try:
        return notation.text(cell)
    except CellRefusedError:
        return ""
