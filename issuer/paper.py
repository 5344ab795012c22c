"""What the QR of a printed document says: the figures on it, signed; no name and no BSN.

A compact JWS in an address of the issuer, so that any camera opens the page that compares. Its
payload has names of one letter, since every letter makes the modules of the code smaller.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from vckit import jose, strict_json
from vckit.errors import KitError, MalformedValueError, VerificationError
from vckit.keys import ES256, PublicKey
from vckit.signers import Signer

PATH: Final = "/papier/"
TYP: Final = "blauweknop-papier+jwt"
# What a code on paper holds; a longer text is none of ours.
MAXIMUM_LENGTH: Final = 1_024
_LIMITS: Final = strict_json.Limits(depth=2, members=16, string=64)
_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")
_URN: Final = "urn:uuid:"
_COMPLETENESS: Final = frozenset({"volledig", "gedeeltelijk", "geen_vorderingen"})


class ForeignPaperError(KitError):
    """No key of ours signed this text."""


@dataclass(frozen=True, kw_only=True)
class PaperSummary:
    """The figures of one document, as they stand on its first page.

    `reference` is its opgave_kenmerk, days are `YYYY-MM-DD` in Amsterdam, amounts cents; with
    `is_minimal` not every due amount is known. What is disputed is in `outstanding_cents` and not
    in `due_cents`.
    """

    reference: str
    reference_date: str
    count: int
    outstanding_cents: int
    due_cents: int
    completeness: str
    issued_on: str
    credit_cents: int = 0
    is_minimal: bool = False

    @classmethod
    def of(cls, terms: Mapping[str, Any], made_at: int) -> Self:
        """The summary of a statement (wire.md, rich form), made at `made_at` (epoch seconds)."""
        agreed = [debt for debt in terms["vorderingen"] if not is_disputed(debt)]
        return cls(
            reference=terms["opgave_kenmerk"],
            reference_date=_day(datetime.fromisoformat(terms["peildatum"])),
            count=terms["aantal_vorderingen"],
            outstanding_cents=terms["totaal_openstaand"],
            due_cents=sum(debt.get("opeisbaar_bedrag", 0) for debt in agreed),
            completeness=terms["volledigheid"],
            issued_on=_day(datetime.fromtimestamp(made_at, UTC)),
            credit_cents=terms["totaal_tegoed"],
            is_minimal=any("opeisbaar_bedrag" not in debt for debt in agreed),
        )


def is_disputed(debt: Mapping[str, Any]) -> bool:
    """Whether the resident does not agree with it: not due now, and counted apart."""
    flags: Sequence[str] = debt.get("markeringen", ())
    return "betwist" in flags


def sign(summary: PaperSummary, signer: Signer) -> str:
    """The compact JWS of a summary; its `kid` is the thumbprint of the signer's key (ES256)."""
    header = {"typ": TYP, "kid": signer.public_key.thumbprint()}
    return jose.sign(header, _payload(summary), signer)


def read(text: str, keys: Collection[PublicKey]) -> PaperSummary:
    """The summary in `text` that one of `keys` signed; ForeignPaperError for everything else."""
    if len(text) > MAXIMUM_LENGTH:
        raise ForeignPaperError("this is longer than any paper of ours")
    try:
        unverified = jose.parse(text)
        key = _named(unverified.header, keys)
        payload = jose.verify(unverified, key, typ=TYP, algorithms=[ES256]).claims(_LIMITS)
        return _summary(payload)
    except VerificationError:
        raise ForeignPaperError("no key of ours signed this paper") from None


def _named(header: Mapping[str, Any], keys: Collection[PublicKey]) -> PublicKey:
    for key in keys:
        if header.get("kid") == key.thumbprint():
            return key
    raise ForeignPaperError("the paper names no key of ours")


def _payload(summary: PaperSummary) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "k": summary.reference.removeprefix(_URN),
        "d": summary.reference_date,
        "n": summary.count,
        "s": summary.outstanding_cents,
        "o": summary.due_cents,
        "v": summary.completeness,
        "i": summary.issued_on,
    }
    if summary.credit_cents:
        payload["c"] = summary.credit_cents
    if summary.is_minimal:
        payload["m"] = True
    return payload


def _summary(payload: Mapping[str, Any]) -> PaperSummary:
    match payload:
        case {"k": str(reference), "d": str(day), "v": str(completeness), "i": str(issued), **rest}:
            summary = PaperSummary(
                reference=f"{_URN}{reference}",
                reference_date=day,
                completeness=completeness,
                issued_on=issued,
                count=_amount(rest, "n"),
                outstanding_cents=_amount(rest, "s"),
                due_cents=_amount(rest, "o"),
                credit_cents=_amount(rest, "c", 0),
                is_minimal=rest.get("m") is True,
            )
            _check(summary, payload)
            return summary
    raise MalformedValueError("the paper lacks a figure")


def _amount(payload: Mapping[str, Any], name: str, otherwise: object = None) -> int:
    value = payload.get(name, otherwise)
    if type(value) is not int or value < 0:
        raise MalformedValueError("a figure of the paper is no amount")
    return value


def _check(summary: PaperSummary, payload: Mapping[str, Any]) -> None:
    """What we sign reads back as the very same members."""
    try:
        for day in (summary.reference_date, summary.issued_on):
            date.fromisoformat(day)
        known = UUID(summary.reference).urn == summary.reference
    except ValueError:
        raise MalformedValueError("the paper has no day or no reference") from None
    if not known or summary.completeness not in _COMPLETENESS or _payload(summary) != payload:
        raise MalformedValueError("the paper says something that ours do not say")


def _day(moment: datetime) -> str:
    return moment.astimezone(_CALENDAR).date().isoformat()
