"""Adding a sealed document to a case: the same checks without a holder, the same overview."""

from typing import TYPE_CHECKING, ClassVar

from vckit.errors import ProtocolError, VerificationError
from verifier.findings import Finding, Rejected, Source
from verifier.held import open_held
from verifier.judging import Checks
from verifier.presentation import check_document
from verifier.upload import SealedDocument

if TYPE_CHECKING:
    from verifier.office import Office
    from verifier.store import Case


class EvidenceRefusedError(ProtocolError):
    """The credential of the document proves nothing; `reason` is as in a finding."""

    code = "upload_refused"
    status: ClassVar[int] = 422

    def __init__(self, reason: str) -> None:
        super().__init__("the credential of the document does not hold")
        self.reason = reason


def add_document(office: "Office", case: "Case", document: SealedDocument, now: int) -> Finding:
    """Check and keep what a sealed document states.

    What holds but is old, withdrawn or of another person becomes a finding of the case; what
    proves nothing raises EvidenceRefusedError and changes nothing.
    """
    digest, finding = check_sealed(document, office.checks(case.person, now))
    office.store.add_document(case.id, digest, finding)
    return finding


def check_sealed(document: SealedDocument, checks: Checks) -> tuple[str, Finding]:
    """The digest of the statement in a document, and the finding; see `add_document`."""
    try:
        carried = [open_held(text, checks.formats) for text in document.unverified_credentials]
    except VerificationError as error:
        raise EvidenceRefusedError(error.reason) from error
    sealer = Source(document.organisation.name, document.organisation.oin)
    finding = check_document(carried, sealer, checks)
    if isinstance(finding, Rejected) and finding.evidence is None:
        raise EvidenceRefusedError(finding.reason)
    return carried[0].digest, finding
