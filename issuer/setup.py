"""The first start of an organisation: keys and an empty database, and the check before serving."""

from collections.abc import Iterator
from pathlib import Path

from issuer.config import Config
from issuer.debts.dialect import load_dialect
from issuer.person import find_person
from issuer.services import open_services
from issuer.stored import MIGRATIONS
from vckit.adapters.private_files import load_key, make_key, make_signing_key
from vckit.adapters.sqlite import create_database
from vckit.errors import ConfigurationError, KitError
from vckit.keys import EDDSA


def initialise(config: Config) -> list[str]:
    """Make the database and whatever key is absent; the names of what was made.

    ConfigurationError when the database exists: nothing is ever made over it.
    """
    if config.database.exists():
        raise ConfigurationError("the database exists already")
    config.database.parent.mkdir(parents=True, exist_ok=True)
    made = list(_make_keys(config))
    key = load_key(config.database_key, "database_key")
    create_database(config.database, key, MIGRATIONS).close()
    return [*made, "database"]


def _make_keys(config: Config) -> Iterator[str]:
    for name, path in (("database_key", config.database_key), ("index_key", config.index_key)):
        if make_key(path, name):
            yield name
    for section, key in (("credentials", config.credentials), ("document", config.document)):
        if key is not None and make_signing_key(key.signer, f"{section}.signer"):
            yield f"{section}.signer"
    if config.w3c is not None and make_signing_key(config.w3c.signer, "w3c.signer", EDDSA):
        yield "w3c.signer"


def check(config: Config, now: int) -> None:
    """Everything that would keep the service from working; ConfigurationError names the key."""
    services = open_services(config, now, _no_alarm)
    services.database.close()
    find_person(config.desk.persons_file, "")
    config.login.client_secret()
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
