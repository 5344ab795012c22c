"""`check FILE`: what a file is, whether it holds, and why. Keeps nothing.

A report of a verifier is checked by its own seal, a credential of a wallet without its holder;
so is what the seal of a PDF covers.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from vckit.adapters.requests import RequestsFetcher
from vckit.errors import (
    CryptographicSecurityError,
    MalformedValueError,
    ParsingError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.network import Fetcher
from vckit.sealed_pdf import kinds
from vckit.sealed_pdf.opening import REPORT as REPORT_TYPE
from vckit.sealed_pdf.opening import Opened, RefusedFileError
from vckit.trust import Scheme, require_real
from verifier import upload
from verifier.config import Config
from verifier.documents import EvidenceRefusedError, judge_sealed
from verifier.export import control
from verifier.export.control import ControlReport
from verifier.findings import CALENDAR, Accepted, Evidence, Finding, Rejected
from verifier.foreign_file import ForeignFile
from verifier.held import open_held
from verifier.instruments import Instruments
from verifier.judging import Checks
from verifier.presentation import check_held
from verifier.status_book import Patience, RememberedList
from verifier.wording import DUTCH, disproof, refusal, rejection

if TYPE_CHECKING:
    from vckit.data_integrity.didkit_child import Child

PDF: Final = "gewaarmerkte pdf"
# By credential format.
CREDENTIALS: Final[Mapping[str, str]] = {
    "dc+sd-jwt": "schuldenopgave van een wallet (SD-JWT VC)",
    "ldp_vc": "schuldenopgave van een wallet (W3C, Data Integrity)",
    "jwt_vc_json": "schuldenopgave van een wallet (W3C 1.1, JWT)",
    "vc+jwt": "schuldenopgave van een wallet (W3C 2.0, JWT)",
}
UNKNOWN: Final = "onbekend bestand"
_NO_DOCUMENT: Final = "Dit is geen pdf en geen schuldenopgave."
REPORT: Final = "controlerapport"
SEALED_REPORT: Final = "controlerapport (gewaarmerkte pdf)"


@dataclass(frozen=True)
class Verdict:
    """`kind` is what the file is, `reason` why it does not hold (None: it does).

    `second` is a code of `second_opinion`, None where nobody else is asked; it changes nothing.
    """

    kind: str
    reason: str | None
    explanation: str
    evidence: Evidence | None = None
    second: str | None = None
    report: ControlReport | None = None
    opened: Opened | None = None

    @property
    def holds(self) -> bool:
        """Whether everything that can be checked of a file is in order."""
        return self.reason is None

    @property
    def lines(self) -> list[str]:
        """What the command prints."""
        said = [f"Soort:  {self.kind}", f"Klopt:  {'ja' if self.holds else 'nee'}"]
        said.append(f"Waarom: {self.explanation}")
        if self.second:
            from verifier import second_opinion  # noqa: PLC0415  see `_check_credential`

            said.append(second_opinion.SENTENCES[self.second])
        if self.report:
            return [*said, *_reported(self.report)]
        return [*said, *_figures(self.evidence), *self._sealed()] if self.evidence else said

    def _sealed(self) -> list[str]:
        """When the seal was put, and who says so."""
        if self.opened is None:
            return []
        stamped = self.opened.time_stamped_at
        if stamped is None:
            return [f"Zegel:  {_moment(self.opened.sealed_at)}"]
        return [f"Zegel:  {_moment(stamped)}, met tijdstempel"]

    def to_json(self) -> dict[str, Any]:
        """The same for scripts; amounts in cents."""
        said = {
            "kind": self.kind,
            "holds": self.holds,
            "reason": self.reason,
            "text": self.explanation,
            "second_opinion": self.second,
        }
        return {**said, **(_told(self.report) if self.report else self._stated())}

    def _stated(self) -> dict[str, Any]:
        terms = self.evidence.terms if self.evidence else {}
        return {
            "organisation": self.evidence.source.name if self.evidence else None,
            "reference_date": terms.get("peildatum"),
            "claims": terms.get("aantal_vorderingen"),
            "outstanding": terms.get("totaal_openstaand"),
            "credit": terms.get("totaal_tegoed"),
            "breaches": [each.reason for each in self.evidence.breaches] if self.evidence else [],
            "sealed_at": self.opened.sealed_at if self.opened else None,
            "time_stamped_at": self.opened.time_stamped_at if self.opened else None,
        }


class _Nothing:
    """A memory for status lists that begins empty and ends with the command."""

    def status_list(self, _uri: str) -> RememberedList | None:
        return None

    def remember_status_list(self, _uri: str, seen: RememberedList) -> RememberedList:
        return seen


def check_file(
    file: ForeignFile,
    config: Config,
    now: int,
    fetcher: Fetcher | None = None,
    child: "Child | None" = None,
) -> Verdict:
    """Judge one file against the scheme and its issuer's status lists.

    Without `fetcher` lists and DID documents are asked over the network; `child` gives the
    second opinion in the place of didkit's.
    """
    scheme = config.scheme.load(now)
    require_real(scheme, demo=config.demo)
    checks = _checks(config, scheme, now, fetcher)
    if file.kind == kinds.PDF:
        return _check_pdf(file, config, scheme, checks)
    if control.looks_like_one(file.content):
        return _check_report(file.content, scheme, now)
    return _check_credential(file, checks, child)


def _checks(config: Config, scheme: Scheme, now: int, fetcher: Fetcher | None) -> Checks:
    instruments = Instruments.prepare(
        config,
        lambda: scheme,
        memory=_Nothing(),
        patience=Patience(0, 0),
        fetcher=fetcher or RequestsFetcher(config.insecure_origins, config.trusted_certificates),
        stopwatch=time.monotonic,
    )
    return instruments.checks(None, now)


def _check_pdf(file: ForeignFile, config: Config, scheme: Scheme, checks: Checks) -> Verdict:
    try:
        opened = file.opened(config.time_stamp_certificates)
        if REPORT_TYPE in opened.attachments:
            return _check_sealed_report(opened, scheme, checks.now)
        sealed = upload.statement(opened, scheme=scheme, now=checks.now)
    except RefusedFileError as error:
        return Verdict("pdf", error.reason, refusal(error.reason, DUTCH))
    try:
        found = judge_sealed(sealed, checks).finding
    except EvidenceRefusedError as error:
        return Verdict(PDF, error.reason, disproof(error.reason, DUTCH))
    return replace(_verdict(PDF, found), opened=opened)


def _check_sealed_report(opened: Opened, scheme: Scheme, now: int) -> Verdict:
    """The attachment must hold by itself, and by the very key that sealed the pages around it."""
    if len(opened.attachments) != 1:
        return Verdict(SEALED_REPORT, upload.ATTACHMENT, refusal(upload.ATTACHMENT, DUTCH))
    verdict = _check_report(opened.attachments[REPORT_TYPE].encode(), scheme, now)
    if verdict.report and verdict.report.x5c[0] != opened.x5c[0]:
        return Verdict(SEALED_REPORT, upload.ATTACHMENT, refusal(upload.ATTACHMENT, DUTCH))
    return replace(verdict, kind=SEALED_REPORT)


def _check_report(content: bytes, scheme: Scheme, now: int) -> Verdict:
    try:
        report = control.verify_json(content, scheme, now)
    except VerificationError as error:
        said = _REFUSALS.get(error.reason, _REFUSALS[CryptographicSecurityError.reason])
        return Verdict(REPORT, error.reason, said)
    figures = report.figures
    said = (
        f"Gemaakt en ondertekend door {report.organisation.name} op "
        f"{DUTCH.day(figures.made_at.date())}, getoetst aan versie {figures.scheme_version} "
        "van het schema."
    )
    return Verdict(REPORT, None, said, report=report)


_REFUSALS: Final[Mapping[str, str]] = {
    CryptographicSecurityError.reason: "Dit rapport is veranderd nadat het is ondertekend.",
    ParsingError.reason: "Dit rapport is beschadigd.",
    MalformedValueError.reason: "Dit rapport is niet goed opgebouwd.",
    UntrustedIssuerError.reason: "Dit rapport is niet van een organisatie die rapporten mag maken.",
}


def _check_credential(file: ForeignFile, checks: Checks, child: "Child | None") -> Verdict:
    # Slow to import, and no PDF needs it.
    from vckit.data_integrity.didkit_child import DIDKIT  # noqa: PLC0415
    from verifier import second_opinion  # noqa: PLC0415

    try:
        unverified = open_held(file.content.decode("utf-8").strip(), checks.formats)
    except (UnicodeDecodeError, VerificationError):
        said = _NO_DOCUMENT if file.kind == kinds.OTHER else refusal(file.kind, DUTCH)
        return Verdict(UNKNOWN, ParsingError.reason, said)
    verdict = _verdict(CREDENTIALS[unverified.format], check_held(unverified, checks))
    return replace(verdict, second=second_opinion.ask(unverified, checks, child or DIDKIT))


def _verdict(kind: str, found: Finding) -> Verdict:
    if isinstance(found, Rejected):
        return Verdict(kind, found.reason, rejection(found, DUTCH), found.evidence)
    return _accepted(kind, found)


def _accepted(kind: str, found: Accepted) -> Verdict:
    evidence = found.evidence
    name, day = evidence.source.name, DUTCH.day(evidence.reference_day)
    said = f"Ondertekend door {name}, niet ingetrokken, stand van {day}."
    return Verdict(kind, None, said, evidence)


def _figures(evidence: Evidence) -> list[str]:
    terms = evidence.terms
    lines = [
        f"Van:    {evidence.source.name}",
        f"Over:   {terms['voornamen']} {terms['geslachtsnaam']}, {terms['geboortedatum']}",
        f"Stand:  {DUTCH.day(evidence.reference_day)}",
        f"Saldo:  {DUTCH.euro(terms['totaal_openstaand'])}",
        f"Aantal: {terms['aantal_vorderingen']}",
    ]
    return [*lines, *(f"Let op: {each.reason}" for each in evidence.breaches)]


def _moment(seconds: int) -> str:
    there = datetime.fromtimestamp(seconds, CALENDAR)
    return f"{DUTCH.day(there.date())}, {there:%H:%M} uur"


def _reported(report: ControlReport) -> list[str]:
    told = report.figures
    at_least = "" if told.complete else "ten minste "
    oldest = DUTCH.day(told.oldest) if told.oldest else "geen"
    return [
        f"Van:    {report.organisation.name}",
        f"Stand:  {oldest} (oudste)",
        f"Saldo:  {at_least}{DUTCH.euro(told.outstanding)}",
        f"Aantal: {told.debts}",
        f"Let op: {told.completeness}",
        *(f"Opgave: {digest}" for digest in told.credentials),
    ]


def _told(report: ControlReport) -> dict[str, Any]:
    told = report.figures
    return {
        "organisation": report.organisation.name,
        "made_at": told.made_at.isoformat(),
        "scheme_version": told.scheme_version,
        "reference_date": told.oldest.isoformat() if told.oldest else None,
        "claims": told.debts,
        "outstanding": told.outstanding,
        "credit": told.credit,
        "complete": told.complete,
        "credentials": list(told.credentials),
        "breaches": [],
    }
