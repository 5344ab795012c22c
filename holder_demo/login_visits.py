"""Who logged in at the stand-in with which browser; in memory."""

import secrets
import time

# Seconds without use after which one is asked again who one is.
VISIT_SECONDS = 900


class Visits:
    """Who logged in with which browser: one log-in serves every service for a while."""

    def __init__(self) -> None:
        self._by_token: dict[str, tuple[str, float]] = {}

    def begin(self, login: str) -> str:
        """Remember a log-in and give the secret that its browser keeps."""
        token = secrets.token_urlsafe(32)
        self._by_token[token] = (login, time.monotonic())
        return token

    def find(self, token: str) -> str | None:
        """Give who it was, if that is not long ago."""
        login, used_at = self._by_token.get(token, ("", -VISIT_SECONDS))
        return login if time.monotonic() - used_at < VISIT_SECONDS else None

    def end(self, token: str) -> None:
        """Forget a log-in."""
        self._by_token.pop(token, None)
