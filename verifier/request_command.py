"""What the command `request` does: open a case, or take one, and ask its question.

`verifier.cli` reads the command line and prints. Imports wait until they are needed, as there.
"""

import argparse
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from vckit.errors import KitError

if TYPE_CHECKING:
    from verifier.config import Config
    from verifier.findings import Source
    from verifier.office import Office
    from verifier.person import Person
    from verifier.requestbook import Request
    from verifier.store import Case

# Whose the cases of this command are, unless it is told: no counsellor's subject is empty.
COMMAND_OWNER: Final = ""
CASE_HELP: Final = "the case that `request` printed"
EXAMPLE: Final = 'request --json --organisation "Gemeente Boxtel" --response-mode direct_post.jwt'


class CommandError(KitError):
    """The command cannot do what was asked; the text tells why."""


@dataclass(frozen=True)
class Started:
    """A question that was asked."""

    members: dict[str, Any]

    def printed(self, *, as_json: bool) -> str:
        """As the command prints it."""
        if as_json:
            return json.dumps(self.members, ensure_ascii=False)
        return f"Zaak:  {self.members['id']}\nVraag: {self.members['link']}"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `request`, whose command is `start`."""
    parser.set_defaults(command=start)
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.add_argument("--organisation", action="append", metavar="NAME|OIN", help="default: all")
    parser.add_argument(
        "--only",
        metavar="NAME|OIN",
        help="ask for the statement of this one alone, for wallets that share one card at a time",
    )
    parser.add_argument(
        "--way",
        choices=("direct", "same_device"),
        default="direct",
        help="a link for a wallet, or the link of a page that leads to it (default: direct)",
    )
    parser.add_argument(
        "--client-id",
        "--prefix",
        choices=("x509_hash", "x509_san_dns", "decentralized_identifier", "redirect_uri"),
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
    _add_case_options(parser)


def _add_case_options(parser: argparse.ArgumentParser) -> None:
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


def start(config: "Config", given: argparse.Namespace, now: int) -> Started:
    """Ask; CommandError where the case or an organisation is not known."""
    from verifier import asking  # noqa: PLC0415
    from verifier.opening import open_office  # noqa: PLC0415
    from verifier.requestbook import Way  # noqa: PLC0415

    office = open_office(config, now)
    case = _case(office, given, now)
    request = asking.ask(
        office,
        case,
        prefix=given.client_id,
        formats=given.format,
        response_mode=given.response_mode,
        way=Way(given.way),
        organisation=_chosen(case.organisations, [given.only])[0] if given.only else None,
        now=now,
    )
    return Started(_members(office, case, request, now))


def known_case(office: "Office", case_id: str, now: int) -> "Case":
    """The case; CommandError when there is none."""
    case = office.store.case(case_id, now)
    if case is None:
        raise CommandError("there is no such case, or it is over")
    return case


def _case(office: "Office", given: argparse.Namespace, now: int) -> "Case":
    from verifier import asking  # noqa: PLC0415

    if given.case:
        return known_case(office, given.case, now)
    return asking.open_case(
        office,
        owner=given.counsellor,
        person=_person(given),
        chosen=_chosen(asking.organisations(office, now), given.organisation),
        now=now,
    )


def _members(office: "Office", case: "Case", request: "Request", now: int) -> dict[str, Any]:
    from verifier import asking, request_object  # noqa: PLC0415

    unsigned = request_object.is_unsigned(request)
    return {
        "id": case.id,
        "request": request.id,
        "state": request.state,
        "way": request.way.name,
        "link": asking.way_in(office, request, now),
        "request_uri": None if unsigned else asking.request_uri(office, request),
        "client_id": request.client_id,
        "response_mode": request.response_mode,
        "organisations": [{"name": each.name, "oin": each.oin} for each in case.organisations],
        "expires_at": request.expires_at,
    }


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
