"""The token endpoint (OpenID4VCI 6)."""

import flask

from issuer.endpoints import running
from vckit.adapters.flask import json_response, protocol_endpoint, strict_form_lists
from vckit.openid4vci import token

blueprint = flask.Blueprint("token", __name__)


@blueprint.post("/token")
@protocol_endpoint
def redeem() -> flask.Response:
    """Exchange a pre-authorized code for an access token."""
    request = token.parse(strict_form_lists())
    return json_response(running.services().offering.redeem(request, running.now()))
