"""The nonce endpoint (OpenID4VCI 7)."""

import flask

from issuer.endpoints import running
from vckit.adapters.flask import json_response, protocol_endpoint
from vckit.openid4vci import key_proof

blueprint = flask.Blueprint("nonce", __name__)


@blueprint.post("/nonce")
@protocol_endpoint
def give() -> flask.Response:
    """A fresh nonce; nothing is stored until it is spent."""
    nonce = running.services().keyring.new_nonce(running.now())
    return json_response(key_proof.nonce_response(nonce))
