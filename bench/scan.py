"""`python -m bench.scan`: from a scan to the overview, over HTTP at a verifier of two workers.

Twelve organisations of the scheme each state eight debts. A wallet fetches the question, presents
all twelve statements in one response, and the counsellor opens the overview. Told are the clock and
the processor of wallet and verifier, and what checking costs as a multiple of the signatures in it.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any, Final

from holder_demo.demo.processes import Service
from holder_demo.demo.world import World
from tests.attacks.arena import _town, admit, allow, ask_everything
from tests.attacks.counsellor import Case, Counsellor, fetch, presented, respond, vp_token
from tests.attacks.holder import Card, W3cCard
from tests.attacks.town import Town
from vckit.keys import PrivateKey
from vckit.openid4vp.request import VerifiedRequest
from vckit.sd_jwt import KeyBindingExpectation
from verifier.config import load
from verifier.office import Office
from verifier.opening import open_office
from verifier.presentation import check_response

ORGANISATIONS: Final = 12
DEBTS: Final = 8
OUTSTANDING: Final = ORGANISATIONS * DEBTS * 42_900
RUNS: Final = 20
# Until each worker has read what it reads once.
FIRST: Final = 6
SIGNATURE_ROUNDS: Final = 10
BUDGET_SECONDS: Final = 3.0
SD_JWT: Final = "dc+sd-jwt"
# How the twelve are issued, in turn.
MIXES: Final[Mapping[str, Sequence[str]]] = {
    "all formats": (SD_JWT, "eddsa", "ecdsa", "vc11", "jwt_vc", "vc_jwt"),
    "SD-JWT": (SD_JWT,),
    "Data Integrity": ("eddsa", "ecdsa"),
    "JWT": ("jwt_vc", "vc_jwt"),
}
PHASES: Final = ("fetch the question", "sign (wallet)", "post the answer", "open the overview")
_TICKS: Final = os.sysconf("SC_CLK_TCK")

Held = Card | W3cCard


@dataclass(frozen=True)
class Scan:
    """Seconds of each phase on the clock, and of the processor for the verifier and for us."""

    phases: Sequence[float]
    verifier: float
    wallet: float

    @property
    def seconds(self) -> float:
        """From the scan to the overview."""
        return sum(self.phases)


@dataclass(frozen=True)
class Place:
    """The verifier, its counsellor and the organisations."""

    world: World
    towns: Sequence[Town]
    counsellor: Counsellor
    office: Office

    @property
    def service(self) -> Service:
        """The running verifier."""
        return self.world.services["verifier"]

    def cards(self, kinds: Sequence[str]) -> list[Held]:
        """A statement of each organisation about the first resident, in these kinds by turns."""
        return [
            _card(town, kinds[number % len(kinds)], self.world)
            for number, town in enumerate(self.towns)
        ]


def main() -> None:
    """Measure each mix, with lists that are remembered and with lists that are fetched."""
    with tempfile.TemporaryDirectory() as name, _place(Path(name)) as place:
        for mix, kinds in MIXES.items():
            cards = place.cards(kinds)
            first = [_scan(place, cards) for _ in range(FIRST)]
            print(f"{ORGANISATIONS} statements of {DEBTS} debts, {mix}")
            print(f"  the first scan                 {first[0].seconds:6.3f} s")
            _tell("lists remembered", [_scan(place, cards) for _ in range(RUNS)])
            _tell("all lists fetched", [_scan(place, cards, forget=True) for _ in range(RUNS)])
            _tell_ratio(place, cards)


@contextmanager
def _place(folder: Path) -> Iterator[Place]:
    with ExitStack() as stack:
        world = stack.enter_context(World.create(folder, import_data=False))
        vct = f"{world.url('boxtel')}/vct/schuldenopgave/1"
        towns = [
            stack.enter_context(_town(f"Gemeente {number}", f"000000010{number:08}000", vct))
            for number in range(1, ORGANISATIONS + 1)
        ]
        admit(world, *[town.entry() for town in towns])
        config = world.config_path("verifier")
        allow(config, [town.url for town in towns])
        ask_everything(config)
        _remember(config)
        world.start("login", "verifier")
        yield Place(world, towns, Counsellor(world), open_office(load(config), int(time.time())))


def _remember(config: Path) -> None:
    """Keep status lists as services do by default; the demo's verifier fetches them each time."""
    text = config.read_text("utf-8")
    config.write_text(text.replace("max_age_seconds = 0", "max_age_seconds = 900"), "utf-8")


def _card(town: Town, kind: str, world: World) -> Held:
    person, debts = world.residents[0], [town.debt(number) for number in range(1, DEBTS + 1)]
    if kind == SD_JWT:
        return town.card(person, debts=debts)
    return town.identity.card(person, kind, debts=debts)


