"""The first start of an organisation: keys and an empty database, and the check before serving."""

import os
import secrets
from pathlib import Path

from issuer.config import Config
from issuer.debts.dialect import load_dialect
from issuer.person import find_person
from issuer.services import open_services
from issuer.stored import MIGRATIONS
from vckit.adapters.sqlite import KEY_BYTES, create_database, load_key
from vckit.errors import ConfigurationError, KitError
from vckit.keys import PrivateKey


def initialise(config: Config) -> list[str]:
    """Make the database and whatever key is absent; the names of what was made.

    ConfigurationError when the database exists: nothing is ever made over it.
    """
    if config.database.exists():
        raise ConfigurationError("the database exists already")
    made = [
        *_make("database_key", config.database_key, secrets.token_bytes(KEY_BYTES)),
        *_make("index_key", config.index_key, secrets.token_bytes(KEY_BYTES)),
        *_make_signer("credentials.signer", config.credentials.signer),
        *(_make_signer("document.signer", config.document.signer) if config.document else []),
    ]
    config.database.parent.mkdir(parents=True, exist_ok=True)
    create_database(config.database, load_key(config.database_key), MIGRATIONS)
    return [*made, "database"]


def _make_signer(name: str, uri: str) -> list[str]:
    """Only a file can be made here; keys elsewhere are made where they live."""
    if not uri.startswith("file:"):
        return []
    return _make(name, Path(uri.removeprefix("file:")), PrivateKey.generate("ES256").to_pem())


def _make(name: str, path: Path, content: bytes) -> list[str]:
    if path.exists():
        return []
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError:
        raise ConfigurationError(f"{name} cannot be written") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return [name]


def check(config: Config, now: int) -> None:
    """Everything that would keep the service from working; ConfigurationError names the key."""
    services = open_services(config, now, _no_alarm)
    services.database.close()
    find_person(config.desk.persons_file, "")
    if not config.login.client_secret_file.is_file():
        raise ConfigurationError("login.client_secret_file is unreadable")
    for source in config.sources:
        if source.dialect is not None:
            _check_dialect(source.code, source.dialect)


def _check_dialect(code: str, dialect: Path) -> None:
    try:
        load_dialect(dialect)
    except KitError as error:
        raise ConfigurationError(f"the dialect of source {code}: {error}") from None


def _no_alarm(_error: KitError) -> None:
    """Nothing is published during a check."""
