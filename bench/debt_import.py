"""`python -m bench.debt_import`: a municipality's file into the register, in a process of its own.

Prints time, the most memory that was used, and what ten times as many rows cost. Machines differ:
the time is also told as a number of raw Ed25519 signatures, made in the same process. Five seconds
are SIGNATURES of them where one takes 36 microseconds.
"""

import multiprocessing
import random
import re
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from issuer.config import Source
from issuer.debts.imports import import_file
from issuer.debts.register import MIGRATIONS, Register
from issuer.keyring import Keyring
from vckit.adapters.sqlite import create_database
from vckit.keys import EDDSA, PrivateKey

ROWS: Final = (20_000, 200_000)
SIGNATURES: Final = 139_000
ROWS_OF_A_RESIDENT: Final = 20 / 3
_SIGNED: Final = 5_000
_NOW: Final = 1_795_262_400
_REFERENCE: Final = date(2026, 11, 20)
_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_HEADER: Final = "bsn;nummer;soort;datum;verval;bedrag;betaald;saldo;fase\r\n"
_DIALECT: Final = """
[file]
kind = "csv"
encoding = "utf-8"
delimiter = ";"
[columns]
bsn = "bsn"
case_number = "nummer"
debt_number = "nummer"
kind = "soort"
imposed_on = "datum"
due_on = "verval"
principal = "bedrag"
paid = "betaald"
balance = "saldo"
stage = "fase"
[amounts]
decimal = ","
[balance]
rule = "checked"
[dates]
notation = "dd-mm-yyyy"
[kinds.words.riool]
type = "gem_rioolheffing"
rank = "concurrent"
rank_basis = "Gemeentewet, artikel 249"
[stages.words]
open = "opgelegd"
"""


class Cost(NamedTuple):
    """Seconds on the clock and of the processor, that in signatures, the most memory in MiB."""

    seconds: float
    processor: float
    signatures: int
    memory: float
    told: int


def main() -> None:
    """Import each number of rows twice, into nothing and over the same rows changed."""
    costs = []
    for rows in ROWS:
        costs.append(measure(rows))
        first, again = costs[-1]
        for name, cost in (("first import", first), ("the next one", again)):
            print(
                f"{rows:>8} rows, {name}: {cost.seconds:5.2f} s, {cost.processor:5.2f} s of"
                f" processor = {cost.signatures} x Ed25519 sign, {cost.memory:4.0f} MiB, progress"
                f" told {cost.told} times"
            )
    (small, _), (large, _) = costs
    print(f"five seconds of a usual machine: {SIGNATURES} x Ed25519 sign")
    print(f"ten times the rows cost {large.processor / small.processor:.1f} times as much")


def measure(rows: int) -> list[Cost]:
    """What two imports cost in a process of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "riool.toml").write_text(_DIALECT, encoding="utf-8")
        for turn in range(2):
            lines = "".join(_lines(rows, turn))
            (folder / f"{turn}.csv").write_text(_HEADER + lines, encoding="utf-8")
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            return pool.apply(_import_both, (folder,))


def _import_both(folder: Path) -> list[Cost]:
    keyring = Keyring(b"k" * 32)
    database = create_database(folder / "register.sqlite", b"k" * 32, MIGRATIONS)
    register = Register(database, keyring.pseudonym)
    return [_import(register, folder, turn) for turn in range(2)]


def _import(register: Register, folder: Path, turn: int) -> Cost:
    source = Source(code="riool", name="Riool", dialect=folder / "riool.toml")
    told: list[int] = []
    signing = _one_signature()
    clock, processor = time.perf_counter(), time.process_time()
    import_file(
        register,
        source,
        folder / f"{turn}.csv",
        _REFERENCE,
        _NOW,
        progress=lambda read, written: told.append(read + written),
    )
    spent, passed = time.process_time() - processor, time.perf_counter() - clock
    signing = (signing + _one_signature()) / 2
    return Cost(passed, spent, round(spent / signing), _most_memory(), len(told))


def _most_memory() -> float:
    """MiB of this process; the kernel's `ru_maxrss` begins with what the parent process had."""
    status = Path("/proc/self/status").read_text("ascii")
    [peak] = re.findall(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    return int(peak) / 1024


def _one_signature() -> float:
    """Seconds of the processor."""
    key = PrivateKey.generate(EDDSA)
    begun = time.process_time()
    for _ in range(_SIGNED):
        key.sign(b"a debt")
    return (time.process_time() - begun) / _SIGNED


def _lines(rows: int, turn: int) -> Iterator[str]:
    chance = random.Random(turn)  # noqa: S311  amounts that nobody owes
    residents = list(_bsns(int(rows / ROWS_OF_A_RESIDENT)))
    for number in range(rows):
        owed = chance.randrange(1_000, 100_000)
        paid = chance.choice((0, 0, owed // 2, owed // 3))
        cents = ";".join(f"{c // 100},{c % 100:02d}" for c in (owed, paid, owed - paid))
        day = chance.randrange(1, 29)
        bsn = residents[number % len(residents)]
        yield f"{bsn};{number};riool;{day:02d}-02-2026;31-03-2026;{cents};open\r\n"


def _bsns(count: int) -> Iterator[str]:
    """Numbers that pass the eleven test."""
    number, found = 100_000_000, 0
    while found < count:
        number += 1
        digits = map(int, str(number))
        if sum(weight * digit for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11 == 0:
            found += 1
            yield str(number)


if __name__ == "__main__":
    main()
