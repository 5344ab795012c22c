"""The documents that say what the words mean: the same bytes at every issuer (wire.md)."""

from typing import Final

import flask
from werkzeug.exceptions import NotFound

import contexts
from issuer.endpoints import running
from vckit import strict_json
from vckit.adapters.flask import protocol_endpoint

CACHE_CONTROL: Final = "public, max-age=86400"
# A key that leaked is to be gone from here soon.
DID_CACHE_CONTROL: Final = "public, max-age=300"

blueprint = flask.Blueprint("documents", __name__)


@blueprint.get("/contexts/v1")
@protocol_endpoint
def context() -> flask.Response:
    """The JSON-LD context of our terms."""
    return _document(contexts.own("context/v1"), "application/ld+json")


@blueprint.get("/schemas/<name>/<version>")
@protocol_endpoint
def schema(name: str, version: str) -> flask.Response:
    """A JSON Schema."""
    return _document(_own(f"schemas/{name}/{version}"), "application/schema+json")


@blueprint.get("/vct/<name>/<version>")
@protocol_endpoint
def type_metadata(name: str, version: str) -> flask.Response:
    """The type metadata of an SD-JWT VC; its URL begins with the base of the scheme."""
    _own(f"vct/{name}/{version}")
    base_url = running.services().scheme.base_url
    return _document(contexts.type_metadata(f"{name}/{version}", base_url), "application/json")


@blueprint.get("/.well-known/did.json")
@protocol_endpoint
def did_document() -> flask.Response:
    """The keys of our did:web, where W3C formats are given."""
    linked = running.services().issuance.workshop.letterhead.linked
    if linked is None:
        raise NotFound
    published = strict_json.dumps(linked.identity.published)
    return _document(published, "application/did+json", DID_CACHE_CONTROL)


def _own(key: str) -> bytes:
    try:
        return contexts.own(key)
    except contexts.UnknownDocumentError:
        raise NotFound from None


def _document(
    content: bytes, media_type: str, cache_control: str = CACHE_CONTROL
) -> flask.Response:
    response = flask.Response(content, content_type=media_type)
    response.headers["Cache-Control"] = cache_control
    # Wallets and verifiers in a browser read these too; they say the same to everybody.
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
