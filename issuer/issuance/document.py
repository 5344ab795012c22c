"""The credentials of a certified document: one statement without a holder, in two formats.

Both state the same debts with the same salts under the same opgave_kenmerk, and each has status
entries of its own; recorded, withdrawn and outdated they are one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from issuer.configurations import ids
from issuer.configurations.making import CONFIGURATIONS
from issuer.issuance.batch import DAY_SECONDS, Batch, Issued, Workshop, day_start
from issuer.keyring import digest
from issuer.person import Person
from issuer.store.intents import Claim, Intents
from vckit.data_model import random_id
from vckit.errors import PolicyLimitError


@dataclass(frozen=True)
class Part:
    """How a record names one credential of a document, and what it is made as."""

    recorded_as: str
    made_as: str


SD_JWT: Final = Part(ids.DOCUMENT, ids.RICH_SD_JWT)
LINKED: Final = Part(ids.DOCUMENT_LDP, ids.LDP_EDDSA)


@dataclass(frozen=True)
class Document:
    """The statement as SD-JWT VC, and as W3C credential where that can be given."""

    sd_jwt: Issued
    linked: Issued | None = None

    @property
    def terms(self) -> dict[str, Any]:
        """The terms of wire.md, rich form; the W3C credential states the same."""
        return self.sd_jwt.terms

    @property
    def record_id(self) -> str:
        """What the whole document is withdrawn by."""
        return self.sd_jwt.record_id


def issue(intents: Intents, workshop: Workshop, person: Person, now: int) -> Document:
    """Record, sign and verify; TooManyDebtsError above what one statement can carry.

    The W3C credential is left out where the organisation gives none, and where the statement is
    larger than whoever reads linked data takes.
    """
    if workshop.letterhead.linked is None:
        return _issue(intents, workshop, person, now, [SD_JWT])
    try:
        return _issue(intents, workshop, person, now, [SD_JWT, LINKED])
    except PolicyLimitError:
        return _issue(intents, workshop, person, now, [SD_JWT])


def _issue(
    intents: Intents, workshop: Workshop, person: Person, now: int, parts: Sequence[Part]
) -> Document:
    reference = random_id()
    made = [
        (
            _claim(workshop, part, person, reference, now),
            Batch(workshop, CONFIGURATIONS[part.made_as], person, {}, reference=reference),
        )
        for part in parts
    ]
    recorded = intents.claim_document([(claim, batch.content_digest) for claim, batch in made])
    signed = (batch.signed(intent, now) for (_, batch), intent in zip(made, recorded, strict=True))
    return Document(*signed)


def _claim(workshop: Workshop, part: Part, person: Person, reference: str, now: int) -> Claim:
    signer = workshop.signer(CONFIGURATIONS[part.made_as])
    return Claim(
        grant_id=None,
        configuration=part.recorded_as,
        pseudonym=workshop.keyring.pseudonym(person.bsn),
        thumbprints=(None,),
        nonces={},
        notification_digest=None,
        key_id=signer.public_key.thumbprint(),
        issued_at=day_start(now),
        expires_at=day_start(now) + workshop.rules.document_days * DAY_SECONDS,
        seed_until=now,
        now=now,
        # The document is found by what stands for it.
        reference_digest=digest(reference) if part is SD_JWT else None,
    )
