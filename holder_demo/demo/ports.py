"""Which port each service listens on: the usual one, or the next that is free."""

import socket
from collections.abc import Collection

SERVICES = ("login", "boxtel", "sint-michielsgestel", "verifier", "wallet")
USUAL = {
    "login": 8100,
    "boxtel": 8101,
    "sint-michielsgestel": 8102,
    "verifier": 8110,
    "wallet": 8120,
}
_LOOPBACK = "127.0.0.1"
_HIGHEST = 65_535


def is_free(port: int) -> bool:
    """Tell whether a server could listen on this port of the loopback address now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As servers do: what only lingers from a stopped server is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_LOOPBACK, port))
        except OSError:
            return False
    return True


def usual_or_next() -> dict[str, int]:
    """Give every service its usual port, or the next free one above it."""
    chosen: dict[str, int] = {}
    for service in SERVICES:
        reserved = {*chosen.values(), *USUAL.values()} - {USUAL[service]}
        chosen[service] = _next_free(USUAL[service], reserved)
    return chosen


def any_free() -> dict[str, int]:
    """Give every service a free port that the system picks, as tests want it."""
    probes = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in SERVICES]
    try:
        for probe in probes:
            probe.bind((_LOOPBACK, 0))
        ports = [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
    return dict(zip(SERVICES, ports, strict=True))


def _next_free(port: int, reserved: Collection[int]) -> int:
    while port in reserved or not is_free(port):
        port += 1
        if port > _HIGHEST:
            raise OSError("no port is free")
    return port
