"""What the operator of the scheme is given about this organisation: from settings and keys."""

import argparse
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from verifier.config import Config

# What the command does, and an example.
TEXTS: Final = (
    "print our entry for the operator of the scheme",
    'scheme-entry --purpose "Schuldhulp: met u een plan maken" > schuldhulp.json',
)


@dataclass(frozen=True)
class Entry:
    """The entry as JSON, for people and programs alike."""

    members: dict[str, Any]

    def printed(self, *, as_json: bool) -> str:
        """What the operator adds to a draft."""
        return json.dumps(self.members, ensure_ascii=False, indent=None if as_json else 2)


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of `scheme-entry`, whose command is `own_entry`."""
    parser.set_defaults(command=own_entry)
    parser.add_argument("--json", action="store_true", help="in one line")
    parser.add_argument(
        "--purpose", required=True, metavar="TEXT", help="what people read before they share"
    )
    parser.add_argument(
        "--authority", action="store_true", help="trust our authority in the place of our leafs"
    )


def own_entry(config: "Config", given: argparse.Namespace, _now: int) -> Entry:
    """Our entry as a verifier; ConfigurationError where keys and chains do not fit."""
    # Imports wait, so that other commands answer at once.
    from vckit.did import web  # noqa: PLC0415
    from vckit.trust import build_entry  # noqa: PLC0415

    chains = [config.request.open("request")[1]]
    if config.report is not None:
        chains.append(config.report.open("report")[1])
    members = {
        "naam": config.organisation.name,
        "oin": config.organisation.oin,
        "rol": ["verifier"],
        "doel": given.purpose,
        "dids": [web.of(config.base_url)],
    }
    entry = build_entry(
        members,
        chains,
        base_url=config.base_url,
        by_authority=given.authority,
        demo=config.demo,
    )
    return Entry(entry)
