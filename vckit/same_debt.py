"""When two statements tell of the same debt, and whose word counts then (domain.md case 2).

wire.md "Same key, same claim": creditor OIN, zaakkenmerk, vordering_kenmerk and categorie are
equal, or creditor OIN and vordering_kenmerk equal the other's oorspronkelijk_kenmerk. Nothing
weaker is the same.
"""

from vckit.statement import Debt, debt_key


def is_same_debt(debt: Debt, other: Debt) -> bool:
    """Tell whether strong keys prove that these are one debt."""
    return debt_key(debt) == debt_key(other) or refers(debt, other) or refers(other, debt)


def refers(debt: Debt, original: Debt) -> bool:
    """Tell whether `debt` names `original` as what it comes from."""
    reference = original_reference(debt)
    return bool(reference[1]) and reference == own_reference(original)


def own_reference(debt: Debt) -> tuple[str, str]:
    """Creditor OIN and vordering_kenmerk."""
    return debt["schuldeiser"]["oin"], debt["vordering_kenmerk"]


def original_reference(debt: Debt) -> tuple[str, str]:
    """Creditor OIN and oorspronkelijk_kenmerk, "" where it comes from no other."""
    return debt["schuldeiser"]["oin"], debt.get("oorspronkelijk_kenmerk", "")


def collector(debt: Debt) -> str:
    """The OIN of who collects it, "" where that is not told."""
    return str(debt.get("invorderaar", {}).get("oin", ""))


def handling(oin: str | None, debt: Debt, collectors: frozenset[str]) -> tuple[bool, bool, bool]:
    """How surely the organisation that states `debt` handles it: the highest leads.

    That is who calls itself the collector, else whom any statement of the same debt names so
    (`collectors`), else whoever is not the creditor.
    """
    return oin == collector(debt), oin in collectors, oin != debt["schuldeiser"]["oin"]
