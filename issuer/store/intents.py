"""What is going to be signed, recorded before it is.

Order of one issuance (security.md): nonces spent, intent found or made, indexes allocated, seed
and digest recorded, all in one transaction; only then is anything signed.
"""

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final

from issuer.keyring import SEED_BYTES, new_identifier
from issuer.store.lists import Entry, Lists
from vckit.database import Database, Row
from vckit.errors import KitError

BATCH_LIMIT: Final = 10


class NonceSpentError(KitError):
    """A nonce was used before."""


class GrantEndedError(KitError):
    """The token was revoked or ran out in the meantime."""


class RefusedError(KitError):
    """Nothing may be issued on this grant (any more) for this key."""


@dataclass(frozen=True)
class Claim:
    """What one request wants: credentials on a grant (None: a document, on the spot).

    `nonces` maps digests to their expiry; `thumbprints` are of distinct holder keys. Times in
    epoch seconds; `issued_at` is cut to the day, `seed_until` is when the grant ends.
    `reference_digest` is of what is printed on a document.
    """

    grant_id: str | None
    configuration: str
    pseudonym: str
    thumbprints: tuple[str | None, ...]
    nonces: dict[str, int]
    notification_digest: str | None
    key_id: str
    issued_at: int
    expires_at: int
    seed_until: int
    now: int
    reference_digest: str | None = None


@dataclass(frozen=True)
class Intent:
    """A credential that is going to be signed; everything that makes its content repeatable.

    `part_of` is the record of the document that it belongs to; what they state is the same.
    """

    record_id: str
    thumbprint: str | None
    revocation: Entry
    refresh: Entry
    seed_part: bytes
    issued_at: int
    expires_at: int
    part_of: str | None = None

    @property
    def stated_by(self) -> str:
        """The record whose randomness is in the statement."""
        return self.part_of or self.record_id


_LIVE_GRANT: Final = (
    "UPDATE grants SET used_at = coalesce(used_at, ?)"
    " WHERE grant_id = ? AND revoked_at IS NULL AND expires_at > ? RETURNING grant_id"
)
_INTENT: Final = (
    "SELECT record_id, thumbprint, revocation_list, revocation_position, refresh_list,"
    " refresh_position, seed_part, issued_at, expires_at, content_digest FROM records"
    " WHERE grant_id = ? AND configuration = ? AND thumbprint = ? AND withdrawn_at IS NULL"
)


ContentDigest = Callable[[Intent], str]


