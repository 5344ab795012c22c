"""What the verifier keeps: cases, what requests and documents brought, status lists.

A verb is one statement. Times are epoch seconds. A case that is over is not read any more, whether
or not it is purged yet. Raw presentations are never here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vckit import trust
from vckit.adapters.flask import sessions
from vckit.database import Row
from verifier import (
    casebook,
    collecting_book,
    failed_sessions,
    findings,
    repeats,
    requestbook,
    share_book,
    tokens,
    webhooks,
)
from verifier.findings import Finding, Source
from verifier.person import Person
from verifier.requestbook import (
    CANCELLED,
    CREATED,
    DONE,
    EXPIRED,
    FAILED,
    WAITING,
    Request,
    RequestBook,
)
from verifier.status_book import RememberedList

__all__ = [
    "CANCELLED",
    "CREATED",
    "DONE",
    "EXPIRED",
    "FAILED",
    "MIGRATIONS",
    "WAITING",
    "Case",
    "Request",
    "Store",
]

MIGRATIONS: Final = (
    sessions.MIGRATION,
    """
CREATE TABLE cases (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    person TEXT,
    organisations TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX cases_by_owner ON cases (owner, expires_at);
CREATE INDEX cases_by_end ON cases (expires_at);
CREATE TABLE requests (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    client_id TEXT NOT NULL,
    response_mode TEXT NOT NULL,
    query TEXT NOT NULL,
    nonce TEXT,
    response_state TEXT,
    response_key TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    closed_at INTEGER,
    result TEXT
) STRICT;
CREATE INDEX requests_by_case ON requests (case_id, created_at);
CREATE TABLE documents (
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    finding TEXT NOT NULL,
    PRIMARY KEY (case_id, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE status_lists (
    uri TEXT PRIMARY KEY,
    token TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    fetched_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
""",
    casebook.MIGRATION,
    tokens.MIGRATION + repeats.MIGRATION + webhooks.MIGRATION,
    trust.MIGRATION,
    requestbook.MIGRATION,
    collecting_book.MIGRATION + share_book.MIGRATION,
)


@dataclass(frozen=True)
class Case:
    """What a counsellor opened: whose it is, about whom, which organisations should answer.

    `partner` is a second person of the same household.
    """

    id: str
    owner: str
    person: Person | None
    organisations: tuple[Source, ...]
    created_at: int
    expires_at: int
    partner: Person | None = None


class Store(RequestBook):
    """The verbs; those of requests are in `requestbook`."""

    def probe(self) -> None:
        """Raise StorageUnavailableError while the database does not answer."""
        self._database.execute("SELECT 1 FROM cases LIMIT 1")

    def add_case(self, case: Case) -> bool:
        """Keep a new case; False when there is one with its id already."""
        added = self._database.execute(
            "INSERT INTO cases (id, owner, person, partner, organisations, created_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING RETURNING id",
            (
                case.id,
                case.owner,
                _person(case.person),
                _person(case.partner),
                json.dumps([[source.name, source.oin] for source in case.organisations]),
                case.created_at,
                case.expires_at,
            ),
        )
        return bool(added)

    def case(self, case_id: str, now: int) -> Case | None:
        """The case, unless it is over."""
        rows = self._database.execute(
            "SELECT * FROM cases WHERE id = ? AND expires_at > ?", (case_id, now)
        )
        return _case(rows[0]) if rows else None

    def cases_of(self, owner: str, now: int) -> list[Case]:
        """The cases of one counsellor, newest first."""
        rows = self._database.execute(
            "SELECT * FROM cases WHERE owner = ? AND expires_at > ? ORDER BY created_at DESC, id",
            (owner, now),
        )
        return [_case(row) for row in rows]

    def forget_case(self, case_id: str) -> None:
        """Erase a case with everything in it."""
        self._database.execute("DELETE FROM cases WHERE id = ?", (case_id,))

    def purge(self, now: int) -> None:
        """Erase the cases that are over, what waits for nobody any more, and what failed."""
        self._database.execute("DELETE FROM cases WHERE expires_at <= ?", (now,))
        self.drop_unclaimed(now)
        failed_sessions.drop(self._database, now)

    def add_document(self, case_id: str, digest: str, finding: Finding) -> None:
        """Keep what came of a document; the same document again replaces it."""
        self._database.execute(
            "INSERT INTO documents (case_id, digest, finding) VALUES (?, ?, ?)"
            " ON CONFLICT (case_id, digest) DO UPDATE SET finding = excluded.finding",
            (case_id, digest, json.dumps(findings.to_json([finding]))),
        )

    def findings_of(self, case_id: str) -> Sequence[Finding]:
        """Everything found for a case, by requests, documents and what a resident collected."""
        rows = self._database.execute(
            "SELECT result FROM (SELECT result FROM requests"
            "  WHERE case_id = ? AND state = 'DONE' AND result NOT NULL ORDER BY created_at, rowid)"
            " UNION ALL SELECT finding FROM documents WHERE case_id = ?"
            " UNION ALL SELECT finding FROM shared_statements WHERE share_id IN"
            "  (SELECT id FROM shares WHERE case_id = ?)",
            (case_id, case_id, case_id),
        )
        return [each for row in rows for each in findings.from_json(json.loads(row["result"]))]

    def status_list(self, uri: str) -> RememberedList | None:
        """The newest list seen of this uri."""
        rows = self._database.execute(
            "SELECT token, issued_at, fetched_at FROM status_lists WHERE uri = ?", (uri,)
        )
        return RememberedList(**rows[0]) if rows else None

    def remember_status_list(self, uri: str, seen: RememberedList) -> RememberedList:
        """Keep it unless a newer one is known; gives the newest (row L07)."""
        rows = self._database.execute(
            "INSERT INTO status_lists (uri, token, issued_at, fetched_at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (uri) DO UPDATE SET fetched_at = excluded.fetched_at,"
            " token = CASE WHEN excluded.issued_at >= issued_at"
            "  THEN excluded.token ELSE token END,"
            " issued_at = max(issued_at, excluded.issued_at)"
            " RETURNING token, issued_at, fetched_at",
            (uri, seen.token, seen.issued_at, seen.fetched_at),
        )
        return RememberedList(**rows[0])


def _person(person: Person | None) -> str | None:
    return json.dumps(person.to_json()) if person else None


def _case(row: Row) -> Case:
    return Case(
        id=row["id"],
        owner=row["owner"],
        person=Person(**json.loads(row["person"])) if row["person"] else None,
        organisations=tuple(Source(*each) for each in json.loads(row["organisations"])),
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        partner=Person(**json.loads(row["partner"])) if row["partner"] else None,
    )
