"""A small service with every kind of endpoint, as the tests' subject."""

from collections.abc import Callable
from pathlib import Path

import flask

from vckit.adapters.flask import (
    harden,
    json_response,
    limit_body,
    look,
    protocol_endpoint,
    sessions,
    strict_form,
)
from vckit.adapters.sqlite import SqliteDatabase, create_database
from vckit.database import StorageUnavailableError
from vckit.errors import ConfigurationError, FetchError
from vckit.oauth import InsufficientScope, InvalidClient, InvalidGrant, InvalidToken, MissingToken

BASE = "http://localhost:8101"
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
FORM = "application/x-www-form-urlencoded"
RAISED = {
    "grant": InvalidGrant("the code is unknown"),
    "client": InvalidClient(),
    "missing": MissingToken(),
    "token": InvalidToken(),
    "scope": InsufficientScope(),
    "storage": StorageUnavailableError("the disk is full"),
    "fetch": FetchError("there was no valid answer"),
    "setting": ConfigurationError("a setting is wrong"),
    "bug": ValueError("burger 123456782 heet Kanarie-7f3a"),
}


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_795_500_000.0

    def __call__(self) -> float:
        return self.now


def create_app(
    folder: Path,
    *,
    base_url: str = BASE,
    demo: bool = True,
    theme: Path | None = None,
    clock: Callable[[], float] | None = None,
) -> flask.Flask:
    database = create_database(folder / "service.sqlite", bytes(range(32)), [sessions.MIGRATION])
    app = flask.Flask("service", root_path=str(folder))
    app.session_interface = sessions.ServerSideSessions(database, "service", clock=clock or Clock())
    app.extensions["database"] = database
    harden(app, demo=demo, base_url=base_url)
    look.install(app, theme=theme, demo=demo, organisation="Gemeente Proef")
    _pages(app)
    _sessions(app)
    _protocol(app)
    return app


def database_of(app: flask.Flask) -> SqliteDatabase:
    database: SqliteDatabase = app.extensions["database"]
    return database


def _pages(app: flask.Flask) -> None:
    @app.get("/")
    def home() -> str:
        return flask.render_template_string(
            '{% extends "base.html" %}{% block title %}Begin{% endblock %}'
            "{% block content %}<h1>Begin</h1>{{ csrf_token() }}{% endblock %}"
        )

    @app.get("/token-of-form")
    def token_of_form() -> str:
        return flask.render_template_string("{{ csrf_token() }}")

    @app.post("/change")
    def change() -> str:
        flask.session["changed"] = True
        return "changed"

    @app.post("/upload")
    @limit_body(2_000_000)
    def upload() -> str:
        return str(len(flask.request.files["bestand"].read()))

    @app.get("/raise/<name>")
    def fail(name: str) -> str:
        raise RAISED[name]


def _sessions(app: flask.Flask) -> None:
    @app.get("/log-in")
    def log_in() -> str:
        flask.session["person"] = {"bsn": "123456782"}
        sessions.rotate()
        return "in"

    @app.get("/me")
    def me() -> str:
        return str(flask.session.get("person", {}).get("bsn", "nobody"))

    @app.get("/log-out")
    def log_out() -> str:
        flask.session.clear()
        return "out"


def _protocol(app: flask.Flask) -> None:
    @app.post("/token")
    @protocol_endpoint
    def token() -> flask.Response:
        return json_response(strict_form())

    @app.post("/credential")
    @protocol_endpoint
    @limit_body(262_144)
    def credential() -> flask.Response:
        return json_response({"length": len(flask.request.get_data())})

    @app.get("/status")
    @protocol_endpoint
    def status() -> flask.Response:
        response = json_response({}, media_type="application/statuslist+jwt")
        response.headers["Cache-Control"] = "max-age=900"
        return response

    @app.get("/protocol/<name>")
    @protocol_endpoint
    def fail_protocol(name: str) -> flask.Response:
        if name == "absent":
            flask.abort(404)
        raise RAISED[name]
