"""The web outside, as the verifier under attack sees it: names, addresses, certificates, hosts.

All of it is this machine: `resolver/sitecustomize.py` answers look-ups and leads one public
address here. What should never be asked is a listener that notes every connection.
"""

import json
import ssl
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.vckit.adapters.loopback import Loopback, authority, reply, server_tls, serving

PUBLIC = "93.184.216.34"
NAME = "gemeente.attack.example"
DAY = 86_400
# W02: what no name may lead to, by a name that leads there.
INNER = {
    "loopback": ["127.0.0.1"],
    "metadata": ["169.254.169.254"],
    "unique-local": ["fd00::1"],
    "link-local": ["fe80::1"],
    "mapped": ["::ffff:127.0.0.1"],
    "nat64": ["64:ff9b::7f00:1"],
    "six-to-four": ["2002:7f00:1::"],
    "unspecified": ["0.0.0.0"],  # noqa: S104  an address to be refused
    "carrier": ["100.64.0.1"],
    "multicast": ["224.0.0.1"],
    "private": ["10.0.0.1"],
    "loopback6": ["::1"],
    "compatible": ["::7f00:1"],
    "first-public": [PUBLIC, "127.0.0.1"],
    "last-public": ["127.0.0.1", PUBLIC],
    "public-and-six": [PUBLIC, "::1"],
}


@dataclass
class Outside:
    """`hosts` by what is wrong with their TLS ("good": nothing); `pages` of all of them."""

    folder: Path
    hosts: dict[str, Loopback] = field(default_factory=dict)
    pages: dict[str, Callable[[], tuple[Any, ...]]] = field(default_factory=dict)
    slow: dict[str, Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=dict)
    used: int = 0

    @property
    def settings(self) -> Path:
        return self.folder / "outside.json"

    @property
    def authority(self) -> Path:
        """Whom the verifier trusts for https."""
        return self.folder / "Outside.pem"

    @property
    def inner(self) -> Loopback:
        """What stands for every machine inside."""
        return self.hosts["inner"]

    def did(self, host: str, name: str = NAME, path: str = "") -> str:
        return f"did:web:{name}%3A{self.hosts[host].port}{path.replace('/', ':')}"

    def noted(self) -> list[str]:
        """Every look-up and connection of the verifier that left its own machine, in order."""
        log = Path(f"{self.settings}.log")
        return log.read_text("utf-8").splitlines() if log.exists() else []

    def write(self) -> None:
        names = {f"{name}.attack.example": addresses for name, addresses in INNER.items()}
        known = {"names": {NAME: [PUBLIC], **names}, "routes": {PUBLIC: []}}
        self.settings.write_text(json.dumps(known), "utf-8")

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        if handler.path in self.slow:
            self.slow[handler.path](handler)
            return
        page = self.pages.get(handler.path)
        status, body, media_type, *more = page() if page else (404, b"{}", "application/json")
        reply(status, body, media_type, **(more[0] if more else {}))(handler)


@contextmanager
def running(folder: Path) -> Iterator[Outside]:
    """All hosts, each with its certificate."""
    folder.mkdir()
    with ExitStack() as stack:
        outside = Outside(folder)
        outside.write()
        for name, tls in _certificates(folder).items():
            outside.hosts[name] = stack.enter_context(serving(outside.answer, tls))
        outside.hosts["inner"] = stack.enter_context(serving(outside.answer))
        yield outside


def _certificates(folder: Path) -> dict[str, ssl.SSLContext]:
    """W11: one that holds, and all that do not."""
    issuer = authority(folder, "Outside")
    (other_folder := folder / "other").mkdir()
    other = authority(other_folder, "Other")
    earlier = int(time.time()) - 3 * DAY
    old = server_tls(folder, issuer, dns=(NAME,))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    return {
        "good": server_tls(folder, issuer, dns=(NAME,)),
        "unknown authority": server_tls(folder, other, dns=(NAME,)),
        "expired": server_tls(folder, issuer, dns=(NAME,), now=earlier, days=1),
        "wrong name": server_tls(folder, issuer, dns=("elders.attack.example",)),
        "common name only": server_tls(folder, issuer, dns=()),
        "TLS 1.1": old,
    }
