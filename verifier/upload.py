"""Uploaded documents: only a sealed PDF of an organisation on the scheme gets in (rows X).

The file is opened in a child process with limits; what comes back is the attached credential,
which is then checked like any other, and who put the seal.
"""

import subprocess
import sys
from dataclasses import dataclass
from typing import Any, ClassVar

from vckit import strict_json
from vckit.errors import ParsingError, ProtocolError, UntrustedIssuerError
from vckit.trust import Organisation, Scheme
from vckit.x509 import parse_x5c, uris

MAX_BYTES = 10 * 1024 * 1024
_SECONDS = 5
_ANSWER_LIMITS = strict_json.Limits(string=6 * 1024 * 1024)
_KIND = "schuldenopgave"


class UploadError(ProtocolError):
    """A file that is refused: HTTP `status`, stable `reason`, and a Dutch `sentence` for people."""

    code = "upload_refused"
    status = 422
    reason: ClassVar[str] = "PARSING_ERROR"
    sentence: ClassVar[str] = "Dit bestand kunnen wij niet lezen. Het is misschien beschadigd."


class NotAPdfError(UploadError):
    """It does not begin as a PDF does."""

    status = 415
    reason = "not_a_pdf"
    sentence = "Dit is geen PDF. Stuur het bestand zelf, geen foto of scan."


class TooLargeError(UploadError):
    """More than 10 MiB."""

    status = 413
    reason = "too_large"
    sentence = "Dit bestand is te groot. Een opgave is nooit groter dan 10 MB."


class UnreadableError(UploadError):
    """No well-formed PDF."""


class EncryptedError(UploadError):
    """A password is on it."""

    reason = "encrypted"
    sentence = "Er zit een wachtwoord op dit bestand. Een opgave heeft geen wachtwoord."


class NoSealError(UploadError):
    """A PDF like any other."""

    reason = "no_seal"
    sentence = "Dit is geen gewaarmerkte opgave: er zit geen zegel op."


class SeveralSealsError(UploadError):
    """More than one signature."""

    reason = "several_seals"
    sentence = "Er staat meer dan één handtekening op dit bestand. Vraag een nieuwe opgave."


class ChangedAfterSealingError(UploadError):
    """The bytes are not those that were sealed, or something was added later."""

    reason = "changed_after_sealing"
    sentence = "Dit bestand is veranderd nadat het zegel erop kwam. Vraag een nieuwe opgave."


class OtherSealError(UploadError):
    """A signature of another sort than the seal of a statement (PAdES, DocMDP P=1)."""

    reason = "other_seal"
    sentence = "Dit zegel is niet van het soort dat op een opgave staat."


class AttachmentError(UploadError):
    """Not exactly one credential inside."""

    reason = "attachment"
    sentence = "De gegevens in dit bestand kloppen niet. Vraag een nieuwe opgave."


class ForeignSealError(UploadError):
    """Sealed by somebody whom the scheme does not know, or not for this."""

    reason = UntrustedIssuerError.reason
    sentence = "Dit zegel is niet van een organisatie die meedoet."


class TooMuchWorkError(UploadError):
    """It takes more time or memory than any statement does."""

    reason = "policy_limit"
    sentence = "Dit bestand is te ingewikkeld. Een gewone opgave is dat niet."


_REFUSALS: dict[str, type[UploadError]] = {
    "unreadable": UnreadableError,
    "encrypted": EncryptedError,
    "no_seal": NoSealError,
    "several_seals": SeveralSealsError,
    "changed_after_sealing": ChangedAfterSealingError,
    "other_seal": OtherSealError,
    "attachment": AttachmentError,
    "too_much_work": TooMuchWorkError,
}


@dataclass(frozen=True)
class SealedDocument:
    """A document whose seal holds: its credential, not yet verified, and who sealed it when."""

    unverified_credential: str
    organisation: Organisation
    sealed_at: int


def extract(document: bytes, *, scheme: Scheme, now: int) -> SealedDocument:
    """Open an uploaded file; anything not sealed by a trusted issuer raises UploadError."""
    _check_kind(document)
    answer = _opened_in_child(document)
    if "refused" in answer:
        raise _REFUSALS[answer["refused"]]
    return SealedDocument(
        unverified_credential=answer["credential"],
        organisation=_sealer(answer["x5c"], scheme, now),
        sealed_at=answer["sealed_at"],
    )


def _check_kind(document: bytes) -> None:
    if len(document) > MAX_BYTES:
        raise TooLargeError
    # Junk before the header makes polyglots possible (row X17), so the header comes first.
    if not document.startswith(b"%PDF-"):
        raise NotAPdfError


def _opened_in_child(document: bytes) -> dict[str, Any]:
    command = [sys.executable, "-I", "-m", "verifier.sealed_document"]
    try:
        done = subprocess.run(  # noqa: S603  our own module, no shell, nothing from outside in it
            command, input=document, capture_output=True, timeout=_SECONDS, check=True, env={}
        )
        return strict_json.loads_object(done.stdout, _ANSWER_LIMITS)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, ParsingError) as error:
        raise TooMuchWorkError from error


def _sealer(x5c: list[str], scheme: Scheme, now: int) -> Organisation:
    """The organisation whose seal it is: its issuer URL stands in the certificate."""
    try:
        for uri in uris(parse_x5c(x5c)[0]):
            organisation, _ = scheme.issuer(uri, x5c, kind=_KIND, now=now)
            return organisation
    except (UntrustedIssuerError, ParsingError) as error:
        raise ForeignSealError from error
    raise ForeignSealError
