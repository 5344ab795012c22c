"""Metadata under `/.well-known` (OpenID4VCI 12.2.2, RFC 8414 3)."""

import flask

from issuer import metadata
from issuer.endpoints import running
from vckit.adapters.flask import json_response, protocol_endpoint

blueprint = flask.Blueprint("metadata", __name__)


# One widespread library asks with a slash at the end.
@blueprint.get("/.well-known/openid-credential-issuer", strict_slashes=False)
@protocol_endpoint
def credential_issuer() -> flask.Response:
    """What can be issued here, and where."""
    services = running.services()
    issuance = services.issuance
    return json_response(
        metadata.credential_issuer(
            services.config, issuance.configurations, issuance.workshop.letterhead
        )
    )


@blueprint.get("/.well-known/oauth-authorization-server", strict_slashes=False)
@protocol_endpoint
def authorization_server() -> flask.Response:
    """Where codes are redeemed."""
    return json_response(metadata.authorization_server(running.services().config))
