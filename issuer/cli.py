"""`blauweknop-issuer`: the command line of one organisation.

Exit codes: 0 done, 1 refused (nothing changed), 2 wrong use or configuration, 3 done, but something
needs a person's eye (tick).
"""

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from issuer import commands, printing
from issuer.config import CONFIG_VARIABLE, GENERAL, Config, load
from vckit.adapters.settings import chosen_file
from vckit.errors import ConfigurationError, KitError

EXIT_REFUSED: Final = 1
EXIT_USAGE: Final = 2
EXIT_ALERT: Final = 3
LANGUAGES: Final = ("nl", "en")
REASONS: Final = ("resident", "error", "wrong_person", "key")

Command = Callable[[Config, argparse.Namespace], Any]
Words = Callable[[Any], str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    options = _parser().parse_args(arguments)
    try:
        answer = options.command(_config(options), options)
    except ConfigurationError as error:
        print(f"configuration: {error}", file=sys.stderr)
        return EXIT_USAGE
    except KitError as error:
        print(f"refused: {error}", file=sys.stderr)
        return EXIT_REFUSED
    print(_as_json(answer) if options.json else options.words(answer))
    return EXIT_ALERT if answer and answer.get("alerts") else 0


def _config(options: argparse.Namespace) -> Config:
    return load(chosen_file(options.config, CONFIG_VARIABLE))


def _as_json(answer: dict[str, Any]) -> str:
    return json.dumps(answer, ensure_ascii=False, default=lambda report: report.to_json())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="blauweknop-issuer",
        description="One organisation that states debts.",
        epilog=_example("check-config", "COMMAND --help shows an example of each command"),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--config", help=f"the TOML file of settings; default: ${CONFIG_VARIABLE}")
    parsers = parser.add_subparsers(required=True, metavar="COMMAND")
    add = _Adding(parsers)
    _add_operation(add)
    _add_import(add)
    _add_sources(add)
    _add_desk(add)
    _add_document(add)
    _add_desk_log(add)
    return parser


class _Adding:
    """Adds commands that are all told in the same way."""

    def __init__(self, parsers: Any) -> None:
        self._parsers = parsers

    def __call__(
        self, name: str, command: Command, words: Words, *, about: str, example: str
    ) -> argparse.ArgumentParser:
        parser: argparse.ArgumentParser = self._parsers.add_parser(
            name,
            help=about,
            description=about,
            epilog=_example(f"{name} {example}".strip()),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        parser.add_argument("--json", action="store_true", help="print JSON")
        parser.set_defaults(command=command, words=words)
        return parser


def _example(command: str, more: str = "") -> str:
    text = f"example:\n  blauweknop-issuer --config issuer.toml {command}"
    return f"{text}\n\n{more}" if more else text


def _add_operation(add: _Adding) -> None:
    add(
        "init",
        commands.init,
        lambda answer: "\n".join(f"made: {name}" for name in answer["made"]),
        about="make the database and the keys that are absent",
        example="",
    )
    add(
        "check-config",
        commands.check_config,
        printing.checked,
        about="check keys, certificates, scheme, database and dialects",
        example="",
    )
    add("serve", commands.serve, str, about="serve pages and endpoints", example="")
    entry = add(
        "scheme-entry",
        commands.scheme_entry,
        lambda answer: json.dumps(answer, ensure_ascii=False, indent=2),
        about="print our entry for the operator of the scheme",
        example="> boxtel.json",
    )
    entry.add_argument(
        "--authority", action="store_true", help="trust our authority in the place of our leafs"
    )


def _add_import(add: _Adding) -> None:
    importing = add(
        "import",
        commands.import_debts,
        printing.report,
        about="import a delivery: all its good rows, or nothing when it is not as declared",
        example="belastingen export.csv --reference-date 2026-11-20",
    )
    importing.add_argument("source", help="the code of a source in the settings")
    importing.add_argument(
        "file", type=Path, nargs="?", help="the export; none for a source with an address"
    )
    importing.add_argument(
        "--reference-date",
        type=_day,
        metavar="YYYY-MM-DD",
        help="the day that it is true of (peildatum); a file needs it, an address may tell it",
    )
    importing.add_argument("--check", action="store_true", help="only show what it would give")
    importing.add_argument(
        "--force", action="store_true", help="take an older date, or the same file once more"
    )
    importing.add_argument(
        "--fewer",
        action="store_true",
        help="take a file with more than a tenth fewer debts than the one before, or with none",
    )


def _add_sources(add: _Adding) -> None:
    add(
        "tick",
        commands.run_tick,
        printing.ticked,
        about="from cron: take dropped files, ask sources that are due, tell who is late (exit 3)",
        example="",
    )
    add(
        "status",
        commands.status,
        printing.sources,
        about="the state of every source",
        example="--json",
    )
    lost = add(
        "unreachable",
        commands.unreachable,
        lambda answer: f"{answer['unreachable']}: residents read that it does not answer",
        about="tell residents that a source does not deliver, until its next import",
        example="belastingen",
    )
    lost.add_argument("source", help="the code of a source in the settings")


def _add_desk(add: _Adding) -> None:
    offer = add(
        "offer",
        commands.offer,
        printing.offer,
        about="offer a statement to somebody who was identified at the desk (10 minutes)",
        example="--bsn 999990019 --tx-code --json",
    )
    _add_bsn(offer, required=True)
    _add_names(offer)
    offer.add_argument(
        "--profile", default=GENERAL, help="a kind of wallet: general, credo, altme, all, or own"
    )
    offer.add_argument("--tx-code", action="store_true", help="with a code to tell by mouth")
    shown = add(
        "records",
        commands.records,
        printing.records,
        about="what was given out about somebody",
        example="--bsn 999990019",
    )
    _add_bsn(shown, required=True)
    for name, reason, about in (
        ("revoke", "error", "revoke a statement for ever: an error, a wrong person, a lost key"),
        ("withdraw", "resident", "withdraw a statement for ever, for the resident who asks it"),
    ):
        undone = add(
            name,
            commands.revoke,
            printing.revoked,
            about=about,
            example="--bsn 999990019 n2ccopmuqs6vhi2v",
        )
        undone.add_argument("record", nargs="?", help="one record; else all of --bsn")
        _add_bsn(undone, required=False)
        undone.add_argument("--reason", choices=REASONS, default=reason)


def _add_document(add: _Adding) -> None:
    add(
        "button",
        commands.show_button,
        lambda answer: str(answer["html"]).rstrip(),
        about="print the button as HTML, to put on a site of the municipality",
        example="--language nl",
    ).add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
    made = add(
        "document",
        commands.make_document,
        lambda answer: f"{answer['file']} (record {answer['record']})",
        about="make the sealed document of somebody who was identified at the desk",
        example="--bsn 999990019 --output schuldenopgave.pdf",
    )
    _add_bsn(made, required=True)
    _add_names(made)
    made.add_argument("--output", type=Path, required=True, help="a file that does not exist yet")
    made.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])


def _add_desk_log(add: _Adding) -> None:
    log = add(
        "desk-log",
        commands.desk_log,
        printing.acts,
        about="what staff did at the desk, by pseudonyms; kept for 366 days",
        example="--since 2026-11-01 --staff balie-01",
    )
    log.add_argument("--since", type=_day, metavar="YYYY-MM-DD", help="default: everything")
    log.add_argument("--staff", help="only of who logs in under this subject (sub)")
    _add_bsn(log, required=False)


def _add_names(parser: argparse.ArgumentParser) -> None:
    for name in ("--family-name", "--given-name", "--birthdate"):
        parser.add_argument(name, help="where the list of persons does not tell it")


def _add_bsn(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "--bsn", type=_bsn, required=required, help="nine digits; - reads it from standard input"
    )


def _bsn(text: str) -> str:
    number = sys.stdin.readline().strip() if text == "-" else text
    if not re.fullmatch(r"[0-9]{9}", number, re.ASCII):
        raise argparse.ArgumentTypeError("a BSN has nine digits")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a day is written as 2026-11-20") from None
