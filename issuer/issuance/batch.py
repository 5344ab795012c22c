"""The statements of one request, from what is recorded to what is signed and verified."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from issuer import claims
from issuer.config import Source
from issuer.configurations.making import Configuration, Draft, Holder, Letterhead
from issuer.configurations.pen import Pen
from issuer.debts.register import Register
from issuer.keyring import Keyring
from issuer.person import Person
from issuer.publication import Publication
from issuer.store.intents import Intent
from issuer.store.lists import Entry
from vckit import statement
from vckit.errors import KitError
from vckit.formats import ProvenCredential
from vckit.signers import Signer
from vckit.status import StatusReference

DAY_SECONDS: Final = 86_400
_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")


class OwnProductError(KitError):
    """What we signed is not what we meant to sign; it does not leave."""


@dataclass(frozen=True)
class Rules:
    """What an organisation states, from which sources, and for how many days."""

    issuer: claims.Issuer
    sources: Sequence[Source]
    days: int
    document_days: int


@dataclass(frozen=True)
class Workshop:
    """What statements are made with; one signer for each algorithm."""

    keyring: Keyring
    register: Register
    publication: Publication
    rules: Rules
    letterhead: Letterhead
    signers: Mapping[str, Signer]

    def signer(self, configuration: Configuration) -> Signer:
        """The key that this credential is signed with."""
        return self.signers[configuration.algorithm]


@dataclass(frozen=True)
class Issued:
    """A signed statement, its terms, and the record that it can be withdrawn by."""

    text: str
    terms: dict[str, Any]
    record_id: str
    issued_at: int
    expires_at: int


class Batch:
    """Statements about one person in one format; `holders` by the thumbprint of their key.

    `reference` is the opgave_kenmerk where that is known before, as of a document.
    """

    def __init__(
        self,
        workshop: Workshop,
        configuration: Configuration,
        person: Person,
        holders: Mapping[str, Holder],
        *,
        inline_context: bool = False,
        reference: str | None = None,
    ) -> None:
        self._workshop = workshop
        self._configuration = configuration
        self._person = person
        self._holders = holders
        self._inline_context = inline_context
        self._reference_known = reference
        self._terms: dict[str, dict[str, Any]] = {}
        self._digests: dict[str, str] = {}

    def content_digest(self, intent: Intent) -> str:
        """Compose from the register as it is now; called inside the recording transaction."""
        self._terms[intent.record_id] = self._compose(intent)
        pen = self._pen(rehearsal=True)
        self._make(intent, pen)
        self._digests[intent.record_id] = pen.content_digest
        return pen.content_digest

    def signed(self, intent: Intent, now: int) -> Issued:
        """Sign what was recorded, and verify it as a stranger would before it leaves."""
        pen = self._pen(rehearsal=False)
        text = self._make(intent, pen)
        if pen.content_digest != self._digests[intent.record_id]:
            raise OwnProductError("the signed statement is not the recorded one")
        self._check(intent, text, now)
        return Issued(
            text=text,
            terms=self._terms[intent.record_id],
            record_id=intent.record_id,
            issued_at=intent.issued_at,
            expires_at=intent.expires_at,
        )

    def _pen(self, *, rehearsal: bool) -> Pen:
        return Pen(self._workshop.signer(self._configuration), rehearsal=rehearsal)

    def _compose(self, intent: Intent) -> dict[str, Any]:
        workshop, person, is_linked = self._workshop, self._person, self._configuration.is_linked
        rules = workshop.rules
        randomness = workshop.keyring.randomness(intent.stated_by, intent.seed_part)
        return claims.build_statement(
            person,
            workshop.register.account_of(person.bsn, rules.sources, birthdate=person.birthdate),
            rules.issuer,
            reference=self._reference_known or randomness.identifier(),
            new_salt=randomness.salt,
            now=intent.issued_at,
            # The W3C formats tell it beside the terms.
            refresh=None if is_linked else self._reference("refresh", intent.refresh),
            form=self._form(intent),
        )

    def _form(self, intent: Intent) -> claims.Form:
        if intent.thumbprint is None:
            return claims.DOCUMENT
        return claims.OPEN if self._configuration.is_linked else claims.RICH

    def _make(self, intent: Intent, pen: Pen) -> str:
        return self._configuration.make(self._draft(intent), self._workshop.letterhead, pen)

    def _draft(self, intent: Intent) -> Draft:
        # The randomness of the form is a stream of its own, beside that of the debts.
        stream = f"{intent.record_id}/proof"
        randomness = self._workshop.keyring.randomness(stream, intent.seed_part)
        return Draft(
            terms=self._terms[intent.record_id],
            holder=self._holder(intent),
            revocation=self._reference("revocation", intent.revocation),
            refresh=self._reference("refresh", intent.refresh),
            issued_at=intent.issued_at,
            expires_at=intent.expires_at,
            inline_context=self._inline_context,
            new_salt=randomness.salt,
            new_id=randomness.identifier,
        )

    def _reference(self, purpose: str, entry: Entry) -> StatusReference:
        return self._workshop.publication.reference(purpose, entry, self._configuration.status_list)

    def _holder(self, intent: Intent) -> Holder | None:
        return None if intent.thumbprint is None else self._holders[intent.thumbprint]

    def _check(self, intent: Intent, text: str, now: int) -> None:
        opened = self._workshop.letterhead.formats[self._configuration.format]
        key = self._workshop.signer(self._configuration).public_key
        proven = opened.verify(opened.open_held(text), issuer_key=key, now=now)
        proven.validity.check(now)
        statement.validate(proven.claims)
        self._compare(proven, self._draft(intent))

    def _compare(self, proven: ProvenCredential, draft: Draft) -> None:
        if proven.claims != draft.terms or proven.statuses != (draft.revocation, draft.refresh):
            raise OwnProductError("the signed statement reads otherwise than the recorded one")
        if proven.holder_key != (draft.holder.key if draft.holder else None):
            raise OwnProductError("the signed statement is bound to another key")


def day_start(now: int) -> int:
    """Epoch seconds of 00:00 in Europe/Amsterdam: the moment of issue tells no more than a day."""
    day = datetime.fromtimestamp(now, _CALENDAR)
    return int(day.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())
