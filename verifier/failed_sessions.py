"""Requests that brought nothing: told for an hour, then erased (security.md, retention).

They hold no statements. A no is an answer and stays with its case, and so does what a resident
withdrew; both say why something is missing.
"""

from typing import Final

from vckit.database import Database

KEPT_SECONDS: Final = 3_600
# Of a request, with the moment before which it must have ended.
IS_OVER: Final = (
    "(state <> 'DONE' AND coalesce(ending, '') NOT IN ('declined', 'withdrawn') AND"
    " CASE WHEN state IN ('FAILED', 'CANCELLED') THEN closed_at ELSE expires_at END <= ?)"
)
# Case software that is still to be told how it ended.
_IS_AWAITED: Final = (
    "id IN (SELECT request_id FROM webhooks WHERE told NOT IN ('FAILED', 'CANCELLED', 'EXPIRED'))"
)


def drop(database: Database, now: int) -> None:
    """Erase those that ended more than an hour before `now` (epoch seconds)."""
    database.execute(
        f"DELETE FROM requests WHERE {IS_OVER} AND NOT {_IS_AWAITED}",  # noqa: S608  our own words
        (now - KEPT_SECONDS,),
    )
