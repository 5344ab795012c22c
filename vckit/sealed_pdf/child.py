"""Opens one foreign PDF in a process of its own: `python -m vckit.sealed_pdf.child`.

Standard input is the name of a PEM file of trusted time-stamp authorities, or nothing, then a new
line, then the PDF. The answer is one JSON object on standard output: `attachments` (media type to
text), `x5c` (leaf first), `sealed_at` (epoch seconds) and `time_stamp` (`moment`, `trusted`, or
null), or `refused` with a reason.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any, Final

from vckit.errors import ParsingError, PolicyLimitError
from vckit.sealed_pdf import container, structure
from vckit.sealed_pdf.refusal import Refused

MEMORY_BYTES: Final = 512 * 1024 * 1024
# A process gets so much; judging a stamp under a seal that holds is worth as much again.
CPU_SECONDS: Final = 2


def opened(document: bytes, authorities: Path | None = None) -> dict[str, Any]:
    """What is attached and who sealed it when, if the seal holds over the whole file."""
    entry, attachments = structure.read(document)
    seal = container.verified(document, entry)
    return {
        "attachments": attachments,
        "x5c": seal.x5c,
        "sealed_at": seal.sealed_at,
        "time_stamp": seal.token and _time_stamp(seal, authorities),
    }


def _time_stamp(seal: container.Seal, authorities: Path | None) -> dict[str, Any]:
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))
    # Slow to import, and few documents have one.
    from vckit.sealed_pdf import time_stamp  # noqa: PLC0415

    moment, trusted = time_stamp.verified(seal.token, seal.signature, authorities)
    return {"moment": moment, "trusted": trusted}


def answer(document: bytes, authorities: Path | None = None) -> dict[str, Any]:
    """What `opened` gives, or the reason of refusal."""
    try:
        return opened(document, authorities)
    except Refused as refused:
        return {"refused": refused.reason}
    except MemoryError:
        return {"refused": PolicyLimitError.reason}
    except Exception:  # noqa: BLE001  a hostile file can break a parser anywhere
        # Whatever it breaks, it is not accepted.
        return {"refused": ParsingError.reason}


def main() -> None:
    """Read the file from standard input within the limits and print the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, 2 * CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    authorities, _, document = sys.stdin.buffer.read().partition(b"\n")
    named = Path(authorities.decode()) if authorities else None
    json.dump(answer(document, named), sys.stdout)


if __name__ == "__main__":
    main()
