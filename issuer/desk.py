"""The desk: somebody of the staff serves a resident whom they have identified.

Each act is kept with a pseudonym of who did it (`issuer.store.desk`), in the order: act, keep,
answer. So nothing leaves the desk that is not kept.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from issuer.certification import Certification
from issuer.document import Language
from issuer.keyring import Keyring
from issuer.person import Person, find_person
from issuer.store import Store
from issuer.store.desk import DeskAction, DeskVerb
from issuer.store.records import Reason, Record
from vckit.errors import KitError

# What somebody can show to say who they are (Wet op de identificatieplicht, article 1). The kind
# is kept, the number never.
IDENTITY_DOCUMENTS: Final = ("paspoort", "identiteitskaart", "rijbewijs", "verblijfsdocument")
REASONS: Final[tuple[Reason, ...]] = ("resident", "error", "wrong_person")
# How long (seconds) staff serves one person before they must look at the document once more.
SERVED_SECONDS: Final = 1_800


class DeskError(KitError):
    """It cannot be done like this; `field` is the field of the form that is wrong."""

    def __init__(self, text: str, field: str) -> None:
        super().__init__(text)
        self.field = field


@dataclass(frozen=True)
class Desk:
    """What staff can do for a resident; `staff` is always the pseudonym of who does it."""

    store: Store
    keyring: Keyring
    persons_file: Path
    certification: Certification | None

    def identify(self, bsn: str, identity_document: str, staff: str, now: int) -> Person:
        """The resident who showed this kind of document; DeskError when that is nobody."""
        if identity_document not in IDENTITY_DOCUMENTS:
            raise DeskError("no document of identity was seen", "seen")
        person = self.find(bsn)
        if person is None:
            raise DeskError("nobody with this BSN is known", "bsn")
        self._keep("identified", person, staff, now, identity_document=identity_document)
        return person

    def find(self, bsn: str) -> Person | None:
        """Whom the base registration knows by this BSN."""
        return find_person(self.persons_file, bsn)

    def document(self, person: Person, language: Language, staff: str, now: int) -> bytes:
        """The sealed PDF of this person; DeskError where the settings have no seal.

        Raises what `Certification.make` raises.
        """
        if self.certification is None:
            raise DeskError("this organisation makes no documents", "document")
        certified = self.certification.make(person, now, language)
        self._keep("document", person, staff, now, record_id=certified.record_id)
        return certified.pdf

    def given(self, person: Person, now: int) -> list[Record]:
        """Everything unexpired that was given out about this person."""
        return self.store.records.of_person(self.keyring.pseudonym(person.bsn), now)

    def withdrawable(self, person: Person, record_id: str, now: int) -> Record | None:
        """One of them that can still be withdrawn; never one of somebody else."""
        pseudonym = self.keyring.pseudonym(person.bsn)
        return self.store.records.withdrawable(record_id, pseudonym, now)

    def withdraw(
        self, person: Person, record_id: str, reason: Reason, staff: str, now: int
    ) -> bool:
        """Withdraw one for ever; False when this person has no such one."""
        pseudonym = self.keyring.pseudonym(person.bsn)
        with self.store.database.transaction():
            if not self.store.records.withdraw(record_id, reason, now, pseudonym=pseudonym):
                return False
            self._keep("withdrawn", person, staff, now, record_id=record_id)
        return True

    def _keep(
        self,
        verb: DeskVerb,
        person: Person,
        staff: str,
        now: int,
        *,
        identity_document: str | None = None,
        record_id: str | None = None,
    ) -> None:
        self.store.desk.add(
            DeskAction(
                happened_at=now,
                staff=staff,
                verb=verb,
                pseudonym=self.keyring.pseudonym(person.bsn),
                identity_document=identity_document,
                record_id=record_id,
            )
        )
