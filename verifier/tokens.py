"""Tokens of case software: made by a command, shown once, kept as digests (RFC 6750)."""

import json
import secrets
from base64 import b64encode
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from vckit.database import Database, Row
from vckit.errors import ConfigurationError
from vckit.oauth import InsufficientScope, InvalidToken, new_token, parse_bearer, token_digest

CASES_WRITE: Final = "cases:write"
CASES_READ: Final = "cases:read"
OVERVIEW_READ: Final = "overview:read"
REPORT_READ: Final = "report:read"
SCOPES: Final = (CASES_WRITE, CASES_READ, OVERVIEW_READ, REPORT_READ)
# Keeps the owners of tokens apart from the subjects of the log-in.
_OWNER: Final = "api:"
# Standard Webhooks, "Symmetric signatures": this prefix and 24 to 64 random bytes.
SECRET_PREFIX: Final = "whsec_"  # noqa: S105  the mark of its kind
_SECRET_BYTES: Final = 32

MIGRATION: Final = """
CREATE TABLE api_tokens (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    owner TEXT NOT NULL,
    scopes TEXT NOT NULL,
    webhook_secret TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Token:
    """What is kept of a token. Cases belong to `owner`, which a renewed token can share.

    `webhook_secret` signs the webhooks of its requests. Times are epoch seconds.
    """

    id: str
    name: str
    owner: str
    scopes: tuple[str, ...]
    webhook_secret: str
    created_at: int
    expires_at: int
    revoked_at: int | None = None

    def require(self, scope: str) -> None:
        """Raise InsufficientScope unless the token reaches this far."""
        if scope not in self.scopes:
            raise InsufficientScope("The token lacks the scope that this needs.")


def new(name: str, owner: str, scopes: Collection[str], now: int, life: int) -> Token:
    """A token that lives `life` seconds; ConfigurationError for a scope that there is not."""
    if not scopes or not set(scopes) <= set(SCOPES):
        raise ConfigurationError(f"a scope is one of {', '.join(SCOPES)}")
    if life <= 0:
        raise ConfigurationError("a token lives a day at least")
    return Token(
        id=secrets.token_hex(4),
        name=name,
        owner=f"{_OWNER}{owner}",
        scopes=tuple(scope for scope in SCOPES if scope in scopes),
        webhook_secret=SECRET_PREFIX + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode(),
        created_at=now,
        expires_at=now + life,
    )


class Tokens:
    """The verbs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, token: Token) -> str:
        """Keep a token and give what its user sends: the only time that it is seen."""
        bearer = new_token()
        self._database.execute(
            "INSERT INTO api_tokens (id, digest, name, owner, scopes, webhook_secret, created_at,"
            " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                token.id,
                token_digest(bearer),
                token.name,
                token.owner,
                json.dumps(token.scopes),
                token.webhook_secret,
                token.created_at,
                token.expires_at,
            ),
        )
        return bearer

    def authenticate(self, authorization_header: str | None, now: int) -> Token:
        """The token of an Authorization header; MissingToken or InvalidToken without a good one.

        One that never was, is over or was revoked gets the same answer. The look-up is by digest,
        so how long it takes tells nothing of any token.
        """
        rows = self._database.execute(
            "SELECT * FROM api_tokens WHERE digest = ? AND expires_at > ? AND revoked_at IS NULL",
            (token_digest(parse_bearer(authorization_header)), now),
        )
        if not rows:
            raise InvalidToken("The token is not known, over or revoked.")
        return _token(rows[0])

    def all(self) -> list[Token]:
        """Every token, oldest first, also what is over or revoked."""
        return [
            _token(row)
            for row in self._database.execute("SELECT * FROM api_tokens ORDER BY created_at, id")
        ]

    def revoke(self, token_id: str, now: int) -> bool:
        """End a token now; False when there is none with this id. Ended before is as good."""
        ended = self._database.execute(
            "UPDATE api_tokens SET revoked_at = coalesce(revoked_at, ?) WHERE id = ? RETURNING id",
            (now, token_id),
        )
        return bool(ended)


def _token(row: Row) -> Token:
    members = {name: value for name, value in row.items() if name != "digest"}
    return Token(**{**members, "scopes": tuple(json.loads(row["scopes"]))})
