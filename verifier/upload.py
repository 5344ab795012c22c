"""Uploaded documents: only a sealed PDF of an organisation on the scheme gets in (rows X).

The kit opens the file in a child process; here it is judged whose seal it is. What comes out are
the attached credentials, which are then checked like any other.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vckit.errors import ParsingError, UntrustedIssuerError
from vckit.sealed_pdf import opening
from vckit.sealed_pdf.opening import Opened, RefusedFileError
from vckit.trust import Organisation, Scheme
from vckit.x509 import parse_x5c, uris

UNTRUSTED: Final = UntrustedIssuerError.reason
ATTACHMENT: Final = "attachment"
# The SD-JWT VC is the statement; the other one says the same for software that reads W3C.
STATEMENTS: Final = (opening.SD_JWT, opening.W3C)
# Why a file is refused; `wording.refusal` has a sentence for each.
REASONS: Final = (*opening.STATUSES, UNTRUSTED)
_KIND: Final = "schuldenopgave"
_UNPROCESSABLE: Final = 422


class UploadError(RefusedFileError):
    """A file that is refused: `reason` is one of REASONS, `status` goes with it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, opening.STATUSES.get(reason, _UNPROCESSABLE))


@dataclass(frozen=True)
class SealedDocument:
    """A document whose seal holds: its credentials, not yet verified, and who sealed it when.

    The first credential is the statement that counts; a second one must say the same.
    """

    unverified_credentials: tuple[str, ...]
    organisation: Organisation
    opened: Opened


def extract(
    document: bytes, *, scheme: Scheme, now: int, time_stamp_certificates: Path | None = None
) -> SealedDocument:
    """Open an uploaded file; one not sealed by a trusted issuer raises RefusedFileError."""
    opened = opening.open_sealed(document, time_stamp_certificates=time_stamp_certificates)
    return statement(opened, scheme=scheme, now=now)


def statement(opened: Opened, *, scheme: Scheme, now: int) -> SealedDocument:
    """The statement in an opened file, if a trusted issuer sealed it; else UploadError."""
    if opening.SD_JWT not in opened.attachments or not opened.attachments.keys() <= set(STATEMENTS):
        raise UploadError(ATTACHMENT)
    return SealedDocument(
        tuple(opened.attachments[kind] for kind in STATEMENTS if kind in opened.attachments),
        _sealer(opened.x5c, scheme, now),
        opened,
    )


def _sealer(x5c: list[str], scheme: Scheme, now: int) -> Organisation:
    """The organisation whose seal it is: its issuer URL stands in the certificate."""
    try:
        for uri in uris(parse_x5c(x5c)[0]):
            organisation, _ = scheme.issuer(uri, x5c, kind=_KIND, now=now)
            return organisation
    except (UntrustedIssuerError, ParsingError) as error:
        raise UploadError(UNTRUSTED) from error
    raise UploadError(UNTRUSTED)
