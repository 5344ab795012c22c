"""Adding a sealed document to a case: the same checks without a holder, the same overview."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from vckit.errors import ProtocolError, VerificationError
from verifier import upload
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


@dataclass(frozen=True)
class Judged:
    """What came of the statement of a document; `digest` names its credential."""

    digest: str
    finding: Finding


def add_document(office: "Office", case: "Case", document: bytes, now: int) -> Finding:
    """Judge a document as `judge_document` does and keep what came of it in the case."""
    judged = judge_document(office, case, document, now)
    office.store.add_document(case.id, judged.digest, judged.finding)
    return judged.finding


def judge_document(office: "Office", case: "Case", document: bytes, now: int) -> Judged:
    """Open a file and check what it states; nothing is kept.

    RefusedFileError where no trusted issuer sealed it, and what `judge_sealed` raises.
    """
    sealed = upload.extract(
        document,
        scheme=office.scheme,
        now=now,
        time_stamp_certificates=office.config.time_stamp_certificates,
    )
    return judge_sealed(sealed, office.checks(case.person, now))


def judge_sealed(document: SealedDocument, checks: Checks) -> Judged:
    """Check what a sealed document states.

    What holds but is old, withdrawn or of another person becomes a finding; what proves nothing
    raises EvidenceRefusedError.
    """
    try:
        carried = [open_held(text, checks.formats) for text in document.unverified_credentials]
    except VerificationError as error:
        raise EvidenceRefusedError(error.reason) from error
    sealer = Source(document.organisation.name, document.organisation.oin)
    finding = check_document(carried, sealer, checks)
    if isinstance(finding, Rejected) and finding.evidence is None:
        raise EvidenceRefusedError(finding.reason)
    return Judged(carried[0].digest, finding)
