"""FCID JSON of national bodies (Financial Claims Information Document, vorijk.nl), read strictly.

Versions 3 and 4; of those only what is published and we show. The file carries no proof of whom
it is about or who made it: whatever it tells stays *niet gecontroleerd*. A BSN in it is not kept.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final

from vckit import strict_json
from vckit.encoding import b64url_encode
from vckit.errors import KitError, ParsingError
from verifier.beside import NationalClaim, NationalStatement, Subject
from verifier.findings import CALENDAR

TYPE: Final = "FINANCIAL_CLAIMS_INFORMATION_DOCUMENT"
MAX_BYTES: Final = 2 * 1024 * 1024
MAX_CASES: Final = 500
# More than anybody owes: what is larger is a mistake, such as an amount that was no cents.
MAX_CENTS: Final = 100_000_000_00
_LIMITS: Final = strict_json.Limits(members=100_000, string=8_192)
_VERSION: Final = re.compile(r"v?([0-9]{1,2})(\.[0-9]{1,3}){0,2}")
_VERSIONS: Final = frozenset({"3", "4"})
_OIN: Final = re.compile(r"[0-9]{20}")
_KIND: Final = re.compile(r"[a-z0-9_]{1,60}")
_TEXT: Final = 500
# By how many seconds the clock of another may be ahead of ours.
_LEEWAY: Final = 300
_OBLIGATION: Final = "FinancieleVerplichtingOpgelegd"
_DEMAND: Final = "BetalingsverplichtingOpgelegd"
# By which names the sums of a case go in versions 4 and 3.
_SUMS: Final = (
    ("totaal_financieel_verplicht", "totaal_financieel_vereffend"),
    ("totaal_opgelegd", "totaal_reeds_betaald"),
)
# A kind begins with the short name of its body (vorijk.nl, "Identificatie typen").
BODIES: Final = {
    "bd": "Belastingdienst",
    "tsl": "Dienst Toeslagen",
    "cak": "CAK",
    "cjib": "CJIB",
    "duo": "DUO",
    "rvo": "RVO",
    "svb": "SVB",
    "uwv": "UWV",
}

# Why a file is refused, and the HTTP status for it.
STATUSES: Final[Mapping[str, int]] = {
    "too_large": 413,
    "not_json": 415,
    "not_fcid": 422,
    "version": 422,
    "contents": 422,
    "sums": 422,
    "future": 422,
}


class FcidError(KitError):
    """A file that is refused: `reason` is one of STATUSES, and `status` goes with it."""

    def __init__(self, reason: str) -> None:
        super().__init__("the file of a national body is refused")
        self.status = STATUSES[reason]
        self.reason = reason


def read(data: bytes, *, now: int, subject: Subject = 0) -> NationalStatement:
    """What one file tells; anything that can be read in two ways raises FcidError.

    `now` is epoch seconds: what is told of a later moment is refused.
    """
    body = _body(data)
    supplier = _matching(body.get("aangeleverd_door"), _OIN)
    told_on = _moment(body.get("document_datumtijd"))
    cases = [_case(each, supplier) for each in _list(body.get("financiele_zaken"), MAX_CASES)]
    dates = [told_on, *(at for _, at in cases if at is not None)]
    if any(moment.timestamp() > now + _LEEWAY for moment in dates):
        raise FcidError("future")
    claims = tuple(claim for claim, _ in cases)
    return NationalStatement(
        digest=b64url_encode(sha256(data).digest()),
        body=_name(supplier, claims),
        oin=supplier,
        told_on=min(moment.astimezone(CALENDAR).date() for moment in dates).isoformat(),
        claims=claims,
        subject=subject,
    )


def _body(data: bytes) -> Mapping[str, Any]:
    if len(data) > MAX_BYTES:
        raise FcidError("too_large")
    try:
        document = strict_json.loads(data, _LIMITS)
    except ParsingError:
        raise FcidError("not_json") from None
    match document:
        case {"type": str(kind), "version": str(version), "body": dict(body)} if kind == TYPE:
            numbers = _VERSION.fullmatch(version)
            if numbers is None or numbers[1] not in _VERSIONS:
                raise FcidError("version")
            return body
    raise FcidError("not_fcid")


def _case(case: Any, supplier: str) -> tuple[NationalClaim, datetime | None]:
    """One financiele_zaak, and the moment that its balance is of."""
    if not isinstance(case, dict):
        raise FcidError("contents")
    events = list(_events(case.get("gebeurtenissen", [])))
    first = _primary(events)
    demand = _newest_demand(events)
    kind = _optional(first.get("type"), _KIND)
    creditor_oin = _optional(first.get("opgelegd_door"), _OIN)
    claim = NationalClaim(
        case_number=_text(case.get("zaakkenmerk")),
        creditor=BODIES.get((kind or "").partition("_")[0]) or f"OIN {creditor_oin or supplier}",
        outstanding=_balance(case),
        creditor_oin=creditor_oin,
        reference=_maybe(demand.get("betalingskenmerk")),
        kind=kind,
        description=_maybe(first.get("omschrijving")),
        due_on=_due(demand),
    )
    at = case.get("saldo_datumtijd")
    return claim, _moment(at) if at is not None else None


def _balance(case: Mapping[str, Any]) -> int:
    """The balance as told, which must be what its two sums leave, where they are told."""
    saldo = case.get("saldo")
    told = None if saldo is None else _cents(saldo)
    for obliged, settled in _SUMS:
        if obliged in case and settled in case:
            left = _cents(case[obliged]) - _cents(case[settled])
            if told not in {None, left}:
                raise FcidError("sums")
            return left
    if told is None:
        raise FcidError("contents")
    return told


def _events(events: Any) -> Iterator[Mapping[str, Any]]:
    seen: set[str] = set()
    for event in _list(events, MAX_CASES):
        if not isinstance(event, dict):
            raise FcidError("contents")
        number = _text(event.get("gebeurtenis_kenmerk"))
        _text(event.get("gebeurtenis_type"))
        if number not in seen:  # an event told twice is one event
            yield event
        seen.add(number)


def _primary(events: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """What the case is about: its primary obligation, else the first that is told."""
    imposed = [each for each in events if each["gebeurtenis_type"] == _OBLIGATION]
    primary = (each for each in imposed if each.get("primaire_verplichting") is True)
    return next(primary, imposed[0] if imposed else {})


def _newest_demand(events: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    demands = [each for each in events if each["gebeurtenis_type"] == _DEMAND]
    return max(demands, key=lambda each: _moment(each.get("datumtijd_opgelegd")), default={})


def _due(demand: Mapping[str, Any]) -> str | None:
    told = demand.get("vervaldatum")
    if told is None:
        return None
    try:
        return date.fromisoformat(_text(told)).isoformat()
    except ValueError:
        return _moment(told).astimezone(CALENDAR).date().isoformat()


def _name(supplier: str, claims: Sequence[NationalClaim]) -> str:
    names = {claim.creditor for claim in claims}
    return names.pop() if len(names) == 1 else f"OIN {supplier}"


def _list(value: Any, most: int) -> Sequence[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise FcidError("contents")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _TEXT:
        raise FcidError("contents")
    return value


def _maybe(value: Any) -> str | None:
    return None if value is None else _text(value)


def _matching(value: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise FcidError("contents")
    return value


def _optional(value: Any, pattern: re.Pattern[str]) -> str | None:
    return None if value is None else _matching(value, pattern)


def _cents(value: Any) -> int:
    """Whole cents: a fraction or a text would be an amount that was not understood."""
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MAX_CENTS:
        raise FcidError("contents")
    return value


def _moment(value: Any) -> datetime:
    """An RFC 3339 time, which always says its zone."""
    try:
        moment = datetime.fromisoformat(_text(value))
        moment.astimezone(CALENDAR)
    except (ValueError, OverflowError):
        raise FcidError("contents") from None
    if moment.tzinfo is None:
        raise FcidError("contents")
    return moment
