"""`blauweknop-scheme`: make, change, sign and judge a scheme.

Exit codes: 0 done, 1 refused (nothing changed), 2 wrong use.
"""

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from scheme_operator import commands
from vckit.errors import KitError

EXIT_REFUSED: Final = 1
DAYS: Final = 90
MOST_DAYS: Final = 400

Command = Callable[[argparse.Namespace], list[str]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        lines = options.command(options)
    except KitError as error:
        print(f"refused: {error}", file=sys.stderr)
        return EXIT_REFUSED
    print("\n".join(lines))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="blauweknop-scheme",
        description="The list of who takes part: make it, change it, sign it, judge it.",
        epilog="docs/scheme.md tells the whole procedure. COMMAND --help shows an example of each.",
    )
    adding = _Adding(parser.add_subparsers(required=True, metavar="COMMAND"))
    _add_beginnings(adding)
    _add_edits(adding)
    _add_signing(adding)
    _add_judging(adding)
    return parser


class _Adding:
    """Adds commands that are all told in the same way."""

    def __init__(self, parsers: Any) -> None:
        self._parsers = parsers

    def __call__(self, name: str, run: Command, about: str, example: str) -> Any:
        parser = self._parsers.add_parser(
            name,
            help=about,
            description=about,
            epilog=f"example: blauweknop-scheme {name} {example}",
        )
        parser.set_defaults(command=run)
        return parser


def _add_beginnings(add: _Adding) -> None:
    key = add(
        "key",
        commands.key,
        "make an operator's key, on a machine that is off the network",
        "keys/operator-1.pem",
    )
    key.add_argument("file", type=Path, help="the secret key; FILE.jwk.json is for the services")
    key.add_argument("--algorithm", choices=("EdDSA", "ES256"), default="EdDSA")
    new = add(
        "new",
        commands.new,
        "begin a scheme",
        'draft.json --operator "Stichting Blauwe Knop" --base https://regeling.example',
    )
    new.add_argument("draft", type=Path)
    new.add_argument("--operator", required=True, metavar="NAME", help="who keeps the scheme")
    new.add_argument(
        "--base",
        required=True,
        type=_base,
        metavar="URL",
        help="where context, schemas and types are served, without a slash",
    )
    new.add_argument("--demo", action="store_true", help="for trials: real services refuse it")
    following = add(
        "next", commands.following, "begin the next version of a scheme", "scheme.json draft.json"
    )
    following.add_argument("signed", type=Path, help="the scheme that holds now")
    following.add_argument("draft", type=Path)
    for parser in (new, following):
        parser.add_argument(
            "--days",
            type=_days,
            default=DAYS,
            metavar="N",
            help=f"how long it holds, {DAYS} by default",
        )


def _add_edits(add: _Adding) -> None:
    for name, run, about in (
        ("add", commands.add, "add an organisation"),
        ("replace", commands.replace, "replace the entry of an organisation, by its OIN"),
        ("join", commands.join, "give an organisation that is there another role, by its OIN"),
    ):
        edit = add(name, run, about, "draft.json boxtel.json")
        edit.add_argument("draft", type=Path)
        edit.add_argument(
            "entry", type=Path, help="what its `scheme-entry` printed; - is standard input"
        )
    end = add(
        "end",
        commands.end,
        "end the part of an organisation from a day on",
        "draft.json 00000001001234567000 --on 2027-01-01",
    )
    end.add_argument("draft", type=Path)
    end.add_argument("oin", metavar="OIN")
    end.add_argument("--on", required=True, type=_day, metavar="YYYY-MM-DD")


def _add_signing(add: _Adding) -> None:
    show = add(
        "show",
        commands.show,
        "show a draft or scheme, or what it changes",
        "draft.json --against scheme.json",
    )
    show.add_argument("file", type=Path)
    sign = add(
        "sign",
        commands.sign,
        "sign a draft, or add a signature to a signed scheme",
        "draft.json signed.json --key file:keys/operator-1.pem --against scheme.json",
    )
    sign.add_argument("file", type=Path, help="a draft, or what another key has signed")
    sign.add_argument("out", type=Path)
    sign.add_argument("--key", required=True, metavar="URI", help="such as file:keys/operator.pem")
    sign.add_argument("--yes", action="store_true", help="do not ask: everything was read before")
    for parser in (show, sign):
        parser.add_argument("--against", type=Path, metavar="FILE", help="what holds now")


def _add_judging(add: _Adding) -> None:
    verify = add(
        "verify",
        commands.verify,
        "judge a signed scheme as services do",
        "signed.json --operator-key operator-1.jwk.json --threshold 1",
    )
    verify.add_argument("file", type=Path)
    verify.add_argument("--minimum-version", type=int, default=0, metavar="N")
    fetch = add(
        "fetch",
        commands.fetch,
        "from cron: bring a published scheme here if it is good",
        "https://regeling.example/scheme.json scheme.json --operator-key one.jwk.json",
    )
    fetch.add_argument("url")
    fetch.add_argument("file", type=Path, help="the file that scheme.file of a service names")
    fetch.add_argument("--trusted-certificates", type=Path, metavar="PEM")
    fetch.add_argument(
        "--insecure-origin", action="append", default=[], metavar="URL", help="in trials only"
    )
    for parser in (verify, fetch):
        parser.add_argument(
            "--operator-key",
            type=Path,
            action="append",
            required=True,
            metavar="JWK",
            help="once for each key",
        )
        parser.add_argument("--threshold", type=int, default=1, metavar="N")


def _days(text: str) -> int:
    if not re.fullmatch("[1-9][0-9]{0,2}", text) or int(text) > MOST_DAYS:
        raise argparse.ArgumentTypeError(f"a number of days, {MOST_DAYS} at most")
    return int(text)


def _base(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s@?#]+[^\s@?#/]", text):
        raise argparse.ArgumentTypeError("such as https://regeling.example, without a slash")
    return text


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written as 2027-01-01") from None


if __name__ == "__main__":
    sys.exit(main())
