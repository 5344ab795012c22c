"""Opens one foreign PDF in a process of its own: `python -m vckit.sealed_pdf.child < file`.

The answer is one JSON object on standard output: `attachments` (media type to text), `x5c` (leaf
first), `sealed_at` (epoch seconds) and `time_stamp` (`moment`, `trusted`, or null), or `refused`
with a reason. An argument names a PEM file of trusted time-stamp authorities.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any, Final

MEMORY_BYTES: Final = 512 * 1024 * 1024
CPU_SECONDS: Final = 2
_PARSING, _LIMIT = "PARSING_ERROR", "policy_limit"


def opened(document: bytes, authorities: Path | None = None) -> dict[str, Any]:
    """What is attached and who sealed it when, if the seal holds over the whole file."""
    from vckit.sealed_pdf import container, structure  # noqa: PLC0415  within the limits

    entry, attachments = structure.read(document)
    seal = container.verified(document, entry)
    return {
        "attachments": attachments,
        "x5c": seal.x5c,
        "sealed_at": seal.sealed_at,
        "time_stamp": seal.token and _time_stamp(seal, authorities),
    }


def _time_stamp(seal: Any, authorities: Path | None) -> dict[str, Any]:
    # Slow to import, and few documents have one.
    from vckit.sealed_pdf import time_stamp  # noqa: PLC0415

    moment, trusted = time_stamp.verified(seal.token, seal.signature, authorities)
    return {"moment": moment, "trusted": trusted}


def answer(document: bytes, authorities: Path | None = None) -> dict[str, Any]:
    """What `opened` gives, or the reason of refusal."""
    from vckit.sealed_pdf.refusal import Refused  # noqa: PLC0415

    try:
        return opened(document, authorities)
    except Refused as refused:
        return {"refused": refused.reason}
    except MemoryError:
        return {"refused": _LIMIT}
    except Exception:  # noqa: BLE001  a hostile file can break a parser anywhere
        # Whatever it breaks, it is not accepted.
        return {"refused": _PARSING}


def main() -> None:
    """Read the file from standard input within the limits and print the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    authorities = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    json.dump(answer(sys.stdin.buffer.read(), authorities), sys.stdout)


if __name__ == "__main__":
    main()
