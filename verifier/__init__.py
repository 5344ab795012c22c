"""One organisation of debt counsellors: asks wallets, checks answers, shows one overview.

Imports wait until they are needed: a check of one file from the command line needs few of them.
"""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from flask import Flask

    from vckit.network import Fetcher
    from verifier.config import Config

CONFIG_VARIABLE: Final = "BLAUWEKNOP_VERIFIER_CONFIG"


def create_app(
    config: "Config",
    *,
    clock: Callable[[], float] = time.time,
    fetcher: "Fetcher | None" = None,
) -> "Flask":
    """The web service; ConfigurationError or SchemeError when it must not start.

    Without `fetcher` status lists are asked over the network.
    """
    from verifier.service import create  # noqa: PLC0415  Flask is slow to import

    return create(config, clock=clock, fetcher=fetcher)


def application() -> "Flask":
    """The web service for gunicorn, from the file that BLAUWEKNOP_VERIFIER_CONFIG names."""
    from vckit.adapters.settings import chosen_file  # noqa: PLC0415  see above
    from verifier.config import load  # noqa: PLC0415  pydantic is slow to import

    return create_app(load(chosen_file(None, CONFIG_VARIABLE)))
