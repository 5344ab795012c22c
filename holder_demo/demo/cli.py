"""`blauweknop-holder demo`: start everything, walk one journey, and stay up for people to try."""

import argparse
import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import requests

from holder_demo.demo import journey, material, ports
from holder_demo.demo.browser import StuckError
from holder_demo.demo.processes import ServiceError
from holder_demo.demo.world import KEPT, PIN, World, remembered
from vckit.errors import KitError

DATA_VARIABLE, STATE_VARIABLE, ONCE_VARIABLE = "DEMO_DATA", "DEMO_STATE", "ONCE"
DEFAULT_STATE = ".demo"
_SHOWN_RESIDENTS = 8
_WATCH_SECONDS = 1
_INTERRUPTED = 130  # as shells tell it


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; 0 after a good walk, 1 when anything failed."""
    options = _parser().parse_args(arguments)
    try:
        with _ended_by_sigterm(), _locked(options.state):
            return _run(options)
    except KeyboardInterrupt:
        return _finish("Gestopt.", _INTERRUPTED)
    except (KitError, ServiceError, StuckError, journey.JourneyError) as error:
        return _finish(f"De demo is mislukt: {error}", 1)
    except requests.RequestException as error:
        return _finish(f"De demo is mislukt: geen antwoord ({type(error).__name__})", 1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="blauweknop-holder demo",
        description=__doc__,
        epilog="example: blauweknop-holder demo --once --state /tmp/demo",
    )
    environment = os.environ.get
    data, state = environment(DATA_VARIABLE), environment(STATE_VARIABLE) or DEFAULT_STATE
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(data) if data else None,
        help=f"a folder of exports laid out like the sample; default: ${DATA_VARIABLE}, the sample",
    )
    parser.add_argument(
        "--state",
        type=Path,
        default=Path(state),
        help=f"a folder for keys, databases and logs; default: ${STATE_VARIABLE}, {DEFAULT_STATE}",
    )
    parser.add_argument(
        "--once",
        action="store_true",
        default=environment(ONCE_VARIABLE, "") not in {"", "0"},
        help="end after the walk",
    )
    return parser


def _run(options: argparse.Namespace) -> int:
    _say("DEMO: geen echte gegevens")
    world = World.create(
        options.state, options.data, chosen_ports=_ports(options.state), report=_say
    )
    try:
        _say("De diensten starten.")
        world.start()
        journey.walk(world, world.residents[0], _say)
        if options.once:
            return _finish("De demo is geslaagd.", 0)
        _print_addresses(world)
        return _stay(world)
    except (ServiceError, StuckError, requests.RequestException):
        for service in world.died():
            _say(f"{service.name} is gestopt. Het einde van {service.log}:\n{service.last_lines()}")
        raise
    finally:
        # A second Ctrl-C must not leave services behind.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        world.stop()


def _ports(state: Path) -> dict[str, int]:
    """Give the ports of the world that stands there while they are free, else choose anew."""
    kept = remembered(state).get("stated", {}).get("ports", {})
    if set(kept) == set(ports.SERVICES) and all(map(ports.is_free, kept.values())):
        return {service: int(port) for service, port in kept.items()}
    return ports.usual_or_next()


def _stay(world: World) -> int:
    _say("Alles draait. Stop met Ctrl-C.")
    try:
        while not (died := world.died()):
            time.sleep(_WATCH_SECONDS)
    except KeyboardInterrupt:
        return _finish("Gestopt.", 0)
    for service in died:
        _say(f"{service.name} is gestopt. Het einde van {service.log}:\n{service.last_lines()}")
    return 1


def _print_addresses(world: World) -> None:
    _say("Adressen:")
    for municipality in material.MUNICIPALITIES:
        _say(f"  {municipality.name:<30} {world.url(municipality.slug)}")
    _say(f"  {material.VERIFIER_NAME:<30} {world.url('verifier')}")
    _say(f"  {'Demo-wallet':<30} {world.url('wallet')}   pincode {PIN}")
    _say("Inloggen gaat zonder wachtwoord: kies op de inlogpagina wie u bent, bijvoorbeeld")
    for person in world.residents[:_SHOWN_RESIDENTS]:
        _say(f"  {person.name} ({person.birthdate}), inwoner")
    acting = world.representative
    _say(f"  {acting.name}, regelt het voor {world.person(acting.represents_bsn).name}")
    _say(f"  {world.desk_employee.name}, medewerker van de balie (bij een gemeente onder /balie)")
    for person in world.people:
        if person.kind == "counsellor":
            _say(f"  {person.name}, schuldhulpverlener")


@contextmanager
def _locked(state: Path) -> Iterator[None]:
    """One demo at a time from one folder."""
    state.mkdir(parents=True, exist_ok=True)
    with (state / KEPT).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServiceError(f"er draait al een demo uit {state}") from None
        yield


@contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM end the demo as Ctrl-C does, so that its services are stopped."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(line: str) -> None:
    print(line, file=sys.stdout, flush=True)


def _finish(line: str, status: int) -> int:
    _say(line)
    return status
