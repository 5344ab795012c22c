"""The issuer: one organisation that states debts. `create_app` joins it together."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from issuer.config import CONFIG_VARIABLE, load
from vckit.adapters.settings import chosen_file

if TYPE_CHECKING:
    import flask

    from issuer.config import Config


def create_app(config: "Config", *, clock: Callable[[], float] = time.time) -> "flask.Flask":
    """One organisation's service; ConfigurationError when it may not start like this."""
    from issuer.app import build  # noqa: PLC0415  commands that need no Flask start faster

    return build(config, clock)


def application() -> "flask.Flask":
    """For a WSGI server: the organisation that the environment names."""
    return create_app(load(chosen_file(None, CONFIG_VARIABLE)))
