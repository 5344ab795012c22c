"""Uploaded documents: only a sealed PDF of an organisation on the scheme gets in (rows X).

The file is opened in a child process with limits; what comes back is the attached credential,
which is then checked like any other, and who put the seal.
"""

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from vckit import strict_json
from vckit.errors import KitError, ParsingError, PolicyLimitError, UntrustedIssuerError
from vckit.trust import Organisation, Scheme
from vckit.x509 import parse_x5c, uris

MAX_BYTES = 10 * 1024 * 1024
# A hostile file is ended by the child's own limits; on a busy host an honest one may wait.
_SECONDS = 15
# An attachment as the child writes it: an escape can take six characters for one.
_ANSWER_LIMITS = strict_json.Limits(string=24 * 1024 * 1024)
_KIND = "schuldenopgave"


# Why a file is refused, and the HTTP status for it; `wording.refusal` has the sentences.
STATUSES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "not_a_pdf": 415,
        "too_large": 413,
        "encrypted": 422,
        "no_seal": 422,
        "several_seals": 422,
        "changed_after_sealing": 422,
        "other_seal": 422,
        "attachment": 422,
        ParsingError.reason: 422,
        PolicyLimitError.reason: 422,
        UntrustedIssuerError.reason: 422,
    }
)


class UploadError(KitError):
    """A file that is refused: `reason` is one of STATUSES, and `status` goes with it."""

    def __init__(self, reason: str) -> None:
        super().__init__("the uploaded file is refused")
        self.status = STATUSES[reason]
        self.reason = reason


@dataclass(frozen=True)
class SealedDocument:
    """A document whose seal holds: its credential, not yet verified, and who sealed it when."""

    unverified_credential: str
    organisation: Organisation
    sealed_at: int


@dataclass(frozen=True)
class Opened:
    """A PDF of which the seal holds; nothing is known yet of who put it, nor of what is inside.

    `unverified` is the attachment, of `kind` "credential" or "report"; `x5c` is leaf first.
    """

    kind: str
    unverified: str
    x5c: list[str]
    sealed_at: int


def opened(document: bytes) -> Opened:
    """Open a file in the child process; one whose seal does not hold raises UploadError."""
    _check_kind(document)
    answer = _opened_in_child(document)
    if "refused" in answer:
        raise UploadError(answer["refused"])
    kind = "report" if "report" in answer else "credential"
    return Opened(kind, answer[kind], answer["x5c"], answer["sealed_at"])


def extract(document: bytes, *, scheme: Scheme, now: int) -> SealedDocument:
    """Open an uploaded file; anything not sealed by a trusted issuer raises UploadError."""
    return statement(opened(document), scheme=scheme, now=now)


def statement(document: Opened, *, scheme: Scheme, now: int) -> SealedDocument:
    """The statement in an opened file, if a trusted issuer sealed it; else UploadError."""
    if document.kind != "credential":
        raise UploadError("attachment")
    return SealedDocument(
        unverified_credential=document.unverified,
        organisation=_sealer(document.x5c, scheme, now),
        sealed_at=document.sealed_at,
    )


def _check_kind(document: bytes) -> None:
    if len(document) > MAX_BYTES:
        raise UploadError("too_large")
    # Junk before the header makes polyglots possible (row X17), so the header comes first.
    if not document.startswith(b"%PDF-"):
        raise UploadError("not_a_pdf")


def _opened_in_child(document: bytes) -> dict[str, Any]:
    command = [sys.executable, "-I", "-m", "verifier.sealed_document"]
    try:
        done = subprocess.run(  # noqa: S603  our own module, no shell, nothing from outside in it
            command, input=document, capture_output=True, timeout=_SECONDS, check=True, env={}
        )
        return strict_json.loads_object(done.stdout, _ANSWER_LIMITS)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError, ParsingError) as error:
        raise UploadError(PolicyLimitError.reason) from error


def _sealer(x5c: list[str], scheme: Scheme, now: int) -> Organisation:
    """The organisation whose seal it is: its issuer URL stands in the certificate."""
    try:
        for uri in uris(parse_x5c(x5c)[0]):
            organisation, _ = scheme.issuer(uri, x5c, kind=_KIND, now=now)
            return organisation
    except (UntrustedIssuerError, ParsingError) as error:
        raise UploadError(UntrustedIssuerError.reason) from error
    raise UploadError(UntrustedIssuerError.reason)
