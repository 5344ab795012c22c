"""What the verifier keeps: cases, requests with their result, documents, status lists.

A verb is one statement. Times are epoch seconds. A case that is over is not read any more, whether
or not it is purged yet. Raw presentations are never here.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from vckit import trust
from vckit.adapters.flask import sessions
from vckit.database import Database, Row
from verifier import casebook, findings, repeats, tokens, webhooks
from verifier.findings import Finding, Source
from verifier.person import Person
from verifier.status_book import RememberedList

CREATED: Final = "CREATED"
WAITING: Final = "WAITING_FOR_RESPONSE"
DONE: Final = "DONE"
CANCELLED: Final = "CANCELLED"
EXPIRED: Final = "EXPIRED"
FAILED: Final = "FAILED"

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


@dataclass(frozen=True)
class Request:
    """One question of a case. What only an open request needs is None once it is closed.

    `response_key` is a PEM, for direct_post.jwt; `response_state` the parameter `state`.
    """

    id: str
    case_id: str
    state: str
    client_id: str
    response_mode: str
    query: dict[str, Any]
    nonce: str | None
    response_state: str | None
    response_key: bytes | None
    created_at: int
    expires_at: int


class Store:
    """The verbs."""

    def __init__(self, database: Database) -> None:
        self._database = database

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
        """Erase the cases that are over."""
        self._database.execute("DELETE FROM cases WHERE expires_at <= ?", (now,))

    def add_request(self, request: Request) -> None:
        """Keep a new request."""
        self._database.execute(
            "INSERT INTO requests (id, case_id, state, client_id, response_mode, query, nonce,"
            " response_state, response_key, created_at, expires_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                request.id,
                request.case_id,
                request.state,
                request.client_id,
                request.response_mode,
                json.dumps(request.query),
                request.nonce,
                request.response_state,
                request.response_key.decode() if request.response_key else None,
                request.created_at,
                request.expires_at,
            ),
        )

    def request(self, request_id: str, now: int) -> Request | None:
        """The request; one that nobody answered in time is EXPIRED."""
        rows = self._database.execute(f"{_REQUESTS} WHERE id = ?", (now, request_id))
        return _request(rows[0]) if rows else None

    def requests_of(self, case_id: str, now: int) -> list[Request]:
        """The requests of a case, newest first."""
        rows = self._database.execute(
            # The rowid tells two questions of one second apart.
            f"{_REQUESTS} WHERE case_id = ? ORDER BY created_at DESC, rowid DESC",
            (now, case_id),
        )
        return [_request(row) for row in rows]

    def hand_out(self, request_id: str, now: int) -> Request | None:
        """Note that a wallet fetched the request; None when it is not open (row V23)."""
        rows = self._database.execute(
            "UPDATE requests SET state = 'WAITING_FOR_RESPONSE'"
            " WHERE id = ? AND state IN ('CREATED', 'WAITING_FOR_RESPONSE') AND expires_at > ?"
            " RETURNING *",
            (request_id, now),
        )
        return _request(rows[0]) if rows else None

    def close(
        self, request_id: str, state: str, now: int, result: Iterable[Finding] | None = None
    ) -> bool:
        """Close an open request, once, together with its result; False when it was not open.

        The nonce, state and key go with it. This one statement is why a response counts once,
        however often and by how many workers it is received (row V02).
        """
        kept = json.dumps(findings.to_json(result)) if result is not None else None
        closed = self._database.execute(
            "UPDATE requests SET state = ?, closed_at = ?, result = ?,"
            " nonce = NULL, response_state = NULL, response_key = NULL"
            " WHERE id = ? AND state IN ('CREATED', 'WAITING_FOR_RESPONSE') AND expires_at > ?"
            " RETURNING id",
            (state, now, kept, request_id, now),
        )
        return bool(closed)

    def add_document(self, case_id: str, digest: str, finding: Finding) -> None:
        """Keep what came of a document; the same document again replaces it."""
        self._database.execute(
            "INSERT INTO documents (case_id, digest, finding) VALUES (?, ?, ?)"
            " ON CONFLICT (case_id, digest) DO UPDATE SET finding = excluded.finding",
            (case_id, digest, json.dumps(findings.to_json([finding]))),
        )

    def findings_of(self, case_id: str) -> Sequence[Finding]:
        """Everything found for a case, by requests and documents."""
        rows = self._database.execute(
            "SELECT result FROM (SELECT result FROM requests"
            "  WHERE case_id = ? AND result IS NOT NULL ORDER BY created_at, rowid)"
            " UNION ALL SELECT finding FROM documents WHERE case_id = ?",
            (case_id, case_id),
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


# The state that a request has now: nobody needs to write down that its time is over.
_REQUESTS: Final = (
    "SELECT id, case_id, client_id, response_mode, query, nonce, response_state, response_key,"
    " created_at, expires_at, CASE WHEN state IN ('CREATED', 'WAITING_FOR_RESPONSE')"
    " AND expires_at <= ? THEN 'EXPIRED' ELSE state END AS state FROM requests"
)


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


def _request(row: Row) -> Request:
    return Request(
        id=row["id"],
        case_id=row["case_id"],
        state=row["state"],
        client_id=row["client_id"],
        response_mode=row["response_mode"],
        query=json.loads(row["query"]),
        nonce=row["nonce"],
        response_state=row["response_state"],
        response_key=row["response_key"].encode() if row["response_key"] else None,
        created_at=row["created_at"],
        expires_at=row["expires_at"],
    )
