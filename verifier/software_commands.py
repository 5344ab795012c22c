"""What commands do for case software: its tokens, and what must be done again and again.

`verifier.cli` reads the command line and prints. Each gives what `--json` prints and the lines
that people read. Imports wait until they are needed, as there.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from vckit.errors import ConfigurationError

if TYPE_CHECKING:
    from vckit.adapters.sqlite import SqliteDatabase
    from verifier.config import Config
    from verifier.tokens import Token, Tokens

_DAY: Final = 86_400
EXAMPLE: Final = "token add --name Zaaksysteem --scopes cases:write,cases:read,overview:read"


@dataclass(frozen=True)
class Told:
    """What a command answers."""

    content: Any
    lines: tuple[str, ...]

    def printed(self, *, as_json: bool) -> str:
        """As the command prints it."""
        return json.dumps(self.content, ensure_ascii=False) if as_json else "\n".join(self.lines)


def add_verbs(parser: argparse.ArgumentParser) -> None:
    """The verbs of `token`, each with its `command`."""
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    add = verbs.add_parser("add", help="make a token, which is shown this once")
    add.set_defaults(command=add_token)
    add.add_argument("--name", required=True, help="what it is for")
    add.add_argument(
        "--scopes", required=True, help="of cases:write, cases:read, overview:read, report:read"
    )
    add.add_argument("--owner", help="whose its cases are (default: its name)")
    add.add_argument("--days", type=int, default=365, help="how long it lives (default: 365)")
    listed = verbs.add_parser("list", help="every token, never what its user sends")
    listed.set_defaults(command=list_tokens)
    revoke = verbs.add_parser("revoke", help="end a token now")
    revoke.set_defaults(command=revoke_token)
    revoke.add_argument("id", metavar="ID", help="as `token list` shows it")
    for verb in (add, listed, revoke):
        verb.add_argument("--json", action="store_true", help="answer as JSON")


def add_token(config: "Config", given: argparse.Namespace, now: int) -> Told:
    """Make a token; it and the secret of its webhooks are shown this once."""
    from verifier import tokens  # noqa: PLC0415  brings the database along

    scopes = given.scopes.replace(",", " ").split()
    made = tokens.new(given.name, given.owner or given.name, scopes, now, given.days * _DAY)
    bearer = _tokens(config).add(made)
    shown = {"token": bearer, "webhook_secret": made.webhook_secret}
    return Told(
        {**_member(made), **shown},
        (
            _line(made),
            f"token:          {bearer}",
            f"webhook secret: {made.webhook_secret}",
            "They are shown this once; only a digest of the token is kept.",
        ),
    )


def list_tokens(config: "Config", _given: argparse.Namespace, _now: int) -> Told:
    """Every token, also what is over or revoked; never what its user sends."""
    known = _tokens(config).all()
    return Told([_member(each) for each in known], tuple(map(_line, known)))


def revoke_token(config: "Config", given: argparse.Namespace, now: int) -> Told:
    """End a token now; ConfigurationError when there is none with this id."""
    if not _tokens(config).revoke(given.id, now):
        raise ConfigurationError("there is no token with this id; `token list` shows them")
    return Told({"revoked": given.id}, ("revoked",))


def tick(config: "Config", clock: Callable[[], float]) -> Told:
    """Erase the cases that are over and tell case software what changed."""
    from vckit.adapters.requests import RequestsFetcher  # noqa: PLC0415  as above
    from verifier.notifying import tell_all  # noqa: PLC0415
    from verifier.store import Store  # noqa: PLC0415
    from verifier.webhooks import Webhooks  # noqa: PLC0415

    database = _database(config)
    Store(database).purge(int(clock()))
    fetcher = RequestsFetcher(config.insecure_origins, config.trusted_certificates)
    done = tell_all(Webhooks(database), config.api.webhook_origins, fetcher, clock)
    content = {"arrived": done.arrived, "put_off": done.put_off}
    return Told(content, (f"webhooks: {done.arrived} arrived, {done.put_off} put off",))


def _tokens(config: "Config") -> "Tokens":
    from verifier.tokens import Tokens  # noqa: PLC0415  as above

    return Tokens(_database(config))


def _database(config: "Config") -> "SqliteDatabase":
    """The database alone: these commands need no scheme and no key of ours."""
    from vckit.adapters.private_files import load_key  # noqa: PLC0415  as above
    from vckit.adapters.sqlite import open_database  # noqa: PLC0415
    from verifier.store import MIGRATIONS  # noqa: PLC0415

    key = load_key(config.database_key, "database_key")
    return open_database(config.database, key, migrations=MIGRATIONS)


def _member(token: "Token") -> dict[str, Any]:
    return {
        "id": token.id,
        "name": token.name,
        "owner": token.owner,
        "scopes": list(token.scopes),
        "created_at": token.created_at,
        "expires_at": token.expires_at,
        "revoked_at": token.revoked_at,
    }


def _line(token: "Token") -> str:
    until = datetime.fromtimestamp(token.expires_at, UTC).date().isoformat()
    ended = "revoked" if token.revoked_at else f"until {until}"
    return f"{token.id}  {token.name}  {token.owner}  {' '.join(token.scopes)}  {ended}"
