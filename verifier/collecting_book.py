"""What the verifier keeps while a resident collects: the link, and what was collected.

A verb is one statement or one transaction. Secrets of the outside are kept as digests. All of it is
erased with its case. A device is one browser; see `collecting` for how it is told from another.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Final

from vckit.database import Database, Row
from verifier import findings
from verifier.findings import Finding

MIGRATION: Final = """
CREATE TABLE collecting_links (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL UNIQUE REFERENCES cases (id) ON DELETE CASCADE,
    token_digest TEXT NOT NULL UNIQUE,
    secret TEXT NOT NULL,
    made_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE collected (
    link_id TEXT NOT NULL REFERENCES collecting_links (id) ON DELETE CASCADE,
    device TEXT NOT NULL,
    digest TEXT NOT NULL,
    finding TEXT NOT NULL,
    collected_at INTEGER NOT NULL,
    PRIMARY KEY (link_id, device, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE handed_over (
    code_digest TEXT PRIMARY KEY,
    link_id TEXT NOT NULL REFERENCES collecting_links (id) ON DELETE CASCADE,
    device TEXT NOT NULL,
    digest TEXT NOT NULL,
    finding TEXT NOT NULL,
    handed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
"""
# What a form brought waits this long for the browser that brought it, in seconds.
HAND_OVER_SECONDS: Final = 300
# Of one device and of one link; whoever collects does not come near it.
MOST_STATEMENTS: Final = 60
MOST_WAITING: Final = 60


@dataclass(frozen=True)
class Link:
    """The way into the collecting of one case; `secret` is known to nobody outside."""

    id: str
    case_id: str
    secret: str
    made_at: int


@dataclass(frozen=True)
class Statement:
    """A statement that one device collected and did not share; `digest` names its credential."""

    link_id: str
    device: str
    digest: str
    finding: Finding


@dataclass(frozen=True)
class Collected(Statement):
    """One that is kept."""

    collected_at: int


def digest_of(token: str) -> str:
    """How a secret of the outside is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


class CollectingBook:
    """The verbs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set_link(self, link: Link, token: str) -> Link:
        """Keep the link of a case; of a case that has one only the token changes."""
        [row] = self._database.execute(
            "INSERT INTO collecting_links (id, case_id, token_digest, secret, made_at)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (case_id) DO UPDATE"
            " SET token_digest = excluded.token_digest, made_at = excluded.made_at RETURNING *",
            (link.id, link.case_id, digest_of(token), link.secret, link.made_at),
        )
        return _link(row)

    def revoke_link(self, case_id: str) -> None:
        """Erase the link, with everything that was collected and not shared."""
        self._database.execute("DELETE FROM collecting_links WHERE case_id = ?", (case_id,))

    def link_of(self, case_id: str) -> Link | None:
        """The link of a case."""
        return self._found("SELECT * FROM collecting_links WHERE case_id = ?", case_id)

    def link(self, link_id: str) -> Link | None:
        """The link with this id."""
        return self._found("SELECT * FROM collecting_links WHERE id = ?", link_id)

    def link_of_token(self, token: str) -> Link | None:
        """The link that the token opens."""
        statement = "SELECT * FROM collecting_links WHERE token_digest = ?"
        return self._found(statement, digest_of(token))

    def hand_over(self, brought: Statement, code: str, now: int) -> bool:
        """Let it wait for its device to come with `code`; False when too many wait."""
        self._database.execute(
            "DELETE FROM handed_over WHERE handed_at <= ?", (now - HAND_OVER_SECONDS,)
        )
        added = self._database.execute(
            "INSERT INTO handed_over (code_digest, link_id, device, digest, finding, handed_at)"
            " SELECT ?, ?, ?, ?, ?, ?"
            " WHERE (SELECT count(*) FROM handed_over WHERE link_id = ?) < ? RETURNING link_id",
            (digest_of(code), *_columns(brought), now, brought.link_id, MOST_WAITING),
        )
        return bool(added)

    def claim(self, link_id: str, device: str, code: str, now: int) -> bool:
        """Let a device have what was handed over for it; once, in time, with the right code.

        A code that comes with another device is void from then on: somebody was led astray.
        """
        with self._database.transaction():
            rows = self._database.execute(
                "DELETE FROM handed_over WHERE code_digest = ? AND handed_at > ? RETURNING *",
                (digest_of(code), now - HAND_OVER_SECONDS),
            )
            brought = _statement(rows[0]) if rows else None
            if brought is None or (brought.link_id, brought.device) != (link_id, device):
                return False
            return self.collect(brought, now)

    def collect(self, brought: Statement, now: int) -> bool:
        """Keep it; the same credential again replaces it. False when there are too many."""
        kept = self._database.execute(
            "INSERT INTO collected (link_id, device, digest, finding, collected_at)"
            " SELECT ?, ?, ?, ?, ?"
            " WHERE (SELECT count(*) FROM collected WHERE link_id = ? AND device = ?) < ?"
            " ON CONFLICT (link_id, device, digest) DO UPDATE SET finding = excluded.finding,"
            " collected_at = excluded.collected_at RETURNING digest",
            (*_columns(brought), now, brought.link_id, brought.device, MOST_STATEMENTS),
        )
        return bool(kept)

    def collected(self, link_id: str) -> list[Collected]:
        """Everything collected and not shared, in the order in which it came."""
        rows = self._database.execute(
            "SELECT * FROM collected WHERE link_id = ? ORDER BY collected_at, digest", (link_id,)
        )
        return [
            Collected(**vars(_statement(row)), collected_at=row["collected_at"]) for row in rows
        ]

    def drop(self, link_id: str, device: str) -> None:
        """Erase what a device collected and did not share."""
        self._database.execute(
            "DELETE FROM collected WHERE link_id = ? AND device = ?", (link_id, device)
        )

    def _found(self, statement: str, value: str) -> Link | None:
        rows = self._database.execute(statement, (value,))
        return _link(rows[0]) if rows else None


def _columns(brought: Statement) -> tuple[str, str, str, str]:
    kept = json.dumps(findings.to_json([brought.finding]))
    return brought.link_id, brought.device, brought.digest, kept


def _statement(row: Row) -> Statement:
    [finding] = findings.from_json(json.loads(row["finding"]))
    return Statement(row["link_id"], row["device"], row["digest"], finding)


def _link(row: Row) -> Link:
    return Link(row["id"], row["case_id"], row["secret"], row["made_at"])
