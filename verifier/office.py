"""What the use cases stand on: settings, store, scheme, our key, and our instruments."""

from dataclasses import dataclass

from vckit.database import Database
from vckit.signers import Signer
from vckit.trust import Scheme, SchemeKeeper
from vckit.x509 import Certificate
from verifier.casebook import Casebook
from verifier.collecting_book import CollectingBook
from verifier.config import Config
from verifier.instruments import Instruments
from verifier.judging import Checks
from verifier.overview import Ages
from verifier.person import Person
from verifier.repeats import Repeats
from verifier.share_book import ShareBook
from verifier.store import Store
from verifier.tokens import Tokens
from verifier.webhooks import Webhooks


@dataclass(frozen=True)
class Office:
    """One organisation of counsellors, opened from its configuration.

    `chain` is leaf first and without its root. `report_key` seals reports, where there is one.
    """

    config: Config
    database: Database
    store: Store
    schemes: SchemeKeeper
    signer: Signer
    chain: tuple[Certificate, ...]
    instruments: Instruments
    report_key: tuple[Signer, tuple[Certificate, ...]] | None = None

    @property
    def scheme(self) -> Scheme:
        """The scheme in force now: ask for it each time, it may be replaced."""
        return self.schemes.scheme

    @property
    def ages(self) -> Ages:
        """When a statement is old."""
        return Ages(self.config.overview.stale_days, self.config.overview.note_days)

    @property
    def casebook(self) -> Casebook:
        """What counsellors add to their cases."""
        return Casebook(self.database)

    @property
    def collecting(self) -> CollectingBook:
        """The links of residents who collect, and what they collected."""
        return CollectingBook(self.database)

    @property
    def sharing(self) -> ShareBook:
        """What residents shared."""
        return ShareBook(self.database)

    @property
    def tokens(self) -> Tokens:
        """The tokens of case software."""
        return Tokens(self.database)

    @property
    def repeats(self) -> Repeats:
        """What case software asked before."""
        return Repeats(self.database)

    @property
    def webhooks(self) -> Webhooks:
        """Where case software wants to be told."""
        return Webhooks(self.database)

    def checks(self, person: Person | None, now: int) -> Checks:
        """What the credentials of one response are checked against."""
        return self.instruments.checks(person, now)
