"""What the verifier keeps of what stands beside the credentials of a case, and of how it stood.

A verb is one statement. All of it is erased with its case (`store.Store.forget_case`, `purge`).
"""

import json
from collections.abc import Iterable
from typing import Final

from vckit.database import Database, Row
from verifier.beside import Beside, HandDebt, NationalStatement
from verifier.changes import Snapshot
from verifier.person import Person

MIGRATION: Final = """
ALTER TABLE cases ADD COLUMN partner TEXT;
CREATE TABLE hand_debts (
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    id TEXT NOT NULL,
    content TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (case_id, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE national_statements (
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    digest TEXT NOT NULL,
    content TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (case_id, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE ticked_creditors (
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    PRIMARY KEY (case_id, code)
) STRICT, WITHOUT ROWID;
CREATE TABLE snapshots (
    case_id TEXT NOT NULL REFERENCES cases (id) ON DELETE CASCADE,
    taken_at INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (case_id, taken_at)
) STRICT, WITHOUT ROWID;
"""
# Of one case; whoever types does not come near it.
MOST_DEBTS: Final = 200


class Casebook:
    """The verbs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set_partner(self, case_id: str, partner: Person | None) -> None:
        """Keep who the second person of the case is; None: there is none."""
        kept = json.dumps(partner.to_json()) if partner else None
        self._database.execute("UPDATE cases SET partner = ? WHERE id = ?", (kept, case_id))

    def add_debt(self, case_id: str, debt: HandDebt, now: int) -> bool:
        """Keep a debt; the same `id` again changes nothing. False when there are too many."""
        added = self._database.execute(
            "INSERT INTO hand_debts (case_id, id, content, added_at) SELECT ?, ?, ?, ?"
            " WHERE (SELECT count(*) FROM hand_debts WHERE case_id = ?) < ?"
            " ON CONFLICT (case_id, id) DO UPDATE SET id = excluded.id RETURNING id",
            (case_id, debt.id, json.dumps(debt.to_json()), now, case_id, MOST_DEBTS),
        )
        return bool(added)

    def remove_debt(self, case_id: str, debt_id: str) -> None:
        """Erase a debt; erased before is as good."""
        self._database.execute(
            "DELETE FROM hand_debts WHERE case_id = ? AND id = ?", (case_id, debt_id)
        )

    def add_national(self, case_id: str, told: NationalStatement, now: int) -> None:
        """Keep what a national body tells; the same file again replaces it."""
        self._database.execute(
            "INSERT INTO national_statements (case_id, digest, content, added_at)"
            " VALUES (?, ?, ?, ?) ON CONFLICT (case_id, digest) DO UPDATE"
            " SET content = excluded.content, added_at = excluded.added_at",
            (case_id, told.digest, json.dumps(told.to_json()), now),
        )

    def remove_national(self, case_id: str, digest: str) -> None:
        """Erase what a national body told; erased before is as good."""
        self._database.execute(
            "DELETE FROM national_statements WHERE case_id = ? AND digest = ?", (case_id, digest)
        )

    def tick(self, case_id: str, codes: Iterable[str]) -> None:
        """Keep which usual creditors are ticked off, in place of what was kept."""
        with self._database.transaction():
            self._database.execute("DELETE FROM ticked_creditors WHERE case_id = ?", (case_id,))
            for code in sorted(set(codes)):
                self._database.execute(
                    "INSERT INTO ticked_creditors (case_id, code) VALUES (?, ?)", (case_id, code)
                )

    def beside(self, case_id: str) -> Beside:
        """All of it, in the order in which it came."""
        return Beside(
            by_hand=tuple(map(HandDebt.from_json, self._contents("hand_debts", case_id))),
            national=tuple(
                map(NationalStatement.from_json, self._contents("national_statements", case_id))
            ),
            ticked=frozenset(row["code"] for row in self._ticked(case_id)),
        )

    def keep_snapshot(self, case_id: str, snapshot: Snapshot) -> None:
        """Keep how the overview stands; of one second the last."""
        self._database.execute(
            "INSERT INTO snapshots (case_id, taken_at, content) VALUES (?, ?, ?)"
            " ON CONFLICT (case_id, taken_at) DO UPDATE SET content = excluded.content",
            (case_id, snapshot.taken_at, json.dumps(snapshot.to_json())),
        )

    def snapshots(self, case_id: str) -> list[Snapshot]:
        """How the overview stood, newest first."""
        rows = self._database.execute(
            "SELECT content FROM snapshots WHERE case_id = ? ORDER BY taken_at DESC", (case_id,)
        )
        return [Snapshot.from_json(json.loads(row["content"])) for row in rows]

    def _contents(self, table: str, case_id: str) -> list[dict[str, object]]:
        rows = self._database.execute(_CONTENTS[table], (case_id,))
        return [json.loads(row["content"]) for row in rows]

    def _ticked(self, case_id: str) -> list[Row]:
        return list(
            self._database.execute(
                "SELECT code FROM ticked_creditors WHERE case_id = ?", (case_id,)
            )
        )


_CONTENTS: Final = {
    "hand_debts": "SELECT content FROM hand_debts WHERE case_id = ? ORDER BY added_at, id",
    "national_statements": (
        "SELECT content FROM national_statements WHERE case_id = ? ORDER BY added_at, digest"
    ),
}
