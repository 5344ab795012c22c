"""Opens foreign PDFs of which the seal holds; everything else is refused with a reason.

A PDF is hostile until its seal holds, and parsing it can eat memory and time. So it is opened in
a child process with limits of its own (`vckit.sealed_pdf.child`), never here. What comes back is
what the seal covers of machine data, and whose certificate it is; neither is judged here.
"""

import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from vckit import strict_json
from vckit.errors import KitError, ParsingError, PolicyLimitError
from vckit.sealed_pdf.kinds import PDF, kind_of

MAX_BYTES: Final = 10 * 1024 * 1024
SD_JWT: Final = "application/dc+sd-jwt"
W3C: Final = "application/vc"
REPORT: Final = "application/json"

# Why a file is refused, and the HTTP status for it.
STATUSES: Final[Mapping[str, int]] = MappingProxyType(
    {
        "not_a_pdf": 415,
        "photo": 415,
        "office_file": 415,
        "email": 415,
        "too_large": 413,
        "encrypted": 422,
        "no_seal": 422,
        "scan": 422,
        "several_seals": 422,
        "changed_after_sealing": 422,
        "other_seal": 422,
        "active_content": 422,
        "attachment": 422,
        ParsingError.reason: 422,
        PolicyLimitError.reason: 422,
        "busy": 503,
    }
)
# The child's own limit is on its processor time; on a busy host an honest file may wait.
_SECONDS: Final = 10.0
# Each may take 512 MiB: more of them at once would be an attack on ourselves.
_AT_ONCE: Final = threading.BoundedSemaphore(2)
# An attachment as the child writes it: an escape can take six characters for one.
_ANSWER_LIMITS: Final = strict_json.Limits(string=24 * 1024 * 1024)


class RefusedFileError(KitError):
    """A file that is no sealed document; `reason` is one of STATUSES, `status` goes with it.

    Whoever judges a seal raises it with reasons, and statuses, of its own.
    """

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__("the file is refused")
        self.reason = reason
        self.status = status or STATUSES[reason]


@dataclass(frozen=True)
class TimeStamp:
    """When an authority saw the seal (epoch seconds); `trusted` if it is one of ours."""

    moment: int
    trusted: bool


@dataclass(frozen=True)
class Opened:
    """A PDF of which the seal holds; whose it is and what is inside is still to be judged.

    `attachments` by media type: SD_JWT, W3C or REPORT. `x5c` is the sealer's chain, leaf first.
    `sealed_at` is what the seal says itself, in epoch seconds.
    """

    attachments: Mapping[str, str]
    x5c: list[str]
    sealed_at: int
    time_stamp: TimeStamp | None = None

    @property
    def time_stamped_at(self) -> int | None:
        """When a trusted authority saw the seal; None where that is not told."""
        return self.time_stamp.moment if self.time_stamp and self.time_stamp.trusted else None


def start_child() -> subprocess.Popen[bytes]:
    """A child that waits for its file; starting takes it longer than opening a document.

    `open_sealed` ends it; who starts one and gives it no file must end it by `kill`.
    """
    return subprocess.Popen(
        [sys.executable, "-I", "-m", "vckit.sealed_pdf.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
    )


def open_sealed(
    document: bytes,
    *,
    time_stamp_certificates: Path | None = None,
    child: subprocess.Popen[bytes] | None = None,
) -> Opened:
    """Open a file; one whose seal does not hold raises RefusedFileError within seconds.

    `time_stamp_certificates` is a PEM file of the time-stamp authorities that are trusted. `child`
    was made by `start_child` in good time, else one is made.
    """
    if len(document) > MAX_BYTES:
        raise RefusedFileError("too_large")
    kind = kind_of(document)
    if kind != PDF:
        raise RefusedFileError(kind)
    given = f"{time_stamp_certificates or ''}\n".encode() + document
    answer = _answer(given, child)
    if "refused" in answer:
        raise RefusedFileError(answer["refused"])
    stamp = answer["time_stamp"]
    return Opened(
        attachments=answer["attachments"],
        x5c=answer["x5c"],
        sealed_at=answer["sealed_at"],
        time_stamp=TimeStamp(**stamp) if stamp else None,
    )


def _answer(given: bytes, child: subprocess.Popen[bytes] | None) -> dict[str, Any]:
    if not _AT_ONCE.acquire(timeout=_SECONDS):
        raise RefusedFileError("busy")
    try:
        return strict_json.loads_object(_said(given, child or start_child()), _ANSWER_LIMITS)
    except (subprocess.TimeoutExpired, ParsingError) as error:
        raise RefusedFileError(PolicyLimitError.reason) from error
    finally:
        _AT_ONCE.release()


def _said(given: bytes, child: subprocess.Popen[bytes]) -> bytes:
    """What the child says; nothing at all where its limits ended it."""
    with child:
        try:
            return child.communicate(given, timeout=_SECONDS)[0]
        finally:
            child.kill()
