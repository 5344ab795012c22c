"""The office and the clock of the app that answers this request."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, cast

import flask

from verifier.office import Office

_KEY: Final = "blauweknop_verifier"


@dataclass(frozen=True)
class _Desk:
    office: Office
    clock: Callable[[], float]


def install(app: flask.Flask, office: Office, clock: Callable[[], float]) -> None:
    """Give the app what its views work with."""
    app.extensions[_KEY] = _Desk(office, clock)


def office() -> Office:
    """Everything that the use cases stand on."""
    return _desk().office


def now() -> int:
    """The time of the app's clock in epoch seconds."""
    return int(_desk().clock())


def _desk() -> _Desk:
    return cast("_Desk", flask.current_app.extensions[_KEY])
