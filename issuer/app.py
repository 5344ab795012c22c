"""The Flask app of one organisation: concrete classes meet here and nowhere else."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import flask

from issuer.config import Config
from issuer.endpoints import BLUEPRINTS, running, visitor
from issuer.services import open_services, renewed
from vckit.adapters.flask import harden, health, logs, look, oidc, scheme
from vckit.adapters.flask.sessions import ServerSideSessions
from vckit.adapters.requests import RequestsFetcher
from vckit.trust import SchemeKeeper

# Ports share cookies, so every service has a name of its own (wire.md "Offers and origins").
COOKIE: Final = "blauweknop_uitgever_"
REQUIRED_CLAIMS: Final = ("bsn", "family_name", "birthdate")
AFTER_LOGIN: Final = "/mijn-schulden"


def build(config: Config, clock: Callable[[], float]) -> flask.Flask:
    """Open everything, then put the pages and endpoints on it."""
    services = open_services(config, int(clock()), logs.log_failure)
    app = flask.Flask("issuer", root_path=str(Path(__file__).parent))
    running.install(app, services, clock)
    app.session_interface = ServerSideSessions(
        services.database, COOKIE + config.organisation.municipality_code.lower(), clock=clock
    )
    harden(app, demo=config.demo, base_url=config.base_url)
    look.install(app, theme=config.theme, demo=config.demo, organisation=config.organisation.name)
    visitor.install(app)
    app.before_request(_end_offers_at_log_out)
    app.register_blueprint(_login(config))
    _follow_scheme(app, services.schemes, clock)
    app.register_blueprint(
        health.blueprint(services.store.probe, lambda: scheme.readiness(services.schemes, clock))
    )
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app


def _follow_scheme(app: flask.Flask, schemes: SchemeKeeper, clock: Callable[[], float]) -> None:
    def renew() -> None:
        services = renewed(running.services(), running.now())
        if services is not running.services():
            running.install(app, services, clock)

    scheme.install(app, schemes, clock, renew=renew)


def _end_offers_at_log_out() -> None:
    if flask.request.endpoint == "login.logout" and flask.request.method == "POST":
        visitor.end_offers()


def _login(config: Config) -> flask.Blueprint:
    login = config.login
    settings = oidc.LoginSettings(
        issuer=login.issuer,
        client_id=login.client_id,
        client_secret=login.client_secret(),
        minimum_acr=login.minimum_acr,
        claims=login.claims.model_dump(exclude_none=True),
        required=REQUIRED_CLAIMS,
        staff_role=config.desk.role or "",
    )
    fetcher = RequestsFetcher(config.insecure_origins, config.trusted_certificates)
    return oidc.login_blueprint(
        settings, fetcher=fetcher, base_url=config.base_url, after_login=AFTER_LOGIN
    )
