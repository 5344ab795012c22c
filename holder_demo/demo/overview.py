"""The overview in the terminal, and whether two overviews say the same."""

from collections.abc import Mapping
from typing import Any

_COMPARED = ("claims", "outstanding", "credit", "completeness")
_HEADINGS = ("Organisatie", "Rekeningen", "Openstaand", "Tegoed", "Volledigheid")


def euro(cents: int) -> str:
    """Give an amount in the Dutch notation, as on the pages."""
    whole, rest = divmod(abs(cents), 100)
    thousands = f"{whole:,}".replace(",", ".")
    return f"€ {'-' if cents < 0 else ''}{thousands},{rest:02d}"


def table(overview: Mapping[str, Any]) -> list[str]:
    """Give the lines of a readable table: per organisation, then together."""
    rows = [_HEADINGS, *(_row(one) for one in overview["organisations"]), _together(overview)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = [_line(row, widths) for row in rows]
    rule = "-" * max(map(len, lines))
    return [lines[0], rule, *lines[1:-1], rule, lines[-1]]


def essence(overview: Mapping[str, Any]) -> dict[str, Any]:
    """Give what must be the same however the debts came in; amounts in cents."""
    stated = {
        one["name"]: {name: one[name] for name in _COMPARED} for one in overview["organisations"]
    }
    totals = {name: overview["totals"][name] for name in ("outstanding", "credit")}
    return {"organisations": stated, "totals": totals}


def verdict(overview: Mapping[str, Any]) -> str:
    """Give in one sentence whether everything is there."""
    if overview["complete"]:
        return "Compleet: elke organisatie gaf een volledige opgave."
    texts = [str(finding["text"]) for finding in overview["findings"]]
    return " ".join(["Niet bewezen compleet.", *texts])


def _row(organisation: Mapping[str, Any]) -> tuple[str, ...]:
    if organisation["claims"] is None:
        return (organisation["name"], "-", "-", "-", str(organisation["state"]))
    return (
        organisation["name"],
        str(organisation["claims"]),
        euro(organisation["outstanding"]),
        euro(organisation["credit"]),
        organisation["completeness"].replace("_", " "),
    )


def _together(overview: Mapping[str, Any]) -> tuple[str, ...]:
    totals = overview["totals"]
    claims = sum(one["claims"] or 0 for one in overview["organisations"])
    return ("Samen", str(claims), euro(totals["outstanding"]), euro(totals["credit"]), "")


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    name, *numbers, last = row
    middle = [number.rjust(width) for number, width in zip(numbers, widths[1:-1], strict=True)]
    return "   ".join([name.ljust(widths[0]), *middle, last]).rstrip()
