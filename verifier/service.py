"""The Flask app: everything concrete comes together here."""

import io
from collections.abc import Callable
from typing import Final

import flask

from vckit.adapters.flask import harden, health, look, oidc, scheme
from vckit.adapters.flask.sessions import ServerSideSessions
from vckit.adapters.requests import RequestsFetcher
from vckit.network import Fetcher
from verifier.config import Config, LoginSettings
from verifier.endpoints import (
    additions,
    answers,
    api,
    api_cases,
    api_results,
    collecting,
    collecting_link,
    collecting_return,
    collecting_wallet,
    counsellor,
    desk,
    device,
    exports,
    national,
    overviews,
    pages,
    questions,
    receipts,
    uploads,
    wallet,
)
from verifier.opening import open_office

COOKIE: Final = "blauweknop_verifier"


class MemoryRequest(flask.Request):
    """Uploaded files stay in memory: what they hold is never written to a disk."""

    def _get_file_stream(self, *_arguments: object, **_names: object) -> io.BytesIO:
        return io.BytesIO()


def create(
    config: Config, *, clock: Callable[[], float], fetcher: Fetcher | None = None
) -> flask.Flask:
    """Build the service; ConfigurationError or SchemeError when it must not start."""
    office = open_office(config, int(clock()), fetcher)
    app = flask.Flask("verifier")
    app.request_class = MemoryRequest
    app.session_interface = ServerSideSessions(office.database, COOKIE, clock=clock)
    harden(app, demo=config.demo, base_url=config.base_url)
    look.install(app, theme=config.theme, demo=config.demo, organisation=config.organisation.name)
    desk.install(app, office, clock)
    counsellor.install(app)
    device.install(app)
    answers.install(app)
    app.context_processor(lambda: {"counsellor_name": counsellor.name()})
    app.register_blueprint(_login(config))
    scheme.install(
        app,
        office.schemes,
        clock,
        is_staff=lambda: oidc.current_person() is not None,
        frame="frame.html",
    )
    app.register_blueprint(
        health.blueprint(office.store.probe, lambda: scheme.readiness(office.schemes, clock))
    )
    verzamel = (collecting, collecting_link, collecting_return, collecting_wallet, receipts)
    pages_of_case = (pages, questions, uploads, additions, national, overviews, exports)
    for module in (wallet, answers, *pages_of_case, *verzamel, api, api_cases, api_results):
        app.register_blueprint(module.blueprint)
    return app


def _login(config: Config) -> flask.Blueprint:
    return oidc.login_blueprint(
        login_settings(config.login),
        fetcher=RequestsFetcher(config.insecure_origins, config.trusted_certificates),
        base_url=config.base_url,
        after_login=pages.CASES_PATH,
    )


def login_settings(login: LoginSettings) -> oidc.LoginSettings:
    """The log-in as the adapter reads it; only the counsellors' role is let in."""
    return oidc.LoginSettings(
        issuer=login.issuer,
        client_id=login.client_id,
        client_secret=login.client_secret(),
        minimum_acr=login.minimum_acr or "",
        claims={
            "family_name": login.claims.family_name,
            "given_name": login.claims.given_name,
            "roles": login.roles_claim,
        },
        required=("roles",),
        required_role=login.counsellor_role,
    )
