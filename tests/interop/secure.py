"""The demo's world on https, as wallets of others insist on, under a throw-away authority."""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPSConnection
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from holder_demo.demo.processes import Service, ServiceError
from holder_demo.demo.world import World
from vckit import x509
from vckit.adapters.private_files import write_private
from vckit.keys import PrivateKey

BACKDATED = 300
# Those who meet strangers; log-in and demo wallet stay at home.
SERVICES = ("boxtel", "sint-michielsgestel", "verifier")
HOST = "localhost"


@dataclass(frozen=True)
class Authority:
    """Certificates of this machine's name, that nobody trusts but who is told to."""

    folder: Path

    @property
    def certificate(self) -> Path:
        """The authority itself, in PEM."""
        return self.folder / "authority.pem"

    @property
    def chain(self) -> Path:
        """The server's certificate and the authority, in PEM."""
        return self.folder / "server.pem"

    @property
    def key(self) -> Path:
        """The server's private key, in PEM."""
        return self.folder / "server-key.pem"

    @classmethod
    def make(cls, folder: Path) -> Self:
        """Make an authority and one server certificate."""
        made = cls(folder)
        now = int(time.time()) - BACKDATED
        authority_key, key = PrivateKey.generate("ES256"), PrivateKey.generate("ES256")
        authority = x509.create_authority("Wegwerp-CA", authority_key, now=now, days=2)
        leaf = x509.create_leaf(
            HOST,
            key.public,
            authority=authority,
            authority_key=authority_key,
            dns=(HOST,),
            now=now,
            days=1,
        )
        folder.mkdir(parents=True)
        made.certificate.write_bytes(x509.to_pem((authority,)))
        made.chain.write_bytes(x509.to_pem((leaf, authority)))
        write_private(made.key, key.to_pem(), "the server's key")
        return made

    def client(self) -> ssl.SSLContext:
        """What trusts this authority only."""
        return ssl.create_default_context(cafile=str(self.certificate))

    def server(self) -> ssl.SSLContext:
        """What serves under this authority."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain, self.key)
        return context


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


@contextmanager
def running(folder: Path) -> Iterator[tuple[SecureWorld, Authority]]:
    """The world with the sample's debts, its three services running."""
    authority = Authority.make(folder / "authority")
    with SecureWorld.create(folder / "state") as world:
        world.secure(authority)
        yield world.start(*SERVICES), authority
