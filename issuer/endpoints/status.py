"""Status lists, in the form of each mechanism (Token Status List 8.1, Bitstring Status List 3)."""

from typing import Final

import flask
from werkzeug.exceptions import NotFound

from issuer.endpoints import running
from issuer.publication import UnknownListError
from issuer.publication.form import TOKEN
from vckit.adapters.flask import protocol_endpoint

# Shorter than the ttl of the token: what is revoked is to be public within a minute.
CACHE_CONTROL: Final = "public, max-age=60"

blueprint = flask.Blueprint("status", __name__)


@blueprint.get("/status/<list_id>")
@protocol_endpoint
def token(list_id: str) -> flask.Response:
    """The status list token, the same for everybody."""
    return _shown(list_id, TOKEN)


def _shown(list_id: str, mechanism: str) -> flask.Response:
    if "time" in flask.request.args:  # 8.4: historical lists are not kept
        flask.abort(501)
    publication = running.services().publication
    try:
        content = publication.content(list_id, mechanism, running.now())
    except UnknownListError:
        raise NotFound from None
    response = flask.Response(content, content_type=publication.forms[mechanism].media_type)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Access-Control-Allow-Origin"] = "*"  # 8.1: clients in browsers
    return response
