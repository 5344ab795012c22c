"""The first start of an organisation: keys and an empty database, and the check before serving."""

from collections.abc import Iterator
from pathlib import Path

from issuer.config import Config, Source
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


def check(config: Config, now: int) -> str:
    """Everything that would keep the service from working; ConfigurationError names the key.

    Gives why the scheme on offer is not taken and the one before goes on; "" when all is well.
    """
    services = open_services(config, now, _no_alarm)
    services.schemes.require_fresh(now)
    services.database.close()
    find_person(config.desk.persons_file, "")
    config.login.client_secret()
    for source in config.sources:
        source.secret()
        if source.folder is not None and not source.folder.is_dir():
            raise ConfigurationError(f"the folder of source {source.code} does not exist")
        if source.dialect is not None:
            _check_dialect(source, source.dialect)
    return str(services.schemes.trouble or "")


def _check_dialect(source: Source, path: Path) -> None:
    try:
        dialect = load_dialect(path)
    except KitError as error:
        raise ConfigurationError(f"the dialect of source {source.code}: {error}") from None
    if dialect.file.is_file and source.address is not None:
        raise ConfigurationError(f"source {source.code} is a file: it has a folder and no address")
    if dialect.file.is_asked and source.address is None:
        raise ConfigurationError(f"source {source.code} is asked at its address, which is not set")


def _no_alarm(_error: KitError) -> None:
    """Nothing is published during a check."""
