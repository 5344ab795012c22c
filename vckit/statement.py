"""The Schuldenopgave (debt statement): what issuer, verifier and wallet must compute alike.

Statements and debts are here plain JSON objects with the Dutch terms of the schema
`schemas/schuldenopgave/1`, the same in every credential format. Amounts are integer euro cents,
times RFC 3339 in UTC with `Z`, dates `YYYY-MM-DD`.
"""

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any, Final
from zoneinfo import ZoneInfo

from vckit import jcs, json_schema
from vckit.encoding import sha256_b64url

Path = tuple[str | int, ...]
Debt = Mapping[str, Any]

TYPE: Final = "schuldenopgave"
SCHEMA: Final = "schemas/schuldenopgave/1"
PERSON_TERMS: Final = ("geslachtsnaam", "voornamen", "geboortedatum", "bsn")
# What a debt may hide on its own. The amounts never: invariant 1 must stay checkable.
SENSITIVE_DEBT_TERMS: Final = (
    "inlichtingenplicht",
    "juridische_grondslag_omschrijving",
    "juridische_grondslag_bron",
    "betaalwijze",
    "iban",
    "tenaamstelling",
    "betalingskenmerk",
)
COST_TERMS: Final = ("kosten_aanmaning", "kosten_dwangbevel", "kosten_overig")
DUE_TERMS: Final = ("opeisbaar_bedrag", "achterstand_bedrag")
_ADDED: Final = ("hoofdsom", *COST_TERMS, "rente", "gecorrigeerd")
_SETTLED: Final = ("betaald", "kwijtgescholden")
_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")


@dataclass(frozen=True)
class Breach:
    """An invariant of a correctly signed statement that does not hold: a warning, never repaired.

    `debt` is the key of the debt it is about; `missing` a number of debts; `amount` cents.
    """

    reason: str
    debt: tuple[str, str, str, str] | None = None
    missing: int | None = None
    amount: int | None = None


def validate(terms: Mapping[str, Any]) -> None:
    """Raise MalformedValueError, naming the place, where `terms` are no statement."""
    json_schema.validate(terms, SCHEMA)


def debt_key(debt: Debt) -> tuple[str, str, str, str]:
    """Creditor OIN, zaakkenmerk, vordering_kenmerk, categorie: equal keys are the same debt."""
    return (
        debt["schuldeiser"]["oin"],
        debt["zaakkenmerk"],
        debt["vordering_kenmerk"],
        debt["categorie"],
    )


def comparable_name(name: str) -> str:
    """Equal for what is the same name: NFC, case folded (wire.md "Organisations, keys, holders").

    Folding can take a name out of NFC (Unicode 3.13, canonical caseless matching).
    """
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).strip().casefold())


def debt_digest(debt: Debt) -> str:
    """The entry of `vordering_digests` for this debt: base64url SHA-256 over six members in JCS."""
    oin, case, reference, category = debt_key(debt)
    digested = {
        "categorie": category,
        "saldo": debt["saldo"],
        "schuldeiser_oin": oin,
        "vordering_kenmerk": reference,
        "zaakkenmerk": case,
        "zout": debt["zout"],
    }
    return sha256_b64url(jcs.canonicalize(digested))


def totals(debts: Sequence[Debt]) -> dict[str, int]:
    """The count and sums (cents) of a statement; `totalen_minimaal` where an amount is unknown.

    Verplicht minus vereffend equals openstaand minus tegoed, whatever parts a source tells.
    """
    settled = sum(_sum(debt, _SETTLED) for debt in debts)
    sums = {
        "aantal_vorderingen": len(debts),
        "totaal_financieel_verplicht": sum(debt["saldo"] for debt in debts) + settled,
        "totaal_financieel_vereffend": settled,
        "totaal_openstaand": outstanding(debts),
        "totaal_opeisbaar": sum(debt.get("opeisbaar_bedrag", 0) for debt in debts),
        "totaal_achterstand": sum(debt.get("achterstand_bedrag", 0) for debt in debts),
        "totaal_tegoed": credit(debts),
    }
    if any(term not in debt for debt in debts for term in DUE_TERMS):
        sums["totalen_minimaal"] = True
    return sums


def outstanding(debts: Sequence[Debt]) -> int:
    """Cents of all balances above zero; credit is never netted."""
    return sum(max(debt["saldo"], 0) for debt in debts)


def credit(debts: Sequence[Debt]) -> int:
    """Cents of all balances below zero, as a positive number."""
    return sum(max(-debt["saldo"], 0) for debt in debts)


def disclosable_paths(terms: Mapping[str, Any]) -> list[Path]:
    """What a holder may withhold: person terms, whole debts, and the sensitive terms of a debt."""
    person: list[Path] = [(term,) for term in PERSON_TERMS if term in terms]
    return [*person, *chain.from_iterable(map(_debt_paths, *_enumerated(terms["vorderingen"])))]


def breaches(terms: Mapping[str, Any], *, issued_at: int, now: int) -> list[Breach]:
    """Every invariant of domain.md and of completeness that valid `terms` do not keep.

    Of the seventh, folding, a statement shows no more than a debt that is stated with two balances.

    `issued_at` and `now` are epoch seconds. Empty means consistent and, of what was stated,
    nothing withheld.
    """
    stated, others = _met(terms["vordering_digests"], terms["vorderingen"])
    return [
        *_completeness_breaches(terms),
        *others,
        *total_breaches(terms, stated),
        *chain.from_iterable(map(_debt_breaches, terms["vorderingen"])),
        *_folding_breaches(stated),
        *_time_breaches(terms["peildatum"], issued_at, now),
    ]


