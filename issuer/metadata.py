"""What this issuer tells wallets about itself (OpenID4VCI 12.2, RFC 8414)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

import contexts
from issuer.config import Config
from issuer.configurations.making import Configuration, Letterhead
from issuer.store.intents import BATCH_LIMIT
from vckit import oauth
from vckit.data_model import TYPES, V2
from vckit.openid4vci import metadata

STATEMENT_TYPE: Final = "schuldenopgave/1"
SUBJECT: Final = "credentialSubject"
# One widespread library takes nothing but DIDs for W3C formats; a bare key is taken all the same.
_BY_DID: Final = ("did:key", "did:jwk")
_BY_KEY: Final = ("jwk",)
# What a format without selective disclosure never states, and what it tells beside the terms.
_NOT_OPEN: Final = frozenset({"bsn", "inlichtingenplicht", "vernieuwing_uri", "vernieuwing_index"})


def credential_issuer(
    config: Config, given: Mapping[str, Configuration], letterhead: Letterhead
) -> dict[str, Any]:
    """The credential issuer metadata of an organisation that gives these, by their ids."""
    return metadata.credential_issuer_metadata(
        config.base_url,
        {name: _described(name, one, letterhead) for name, one in given.items()},
        [{"name": config.organisation.name, "locale": "nl"}],
        batch_size=BATCH_LIMIT,
    )


def authorization_server(config: Config) -> dict[str, Any]:
    """The authorization server metadata: the issuer is its own."""
    return oauth.authorization_server_metadata(
        config.base_url, token_endpoint=f"{config.base_url}/token"
    )


def _described(name: str, configuration: Configuration, letterhead: Letterhead) -> dict[str, Any]:
    """One credential; HAIP 4.1: each has a scope of its own."""
    described = json.loads(contexts.type_metadata(STATEMENT_TYPE, letterhead.base_url))
    return metadata.credential_configuration(
        configuration.format,
        _type_members(configuration, letterhead),
        scope=name,
        signing_algorithms=(configuration.proof,),
        binding_methods=_BY_DID if configuration.is_linked else _BY_KEY,
        display=[_display(entry, "name") for entry in described["display"]],
        claims=list(_claims(configuration, described["claims"])),
    )


def _type_members(configuration: Configuration, letterhead: Letterhead) -> dict[str, Any]:
    if not configuration.is_linked:
        return {"vct": letterhead.vct}
    return metadata.credential_definition(TYPES, _contexts(configuration, letterhead))


def _contexts(configuration: Configuration, letterhead: Letterhead) -> list[str] | None:
    """The contexts of JSON-LD that have a URL: libraries expect no others here.

    Ours stands inline in data model 1.1.
    """
    if configuration.contexts is None:
        return None
    own = [letterhead.require_linked().context_url] if V2.base in configuration.contexts else []
    return [*configuration.contexts, *own]


def _claims(
    configuration: Configuration, described: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """In a W3C format the terms stand in the subject (OpenID4VCI A.1.1.2)."""
    for entry in described:
        if not configuration.is_linked:
            yield _claim(entry)
        elif _NOT_OPEN.isdisjoint(entry["path"]):
            yield _claim({**entry, "path": [SUBJECT, *entry["path"]]})


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
