"""What an organisation has stored, opened: enough for commands that sign and serve nothing."""

from dataclasses import dataclass
from typing import Final

from issuer.config import Config
from issuer.debts import register as debt_register
from issuer.debts.register import Register
from issuer.keyring import Keyring
from issuer.store import Store, schema
from vckit.adapters.flask.sessions import MIGRATION as SESSIONS_MIGRATION
from vckit.adapters.private_files import load_key
from vckit.adapters.sqlite import SqliteDatabase, open_database
from vckit.trust import MIGRATION as SCHEMES_MIGRATION

# Only ever added to, at the end: the number of scripts is the version of the schema.
MIGRATIONS: Final = (
    schema.FIRST,
    SESSIONS_MIGRATION,
    *debt_register.MIGRATIONS[:1],
    schema.FORMS_AND_PROFILES,
    *debt_register.MIGRATIONS[1:2],
    schema.DESK,
    schema.DOCUMENTS,
    *debt_register.MIGRATIONS[2:],
    SCHEMES_MIGRATION,
)


@dataclass(frozen=True)
class Stored:
    """The database of one organisation and what is in it."""

    database: SqliteDatabase
    store: Store
    keyring: Keyring
    register: Register


def open_stored(config: Config) -> Stored:
    """Open the database; ConfigurationError or StorageUnavailableError when it is not right."""
    key = load_key(config.database_key, "database_key")
    database = open_database(config.database, key, migrations=MIGRATIONS)
    keyring = Keyring(load_key(config.index_key, "index_key"))
    return Stored(database, Store(database), keyring, Register(database, keyring.pseudonym))
