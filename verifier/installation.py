"""Setting up, judging and starting one verifier."""

import os
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from vckit.adapters.sqlite import (
    KEY_BYTES,
    create_database,
    load_key,
    open_database,
    require_private,
)
from vckit.errors import ConfigurationError
from vckit.keys import PrivateKey
from verifier.config import Config
from verifier.opening import open_request_key, read_scheme
from verifier.store import MIGRATIONS

GUNICORN: Final = (sys.executable, "-m", "gunicorn", "verifier:application()")
REQUEST_SECONDS: Final = 30


def initialise(config: Config) -> Iterator[str]:
    """Make what is absent and tell each; nothing that exists is touched."""
    if not config.database_key.exists():
        _write_private(config.database_key, secrets.token_bytes(KEY_BYTES))
        yield "database key made"
    if config.database.exists():
        yield "database exists"
    else:
        create_database(config.database, load_key(config.database_key), MIGRATIONS)
        yield "database made"
    kind, _colon, path = config.request.signer.partition(":")
    if kind == "file" and not Path(path).exists():
        _write_private(Path(path), PrivateKey.generate("ES256").to_pem())
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
    open_database(config.database, load_key(config.database_key), migrations=MIGRATIONS)
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


def _write_private(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise ConfigurationError("a key file cannot be made in its folder") from error
