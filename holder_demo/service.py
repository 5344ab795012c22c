"""The wallet as a web service for one person on their own machine."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import flask
from werkzeug.serving import WSGIRequestHandler, make_server

from holder_demo import labels, pages
from holder_demo.config import Config
from holder_demo.desk import Desk
from holder_demo.keystore import Keystore
from holder_demo.opening import open_wallet
from holder_demo.sittings import Sittings
from holder_demo.wallet import Wallet
from vckit.adapters.flask import harden, health, look

COOKIE = "blauweknop_wallet"


class _Discreet(WSGIRequestHandler):
    """Says nothing: the app logs each request itself, without what its address carries."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""


def create_app(
    config: Config,
    *,
    clock: Callable[[], float] = time.time,
    opening: Callable[[Config, Keystore], Wallet] = open_wallet,
) -> flask.Flask:
    """Build the pages; sittings live in this process, so there is one worker."""
    app = flask.Flask("holder_demo.wallet", root_path=str(Path(__file__).parent))
    app.secret_key = os.urandom(32)
    app.config["SESSION_COOKIE_NAME"] = COOKIE
    harden(app, demo=config.demo, base_url=config.base_url)
    look.install(app, theme=config.theme, demo=config.demo, organisation="Demo-wallet")
    app.jinja_env.filters.update(labels.FILTERS)
    desk = Desk(config, Sittings(), opening, lambda: int(clock()))
    app.register_blueprint(pages.blueprint(desk))
    app.register_blueprint(health.blueprint(lambda: None))  # it needs nobody else to serve
    return app


def serve(config: Config) -> None:
    """Serve the pages on the loopback address until the process is stopped."""
    app = create_app(config)
    server = make_server("127.0.0.1", config.port, app, threaded=True, request_handler=_Discreet)
    server.serve_forever()
