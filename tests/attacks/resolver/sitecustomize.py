"""A resolver for the verifier under attack, and a network that ends at this machine.

Python loads this file at its start, since its folder stands on PYTHONPATH: nothing of the service
is touched. The file of NAMES says by name which addresses a look-up gives, ROUTES by public
address that it is the loopback. Every look-up and every connection is noted in LOG.
"""

import json
import os
import socket

_SETTINGS = os.environ.get("BLAUWEKNOP_ATTACKS_NETWORK", "")
_lookup, _connect = socket.getaddrinfo, socket.socket.connect


def _note(kind: str, what: str) -> None:
    with open(f"{_SETTINGS}.log", "a", encoding="utf-8") as log:  # noqa: PTH123  before anything
        log.write(f"{kind} {what}\n")


def _settings() -> dict[str, dict[str, list[str]]]:
    with open(_SETTINGS, encoding="utf-8") as file:  # noqa: PTH123  before anything
        found: dict[str, dict[str, list[str]]] = json.load(file)
    return found


def _is_local(host: object) -> bool:
    return host in {None, "", "localhost", "127.0.0.1", "::1", "0.0.0.0"}  # noqa: S104  compared


def getaddrinfo(host: object, port: object, *given: object, **named: object) -> list[object]:
    if isinstance(host, bytes):
        host = host.decode()
    if _is_local(host):
        return list(_lookup(host, port, *given, **named))
    known, name = _settings(), str(host)
    if name in known["routes"]:
        return [_address(name, port)]
    _note("lookup", name)
    addresses = known["names"].get(name)
    if addresses is None:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")
    return [_address(one, port) for one in addresses]


def _address(address: str, port: object) -> object:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return family, socket.SOCK_STREAM, 6, "", (address, port or 0)


def connect(self: socket.socket, address: object) -> None:
    if isinstance(address, tuple) and not _is_local(address[0]):
        _note("connect", f"{address[0]} {address[1]}")
        if address[0] not in _settings()["routes"]:
            raise OSError("this network ends here")
        address = ("127.0.0.1", address[1])
    _connect(self, address)


if _SETTINGS:
    socket.getaddrinfo = getaddrinfo
    socket.socket.connect = connect
