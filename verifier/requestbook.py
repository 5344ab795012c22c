"""What the verifier keeps of its requests: in which way each was asked, how far it came.

A verb is one statement. Times are epoch seconds. What only an open request needs goes when it is
closed. An answer that is HELD waits for its browser to come back, and is nobody's until then.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from vckit.database import Database, Row
from verifier import failed_sessions, findings
from verifier.findings import Finding

CREATED: Final = "CREATED"
WAITING: Final = "WAITING_FOR_RESPONSE"
DONE: Final = "DONE"
CANCELLED: Final = "CANCELLED"
EXPIRED: Final = "EXPIRED"
FAILED: Final = "FAILED"
OPEN: Final = frozenset({CREATED, WAITING})

# How a request comes to its wallet. In sight of the counsellor, by a code that changes; from a page
# in the browser that gets the answer; through that browser itself; by whoever has the link.
FACE_TO_FACE: Final = "face_to_face"
SAME_DEVICE: Final = "same_device"
DC_API: Final = "dc_api"
DIRECT: Final = "direct"
WayName = Literal["face_to_face", "same_device", "dc_api", "direct"]

# Why a request ended otherwise than with an answer.
DECLINED: Final = "declined"
BY_COUNSELLOR: Final = "by_counsellor"
OTHER_BROWSER: Final = "other_browser"
OTHER_CODE: Final = "other_code"

MIGRATION: Final = """
ALTER TABLE requests ADD COLUMN way TEXT NOT NULL DEFAULT 'direct';
ALTER TABLE requests ADD COLUMN organisation TEXT;
ALTER TABLE requests ADD COLUMN check_code TEXT NOT NULL DEFAULT '';
ALTER TABLE requests ADD COLUMN return_path TEXT;
ALTER TABLE requests ADD COLUMN browser TEXT;
ALTER TABLE requests ADD COLUMN ticket TEXT;
ALTER TABLE requests ADD COLUMN code_digest TEXT;
ALTER TABLE requests ADD COLUMN ending TEXT;
CREATE UNIQUE INDEX requests_by_code ON requests (code_digest) WHERE code_digest IS NOT NULL;
"""


@dataclass(frozen=True)
class Way:
    """How a request is to come to its wallet.

    `browser` is the digest of what the browser that began it keeps, None until one does;
    `return_path` where that browser goes on when the answer is in.
    """

    name: WayName = DIRECT
    browser: str | None = None
    return_path: str | None = None


@dataclass(frozen=True)
class Request:
    """One question of a case. What only an open request needs is None once it is closed.

    `response_key` is a PEM, for encrypted responses; `response_state` the parameter `state`.
    `organisation` is the OIN of the only one that is asked, in the plain dialect. `check_code` has
    four digits, to compare on two screens.
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
    way: Way = field(default_factory=Way)
    organisation: str | None = None
    check_code: str = ""
    ending: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered or cancelled."""
        return self.state in OPEN


def declined(requests: Iterable[Request], oins: Iterable[str | None]) -> frozenset[str]:
    """The organisations of `oins` whose newest request (`requests`: newest first) was a no."""
    given = list(requests)
    newest = {
        oin: next((each for each in given if each.organisation in {None, oin}), None)
        for oin in oins
        if oin is not None
    }
    return frozenset(oin for oin, each in newest.items() if each and each.ending == DECLINED)


class RequestBook:
    """The verbs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_request(self, request: Request) -> None:
        """Keep a new request."""
        self._database.execute(
            "INSERT INTO requests (id, case_id, state, client_id, response_mode, query, nonce,"
            " response_state, response_key, created_at, expires_at, way, browser, return_path,"
            " organisation, check_code)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                request.way.name,
                request.way.browser,
                request.way.return_path,
                request.organisation,
                request.check_code,
            ),
        )

    def request(self, request_id: str, now: int) -> Request | None:
        """The request; one that nobody answered in time is EXPIRED."""
        over = now - failed_sessions.KEPT_SECONDS
        return _first(
            self._database.execute(f"{_REQUESTS} {_TOLD} AND id = ?", (now, over, request_id))
        )

    def requests_of(self, case_id: str, now: int) -> list[Request]:
        """The requests of a case, newest first."""
        rows = self._database.execute(
            # The rowid tells two questions of one second apart.
            f"{_REQUESTS} {_TOLD} AND case_id = ? ORDER BY created_at DESC, rowid DESC",
            (now, now - failed_sessions.KEPT_SECONDS, case_id),
        )
        return [_request(row) for row in rows]

    def hand_out(self, request_id: str, now: int, ticket: str = "") -> Request | None:
        """Note that a wallet fetched the request; None when it is not open (row V23).

        The first ticket that it was fetched with is the only one from then on (row V19), and
        nobody fetches what a browser is yet to begin.
        """
        rows = self._database.execute(
            "UPDATE requests SET state = 'WAITING_FOR_RESPONSE', ticket = coalesce(ticket, ?)"
            " WHERE id = ? AND state IN ('CREATED', 'WAITING_FOR_RESPONSE') AND expires_at > ?"
            " AND coalesce(ticket, ?) = ?"
            " AND (way IN ('face_to_face', 'direct') OR way = 'same_device' AND browser NOT NULL)"
            " RETURNING *",
            (ticket, request_id, now, ticket, ticket),
        )
        return _first(rows)

    def bind(self, request_id: str, browser: str, now: int) -> bool:
        """Let the first browser that opens a request be its own; False for any other one."""
        bound = self._database.execute(
            "UPDATE requests SET browser = ? WHERE id = ? AND way = 'same_device'"
            " AND (browser IS NULL OR browser = ?)"
            " AND state IN ('CREATED', 'WAITING_FOR_RESPONSE') AND expires_at > ? RETURNING id",
            (browser, request_id, browser, now),
        )
        return bool(bound)

    def close(
        self,
        request_id: str,
        state: str,
        now: int,
        result: Iterable[Finding] | None = None,
        *,
        ending: str | None = None,
        code_digest: str | None = None,
    ) -> bool:
        """Close an open request, once, together with its result; False when it was not open.

        The nonce, state and key go with it. This one statement is why a response counts once,
        however often and by how many workers it is received (row V02). `code_digest` is of the
        response code with which a browser asks after it.
        """
        kept = json.dumps(findings.to_json(result)) if result is not None else None
        closed = self._database.execute(
            "UPDATE requests SET state = ?, closed_at = ?, result = ?, ending = ?, code_digest = ?,"
            " nonce = NULL, response_state = NULL, response_key = NULL"
            " WHERE id = ? AND state IN ('CREATED', 'WAITING_FOR_RESPONSE') AND expires_at > ?"
            " RETURNING id",
            (state, now, kept, ending, code_digest, request_id, now),
        )
        return bool(closed)

    def hold(
        self, request_id: str, now: int, result: Iterable[Finding], *, code_digest: str, until: int
    ) -> bool:
        """Close an open request as `close` does, its result unseen until its browser is back."""
        held = self._database.execute(
            "UPDATE requests SET state = 'HELD', closed_at = ?, result = ?, code_digest = ?,"
            " nonce = NULL, response_state = NULL, response_key = NULL, expires_at = ?"
            " WHERE id = ? AND state IN ('CREATED', 'WAITING_FOR_RESPONSE') AND expires_at > ?"
            " RETURNING id",
            (now, json.dumps(findings.to_json(result)), code_digest, until, request_id, now),
        )
        return bool(held)

    def redeem(self, code_digest: str, browser: str, now: int) -> Request | None:
        """Take what is held for this code and browser, once; None where nothing is."""
        rows = self._database.execute(
            "UPDATE requests SET state = 'DONE', code_digest = NULL"
            " WHERE code_digest = ? AND browser = ? AND state = 'HELD' AND expires_at > ?"
            " RETURNING *",
            (code_digest, browser, now),
        )
        return _first(rows)

    def spoil(self, code_digest: str, now: int) -> bool:
        """Throw away what is held for a code that came from elsewhere; whether anything was."""
        spoilt = self._database.execute(
            "UPDATE requests SET result = NULL, code_digest = NULL, ending = ?,"
            " state = CASE WHEN expires_at > ? THEN 'FAILED' ELSE 'EXPIRED' END"
            " WHERE code_digest = ? AND state = 'HELD' RETURNING id",
            (OTHER_BROWSER, now, code_digest),
        )
        return bool(spoilt)

    def by_code(self, code_digest: str, since: int) -> Request | None:
        """The request that was answered with this code after `since`, in whichever way."""
        rows = self._database.execute(
            "SELECT * FROM requests WHERE code_digest = ? AND state = 'DONE' AND closed_at > ?",
            (code_digest, since),
        )
        return _first(rows)

    def discard(self, request_id: str, ending: str) -> bool:
        """Throw away what a request brought, if it brought anything."""
        discarded = self._database.execute(
            "UPDATE requests SET state = 'FAILED', result = NULL, code_digest = NULL, ending = ?"
            " WHERE id = ? AND state IN ('DONE', 'HELD') RETURNING id",
            (ending, request_id),
        )
        return bool(discarded)

    def drop_unclaimed(self, now: int) -> None:
        """Erase what was held for a browser that never came back."""
        self._database.execute(
            "UPDATE requests SET state = 'EXPIRED', result = NULL, code_digest = NULL"
            " WHERE state = 'HELD' AND expires_at <= ?",
            (now,),
        )


# The state that a request has now: nobody needs to write down that its time is over, and whoever
# looks sees no difference between an answer that is held and none.
_REQUESTS: Final = (
    "SELECT id, case_id, client_id, response_mode, query, nonce, response_state, response_key,"
    " created_at, expires_at, way, browser, return_path, organisation, check_code, ending,"
    " CASE WHEN state IN ('CREATED', 'WAITING_FOR_RESPONSE', 'HELD') AND expires_at <= ?"
    " THEN 'EXPIRED' WHEN state = 'HELD' THEN 'WAITING_FOR_RESPONSE' ELSE state END AS state"
    " FROM requests"
)
_TOLD: Final = f"WHERE NOT {failed_sessions.IS_OVER}"


def _first(rows: Iterable[Row]) -> Request | None:
    return next(map(_request, rows), None)


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
        way=Way(row["way"], row["browser"], row["return_path"]),
        organisation=row["organisation"],
        check_code=row["check_code"],
        ending=row["ending"],
    )
