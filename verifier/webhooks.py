"""Who wants to hear when a request changes: an address for a request, and what it was told last.

No queue of events: what must be told follows from how the request stands, so nothing that happens
to a request is lost, and a request that nobody answers in time is told of as well.
"""

import hashlib
from dataclasses import dataclass
from typing import Final

from vckit.database import Database

# The state in which a request starts: who started it knows.
_KNOWN: Final = "CREATED"

MIGRATION: Final = f"""
CREATE TABLE webhooks (
    request_id TEXT PRIMARY KEY REFERENCES requests (id) ON DELETE CASCADE,
    token_id TEXT NOT NULL REFERENCES api_tokens (id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    told TEXT NOT NULL DEFAULT '{_KNOWN}',
    tried TEXT NOT NULL DEFAULT '{_KNOWN}',
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX webhooks_by_moment ON webhooks (next_at);
"""
# Who is at work with one holds it this long; after a crash another one takes over.
_HELD_SECONDS: Final = 60
# Seconds until the next attempt, by how many there were; the last one until the case is over.
_PATIENCE: Final = (5, 30, 120, 600, 1_800, 3_600)


@dataclass(frozen=True)
class Due:
    """One message that must go out: to `url`, signed with `secret`, in its `attempts`-th attempt.

    `id` is the same for every attempt, so that who gets it twice can tell.
    """

    request_id: str
    case_id: str
    state: str
    url: str
    secret: str
    attempts: int

    @property
    def id(self) -> str:
        """Of this request in this state; it tells neither."""
        text = f"{self.request_id} {self.state}"
        return f"msg_{hashlib.sha256(text.encode()).hexdigest()[:32]}"


class Webhooks:
    """The verbs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, request_id: str, token_id: str, url: str) -> None:
        """Have `url` told when the request changes."""
        self._database.execute(
            "INSERT INTO webhooks (request_id, token_id, url) VALUES (?, ?, ?)",
            (request_id, token_id, url),
        )

    def urls_of(self, case_id: str) -> dict[str, str]:
        """The addresses of a case's requests, by request."""
        rows = self._database.execute(
            "SELECT request_id, url FROM webhooks WHERE request_id IN"
            " (SELECT id FROM requests WHERE case_id = ?)",
            (case_id,),
        )
        return {row["request_id"]: row["url"] for row in rows}

    def take(self, now: int) -> Due | None:
        """Take one message that is due, so that nobody else sends it now; None when none is.

        What never failed goes first: a receiver that is down holds nobody up.
        """
        held = self._database.execute(_TAKE, (now + _HELD_SECONDS, now, now, now))
        if not held:
            return None
        rows = self._database.execute(_DUE, (held[0]["request_id"],))
        return Due(**rows[0]) if rows else None

    def told(self, due: Due) -> None:
        """Note that it arrived."""
        self._database.execute(
            "UPDATE webhooks SET told = ?, attempts = 0 WHERE request_id = ?",
            (due.state, due.request_id),
        )

    def put_off(self, due: Due, now: int) -> None:
        """Note that it did not: it is tried again, after a while that grows."""
        wait = _PATIENCE[min(due.attempts, len(_PATIENCE)) - 1]
        self._database.execute(
            "UPDATE webhooks SET next_at = ? WHERE request_id = ? AND tried = ?",
            (now + wait, due.request_id, due.state),
        )

    def remove(self, due: Due) -> None:
        """The receiver wants no more of it."""
        self._database.execute("DELETE FROM webhooks WHERE request_id = ?", (due.request_id,))


# The state is as `requestbook` tells it. One that was not tried yet does not wait for what an
# earlier one was put off to.
_TAKE: Final = """
UPDATE webhooks SET
    attempts = CASE WHEN webhooks.tried = due.state THEN webhooks.attempts + 1 ELSE 1 END,
    tried = due.state,
    next_at = ?
FROM (
    SELECT * FROM (
        SELECT w.request_id, w.tried, w.told, w.attempts, w.next_at, CASE
            WHEN r.state IN ('CREATED', 'WAITING_FOR_RESPONSE', 'HELD') AND r.expires_at <= ?
            THEN 'EXPIRED' WHEN r.state = 'HELD' THEN 'WAITING_FOR_RESPONSE'
            ELSE r.state END AS state
        FROM webhooks AS w
        JOIN requests AS r ON r.id = w.request_id
        JOIN api_tokens AS t ON t.id = w.token_id
        WHERE t.revoked_at IS NULL AND t.expires_at > ?
    ) AS standing
    WHERE state <> told AND (next_at <= ? OR state <> tried)
    ORDER BY attempts, next_at LIMIT 1
) AS due
WHERE webhooks.request_id = due.request_id
RETURNING webhooks.request_id
"""
_DUE: Final = """
SELECT w.request_id, w.tried AS state, w.url, w.attempts, r.case_id, t.webhook_secret AS secret
FROM webhooks AS w
JOIN requests AS r ON r.id = w.request_id
JOIN api_tokens AS t ON t.id = w.token_id
WHERE w.request_id = ?
"""
