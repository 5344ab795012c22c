"""What this issuer tells wallets about itself (OpenID4VCI 12.2, RFC 8414)."""

import json
from collections.abc import Mapping
from typing import Any, Final

import contexts
from issuer.config import Config
from issuer.configurations.ids import RICH_SD_JWT
from issuer.store.intents import BATCH_LIMIT
from vckit import oauth
from vckit.formats import dc_sd_jwt
from vckit.openid4vci import metadata

STATEMENT_TYPE: Final = "schuldenopgave/1"
# HAIP 4.1: one scope for each credential configuration.
SCOPE: Final = "schuldenopgave"


def credential_issuer(config: Config, vct: str) -> dict[str, Any]:
    """The credential issuer metadata; `vct` is the type's URL in the scheme."""
    return metadata.credential_issuer_metadata(
        config.base_url,
        {RICH_SD_JWT: _configuration(config, vct)},
        [{"name": config.organisation.name, "locale": "nl"}],
        batch_size=BATCH_LIMIT,
    )


def authorization_server(config: Config) -> dict[str, Any]:
    """The authorization server metadata: the issuer is its own."""
    return oauth.authorization_server_metadata(
        config.base_url, token_endpoint=f"{config.base_url}/token"
    )


def _configuration(config: Config, vct: str) -> dict[str, Any]:
    described = json.loads(contexts.type_metadata(STATEMENT_TYPE, config.base_url))
    return metadata.credential_configuration(
        dc_sd_jwt.FORMAT,
        {"vct": vct},
        scope=SCOPE,
        binding_methods=("jwk",),
        display=[_display(entry, "name") for entry in described["display"]],
        claims=[_claim(entry) for entry in described["claims"]],
    )


def _display(entry: Mapping[str, Any], label: str) -> dict[str, Any]:
    """SD-JWT VC says `label` where OpenID4VCI says `name`."""
    shown = {"name": entry[label], "locale": entry["locale"]}
    return shown | {name: entry[name] for name in ("description",) if name in entry}


def _claim(entry: Mapping[str, Any]) -> dict[str, Any]:
    """A claims description (OpenID4VCI B.2)."""
    described = {
        "path": entry["path"],
        "display": [_display(shown, "label") for shown in entry["display"]],
    }
    return described | ({"mandatory": True} if entry.get("mandatory") else {})
