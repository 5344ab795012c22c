"""`check FILE`: what a file is, whether it holds, and why. Keeps nothing.

A credential of a wallet is checked without its holder; so is what the seal of a PDF covers.
"""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from vckit.adapters.requests import RequestsFetcher
from vckit.errors import ConfigurationError, VerificationError
from vckit.network import Fetcher
from vckit.trust import Scheme
from verifier import upload
from verifier.config import Config
from verifier.findings import Accepted, Evidence, Finding, Rejected, Source
from verifier.presentation import Checks, check_document, check_held
from verifier.status_book import Patience, RememberedList, StatusBook
from verifier.wording import DUTCH, finding, refusal

MAX_BYTES: Final = 10 * 1024 * 1024
PDF: Final = "gewaarmerkte pdf"
CREDENTIAL: Final = "schuldenopgave van een wallet (SD-JWT VC)"
UNKNOWN: Final = "onbekend bestand"


@dataclass(frozen=True)
class Verdict:
    """`kind` is what the file is, `reason` why it does not hold (None: it does)."""

    kind: str
    reason: str | None
    explanation: str
    evidence: Evidence | None = None

    @property
    def holds(self) -> bool:
        """Whether everything that can be checked of a file is in order."""
        return self.reason is None

    @property
    def lines(self) -> list[str]:
        """What the command prints."""
        said = [f"Soort:  {self.kind}", f"Klopt:  {'ja' if self.holds else 'nee'}"]
        said.append(f"Waarom: {self.explanation}")
        return [*said, *_figures(self.evidence)] if self.evidence else said

    def to_json(self) -> dict[str, Any]:
        """The same for scripts; amounts in cents."""
        terms = self.evidence.terms if self.evidence else {}
        return {
            "kind": self.kind,
            "holds": self.holds,
            "reason": self.reason,
            "text": self.explanation,
            "organisation": self.evidence.source.name if self.evidence else None,
            "reference_date": terms.get("peildatum"),
            "claims": terms.get("aantal_vorderingen"),
            "outstanding": terms.get("totaal_openstaand"),
            "credit": terms.get("totaal_tegoed"),
            "breaches": [each.reason for each in self.evidence.breaches] if self.evidence else [],
        }


class _Nothing:
    """A memory for status lists that begins empty and ends with the command."""

    def status_list(self, _uri: str) -> RememberedList | None:
        return None

    def remember_status_list(self, _uri: str, seen: RememberedList) -> RememberedList:
        return seen


def check_file(path: Path, config: Config, now: int, fetcher: Fetcher | None = None) -> Verdict:
    """Judge one file against the scheme and its issuer's status lists.

    Without `fetcher` the lists are asked over the network.
    """
    content = _read(path)
    scheme = config.scheme.load(now)
    fetcher = fetcher or RequestsFetcher(config.insecure_origins, config.trusted_certificates)
    book = StatusBook(_Nothing(), fetcher, scheme, Patience(0, 0), time.monotonic)
    checks = Checks(scheme, book, None, now)
    if content.startswith(b"%PDF-"):
        return _check_pdf(content, scheme, checks)
    return _check_credential(content, checks)


def _check_pdf(content: bytes, scheme: Scheme, checks: Checks) -> Verdict:
    try:
        sealed = upload.extract(content, scheme=scheme, now=checks.now)
    except upload.UploadError as error:
        return Verdict("pdf", error.reason, refusal(error.reason, DUTCH))
    sealer = Source(sealed.organisation.name, sealed.organisation.oin)
    return _verdict(PDF, check_document(sealed.unverified_credential, sealer, checks))


def _check_credential(content: bytes, checks: Checks) -> Verdict:
    try:
        text = content.decode("ascii").strip()
        return _verdict(CREDENTIAL, check_held(text, checks))
    except (UnicodeDecodeError, VerificationError):
        return Verdict(UNKNOWN, "PARSING_ERROR", "Dit is geen pdf en geen schuldenopgave.")


def _verdict(kind: str, found: Finding) -> Verdict:
    if isinstance(found, Rejected):
        said = finding(found.reason, found.source.name, found.evidence, DUTCH)
        return Verdict(kind, found.reason, said, found.evidence)
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


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigurationError("the file cannot be read") from error
    if len(content) > MAX_BYTES:
        raise ConfigurationError("the file is larger than 10 MiB")
    return content
