"""The demo's world on https, as wallets of others insist on, under a throw-away authority."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

from holder_demo.demo.processes import Service, ServiceError
from holder_demo.demo.world import World
from tests.attacks.arena import admit, allow
from tests.interop import elsewhere
from tests.interop.authority import HOST, Authority
from tests.interop.elsewhere import Elsewhere

# Those who meet strangers; log-in and demo wallet stay at home.
SERVICES = ("boxtel", "sint-michielsgestel", "verifier")


class SecureService(Service):
    """A service that answers on https."""

    authority: Authority

    def wait_until_healthy(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not self._answers():
            if not self.is_running() or time.monotonic() > deadline:
                raise ServiceError(f"{self.name} does not answer:\n{self.last_lines()}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        address = urlsplit(self.health_url)
        asked = HTTPSConnection(address.netloc, timeout=2, context=self.authority.client())
        try:
            asked.request("GET", address.path)
            return asked.getresponse().status == HTTPStatus.OK
        except OSError:
            return False
        finally:
            asked.close()


class SecureWorld(World):
    """The world whose services terminate TLS themselves."""

    def url(self, service: str) -> str:
        return f"https://{HOST}:{self.ports[service]}"

    def secure(self, authority: Authority) -> None:
        """Have every service serve with, and trust, this authority."""
        options = f"--certfile={authority.chain} --keyfile={authority.key}"
        for name in SERVICES:
            service = self.services[name]
            secured = SecureService(service.name, service.command, service.health_url, service.log)
            secured.environment = {"GUNICORN_CMD_ARGS": options}
            secured.authority = authority
            self.services[name] = secured
            path = self.config_path(name)
            trusted = f'trusted_certificates = "{authority.certificate}"\n'
            path.write_text(trusted + path.read_text("utf-8"), "utf-8")


@dataclass(frozen=True)
class Meeting:
    """Our services running on https, and an organisation of which strangers hold the keys."""

    folder: Path
    world: SecureWorld
    authority: Authority
    elsewhere: Elsewhere


@contextmanager
def running(folder: Path) -> Iterator[Meeting]:
    """The world with the sample's debts, its three services running."""
    authority = Authority.make(folder / "authority")
    with SecureWorld.create(folder / "state") as world:
        world.secure(authority)
        with elsewhere.running(authority, world.url("boxtel")) as other:
            admit(world, other.entry())
            allow(world.config_path("verifier"), [other.town.url])
            yield Meeting(folder, world.start(*SERVICES), authority, other)
