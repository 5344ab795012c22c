"""The notification endpoint (OpenID4VCI 11)."""

import flask

from issuer.endpoints import running
from issuer.endpoints.bodies import json_body
from vckit import oauth
from vckit.adapters.flask import protocol_endpoint
from vckit.openid4vci import notification

blueprint = flask.Blueprint("notification", __name__)


@blueprint.post("/notification")
@protocol_endpoint
def take() -> flask.Response:
    """Take the wallet's report on what it got."""
    access_token = oauth.parse_bearer(flask.request.headers.get("Authorization"))
    issuance = running.services().issuance
    grant = issuance.authenticate(access_token, running.now())
    issuance.notify(grant, notification.parse(json_body()))
    return flask.Response(status=204)
