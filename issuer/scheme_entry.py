"""What the operator of the scheme is given about this organisation: from settings and keys."""

from typing import Any

from issuer.config import Config
from vckit import statement
from vckit.did import web
from vckit.trust import build_entry


def entry(config: Config, *, by_authority: bool) -> dict[str, Any]:
    """Our entry as an issuer, as JSON; ConfigurationError where keys and chains do not fit.

    `by_authority` trusts what our authority certifies for `base_url` in the place of our leafs.
    """
    chains = [config.credentials.open("credentials")[1]]
    if config.document is not None:
        chains.append(config.document.open("document")[1])
    members = {
        "naam": config.organisation.name,
        "oin": config.organisation.oin,
        "gemeentecode": config.organisation.municipality_code,
        "rol": ["issuer"],
        "dids": [web.of(config.base_url)] if config.w3c else [],
        "uitgevers": [config.base_url],
        "soorten": [statement.TYPE],
    }
    return build_entry(
        members, chains, base_url=config.base_url, by_authority=by_authority, demo=config.demo
    )
