"""Whether a service is alive and ready; nothing else is told (row O34)."""

from collections.abc import Callable, Mapping

import flask

from vckit.adapters.flask.forms import json_response, protocol_endpoint


def blueprint(
    probe: Callable[[], object], details: Callable[[], Mapping[str, str]] = dict
) -> flask.Blueprint:
    """`/healthz` and `/readyz`; `probe` raises what answers 503 while the service cannot serve.

    `details` are further words at /readyz, about what is wrong but does not keep it from serving.
    """
    health = flask.Blueprint("health", __name__)

    @health.get("/healthz")
    @protocol_endpoint
    def alive() -> flask.Response:
        return json_response({"status": "ok"})

    @health.get("/readyz")
    @protocol_endpoint
    def ready() -> flask.Response:
        probe()
        return json_response({"status": "ok", **details()})

    return health
