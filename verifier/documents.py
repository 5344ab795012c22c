"""Adding a sealed document to a case: the same checks without a holder, the same overview."""

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


def add_document(
    office: Office, case: Case, unverified_credential: str, sealer: Organisation, now: int
) -> Finding:
    """Check and keep the credential of a document that `sealer` sealed.

    What holds but is old, withdrawn or of another person becomes a finding of the case; what
    proves nothing raises EvidenceRefusedError and changes nothing.
    """
    checks = office.checks(case.person, now)
    try:
        unverified = open_held(unverified_credential, checks.formats)
    except VerificationError as error:
        raise EvidenceRefusedError(error.reason) from error
    finding = check_document(unverified, Source(sealer.name, sealer.oin), checks)
    if isinstance(finding, Rejected) and finding.evidence is None:
        raise EvidenceRefusedError(finding.reason)
    office.store.add_document(case.id, unverified.digest, finding)
    return finding
