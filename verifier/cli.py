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
from verifier import CONFIG_VARIABLE

if TYPE_CHECKING:
    from verifier.config import Config
    from verifier.findings import Source
    from verifier.office import Office
    from verifier.person import Person

OK: Final = 0
WRONG: Final = 1
USAGE: Final = 2
# Whose the cases of this command are, unless it is told: no counsellor's subject is empty.
COMMAND_OWNER: Final = ""
CASE_HELP: Final = "the case that `request` printed"


class CommandError(KitError):
    """The command cannot do what was asked; the text tells why."""


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


def _request(given: argparse.Namespace) -> int:
    from verifier import asking  # noqa: PLC0415
    from verifier.opening import open_office  # noqa: PLC0415

    now = _now()
    office = open_office(_config(given), now)
    case = _known_case(office, given.case, now) if given.case else None
    case = case or asking.open_case(
        office,
        owner=given.counsellor,
        person=_person(given),
        chosen=_chosen(asking.organisations(office, now), given.organisation),
        now=now,
    )
    request = asking.ask(
        office,
        case,
        prefix=given.client_id,
        formats=given.format,
        response_mode=given.response_mode,
        now=now,
    )
    started = {
        "id": case.id,
        "request": request.id,
        "state": request.state,
        "link": asking.link(office, request, now),
        "request_uri": None
        if given.client_id == asking.REDIRECT_URI
        else asking.request_uri(office, request),
        "client_id": request.client_id,
        "response_mode": request.response_mode,
        "organisations": [{"name": each.name, "oin": each.oin} for each in case.organisations],
        "expires_at": request.expires_at,
    }
    if given.json:
        print(json.dumps(started, ensure_ascii=False))
    else:
        print(f"Zaak:  {case.id}\nVraag: {started['link']}")
    return OK


def _result(given: argparse.Namespace) -> int:
    from verifier.casework import case_report  # noqa: PLC0415
    from verifier.opening import open_office  # noqa: PLC0415
    from verifier.wording import DUTCH  # noqa: PLC0415

    now = _now()
    office = open_office(_config(given), now)
    report = case_report(office, _known_case(office, given.id, now), now, DUTCH)
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


def _known_case(office: "Office", case_id: str, now: int) -> Any:
    case = office.store.case(case_id, now)
    if case is None:
        raise CommandError("there is no such case, or it is over")
    return case


def _chosen(known: "tuple[Source, ...]", wanted: list[str] | None) -> "tuple[Source, ...]":
    if not wanted:
        return known
    chosen = tuple(each for each in known if {each.name, each.oin} & set(wanted))
    if len(chosen) != len(set(wanted)):
        raise CommandError("an organisation is not on the scheme; name it or give its OIN")
    return chosen


def _person(given: argparse.Namespace) -> "Person | None":
    from verifier.person import Person  # noqa: PLC0415

    names = (given.family_name, given.given_name, given.birthdate)
    if not any(names):
        return None
    if not all(names):
        raise CommandError("give family name, given name and birth date, or none of them")
    return Person(*names)


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
    _request_options(_add(commands, "request", _request, "open a case and ask its question"))
    result = _add(commands, "result", _result, "what a case has brought so far", "result ID --json")
    result.add_argument("id", metavar="ID", help=CASE_HELP)
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


def _request_options(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "example: blauweknop-verifier --config verifier.toml request --json "
        '--organisation "Gemeente Boxtel" --response-mode direct_post.jwt'
    )
    _json_option(parser)
    parser.add_argument("--organisation", action="append", metavar="NAME|OIN", help="default: all")
    parser.add_argument(
        "--client-id",
        "--prefix",
        choices=("x509_hash", "decentralized_identifier", "redirect_uri"),
        help="how we name ourselves to the wallet (default: as in the settings)",
    )
    parser.add_argument(
        "--format",
        action="append",
        choices=("dc+sd-jwt", "ldp_vc", "jwt_vc_json", "vc+jwt"),
        help="a format that the wallet may answer in (default: as in the settings)",
    )
    parser.add_argument(
        "--response-mode", choices=("direct_post", "direct_post.jwt"), default="direct_post.jwt"
    )
    parser.add_argument("--case", metavar="ID", help=f"ask again in {CASE_HELP}")
    parser.add_argument("--family-name", metavar="NAME", help="who the case is about")
    parser.add_argument("--given-name", metavar="NAMES")
    parser.add_argument("--birthdate", metavar="YYYY-MM-DD")
    parser.add_argument(
        "--counsellor",
        metavar="SUBJECT",
        default=COMMAND_OWNER,
        help="whose case it is on the pages (the log-in's sub)",
    )


def _json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="answer as JSON")


if __name__ == "__main__":
    sys.exit(main())