def total_breaches(terms: Mapping[str, Any], stated: Sequence[Debt]) -> Iterator[Breach]:
    """Invariants 2 and 3: count and sums, as far as what is presented lets them be checked.

    `stated` are the presented debts of which the digest is in the statement.
    """
    count = terms["aantal_vorderingen"]
    if count != len(terms["vordering_digests"]):
        yield Breach("count")
    if len(stated) < count:
        withheld = terms["totaal_openstaand"] - outstanding(stated)
        yield Breach("claims_withheld", missing=count - len(stated), amount=withheld)
        return
    for name, value in totals(stated).items():
        if name != "aantal_vorderingen" and terms.get(name) != value:
            yield Breach(name, amount=value)


def _enumerated(debts: Sequence[Debt]) -> tuple[range, Sequence[Debt]]:
    return range(len(debts)), debts


def _debt_paths(index: int, debt: Debt) -> Iterator[Path]:
    yield ("vorderingen", index)
    for term in SENSITIVE_DEBT_TERMS:
        if term in debt:
            yield ("vorderingen", index, term)


def _sum(debt: Debt, names: Collection[str]) -> int:
    return sum(debt.get(name, 0) for name in names)


def _completeness_breaches(terms: Mapping[str, Any]) -> Iterator[Breach]:
    """Partial exactly when a source is not ok; "no debts" exactly when all are and count is 0."""
    all_sources_answered = all(source["status"] == "ok" for source in terms["bronnen"])
    nothing = terms["aantal_vorderingen"] == 0
    expected = "geen_vorderingen" if nothing else "volledig"
    if terms["volledigheid"] != (expected if all_sources_answered else "gedeeltelijk"):
        yield Breach("completeness")


def _met(digests: Sequence[str], debts: Sequence[Debt]) -> tuple[list[Debt], list[Breach]]:
    """Invariant 3: the presented debts that were stated, each once, and a breach for all others."""
    unmet, stated, others = list(digests), [], []
    for debt in debts:
        digest = debt_digest(debt)
        if digest in unmet:
            unmet.remove(digest)
            stated.append(debt)
        else:
            reason = "debt_repeated" if digest in digests else "debt_not_stated"
            others.append(Breach(reason, debt_key(debt)))
    return stated, others


def _debt_breaches(debt: Debt) -> Iterator[Breach]:
    for reason, holds in _DEBT_RULES.items():
        if not holds(debt):
            yield Breach(reason, debt_key(debt))


def _folding_breaches(debts: Sequence[Debt]) -> Iterator[Breach]:
    """Invariant 7: whatever the order of its events, a debt has one balance."""
    balances: dict[tuple[str, str, str, str], set[int]] = {}
    for debt in debts:
        balances.setdefault(debt_key(debt), set()).add(debt["saldo"])
    for key, different in balances.items():
        if len(different) > 1:
            yield Breach("balances_differ", key)


def _balance_adds_up(debt: Debt) -> bool:
    """Invariant 1, where the parts are known."""
    parts = {*_ADDED, *_SETTLED}
    if "hoofdsom" not in debt or parts.intersection(debt.get("niet_bekend", ())):
        return True
    return bool(debt["saldo"] == _sum(debt, _ADDED) - _sum(debt, _SETTLED))


def _due_within_balance(debt: Debt) -> bool:
    """Invariant 4, first half."""
    return bool(debt.get("opeisbaar_bedrag", 0) <= max(debt["saldo"], 0))


def _arrears_within_due(debt: Debt) -> bool:
    """Invariant 4, second half."""
    if any(term not in debt for term in DUE_TERMS):
        return True
    return bool(debt["achterstand_bedrag"] <= debt["opeisbaar_bedrag"])


def _plan_keeps_rest_undue(debt: Debt) -> bool:
    """Invariant 5: under a running plan or deferral only instalments are due, not the balance."""
    if any(term not in debt for term in DUE_TERMS) or not _is_deferred(debt):
        return True
    instalment = debt.get("betalingsregeling", {}).get("bedrag_per_termijn", 0)
    return bool(debt["opeisbaar_bedrag"] <= debt["achterstand_bedrag"] + instalment)


def _is_deferred(debt: Debt) -> bool:
    plan = debt.get("betalingsregeling")
    if plan is not None and ("vervallen_sinds" in plan or plan.get("nagekomen") is False):
        return False
    deferred = debt.get("fase") in {"betalingsregeling", "uitstel"}
    return plan is not None or deferred or "uitstel" in debt.get("markeringen", ())


def _due_after_imposed(debt: Debt) -> bool:
    """Invariant 6, second half. ISO dates compare as text."""
    if not {"vervaldatum", "datum_opgelegd"} <= debt.keys():
        return True
    return bool(debt["vervaldatum"] >= debt["datum_opgelegd"])


_DEBT_RULES: Final = {
    "balance": _balance_adds_up,
    "due_exceeds_balance": _due_within_balance,
    "arrears_exceed_due": _arrears_within_due,
    "due_under_plan": _plan_keeps_rest_undue,
    "due_before_imposed": _due_after_imposed,
}


def _time_breaches(reference: str, issued_at: int, now: int) -> Iterator[Breach]:
    """Invariant 6, first half: as days of the Dutch calendar, not as moments."""
    issued = _day(issued_at)
    if datetime.fromisoformat(reference).astimezone(_CALENDAR).date() > issued:
        yield Breach("reference_date_after_issue")
    if issued > _day(now):
        yield Breach("issued_in_future")


def _day(moment: int) -> date:
    return datetime.fromtimestamp(moment, UTC).astimezone(_CALENDAR).date()
