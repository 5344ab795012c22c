"""The services and the clock of the app that answers this request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

import flask

from issuer.services import Services

_KEY: Final = "blauweknop_issuer"


@dataclass(frozen=True)
class _Running:
    services: Services
    clock: Callable[[], float]


def install(app: flask.Flask, services: Services, clock: Callable[[], float]) -> None:
    """Give the app what its endpoints work with."""
    app.extensions[_KEY] = _Running(services, clock)


def services() -> Services:
    """The organisation's services."""
    return _running().services


def now() -> int:
    """The time of the app's clock in epoch seconds."""
    return int(_running().clock())


def _running() -> _Running:
    return cast("_Running", flask.current_app.extensions[_KEY])
