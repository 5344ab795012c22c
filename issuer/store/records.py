"""What was given out: shown to the resident and the desk, withdrawn, superseded, reported on."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from issuer.keyring import digest
from issuer.store.lists import Entry, Lists
from vckit.database import Database, Row

Reason = Literal["resident", "error", "wrong_person", "key"]


@dataclass(frozen=True)
class Record:
    """What the resident and the desk see of a credential given out; times in epoch seconds.

    `at_desk` when somebody of the staff made it for the resident.
    """

    record_id: str
    configuration: str
    made_at: int
    expires_at: int
    withdrawn_at: int | None
    withdrawn_reason: str | None
    superseded_at: int | None
    notified: str | None
    at_desk: bool = False


_RECORD: Final = (
    "SELECT record_id, configuration, made_at, expires_at, withdrawn_at, withdrawn_reason,"
    " superseded_at, notified, EXISTS (SELECT 1 FROM desk_actions WHERE verb = 'document'"
    " AND desk_actions.record_id = records.record_id) AS at_desk FROM records"
)


class Records:
    """The verbs on what one organisation gave out."""

    def __init__(self, database: Database, lists: Lists) -> None:
        self._database = database
        self._lists = lists

    def notify(self, notification_digest: str, grant_id: str, event: str) -> bool:
        """The wallet's report: the content can never be made again. False: unknown or foreign.

        The key is forgotten too, so that one which asks again gets a new credential.
        """
        return bool(
            self._database.execute(
                "UPDATE records SET notified = ?, seed_part = NULL, thumbprint = NULL"
                " WHERE notification_digest = ? AND grant_id = ? RETURNING record_id",
                (event, notification_digest, grant_id),
            )
        )

    def of_person(self, pseudonym: str, now: int) -> list[Record]:
        """Everything unexpired that was given out about one person, the newest first.

        A document is one, however many credentials are in it.
        """
        rows = self._database.execute(
            f"{_RECORD} WHERE pseudonym = ? AND expires_at > ? AND part_of IS NULL"
            " ORDER BY made_at DESC, record_id",
            (pseudonym, now),
        )
        return [_record(row) for row in rows]

    def of_reference(self, reference: str) -> Record | None:
        """The document with this opgave_kenmerk (urn:uuid), also when it has expired."""
        rows = self._database.execute(f"{_RECORD} WHERE reference_digest = ?", (digest(reference),))
        return _record(rows[0]) if rows else None

    def withdrawable(self, record_id: str, pseudonym: str, now: int) -> Record | None:
        """One unexpired credential of this person that was not withdrawn yet."""
        rows = self.of_person(pseudonym, now)
        found = (one for one in rows if one.record_id == record_id and one.withdrawn_at is None)
        return next(found, None)

    def withdraw(
        self, record_id: str, reason: Reason, now: int, *, pseudonym: str | None = None
    ) -> bool:
        """Revoke for ever, a document as a whole; with `pseudonym` only if it is that person's.

        False when there is no such record or it was withdrawn before.
        """
        return bool(
            self._withdraw_where(
                "(record_id = ? OR part_of = ?) AND (? IS NULL OR pseudonym = ?)",
                (record_id, record_id, pseudonym, pseudonym),
                reason,
                now,
            )
        )

    def withdraw_offered(self, offer_id: str, login_digest: str, now: int) -> bool:
        """Undo an offer of this log-in: code, token and all that was fetched with it."""
        with self._database.transaction():
            if not self._database.execute(
                "UPDATE offers SET state = 'void', person = NULL"
                " WHERE offer_id = ? AND login_digest = ? RETURNING offer_id",
                (offer_id, login_digest),
            ):
                return False
            grants = self._database.execute(
                "UPDATE grants SET revoked_at = coalesce(revoked_at, ?)"
                " WHERE offer_id = ? RETURNING grant_id",
                (now, offer_id),
            )
            for grant in grants:
                self._withdraw_where("grant_id = ?", (grant["grant_id"],), "resident", now)
            return True

    def _withdraw_where(
        self, condition: str, parameters: tuple[object, ...], reason: Reason, now: int
    ) -> list[Row]:
        with self._database.transaction():
            rows = self._database.execute(
                "UPDATE records SET withdrawn_at = ?, withdrawn_reason = ?, seed_part = NULL"  # noqa: S608  the condition is one of our own two texts
                f" WHERE withdrawn_at IS NULL AND {condition}"
                " RETURNING revocation_list, revocation_position",
                (now, reason, *parameters),
            )
            for row in rows:
                self._lists.mark(Entry(row["revocation_list"], row["revocation_position"]))
            return rows

    def supersede(self, pseudonyms: Collection[str], now: int) -> int:
        """Mark what these people hold as out of date; how many credentials that were."""
        marked = 0
        with self._database.transaction():
            for pseudonym in pseudonyms:
                rows = self._database.execute(
                    "UPDATE records SET superseded_at = ? WHERE pseudonym = ?"
                    " AND superseded_at IS NULL AND expires_at > ?"
                    " RETURNING refresh_list, refresh_position",
                    (now, pseudonym, now),
                )
                for row in rows:
                    self._lists.mark(Entry(row["refresh_list"], row["refresh_position"]))
                marked += len(rows)
        return marked


def _record(row: Row) -> Record:
    return Record(**{**row, "at_desk": bool(row["at_desk"])})
