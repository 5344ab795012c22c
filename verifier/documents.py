"""Adding a sealed document to a case: the same checks without a holder, the same overview."""

from dataclasses import dataclass
from typing import ClassVar

from vckit.errors import ProtocolError, VerificationError
from vckit.trust import Organisation
from verifier.findings import Finding, Rejected, Source
from verifier.held import open_held
from verifier.office import Office
from verifier.presentation import check_document
from verifier.store import Case


class EvidenceRefusedError(ProtocolError):
    """The credential of the document proves nothing; `reason` is as in a finding."""

    code = "upload_refused"
    status: ClassVar[int] = 422

    def __init__(self, reason: str) -> None:
        super().__init__("the credential of the document does not hold")
        self.reason = reason


@dataclass(frozen=True)
class Judged:
    """What came of the credential of a document; `digest` names the credential."""

    digest: str
    finding: Finding


def judge_document(
    office: Office, case: Case, unverified_credential: str, sealer: Organisation, now: int
) -> Judged:
    """Check the credential of a document that `sealer` sealed, and keep nothing.

    What holds but is old, withdrawn or of another person becomes a finding; what proves nothing
    raises EvidenceRefusedError.
    """
    checks = office.checks(case.person, now)
    try:
        unverified = open_held(unverified_credential, checks.formats)
    except VerificationError as error:
        raise EvidenceRefusedError(error.reason) from error
    finding = check_document(unverified, Source(sealer.name, sealer.oin), checks)
    if isinstance(finding, Rejected) and finding.evidence is None:
        raise EvidenceRefusedError(finding.reason)
    return Judged(unverified.digest, finding)


def add_document(
    office: Office, case: Case, unverified_credential: str, sealer: Organisation, now: int
) -> Finding:
    """Judge a document as `judge_document` does and keep what came of it in the case."""
    judged = judge_document(office, case, unverified_credential, sealer, now)
    office.store.add_document(case.id, judged.digest, judged.finding)
    return judged.finding
