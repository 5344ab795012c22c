"""What the use cases stand on: settings, store, scheme, our key, and the ways out."""

from collections.abc import Callable
from dataclasses import dataclass

from vckit.database import Database
from vckit.network import Fetcher
from vckit.signers import Signer
from vckit.trust import Scheme
from vckit.x509 import Certificate
from verifier.config import Config
from verifier.overview import Ages
from verifier.person import Person
from verifier.presentation import Checks
from verifier.status_book import Patience, StatusBook
from verifier.store import Store


@dataclass(frozen=True)
class Office:
    """One organisation of counsellors, opened from its configuration.

    `chain` is leaf first and without its root; `stopwatch` counts seconds from anywhere.
    """

    config: Config
    database: Database
    store: Store
    scheme: Scheme
    signer: Signer
    chain: tuple[Certificate, ...]
    fetcher: Fetcher
    stopwatch: Callable[[], float]

    @property
    def ages(self) -> Ages:
        """When a statement is old."""
        return Ages(self.config.overview.stale_days, self.config.overview.note_days)

    def checks(self, person: Person | None, now: int) -> Checks:
        """What the presentations of one response are checked against."""
        patience = Patience(self.config.status.max_age_seconds, self.config.status.grace_seconds)
        book = StatusBook(self.store, self.fetcher, self.scheme, patience, self.stopwatch)
        return Checks(self.scheme, book, person, now)
