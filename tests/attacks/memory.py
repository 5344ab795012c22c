"""How much memory a running service takes."""

from pathlib import Path

from holder_demo.demo.processes import Service

LIMIT = 64 * 1024  # KiB; security.md, "A row passes when"


def resident(service: Service) -> list[int]:
    """KiB of each of its workers."""
    assert service.process is not None
    master = service.process.pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text("ascii").split()
    statuses = [Path(f"/proc/{one}/status").read_text("ascii") for one in children]
    return [int(text.partition("VmRSS:")[2].split()[0]) for text in statuses]
