"""Status lists, in the form of each mechanism (Token Status List 8.1, Bitstring Status List 3)."""

from typing import Final

import flask
from werkzeug.exceptions import NotFound

from issuer.configurations.making import TOKEN_LIST
from issuer.endpoints import running
from issuer.publication import UnknownListError
from vckit.adapters.flask import protocol_endpoint

# Shorter than the ttl of the token: what is revoked is to be public within a minute.
CACHE_CONTROL: Final = "public, max-age=60"

blueprint = flask.Blueprint("status", __name__)


@blueprint.get("/status/<list_id>")
@protocol_endpoint
def token(list_id: str) -> flask.Response:
    """The status list token, the same for everybody."""
    return _shown(list_id, TOKEN_LIST)


@blueprint.get("/status/<form>/<list_id>")
@protocol_endpoint
def credential(form: str, list_id: str) -> flask.Response:
    """The status list credential, the same for everybody."""
    return _shown(list_id, form)


def _shown(list_id: str, form: str) -> flask.Response:
    if "time" in flask.request.args:  # 8.4: historical lists are not kept
        flask.abort(501)
    publication = running.services().publication
    try:
        content = publication.content(list_id, form, running.now())
    except UnknownListError:
        raise NotFound from None
    response = flask.Response(content, content_type=publication.forms[form].media_type)
    response.headers["Cache-Control"] = CACHE_CONTROL
    response.headers["Access-Control-Allow-Origin"] = "*"  # 8.1: clients in browsers
    return response
