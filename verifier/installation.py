"""Setting up, judging and starting one verifier."""

import os
import sys
from collections.abc import Iterator
from typing import Final

from vckit.adapters.private_files import (
    load_key,
    make_key,
    make_signing_key,
    require_private,
)
from vckit.adapters.sqlite import create_database, open_database
from verifier.config import Config
from verifier.opening import open_request_key, read_scheme
from verifier.store import MIGRATIONS

GUNICORN: Final = (sys.executable, "-m", "gunicorn", "verifier:application()")
REQUEST_SECONDS: Final = 30


def initialise(config: Config) -> Iterator[str]:
    """Make what is absent and tell each; nothing that exists is touched."""
    if make_key(config.database_key, "database_key"):
        yield "database key made"
    if config.database.exists():
        yield "database exists"
    else:
        key = load_key(config.database_key, "database_key")
        create_database(config.database, key, MIGRATIONS).close()
        yield "database made"
    if make_signing_key(config.request.signer, "request.signer"):
        yield "request key made; ask a certificate for it and put it on the scheme"


def judge(config: Config, now: int) -> Iterator[str]:
    """Try everything that `serve` needs; raises ConfigurationError at the first that is wrong."""
    yield "settings: in order"
    scheme = read_scheme(config.scheme, now)
    yield f"scheme: version {scheme.version}, {len(scheme.issuers(now))} issuers"
    open_request_key(config, scheme, now)
    yield "request key: on the scheme"
    require_private(config.login.client_secret_file, "the file of login.client_secret_file")
    yield "log-in secret: private"
    key = load_key(config.database_key, "database_key")
    open_database(config.database, key, migrations=MIGRATIONS).close()
    yield "database: in order"


def serve(config: Config) -> None:
    """Become gunicorn, in this process; the environment names the configuration."""
    arguments = (
        *GUNICORN,
        f"--bind={config.address}",
        f"--workers={config.workers}",
        f"--timeout={REQUEST_SECONDS}",
        f"--graceful-timeout={REQUEST_SECONDS}",
        "--no-control-socket",
    )
    os.execv(arguments[0], arguments)  # noqa: S606  our own command, no shell
