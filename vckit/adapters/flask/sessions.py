"""Sessions on the server: the cookie holds a random number, the database its digest and the data.

A BSN is never in a cookie. Idle 15 minutes, 8 hours at most (security.md X07).
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, cast

import flask
from flask.json.tag import TaggedJSONSerializer
from flask.sessions import SessionInterface, SessionMixin

from vckit.database import Database

MIGRATION: Final = """
CREATE TABLE sessions (
    id_digest TEXT PRIMARY KEY,
    data TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_use ON sessions (used_at);
CREATE TABLE session_secret (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    secret TEXT NOT NULL
) STRICT;
"""
IDLE_SECONDS: Final = 900
ABSOLUTE_SECONDS: Final = 28_800
# Use is written down no more often than this, so that reading a page is seldom a write.
TOUCH_SECONDS: Final = 30


class ServerSession(SessionMixin):
    """The data of one session; it is read from the database at the first look into it."""

    def __init__(self, load: Callable[[], tuple[dict[str, Any], int] | None]) -> None:
        self._load = load
        self._data: dict[str, Any] | None = None
        self.used_at = 0
        self.exists = False
        self.rotating = False
        self.modified = False

    @property
    def data(self) -> dict[str, Any]:
        """Everything in the session."""
        if self._data is None:
            self.accessed = True
            found = self._load()
            self.exists = found is not None
            self._data, self.used_at = found or ({}, 0)
        return self._data

    @property
    def is_read(self) -> bool:
        """Whether this request looked into the session at all."""
        return self._data is not None

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.data[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self.data[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)


def rotate() -> None:
    """Give the session of this request a new id, as after a log-in; the old one ends."""
    session = _current()
    session.rotating = session.modified = True


def _current() -> ServerSession:
    return cast("ServerSession", flask.session._get_current_object())  # type: ignore[attr-defined]  # noqa: SLF001  the documented way to the object behind werkzeug's proxy


class ServerSideSessions(SessionInterface):
    """Flask's session interface on the service's own database, with `MIGRATION` in its schema."""

    serializer = TaggedJSONSerializer()

    def __init__(
        self,
        database: Database,
        cookie_name: str,
        *,
        idle: int = IDLE_SECONDS,
        absolute: int = ABSOLUTE_SECONDS,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`cookie_name` is one per service, since ports share cookies; times in seconds."""
        self._database = database
        self._cookie_name = cookie_name
        self._idle = idle
        self._absolute = absolute
        self._clock = clock

    def get_cookie_name(self, app: flask.Flask) -> str:
        """On https the prefix keeps other hosts and paths from setting it (RFC 6265bis 4.1.3)."""
        return f"__Host-{self._cookie_name}" if self.get_cookie_secure(app) else self._cookie_name

    def open_session(self, app: flask.Flask, request: flask.Request) -> ServerSession:
        """Give the session of the cookie; nothing is read until someone looks into it."""
        identifier = request.cookies.get(self.get_cookie_name(app), "")

        def load() -> tuple[dict[str, Any], int] | None:
            return self._find(identifier) if identifier else None

        return ServerSession(load)

    def save_session(
        self, app: flask.Flask, session: SessionMixin, response: flask.Response
    ) -> None:
        """Write what changed; an ended session is never brought back by a slower request."""
        if not isinstance(session, ServerSession) or not session.is_read:
            return
        response.vary.add("Cookie")
        name = self.get_cookie_name(app)
        identifier = flask.request.cookies.get(name, "")
        if not session:
            self._end(identifier, session)
            if identifier:
                response.delete_cookie(name, secure=self.get_cookie_secure(app), httponly=True)
        elif not session.exists or session.rotating:
            self._set_cookie(app, response, self._begin(identifier, session))
        else:
            self._keep(identifier, session)

    def _set_cookie(self, app: flask.Flask, response: flask.Response, identifier: str) -> None:
        response.set_cookie(
            self.get_cookie_name(app),
            identifier,
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite="Lax",
            path="/",
        )

    def _find(self, identifier: str) -> tuple[dict[str, Any], int] | None:
        now = int(self._clock())
        rows = self._database.execute(
            "SELECT data, used_at FROM sessions"
            " WHERE id_digest = ? AND used_at > ? AND created_at > ?",
            (_digest(identifier), now - self._idle, now - self._absolute),
        )
        if not rows:
            return None
        return self.serializer.loads(rows[0]["data"]), int(rows[0]["used_at"])

    def _begin(self, old_identifier: str, session: ServerSession) -> str:
        now = int(self._clock())
        identifier = secrets.token_urlsafe(32)
        with self._database.transaction():
            self._end(old_identifier, session)
            self._database.execute(
                "DELETE FROM sessions WHERE used_at <= ? OR created_at <= ?",
                (now - self._idle, now - self._absolute),
            )
            self._database.execute(
                "INSERT INTO sessions (id_digest, data, created_at, used_at) VALUES (?, ?, ?, ?)",
                (_digest(identifier), self.serializer.dumps(session.data), now, now),
            )
        return identifier

    def _keep(self, identifier: str, session: ServerSession) -> None:
        now = int(self._clock())
        if session.modified:
            self._database.execute(
                "UPDATE sessions SET data = ?, used_at = ? WHERE id_digest = ?",
                (self.serializer.dumps(session.data), now, _digest(identifier)),
            )
        elif now - session.used_at >= TOUCH_SECONDS:
            self._database.execute(
                "UPDATE sessions SET used_at = ? WHERE id_digest = ?", (now, _digest(identifier))
            )

    def _end(self, identifier: str, session: ServerSession) -> None:
        if session.exists:
            self._database.execute(
                "DELETE FROM sessions WHERE id_digest = ?", (_digest(identifier),)
            )

    def secret(self) -> str:
        """What Flask-WTF signs its tokens with; one for all workers, made by the first."""
        self._database.execute(
            "INSERT INTO session_secret (id, secret) VALUES (1, ?) ON CONFLICT DO NOTHING",
            (secrets.token_urlsafe(32),),
        )
        [row] = self._database.execute("SELECT secret FROM session_secret")
        return str(row["secret"])


def _digest(identifier: str) -> str:
    return hashlib.sha256(identifier.encode()).hexdigest()
