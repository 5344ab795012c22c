"""One complete world to try things in: two municipalities, a verifier, a log-in and a wallet.

`World.create(folder).start()` gives running services on free ports; tests and the demo use the
same. Everything lives in one folder: keys, certificates, scheme, settings, databases, logs.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zoneinfo import ZoneInfo

from holder_demo import config as holder_config
from holder_demo import keystore
from holder_demo.demo import configurations, material, ports, residents
from holder_demo.demo.processes import Service, ServiceError, console_script, run
from holder_demo.opening import PIN_VARIABLE, open_wallet
from holder_demo.persons import Person
from holder_demo.wallet import Wallet

WORLD_FILE = "world.json"
KEPT = "demo.lock"
PIN = "1234"
_FORMAT = 5
_CONFIG_FILES = {
    "login": "digid.toml",
    "boxtel": "boxtel/issuer.toml",
    "sint-michielsgestel": "sint-michielsgestel/issuer.toml",
    "verifier": "verifier/verifier.toml",
    "wallet": "wallet/wallet.toml",
}
ISSUERS = tuple(one.slug for one in material.MUNICIPALITIES)
# Certificates start a little in the past: clocks of two processes need not agree to the second.
_BACKDATED = 300
# Seconds after which certificates and scheme are made anew: well before they end.
_LIFE = 180 * 86_400

Report = Callable[[str], None]


def _silent(_line: str) -> None:
    """Say nothing."""


@dataclass
class World:
    """A folder with everything in it, and the services that run from it."""

    folder: Path
    data: Path
    ports: Mapping[str, int]
    people: list[Person]
    services: dict[str, Service] = field(default_factory=dict)

    @classmethod
    def create(
        cls,
        folder: Path,
        data: Path | None = None,
        *,
        chosen_ports: Mapping[str, int] | None = None,
        reference_date: date | None = None,
        import_data: bool = True,
        report: Report = _silent,
    ) -> Self:
        """Make or reuse a world in `folder`.

        `data` is a folder of exports (the sample by default), `chosen_ports` one port for each
        service (any free ones by default), `reference_date` of the exports yesterday by default.
        A folder that was made for other data or other ports is made anew.
        """
        data = data or residents.packaged("sample")
        chosen = dict(chosen_ports or ports.any_free())
        world = cls(folder.resolve(), data.resolve(), chosen, residents.people(data))
        fresh = world._prepare(report)
        world._define_services()
        if import_data:
            world.import_exports(reference_date or yesterday(), report)
        report("De gegevens staan klaar." if fresh else "De bewaarde demo wordt weer gebruikt.")
        return world

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def url(self, service: str) -> str:
        """Give a service's base URL; `service` is one of `ports.SERVICES`."""
        return f"http://localhost:{self.ports[service]}"

    @property
    def urls(self) -> dict[str, str]:
        """Give every service's base URL."""
        return {service: self.url(service) for service in ports.SERVICES}

    def config_path(self, service: str) -> Path:
        """Give a service's TOML file."""
        return self.folder / _CONFIG_FILES[service]

    @property
    def residents(self) -> list[Person]:
        """Give the residents, in the order of expected.json."""
        return [person for person in self.people if person.kind == "resident"]

    @property
    def representative(self) -> Person:
        """Give somebody who acts for the first resident."""
        return next(person for person in self.people if person.kind == "representative")

    @property
    def counsellor(self) -> Person:
        """Give the first counsellor."""
        return next(person for person in self.people if person.kind == "counsellor")

    def person(self, bsn: str) -> Person:
        """Give the resident with this BSN; KeyError when there is none."""
        for person in self.residents:
            if person.bsn == bsn:
                return person
        raise KeyError("nobody of the data has this BSN")

    def start(self, *names: str) -> Self:
        """Start these services (all by default) and wait until they answer."""
        chosen = [self.services[name] for name in names or ports.SERVICES]
        for service in chosen:
            service.start()
        for service in chosen:
            service.wait_until_healthy()
        return self

    def stop(self, *names: str) -> None:
        """Stop these services (all by default)."""
        chosen = [self.services[name] for name in names or ports.SERVICES]
        for service in chosen:
            service.ask_to_stop()
        for service in chosen:
            service.wait_until_stopped()

    def restart(self, *names: str) -> None:
        """Stop and start these services (all by default)."""
        self.stop(*names)
        self.start(*names)

    def died(self) -> list[Service]:
        """Give the services that were started and ended by themselves."""
        started = [one for one in self.services.values() if one.process is not None]
        return [service for service in started if not service.is_running()]

    def issuer(self, slug: str, *arguments: str) -> str:
        """Run `blauweknop-issuer` for one municipality and give what it prints."""
        return run([*_command("blauweknop-issuer", self.config_path(slug)), *arguments])

    def issuer_json(self, slug: str, *arguments: str) -> Any:
        """Run `blauweknop-issuer … --json` and give what it answers."""
        return json.loads(self.issuer(slug, *arguments, "--json"))

    def verifier(self, *arguments: str) -> str:
        """Run `blauweknop-verifier` and give what it prints."""
        return run([*_command("blauweknop-verifier", self.config_path("verifier")), *arguments])

    def verifier_json(self, *arguments: str) -> Any:
        """Run `blauweknop-verifier … --json` and give what it answers."""
        return json.loads(self.verifier(*arguments, "--json"))

    def holder(self, wallet: Path, *arguments: str) -> str:
        """Run `blauweknop-holder` with a wallet folder of its own and give what it prints."""
        command = _command("blauweknop-holder", self.config_path("wallet"))
        return run([*command, "--wallet", str(wallet), *arguments], {PIN_VARIABLE: PIN})

    def holder_json(self, wallet: Path, *arguments: str) -> Any:
        """Run `blauweknop-holder … --json` and give what it answers."""
        return json.loads(self.holder(wallet, *arguments, "--json"))

    def open_wallet(self, wallet: Path) -> Wallet:
        """Open (or make) a wallet of its own in a folder, to use it without a process."""
        settings = holder_config.load(self.config_path("wallet"))
        return open_wallet(settings, keystore.open_or_create(wallet, PIN))

    def import_exports(
        self, reference_date: date, report: Report = _silent, *, only: Iterable[str] = ISSUERS
    ) -> None:
        """Import the four exports of `data` as of a date; a repeated import changes nothing."""
        for slug, code, name, file in residents.EXPORTS:
            if slug in only:
                stated = ("--reference-date", reference_date.isoformat())
                report(f"{file} ({name}):")
                printed = self.issuer(slug, "import", code, str(self.data / file), *stated)
                for line in printed.splitlines():
                    report(f"  {line}")

    def _prepare(self, report: Report) -> bool:
        """Make keys, scheme, settings and databases, unless the folder holds them already."""
        stated = {
            "format": _FORMAT,
            "ports": dict(self.ports),
            "data": residents.fingerprint(self.data),
        }
        now = int(time.time())
        found = remembered(self.folder)
        if found.get("stated") == stated and now < found.get("made_at", 0) + _LIFE:
            return False
        report("Sleutels, certificaten en de afsprakenlijst worden gemaakt.")
        _empty(self.folder)
        (self.folder / "logs").mkdir(parents=True, exist_ok=True)
        material.make(self.folder, self.urls, now=now - _BACKDATED, version=1)
        configurations.write(self.folder, self.urls, self.people)
        for slug in ISSUERS:
            self.issuer(slug, "init")
        self.verifier("init")
        (self.folder / WORLD_FILE).write_text(json.dumps({"stated": stated, "made_at": now}))
        return True

    def _define_services(self) -> None:
        commands = {
            "login": ["blauweknop-holder", "digid", "--config", str(self.config_path("login"))],
            **{one: [*_named("blauweknop-issuer", self.config_path(one))] for one in ISSUERS},
            "verifier": [*_named("blauweknop-verifier", self.config_path("verifier"))],
            "wallet": [*_named("blauweknop-holder", self.config_path("wallet"))],
        }
        self.services = {
            name: Service(
                name=name,
                command=[console_script(commands[name][0]), *commands[name][1:]],
                health_url=f"{self.url(name)}/healthz",
                log=self.folder / "logs" / f"{name}.log",
            )
            for name in ports.SERVICES
        }


def yesterday() -> date:
    """Give the day before today as the Netherlands counts days."""
    return datetime.now(ZoneInfo("Europe/Amsterdam")).date() - timedelta(days=1)


def remembered(folder: Path) -> dict[str, Any]:
    """Give what a folder says of the world in it; {} when it holds none."""
    try:
        found = json.loads((folder / WORLD_FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _command(script: str, config: Path) -> list[str]:
    return [console_script(script), "--config", str(config)]


def _named(script: str, config: Path) -> list[str]:
    return [script, "--config", str(config), "serve"]


def _empty(folder: Path) -> None:
    """Remove an earlier world; a folder that holds anything else is left alone."""
    known = {WORLD_FILE, "boxtel", "sint-michielsgestel", "verifier", "wallet", "logs", "keys"}
    known |= {"scheme.json", "scheme-operator.jwk.json", "digid.toml", "stand-in.json"}
    known |= {"persons.json", KEPT}
    if not folder.exists():
        return
    if strangers := {path.name for path in folder.iterdir()} - known:
        name = min(strangers)
        raise ServiceError(f"{folder} holds {name}, which is not the demo's; choose another folder")
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != KEPT:
            path.unlink()
