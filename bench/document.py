"""`python -m bench.document`: one press of the Blauwe Knop, from the form to the sealed PDF.

A small municipality with the real app and store, in a folder of its own. Prints for several numbers
of debts how long a press takes, what it costs the processor, also as a number of raw P-256
signatures of the same process, and where that goes; then how many documents two processes make in a
second. On a busy machine the clock tells more about others: the processor's time does not.
"""

import io
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from typing import Final, NamedTuple

from issuer import document
from issuer.services import Services
from tests.issuer import town as towns
from tests.issuer.town import ANNA, NOW, Town
from vckit.keys import ES256, PrivateKey
from vckit.sealed_pdf import seal_pages

DEBTS: Final = (0, 1, 6, 20, 40, 100, 240)
PRESSES: Final = 20
PROCESSES: Final = 2
SECONDS: Final = 6
TARGET: Final = "target: p95 at most 1000 ms, and at least 10 documents a second on two cores"
_USUAL: Final = 6
_SIGNATURES: Final = 3_000


class Press(NamedTuple):
    """Milliseconds by the clock, and of the processor."""

    clock: float
    processor: float


class Stages(NamedTuple):
    """Milliseconds of the processor for one document: credentials made and stored, pages, seal."""

    credentials: float
    pages: float
    seal: float


def main() -> None:
    """Measure the presses one by one, and then as many as two processes can."""
    print(TARGET)
    with tempfile.TemporaryDirectory() as name:
        town = towns.build(Path(name) / "town")
        signature = _one_signature()
        for debts in DEBTS:
            _deliver(town, debts)
            _print_presses(town, debts, signature)
        for debts in (_USUAL, 40):
            _deliver(town, debts)
            print(f"{debts:>4} debts, {PROCESSES} processes: {throughput(town):5.1f} a second")


def _print_presses(town: Town, debts: int, signature: float) -> None:
    pressed = presses(town)
    clock = quantiles([press.clock for press in pressed], n=20)
    processor = median(press.processor for press in pressed)
    parts = [median(stage) for stage in zip(*_stages(town), strict=True)]
    named = zip(Stages._fields, parts, strict=True)
    print(
        f"{debts:>4} debts: median {clock[9]:5.0f} ms, p95 {clock[-1]:5.0f} ms; processor"
        f" {processor:4.0f} ms = {processor / signature:6.0f} x P-256 sign"
        f" ({', '.join(f'{name} {part:.0f}' for name, part in named)});"
        f" {PROCESSES} cores of our own: {1000 * PROCESSES / processor:.0f} a second",
        flush=True,
    )


def presses(town: Town) -> list[Press]:
    """What each press costs by a resident who is logged in."""
    with redirect_stderr(io.StringIO()):
        client = town.app().test_client()
        towns.log_in(client, ANNA)
        form = {"csrf_token": towns.csrf_token(client.get("/mijn-schulden"))}

        def press() -> None:
            answer = client.post("/document", data=form)
            if answer.mimetype != "application/pdf":
                raise SystemExit(f"no document was made: {answer.status}")

        press()
        return [_timed(press) for _ in range(PRESSES)]


def _stages(town: Town) -> Iterator[Stages]:
    services = town.services()
    for _ in range(PRESSES):
        yield _staged(services)


def _staged(services: Services) -> Stages:
    certification = services.certification
    if certification is None:
        raise SystemExit("this municipality seals nothing")
    times = [time.process_time()]
    content = certification.content(services.issuance.document(ANNA, NOW), NOW, "nl")
    times.append(time.process_time())
    pages = document.render(content)
    times.append(time.process_time())
    signer, chain = certification.signer, certification.chain
    seal_pages(pages, "Zegel", signer=signer, chain=chain, sealed_at=NOW)
    times.append(time.process_time())
    return Stages(*(1000 * (end - begun) for begun, end in pairwise(times)))


def throughput(town: Town) -> float:
    """Documents a second by all processes together, on one database as in production."""
    with multiprocessing.get_context("spawn").Pool(PROCESSES) as pool:
        return sum(pool.map(_rate, [town.folder] * PROCESSES, chunksize=1))


def _rate(folder: Path) -> float:
    certification = Town(folder).services().certification
    if certification is None:
        raise SystemExit("this municipality seals nothing")
    certification.make(ANNA, NOW)
    made, begun = 0, time.perf_counter()
    while time.perf_counter() < begun + SECONDS:
        certification.make(ANNA, NOW)
        made += 1
    return made / (time.perf_counter() - begun)


def _deliver(town: Town, debts: int) -> None:
    row = "123456782,R-{},2026-01-31,2026-03-31,250.00,50.00,200.00,aangemaand\n"
    town.deliver("".join(row.format(number) for number in range(debts)) or towns.BRAM_ROWS)


def _timed(work: Callable[[], None]) -> Press:
    clock, processor = time.perf_counter(), time.process_time()
    work()
    passed, spent = time.perf_counter() - clock, time.process_time() - processor
    return Press(1000 * passed, 1000 * spent)


def _one_signature() -> float:
    """Milliseconds of the processor."""
    key = PrivateKey.generate(ES256)

    def sign() -> None:
        for _ in range(_SIGNATURES):
            key.sign(b"a document")

    return _timed(sign).processor / _SIGNATURES


if __name__ == "__main__":
    main()
