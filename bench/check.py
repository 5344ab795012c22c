"""`python -m bench.check`: what `blauweknop-verifier check FILE` takes beside Python itself.

Runs both in turns, so that a busy machine slows both alike: a document of the demo with both
statements inside, whose lists and DID document come from a running issuer on this host. The
processor's time counts every process together, the child that opens the file too.
"""

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

from holder_demo.demo.world import World

ROUNDS: Final = 15
SLUG: Final = "boxtel"
TARGET: Final = "target: at most 500 ms more than Python itself"


class Took(NamedTuple):
    """Milliseconds by the clock, and of the processors."""

    clock: float
    processor: float


def main() -> None:
    """Make the world, and print the medians of both commands and what lies between them."""
    print(TARGET)
    with (
        tempfile.TemporaryDirectory() as name,
        World.create(Path(name) / "world") as world,
        world.start(SLUG),
    ):
        file = Path(name) / "opgave.pdf"
        resident = world.residents[0]
        world.issuer(SLUG, "document", "--bsn", resident.bsn, "--output", str(file))
        config = str(world.config_path("verifier"))
        check = [sys.executable, "-m", "verifier.cli", "--config", config, "check", str(file)]
        show({"python": [sys.executable, "-c", "pass"], "check": check})


def show(commands: dict[str, Sequence[str]]) -> None:
    """Print the median of each command, and how much more the last takes than the first."""
    taken: dict[str, list[Took]] = {name: [] for name in commands}
    for _ in range(ROUNDS):
        for name, command in commands.items():
            taken[name].append(took(command))
    middle = {name: _middle(times) for name, times in taken.items()}
    for name, one in middle.items():
        print(f"  {name:<8} {one.clock:6.0f} ms, processors {one.processor:6.0f} ms")
    first, *_, last = middle.values()
    print(
        f"  more     {last.clock - first.clock:6.0f} ms = {last.clock / first.clock:.1f} x python"
    )


def took(command: Sequence[str]) -> Took:
    """Run a command to its end; one that fails raises RuntimeError."""
    begun = time.perf_counter()
    silent = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    process = os.posix_spawn(command[0], list(command), os.environ, file_actions=silent)
    _, status, used = os.wait4(process, 0)
    if status:
        raise RuntimeError("a measured command failed")
    seconds = time.perf_counter() - begun
    return Took(1000 * seconds, 1000 * (used.ru_utime + used.ru_stime))


def _middle(times: Sequence[Took]) -> Took:
    return Took(median(one.clock for one in times), median(one.processor for one in times))


if __name__ == "__main__":
    main()
