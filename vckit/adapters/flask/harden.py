"""Make a Flask app safe to put on a network, in one call."""

import secrets
import time
from typing import Final
from urllib.parse import urlsplit

import flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import BadRequest, Forbidden

from vckit.adapters.flask import errors, forms, headers, logs
from vckit.adapters.flask.sessions import ServerSideSessions

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
STATIC_SECONDS: Final = 86_400


def harden(app: flask.Flask, *, demo: bool, base_url: str) -> None:
    """Install headers, error pages, limits, request ids, logs, host check and CSRF protection.

    `base_url` is the address that people use (with a proxy in front: the proxy's). Its host and
    port are the only ones answered, and https in it makes cookies Secure and sends HSTS.
    """
    address = urlsplit(base_url)
    https = address.scheme == "https"
    app.debug = False
    app.config.update(
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SEND_FILE_MAX_AGE_DEFAULT=STATIC_SECONDS,
        PREFERRED_URL_SCHEME=address.scheme,
        WTF_CSRF_CHECK_DEFAULT=False,  # _check_origin asks, and leaves protocol endpoints out
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        WTF_CSRF_SSL_STRICT=False,  # compares the Referer, which no-referrer keeps back
    )
    logs.install(app, demo=demo)
    csrf = CSRFProtect(app)

    @app.before_request
    def admit() -> None:
        flask.g.request_id = secrets.token_hex(8)
        flask.g.started = time.monotonic()
        _check_host(address.netloc)
        _share_secret(app)
        forms.enforce_limit()
        _check_origin(csrf)

    @app.after_request
    def finish(response: flask.Response) -> flask.Response:
        logs.log_request(response)
        request_id = flask.g.get("request_id", "")
        return headers.protect(response, https=https, request_id=request_id)

    errors.install(app)


def _check_host(expected: str) -> None:
    if flask.request.host != expected:
        raise BadRequest


def _share_secret(app: flask.Flask) -> None:
    """All workers sign their forms with the secret that the sessions' database holds."""
    if app.secret_key is None and isinstance(app.session_interface, ServerSideSessions):
        app.secret_key = app.session_interface.secret()


def _check_origin(csrf: CSRFProtect) -> None:
    """A page's form comes from a page of ours: a token, and Fetch Metadata names no other site."""
    request = flask.request
    if request.method in SAFE_METHODS or request.endpoint is None or forms.is_protocol_request():
        return
    if getattr(forms.current_view(), "takes_foreign_forms", False):
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden
    csrf.protect()
