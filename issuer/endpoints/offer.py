"""Offers by reference (OpenID4VCI 4.1.3)."""

import flask
from werkzeug.exceptions import NotFound

from issuer.endpoints import running
from vckit.adapters.flask import json_response, protocol_endpoint

blueprint = flask.Blueprint("offer", __name__)


@blueprint.get("/offers/<reference>")
@protocol_endpoint
def fetch(reference: str) -> flask.Response:
    """The offer behind a link; looking at it, as messengers do, does not use it up."""
    found = running.services().offering.fetch(reference, running.now())
    if found is None:
        raise NotFound
    return json_response(found.to_json())
