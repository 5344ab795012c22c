"""What one organisation must never forget or do twice. A verb is one statement or transaction."""

from typing import Final

from issuer.store.desk import DeskActions
from issuer.store.intents import Intents
from issuer.store.lists import Lists
from issuer.store.offers import Offers
from issuer.store.records import Records
from vckit.database import Database
from vckit.status.token_status_list import MINIMUM_ENTRIES

# How long (seconds) a spent nonce and the person behind an offer are kept after their end.
KEPT_AFTER: Final = 300


class Store:
    """The offers, status lists and records of one organisation."""

    def __init__(self, database: Database, list_size: int = MINIMUM_ENTRIES) -> None:
        self.database = database
        self.offers = Offers(database)
        self.lists = Lists(database, list_size)
        self.intents = Intents(database, self.lists)
        self.records = Records(database, self.lists)
        self.desk = DeskActions(database)

    def probe(self) -> None:
        """Raise StorageUnavailableError while the database does not answer."""
        self.database.execute("SELECT 1 FROM status_lists LIMIT 1")

    def purge(self, now: int) -> None:
        """Forget what has ended. Until it runs, the verbs do not read it any more."""
        for statement, moment in (
            ("DELETE FROM spent_nonces WHERE expires_at < ?", now - KEPT_AFTER),
            (_FORGET_PEOPLE_OF_OFFERS, now - KEPT_AFTER),
            (_DESTROY_SEEDS, now),
            (_FORGET_PEOPLE_OF_RECORDS, now),
        ):
            self.database.execute(statement, (moment,))


# A token lives as long as KEPT_AFTER at most, so nobody is forgotten who can still fetch.
_FORGET_PEOPLE_OF_OFFERS: Final = (
    "UPDATE offers SET person = NULL WHERE person IS NOT NULL AND expires_at < ?"
)
_DESTROY_SEEDS: Final = (
    "UPDATE records SET seed_part = NULL, thumbprint = NULL, seed_until = NULL"
    " WHERE seed_until <= ?"
)
_FORGET_PEOPLE_OF_RECORDS: Final = (
    "UPDATE records SET pseudonym = NULL WHERE pseudonym IS NOT NULL AND expires_at <= ?"
)
