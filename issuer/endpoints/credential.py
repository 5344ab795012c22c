"""The credential endpoint (OpenID4VCI 8)."""

from typing import Final

import flask

from issuer.endpoints import running
from issuer.endpoints.bodies import json_body
from issuer.store.intents import BATCH_LIMIT
from vckit import oauth
from vckit.adapters.flask import json_response, limit_body, protocol_endpoint
from vckit.openid4vci import credential

MAXIMUM_BODY: Final = 256 * 1024

blueprint = flask.Blueprint("credential", __name__)


@blueprint.post("/credential")
@protocol_endpoint
@limit_body(MAXIMUM_BODY)
def issue() -> flask.Response:
    """Give the statements that the access token stands for, bound to the proven keys."""
    access_token = oauth.parse_bearer(flask.request.headers.get("Authorization"))
    issuance, now = running.services().issuance, running.now()
    grant = issuance.authenticate(access_token, now)
    request = credential.parse_request(json_body(), max_proofs=BATCH_LIMIT)
    return json_response(issuance.issue(grant, request, now))
