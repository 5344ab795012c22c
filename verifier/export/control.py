"""The controlerapport: what was checked, when, against which scheme, sealed by the verifier.

As JSON it is a readable report and a JWS (RFC 7515) of the very same bytes, with the certificates
of the key in `x5c`. The file can be made from the JWS alone, so a change anywhere in it shows.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from vckit import jose, strict_json, x509
from vckit.errors import (
    CryptographicSecurityError,
    MalformedValueError,
    ParsingError,
    UntrustedIssuerError,
)
from vckit.signers import Signer
from vckit.trust import Organisation, Scheme
from vckit.x509 import Certificate
from verifier.export.content import Content
from verifier.findings import CALENDAR

KIND: Final = "controlerapport"
VERSION: Final = 1
TYP: Final = "blauweknop-controlerapport+jwt"
MEDIA_TYPE: Final = "application/json"
# What is checked of every statement; `pages` has the sentences.
CHECKS: Final = ("signature", "scheme", "status", "holder", "person", "sums", "age", "doubles")
# A case with thousands of debts, twice: as it is and as the JWS has it.
LIMITS: Final = strict_json.Limits(members=400_000, string=8 * 1024 * 1024)
_MEMBERS: Final = {"report", "jws"}


@dataclass(frozen=True)
class Reporter:
    """Who seals reports: `chain` belongs to `signer`, leaf first and without its root."""

    signer: Signer
    chain: Sequence[Certificate]
    scheme: Scheme


@dataclass(frozen=True)
class Figures:
    """What a report tells in short; amounts in cents."""

    made_at: datetime
    scheme_version: int
    complete: bool
    completeness: str
    oldest: date | None
    outstanding: int
    credit: int
    due: int
    debts: int
    credentials: tuple[str, ...]


@dataclass(frozen=True)
class ControlReport:
    """A report whose signature holds, whose it is by the scheme, and what it tells."""

    organisation: Organisation
    x5c: Sequence[str]
    figures: Figures


def report_of(content: Content, scheme: Scheme) -> dict[str, Any]:
    """The report before it is sealed; amounts in cents, times in RFC 3339."""
    return {
        "kind": KIND,
        "version": VERSION,
        "reference": content.reference,
        "made_at": content.made_text,
        "made_by": {"name": content.made_by.name, "oin": content.made_by.oin},
        "scheme": {"version": scheme.version, "operator": scheme.operator},
        "checks": list(CHECKS),
        "complete": content.complete,
        "completeness": content.completeness,
        "oldest_reference_date": content.oldest.isoformat() if content.oldest else None,
        "credentials": [
            {"group": group, **entry}
            for group, entries in content.report["groups"].items()
            for entry in entries
        ],
        "overview": dict(content.report),
    }


def sealed_json(content: Content, reporter: Reporter) -> bytes:
    """The report as a JSON file."""
    header = {"typ": TYP, "x5c": x509.to_x5c(reporter.chain)}
    payload = strict_json.dumps(report_of(content, reporter.scheme))
    return _file(payload, jose.sign(header, payload, reporter.signer))


def looks_like_one(content: bytes) -> bool:
    """Tell whether a file says to be a report; nothing in it is judged yet."""
    try:
        return set(strict_json.loads_object(content, LIMITS)) == _MEMBERS
    except ParsingError:
        return False


def verify_json(content: bytes, scheme: Scheme, now: int) -> ControlReport:
    """The report that a verifier of the scheme signed.

    Raises ParsingError, CryptographicSecurityError when anything in the file was changed,
    MalformedValueError, and UntrustedIssuerError for who may not sign reports.
    """
    members = strict_json.loads_object(content, LIMITS)
    if set(members) != _MEMBERS or not isinstance(members["jws"], str):
        raise ParsingError("This is no controlerapport.")
    unverified = jose.parse(members["jws"])
    x5c = unverified.header.get("x5c")
    chain = x509.parse_x5c(x5c)
    payload = jose.verify(unverified, x509.public_key(chain[0]), typ=TYP).payload
    if _file(payload, members["jws"]) != content:
        raise CryptographicSecurityError("The readable report is not the one that was signed.")
    organisation = scheme.verifier(chain, now)
    told = strict_json.loads_object(payload, LIMITS)
    _check_maker(told, organisation)
    return ControlReport(organisation, list(x5c or ()), _figures(told))


def _check_maker(told: Mapping[str, Any], organisation: Organisation) -> None:
    if (told.get("kind"), told.get("version")) != (KIND, VERSION):
        raise MalformedValueError("This is another kind of report.")
    match told.get("made_by"):
        case {"oin": str(oin)} if oin == organisation.oin:
            return
    raise UntrustedIssuerError("Another organisation signed than the report names.")


def _figures(told: Mapping[str, Any]) -> Figures:
    match told:
        case {
            "made_at": str(made_at),
            "scheme": {"version": int(scheme_version)},
            "complete": bool(complete),
            "completeness": str(completeness),
            "oldest_reference_date": None | str() as oldest,
            "credentials": list(credentials),
            "overview": {
                "totals": {"outstanding": int(total), "credit": int(credit), "due": int(due)},
                "debts": list(debts),
            },
        }:
            return Figures(
                made_at=_moment(made_at),
                scheme_version=scheme_version,
                complete=complete,
                completeness=completeness,
                oldest=_day(oldest),
                outstanding=total,
                credit=credit,
                due=due,
                debts=len(debts),
                credentials=tuple(map(_digest, credentials)),
            )
    raise MalformedValueError("The report lacks what every report tells.")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(CALENDAR)
    except (ValueError, OverflowError):
        raise MalformedValueError("The report does not say when it was made.") from None


def _day(text: str | None) -> date | None:
    return _moment(text).date() if text is not None else None


def _digest(credential: Any) -> str:
    match credential:
        case {"credential": str(digest)}:
            return digest
    raise MalformedValueError("A credential of the report has no digest.")


def _file(payload: bytes, jws: str) -> bytes:
    members = {"report": strict_json.loads_object(payload, LIMITS), "jws": jws}
    return (json.dumps(members, ensure_ascii=False, indent=1) + "\n").encode()
