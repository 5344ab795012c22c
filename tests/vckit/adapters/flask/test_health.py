"""Alive and ready, and nothing else told."""

import flask
import pytest

from vckit.adapters.flask import harden, health
from vckit.database import StorageUnavailableError


@pytest.fixture
def probes():
    return []


@pytest.fixture
def client(probes):
    app = flask.Flask("proef")
    harden(app, demo=True, base_url="http://localhost")
    app.register_blueprint(health.blueprint(lambda: [probe() for probe in probes]))
    return app.test_client()


def refuse():
    raise StorageUnavailableError("the disk is full")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_service_in_order_is_alive_and_ready(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_what_the_probe_raises_ends_readiness_only(client, probes):
    probes.append(refuse)
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "disk" not in answer.text
