"""Whether the service is alive and ready; nothing else is told (row O34)."""

import flask

from vckit.adapters.flask import json_response, protocol_endpoint
from verifier.endpoints import desk

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
    desk.office().database.execute("SELECT 1 FROM cases LIMIT 1")
    return json_response({"status": "ok"})
