"""The same request sent twice: a key of the sender's makes it one (Idempotency-Key header).

draft-ietf-httpapi-idempotency-key-header. Only digests are kept, and which case and request came
of it; no answer, so nothing of a person outlives the case.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from vckit.database import Database

KEPT_SECONDS: Final = 86_400

MIGRATION: Final = """
CREATE TABLE repeats (
    token_id TEXT NOT NULL REFERENCES api_tokens (id) ON DELETE CASCADE,
    key_digest TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    case_id TEXT NOT NULL,
    request_id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (token_id, key_digest)
) STRICT, WITHOUT ROWID;
CREATE INDEX repeats_by_moment ON repeats (created_at);
"""


@dataclass(frozen=True)
class Attempt:
    """One sending of a request: by whom, and digests of its key and of what it asks."""

    token_id: str
    key_digest: str
    fingerprint: str


@dataclass(frozen=True)
class Outcome:
    """What came of it the first time."""

    fingerprint: str
    case_id: str
    request_id: str


def attempt(token_id: str, key: str, asked: bytes) -> Attempt:
    """`asked` is everything that makes the request what it is.

    Its digest is keyed, so that nobody can try names and birth dates against it.
    """
    secret = key.encode()
    fingerprint = hmac.new(secret, asked, hashlib.sha256).hexdigest()
    return Attempt(token_id, hashlib.sha256(secret).hexdigest(), fingerprint)


class Repeats:
    """The verbs; use them inside one transaction with what they make happen once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, tried: Attempt, now: int) -> Outcome | None:
        """What came of the first sending with this key, within a day."""
        rows = self._database.execute(
            "SELECT fingerprint, case_id, request_id FROM repeats"
            " WHERE token_id = ? AND key_digest = ? AND created_at > ?",
            (tried.token_id, tried.key_digest, now - KEPT_SECONDS),
        )
        return Outcome(**rows[0]) if rows else None

    def keep(self, tried: Attempt, case_id: str, request_id: str, now: int) -> None:
        """Keep what came of it, and erase what is older than a day."""
        self._database.execute("DELETE FROM repeats WHERE created_at <= ?", (now - KEPT_SECONDS,))
        self._database.execute(
            "INSERT INTO repeats (token_id, key_digest, fingerprint, case_id, request_id,"
            " created_at) VALUES (?, ?, ?, ?, ?, ?)",
            (tried.token_id, tried.key_digest, tried.fingerprint, case_id, request_id, now),
        )
