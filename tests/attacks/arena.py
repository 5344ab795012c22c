"""A world in which two organisations of the scheme, and a third off it, are in the tests' hands."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from holder_demo.demo.world import World
from tests.attacks import outside as world_outside
from tests.attacks.outside import INNER, NAME, Outside
from tests.attacks.town import Town
from tests.vckit.adapters.loopback import Loopback, reply, serving
from vckit import strict_json
from vckit.encoding import b64url_decode
from vckit.keys import PrivateKey
from vckit.trust import sign_scheme

SERVICES = ("login", "verifier", "wallet")
ELSEWHERE = 60
# W01, W05, W07: DIDs that a scheme should never name, and of which nothing may be asked even then.
HOSTILE = [
    f"did:web:{rest}"
    for rest in (
        *("127.0.0.1", "127.0.0.1%3A8080", "169.254.169.254", "10.0.0.1", "%5B%3A%3A1%5D"),
        *("2130706433", "0x7f.1", "0177.0.0.1", "127.1", "0", "localhost"),
        *(f"{NAME}:..:..:etc", f"{NAME}:%2e%2e:etc", f"{NAME}:a%2Fb", f"{NAME}:a%5Cb"),
        *(f"{NAME}:a%00b", f"{NAME}:a%0d%0aHost", f"{NAME}:a::b", f"{NAME}:", f"{NAME}:a:"),
        *(f"user%40{NAME}", f"{NAME}%40evil.example", NAME.upper(), f"{NAME}.", f".{NAME}"),
        *("xn--msterdam-y6a.example:.", "%D0%B0msterdam.example", f"{NAME}%3A", f"{NAME}%3A0"),
        *(f"{NAME}%3A65536", f"{NAME}%3a443", f"{NAME}%3A443%3A1", f"{NAME}%2F..", "-a.example"),
        ".".join(["a" * 60] * 5),
    )
]


@dataclass(frozen=True)
class Arena:
    """`linden` and `eiken` stand on the scheme, `vreemd` does not; `lair` is an evil server."""

    world: World
    linden: Town
    eiken: Town
    vreemd: Town
    lair: "Lair"
    outside: Outside

    @property
    def towns(self) -> tuple[Town, ...]:
        return (self.linden, self.eiken, self.vreemd)

    def rest(self) -> None:
        """Honest lists everywhere again, and nothing noted."""
        for town in self.towns:
            town.publish()
        self.lair.pages.clear()
        self.lair.server.calls.clear()


@dataclass(frozen=True)
class Lair:
    """A server of nobody on the scheme: `pages` by path, (body, media type)."""

    server: Loopback
    pages: dict[str, tuple[bytes, str]]

    def put(self, path: str, body: str | bytes, media_type: str) -> str:
        """Serve this from now on and give its address."""
        self.pages[path] = (body.encode() if isinstance(body, str) else body, media_type)
        return f"{self.server.origin}{path}"


@contextmanager
def running(folder: Path) -> Iterator[Arena]:
    """The arena with its verifier and wallet running; nobody's debts are imported."""
    with ExitStack() as stack:
        world = stack.enter_context(World.create(folder, import_data=False))
        vct = f"{world.url('boxtel')}/vct/schuldenopgave/1"
        linden = stack.enter_context(_town("Gemeente Linden", "00000001001111111000", vct))
        eiken = stack.enter_context(_town("Gemeente Eiken", "00000001002222222000", vct))
        vreemd = stack.enter_context(_town("Gemeente Vreemd", "00000001003333333000", vct))
        lair = stack.enter_context(_lair())
        outside = stack.enter_context(world_outside.running(folder / "outside"))
        linden.dids += HOSTILE
        linden.dids += [outside.did(host) for host in outside.hosts]
        linden.dids += [outside.did("inner", f"{name}.attack.example") for name in INNER]
        linden.dids += [outside.did("good", path=f"/{n + 1}") for n in range(ELSEWHERE)]
        admit(world, linden.entry(), eiken.entry())
        origins = [linden.url, eiken.url, vreemd.url, lair.server.origin]
        for service in SERVICES[1:]:
            allow(world.config_path(service), origins)
        ask_everything(world.config_path("verifier"))
        _connect(world, outside)
        yield Arena(world.start(*SERVICES), linden, eiken, vreemd, lair, outside)


def _connect(world: World, outside: Outside) -> None:
    """Let the verifier see the outside that is made here, and nothing else."""
    world.services["verifier"].environment = {
        "PYTHONPATH": str(Path(__file__).parent / "resolver"),
        "BLAUWEKNOP_ATTACKS_NETWORK": str(outside.settings),
    }
    config = world.config_path("verifier")
    trusted = f'trusted_certificates = "{outside.authority}"\n'
    config.write_text(trusted + config.read_text("utf-8"), "utf-8")


@contextmanager
def _town(name: str, oin: str, vct: str) -> Iterator[Town]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        page = town.pages.get(handler.path)
        status, body, media_type, *more = page() if page else (404, b"{}", "application/json")
        reply(status, body, media_type, **(more[0] if more else {}))(handler)

    with serving(answer) as server:
        town = Town(name, oin, server, vct)
        yield town


@contextmanager
def _lair() -> Iterator[Lair]:
    pages: dict[str, tuple[bytes, str]] = {}

    def answer(handler: BaseHTTPRequestHandler) -> None:
        body, media_type = pages.get(handler.path, (b"{}", "application/json"))
        reply(200, body, media_type)(handler)

    with serving(answer) as server:
        yield Lair(server, pages)


def admit(world: World, *entries: dict[str, Any]) -> None:
    """Put organisations on the scheme, as its operator would: a higher version, signed anew."""
    path = world.folder / "scheme.json"
    known = strict_json.loads_object(path.read_bytes(), strict_json.Limits(string=1_048_576))
    payload = strict_json.loads_object(b64url_decode(known["payload"]))
    payload["versie"] += 1
    payload["iat"] = int(time.time())
    payload["organisaties"] += entries
    operator = PrivateKey.from_pem((world.folder / "keys" / "scheme-operator.pem").read_bytes())
    path.write_bytes(sign_scheme(payload, [operator]))


def ask_everything(config: Path) -> None:
    """Have the verifier ask in every format, also in the one that is ours alone."""
    formats = '["dc+sd-jwt", "ldp_vc", "jwt_vc_json", "vc+jwt"]'
    text = config.read_text("utf-8")
    config.write_text(text.replace("[request]\n", f"[request]\nformats = {formats}\n"), "utf-8")


def allow(config: Path, origins: list[str]) -> None:
    """Except these origins from https, as the demo excepts its own."""
    lines = config.read_text("utf-8").splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("insecure_origins"))
    quoted = ", ".join(f'"{origin}"' for origin in origins)
    lines[place] = lines[place].replace("[", f"[{quoted}, ", 1)
    config.write_text("\n".join(lines), "utf-8")
