"""What staff at the desk did: who it was by a pseudonym, about whom by a pseudonym."""

from dataclasses import astuple, dataclass
from typing import Final, Literal

from vckit.database import Database

DeskVerb = Literal["identified", "document", "withdrawn"]
# The seconds for which an action is kept: as long as a document of that day can hold.
KEPT_SECONDS: Final = 366 * 86_400


@dataclass(frozen=True, kw_only=True)
class DeskAction:
    """One action; `happened_at` in epoch seconds.

    `pseudonym` is that of the resident, `identity_document` the kind that was shown, never its
    number, and `record_id` what was made or withdrawn.
    """

    happened_at: int
    staff: str
    verb: DeskVerb
    pseudonym: str
    identity_document: str | None = None
    record_id: str | None = None


class DeskActions:
    """The verbs on what is kept of the work at the desk of one organisation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, action: DeskAction) -> None:
        """Keep one action, and forget what was kept long enough."""
        with self._database.transaction():
            self._database.execute(
                "DELETE FROM desk_actions WHERE happened_at < ?",
                (action.happened_at - KEPT_SECONDS,),
            )
            self._database.execute(
                "INSERT INTO desk_actions (happened_at, staff, verb, pseudonym, identity_document,"
                " record_id) VALUES (?,?,?,?,?,?)",
                astuple(action),
            )

    def since(self, moment: int) -> list[DeskAction]:
        """Everything from `moment` (epoch seconds) on, the oldest first."""
        rows = self._database.execute(
            "SELECT happened_at, staff, verb, pseudonym, identity_document, record_id"
            " FROM desk_actions WHERE happened_at >= ? ORDER BY happened_at, rowid",
            (moment,),
        )
        return [DeskAction(**row) for row in rows]
