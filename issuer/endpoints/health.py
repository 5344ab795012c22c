"""Whether the process lives, and whether it can serve; nothing else is told."""

import flask

from issuer.endpoints import running
from vckit.adapters.flask import json_response, protocol_endpoint

blueprint = flask.Blueprint("health", __name__)


@blueprint.get("/healthz")
@protocol_endpoint
def alive() -> flask.Response:
    """The process answers."""
    return json_response({"status": "ok"})


@blueprint.get("/readyz")
@protocol_endpoint
def ready() -> flask.Response:
    """The database answers too; else 503."""
    running.services().database.execute("SELECT 1 FROM status_lists LIMIT 1")
    return json_response({"status": "ok"})
