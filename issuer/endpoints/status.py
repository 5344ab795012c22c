"""Status lists (Token Status List 8.1)."""

from typing import Final

import flask
from werkzeug.exceptions import NotFound

from issuer.endpoints import running
from issuer.publication import UnknownListError
from vckit.adapters.flask import protocol_endpoint
from vckit.status import token_status_list

# Shorter than the ttl of the token: what is revoked is to be public within a minute.
CACHE_CONTROL: Final = "public, max-age=60"

blueprint = flask.Blueprint("status", __name__)


@blueprint.get("/status/<list_id>")
@protocol_endpoint
def show(list_id: str) -> flask.Response:
    """The status list token, the same for everybody."""
    if "time" in flask.request.args:  # 8.4: historical lists are not kept
        flask.abort(501)
    try:
        token = running.services().publication.token(list_id, running.now())
    except UnknownListError:
        raise NotFound from None
    response = flask.Response(token, content_type=token_status_list.MEDIA_TYPE)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Access-Control-Allow-Origin"] = "*"  # 8.1: clients in browsers
    return response