class Intents:
    """What comes before a signature."""

    def __init__(self, database: Database, lists: Lists) -> None:
        self._database = database
        self._lists = lists

    def claim(self, claim: Claim, content_digest: ContentDigest) -> list[Intent]:
        """Record everything of what will be signed, or nothing at all.

        `content_digest` composes an intent's unsigned credential and digests it. A key that asks
        again on the same grant gets its first intent, with the same content, until the wallet has
        reported on it, and then a new one (OpenID4VCI 14.3). When the content cannot be made any
        more (the debts changed, it was withdrawn) RefusedError. Other errors: NonceSpentError,
        GrantEndedError.
        """
        with self._database.transaction():
            self._use_grant(claim)
            self._spend(claim.nonces)
            intents = [self._intent(claim, key, content_digest) for key in claim.thumbprints]
            self._await_notification(intents, claim.notification_digest)
            return intents

    def claim_document(self, parts: Sequence[tuple[Claim, ContentDigest]]) -> list[Intent]:
        """Record every credential of one document, or none; the first stands for them all."""
        (claim, content_digest), *others = parts
        with self._database.transaction():
            whole = self._new_intent(claim, None, content_digest)
            return [
                whole,
                *(self._new_intent(claim, None, digest, whole) for claim, digest in others),
            ]

    def give_back(self, nonces: Collection[str]) -> None:
        """Let the digests of nonces be spent again: nothing was made of them."""
        with self._database.transaction():
            for digest in nonces:
                self._database.execute("DELETE FROM spent_nonces WHERE digest = ?", (digest,))

    def _use_grant(self, claim: Claim) -> None:
        if claim.grant_id is None:
            return
        if not self._database.execute(_LIVE_GRANT, (claim.now, claim.grant_id, claim.now)):
            raise GrantEndedError("the access token does not hold any more")

    def _spend(self, nonces: dict[str, int]) -> None:
        for digest, expires_at in nonces.items():
            if not self._database.execute(
                "INSERT INTO spent_nonces (digest, expires_at) VALUES (?, ?)"
                " ON CONFLICT DO NOTHING RETURNING digest",
                (digest, expires_at),
            ):
                raise NonceSpentError("the nonce was used before")

    def _intent(
        self, claim: Claim, thumbprint: str | None, content_digest: ContentDigest
    ) -> Intent:
        parameters = (claim.grant_id, claim.configuration, thumbprint)
        rows = self._database.execute(_INTENT, parameters)
        if not rows:
            return self._new_intent(claim, thumbprint, content_digest)
        intent = _intent(rows[0])
        if content_digest(intent) != rows[0]["content_digest"]:
            raise RefusedError("the debts changed since the credential was prepared")
        return intent

    def _new_intent(
        self,
        claim: Claim,
        thumbprint: str | None,
        content_digest: ContentDigest,
        whole: Intent | None = None,
    ) -> Intent:
        self._require_room(claim)
        intent = Intent(
            record_id=new_identifier(),
            thumbprint=thumbprint,
            revocation=self._lists.allocate("revocation", claim.now),
            refresh=self._lists.allocate("refresh", claim.now),
            seed_part=whole.seed_part if whole else secrets.token_bytes(SEED_BYTES),
            issued_at=claim.issued_at,
            expires_at=claim.expires_at,
            part_of=whole.record_id if whole else None,
        )
        self._insert(claim, intent, content_digest(intent))
        return intent

    def _require_room(self, claim: Claim) -> None:
        """One grant gives a batch of each format at most, or anybody with a token could fill lists.

        What was withdrawn does not come back on the same grant, in whatever format.
        """
        [row] = self._database.execute(
            "SELECT count(*) FILTER (WHERE configuration = ?) AS made,"
            " count(withdrawn_at) AS withdrawn FROM records WHERE grant_id = ?",
            (claim.configuration, claim.grant_id),
        )
        if row["made"] >= BATCH_LIMIT or row["withdrawn"]:
            raise RefusedError("nothing more is issued on this grant")

    def _insert(self, claim: Claim, intent: Intent, content_digest: str) -> None:
        self._database.execute(
            "INSERT INTO records (record_id, grant_id, configuration, thumbprint, pseudonym,"
            " revocation_list, revocation_position, refresh_list, refresh_position,"
            " content_digest, key_id, seed_part, seed_until, issued_at, expires_at, made_at,"
            " part_of, reference_digest) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (
                intent.record_id,
                claim.grant_id,
                claim.configuration,
                intent.thumbprint,
                claim.pseudonym,
                intent.revocation.list_id,
                intent.revocation.position,
                intent.refresh.list_id,
                intent.refresh.position,
                content_digest,
                claim.key_id,
                intent.seed_part,
                claim.seed_until,
                intent.issued_at,
                intent.expires_at,
                claim.now,
                intent.part_of,
                claim.reference_digest,
            ),
        )

    def _await_notification(
        self, intents: Collection[Intent], notification_digest: str | None
    ) -> None:
        """Tie the credentials of one answer to the id with which the wallet reports on them."""
        for intent in intents:
            self._database.execute(
                "UPDATE records SET notification_digest = ? WHERE record_id = ?",
                (notification_digest, intent.record_id),
            )


def _intent(row: Row) -> Intent:
    return Intent(
        record_id=row["record_id"],
        thumbprint=row["thumbprint"],
        revocation=Entry(row["revocation_list"], row["revocation_position"]),
        refresh=Entry(row["refresh_list"], row["refresh_position"]),
        seed_part=bytes(row["seed_part"]),
        issued_at=row["issued_at"],
        expires_at=row["expires_at"],
    )