def _scan(place: Place, cards: Sequence[Held], *, forget: bool = False) -> Scan:
    """One scan in a case of its own; with `forget` every status list must be fetched for it."""
    case = place.counsellor.open(place.world.residents[0])
    link = case.new_link()
    if forget:
        place.office.database.execute("DELETE FROM status_lists")
    processor, ours = _processor(place.service), time.process_time()
    moments = [time.perf_counter()]
    moments += [time.perf_counter() for _ in _steps(case, link, cards)]
    wallet, verifier = time.process_time() - ours, _processor(place.service) - processor
    _must_be_right(case)
    phases = [after - before for before, after in pairwise(moments)]
    return Scan(phases, verifier, wallet)


def _steps(case: Case, link: str, cards: Sequence[Held]) -> Iterator[object]:
    asked = fetch(link)
    yield asked
    presentations = presented(asked, *cards)
    yield presentations
    answer = respond(asked, *presentations)
    assert answer.status == HTTPStatus.OK  # noqa: S101  a bench that measures refusals is none
    yield answer
    yield case.counsellor.browser.open(f"{case.url}/overzicht")


def _must_be_right(case: Case) -> None:
    report = case.report()
    assert report["totals"]["outstanding"] == OUTSTANDING  # noqa: S101  as above
    assert report["findings"] == []  # noqa: S101  as above


def _processor(service: Service) -> float:
    """Seconds that all workers of a service have used the processor."""
    assert service.process is not None  # noqa: S101  it was started
    master = service.process.pid
    children = Path(f"/proc/{master}/task/{master}/children").read_text("ascii").split()
    used = [Path(f"/proc/{one}/stat").read_text("ascii").rpartition(")")[2] for one in children]
    return sum(sum(map(int, text.split()[11:13])) for text in used) / _TICKS


def _tell(title: str, scans: Sequence[Scan]) -> None:
    times = sorted(scan.seconds for scan in scans)
    late = times[-(-len(times) * 95 // 100) - 1]
    kept = "kept" if late <= BUDGET_SECONDS else "EXCEEDED"
    print(
        f"  {title:<30} median {median(times):6.3f} s, p95 {late:6.3f} s of {len(times)} scans;"
        f" {BUDGET_SECONDS:.0f} s {kept}"
    )
    by_phase = zip(*[scan.phases for scan in scans], strict=True)
    told = [f"{n} {median(one) * 1000:.0f}" for n, one in zip(PHASES, by_phase, strict=True)]
    processor = sum(scan.verifier for scan in scans) / len(scans)
    wallet = sum(scan.wallet for scan in scans) / len(scans)
    print(f"    ms: {', '.join(told)}")
    print(f"    ms of processor: verifier {processor * 1000:.0f}, wallet {wallet * 1000:.0f}")


def _tell_ratio(place: Place, cards: Sequence[Held]) -> None:
    """What checking one response costs, of the verifications of cards and of their holders."""
    asked = fetch(place.counsellor.open(place.world.residents[0]).new_link())
    verify = _raw([key for card in cards for key in _signers(card)])
    check = _checking(place.office, asked, presented(asked, *cards))
    check()
    # By turns, and of the processor: others may keep us waiting for longer than a round takes.
    rounds = [(_used(verify, SIGNATURE_ROUNDS), _used(check)) for _ in range(RUNS)]
    raw, checked = (median(times) for times in zip(*rounds, strict=True))
    print(
        f"  checked: {checked * 1000:.1f} ms of processor = {checked / raw:.1f} x"
        f" its {2 * len(cards)} raw verifications ({raw * 1000:.2f} ms)"
    )


def _used(work: Callable[[], object], times: int = 1) -> float:
    begun = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begun) / times


def _signers(card: Held) -> tuple[PrivateKey, PrivateKey]:
    """Keys of the algorithms of issuer and holder; which ones they are costs the same."""
    proof = card.document.get("proof", {}) if isinstance(card, W3cCard) else {}
    by_ed25519 = str(proof.get("cryptosuite", proof.get("type"))).lower().startswith("ed")
    return PrivateKey.generate("EdDSA" if by_ed25519 else "ES256"), card.key


def _raw(keys: Sequence[PrivateKey]) -> Callable[[], object]:
    data = hashlib.sha512(b"a statement").digest() * 64
    signed = [(key.public, key.sign(data)) for key in keys]

    def verify() -> None:
        for key, signature in signed:
            key.verify(signature, data)

    return verify


def _checking(
    office: Office, asked: VerifiedRequest, presentations: Sequence[Any]
) -> Callable[[], object]:
    """Check the response as the verifier does; its lists are remembered."""
    token, query = vp_token(*presentations), asked.query
    given = [(one, each) for one in query.credentials for each in token.get(one.id, ())]
    expected = KeyBindingExpectation(audience=asked.client_id, nonce=asked.nonce)

    def check() -> object:
        now = int(time.time())
        return check_response(given, expected=expected, checks=office.checks(None, now))

    return check


if __name__ == "__main__":
    main()
