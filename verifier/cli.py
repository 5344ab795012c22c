"""`blauweknop-verifier`: set up, serve, ask, read the result, check a file.

Imports wait for the command that needs them, so that `check` answers at once.
"""

import argparse
import gc
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from vckit.errors import KitError
from verifier import CONFIG_VARIABLE, request_command, scheme_entry, software_commands

if TYPE_CHECKING:
    from verifier.config import Config

OK: Final = 0
WRONG: Final = 1
USAGE: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 done, 1 not so, 2 the command or the configuration is wrong."""
    given = _parser().parse_args(arguments)
    try:
        return int(given.run(given))
    except KitError as error:
        print(f"blauweknop-verifier: {error}", file=sys.stderr)
        return USAGE


def _init(given: argparse.Namespace) -> int:
    from verifier import installation  # noqa: PLC0415  see above

    for line in installation.initialise(_config(given)):
        print(line)
    return OK


def _check_config(given: argparse.Namespace) -> int:
    from verifier import installation  # noqa: PLC0415

    for line in installation.judge(_config(given), _now()):
        print(line)
    return OK


def _serve(given: argparse.Namespace) -> int:
    from vckit.adapters import serving  # noqa: PLC0415
    from verifier import installation  # noqa: PLC0415

    config = _config(given)
    for _line in installation.judge(config, _now()):
        pass
    path = _config_path(given)
    serving.serve("verifier:application()", config, variable=CONFIG_VARIABLE, path=path)


def _result(given: argparse.Namespace) -> int:
    from verifier.casework import case_report  # noqa: PLC0415
    from verifier.opening import open_office  # noqa: PLC0415
    from verifier.wording import DUTCH  # noqa: PLC0415

    now = _now()
    office = open_office(_config(given), now)
    report = case_report(office, request_command.known_case(office, given.id, now), now, DUTCH)
    if given.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        _print_report(report)
    return OK


def _check(given: argparse.Namespace) -> int:
    from verifier.foreign_file import ForeignFile  # noqa: PLC0415

    # One file is no work for a collector, which is a tenth of what the imports take.
    gc.disable()
    # First of all, so that a PDF is opened while the rest is still being imported.
    file = ForeignFile.read(given.file)
    try:
        from verifier import checking  # noqa: PLC0415

        verdict = checking.check_file(file, _config(given), _now())
    finally:
        file.close()
        gc.enable()
    if given.json:
        print(json.dumps(verdict.to_json(), ensure_ascii=False))
    else:
        print("\n".join(verdict.lines))
    return OK if verdict.holds else WRONG


def _told(given: argparse.Namespace) -> int:
    """A command that only answers."""
    print(given.command(_config(given), given, _now()).printed(as_json=given.json))
    return OK


def _tick(given: argparse.Namespace) -> int:
    config = _config(given)
    while True:
        print(software_commands.tick(config, time.time).printed(as_json=given.json), flush=True)
        if given.every is None:
            return OK
        time.sleep(given.every)


def _print_report(report: dict[str, Any]) -> None:
    from verifier.wording import DUTCH  # noqa: PLC0415

    totals = report["totals"]
    certain = "compleet" if report["complete"] else "niet compleet, ten minste"
    print(f"Stand van de vraag: {report['state']}")
    print(f"Openstaand ({certain}): {DUTCH.euro(totals['outstanding'])}")
    if totals["credit"]:
        print(f"Tegoed, niet verrekend: {DUTCH.euro(totals['credit'])}")
    for each in report["organisations"]:
        print(f"- {each['text']} {each['next_step']}".rstrip())
    for finding in report["findings"]:
        print(f"! {finding['text']}")


def _config_path(given: argparse.Namespace) -> Path:
    from vckit.adapters.settings import chosen_file  # noqa: PLC0415

    return chosen_file(given.config, CONFIG_VARIABLE)


def _config(given: argparse.Namespace) -> "Config":
    from verifier.config import load  # noqa: PLC0415

    return load(_config_path(given))


def _now() -> int:
    return int(time.time())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="blauweknop-verifier",
        description="Ask wallets for debt statements and see one checked overview.",
        epilog="example: blauweknop-verifier --config verifier.toml serve",
    )
    parser.add_argument("--config", metavar="FILE", help=f"default: ${CONFIG_VARIABLE}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "init", _init, "make the database, its key and a request key where absent")
    _add(commands, "check-config", _check_config, "judge settings, keys, scheme and database")
    _add(commands, "serve", _serve, "run the service under gunicorn")
    scheme_entry.add_options(_add(commands, "scheme-entry", _told, *scheme_entry.TEXTS))
    about = "open a case and ask its question"
    asked = _add(commands, "request", _told, about, request_command.EXAMPLE)
    request_command.add_options(asked)
    result = _add(commands, "result", _result, "what a case has brought so far", "result ID --json")
    result.add_argument("id", metavar="ID", help=request_command.CASE_HELP)
    _json_option(result)
    check = _add(
        commands, "check", _check, "tell what a PDF, credential or report is and whether it holds",
        "check opgave.pdf",
    )  # fmt: skip
    check.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="a sealed PDF, a controlerapport, or a credential: SD-JWT VC, JWT VC, JSON-LD",
    )
    _json_option(check)
    token = _add(commands, "token", _told, "tokens of case software", software_commands.EXAMPLE)
    software_commands.add_verbs(token)
    tick = _add(commands, "tick", _tick, "tell case software what changed", "tick --every 10")
    tick.add_argument("--every", type=int, metavar="SECONDS", help="go on, with this pause")
    _json_option(tick)
    return parser


def _add(
    commands: Any, name: str, run: Any, summary: str, example: str | None = None
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=summary,
        description=summary,
        epilog=f"example: blauweknop-verifier --config verifier.toml {example or name}",
    )
    parser.set_defaults(run=run)
    return parser


def _json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="answer as JSON")


if __name__ == "__main__":
    sys.exit(main())
