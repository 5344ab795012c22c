"""What the verifier keeps of what residents shared, until they withdraw it.

A verb is one statement or one transaction. All of it is erased with its case.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vckit.database import Database, Row
from verifier import findings
from verifier.collecting_book import digest_of
from verifier.findings import Finding

MIGRATION: Final = """
CREATE TABLE shares (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    device TEXT NOT NULL,
    request_id TEXT REFERENCES requests (id) ON DELETE CASCADE,
    sources TEXT NOT NULL,
    made_at INTEGER NOT NULL,
    withdrawn_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX shares_by_case ON shares (case_id, made_at);
CREATE TABLE receipts (
    token_digest TEXT PRIMARY KEY,
    share_id TEXT NOT NULL REFERENCES shares (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE shared_statements (
    share_id TEXT NOT NULL REFERENCES shares (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    finding TEXT NOT NULL,
    PRIMARY KEY (share_id, digest)
) STRICT, WITHOUT ROWID;
"""


# Why a wallet's request ended otherwise than with an answer (`requestbook`).
WITHDRAWN: Final = "withdrawn"


@dataclass(frozen=True)
class Share:
    """What a resident shared at once. `sources` are names; `request_id` where a wallet shares.

    A wallet's share counts from the moment at which its request was answered (`shared_at`); until
    then, and when the answer was no, `shared_at` is None.
    """

    id: str
    case_id: str
    device: str
    request_id: str | None
    sources: tuple[str, ...]
    made_at: int
    shared_at: int | None
    withdrawn_at: int | None


class ShareBook:
    """The verbs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, share: Share) -> None:
        """Keep that a wallet is asked on behalf of a device."""
        self._insert(share)

    def share(self, share: Share, link_id: str, digests: Sequence[str]) -> None:
        """Move these statements of its device into the case."""
        with self._database.transaction():
            self._insert(share)
            for digest in digests:
                self._move(share, link_id, digest)

    def add_receipt(self, share: Share, token: str) -> None:
        """Let `token` open the receipt of a share, from wherever it is brought."""
        self._database.execute(
            "INSERT INTO receipts (token_digest, share_id) VALUES (?, ?)",
            (digest_of(token), share.id),
        )

    def shares(self, case_id: str) -> list[Share]:
        """All shares of a case, the oldest first."""
        rows = self._database.execute(
            f"{_SHARES} WHERE shares.case_id = ? ORDER BY made_at, shares.id", (case_id,)
        )
        return [_share(row) for row in rows]

    def share_of_receipt(self, token: str) -> Share | None:
        """The share whose receipt the token opens."""
        rows = self._database.execute(f"{_SHARES}{_OF_RECEIPT}", (digest_of(token),))
        return _share(rows[0]) if rows else None

    def shared(self, share: Share) -> list[Finding]:
        """What organisations stated in a share, as it was found; nothing when it was withdrawn."""
        rows = self._database.execute(
            "SELECT finding AS result FROM shared_statements WHERE share_id = ?"
            " UNION ALL SELECT result FROM requests WHERE id = ? AND result IS NOT NULL",
            (share.id, share.request_id),
        )
        given = [each for row in rows for each in findings.from_json(json.loads(row["result"]))]
        return [each for each in given if findings.is_of_somebody(each)]

    def withdraw(self, share: Share, now: int) -> bool:
        """Erase what a share gave and everything that was kept because of it; False: it was.

        Its `sources` stay. How the overview stood (`snapshots`) tells of it from the share on.
        """
        with self._database.transaction():
            withdrawn = self._database.execute(
                "UPDATE shares SET withdrawn_at = ?, sources = ?"
                " WHERE id = ? AND withdrawn_at IS NULL RETURNING id",
                (now, json.dumps(share.sources), share.id),
            )
            if withdrawn:
                self._erase(share)
            return bool(withdrawn)

    def _erase(self, share: Share) -> None:
        self._database.execute("DELETE FROM shared_statements WHERE share_id = ?", (share.id,))
        self._database.execute(
            "UPDATE requests SET result = NULL, state = 'CANCELLED', ending = ? WHERE id = ?",
            (WITHDRAWN, share.request_id),
        )
        self._database.execute(
            "DELETE FROM snapshots WHERE case_id = ? AND taken_at >= ?",
            (share.case_id, share.made_at),
        )

    def _insert(self, share: Share) -> None:
        self._database.execute(
            "INSERT INTO shares (id, case_id, device, request_id, sources, made_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                share.id,
                share.case_id,
                share.device,
                share.request_id,
                json.dumps(share.sources),
                share.made_at,
            ),
        )

    def _move(self, share: Share, link_id: str, digest: str) -> None:
        kept = (link_id, share.device, digest)
        self._database.execute(
            "INSERT INTO shared_statements (share_id, digest, finding)"
            " SELECT ?, digest, finding FROM collected"
            " WHERE link_id = ? AND device = ? AND digest = ?",
            (share.id, *kept),
        )
        self._database.execute(
            "DELETE FROM collected WHERE link_id = ? AND device = ? AND digest = ?", kept
        )


# When it was shared: at once, or when a wallet answered the request with something.
_SHARES: Final = (
    "SELECT shares.*, CASE WHEN shares.request_id IS NULL THEN shares.made_at"
    " WHEN requests.state = 'DONE' OR withdrawn_at NOT NULL THEN requests.closed_at"
    " END AS shared_at"
    " FROM shares LEFT JOIN requests ON requests.id = shares.request_id"
)


_OF_RECEIPT: Final = " WHERE shares.id IN (SELECT share_id FROM receipts WHERE token_digest = ?)"


def _share(row: Row) -> Share:
    return Share(
        id=row["id"],
        case_id=row["case_id"],
        device=row["device"],
        request_id=row["request_id"],
        sources=tuple(json.loads(row["sources"])),
        made_at=row["made_at"],
        shared_at=row["shared_at"],
        withdrawn_at=row["withdrawn_at"],
    )
