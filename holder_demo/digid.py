"""The stand-in for the log-in: an OpenID provider in which one simply chooses who to be.

It is oidc-provider-mock with our own pages and our own clients: the library renders
`authorization_form.html` and the other pages of whatever Flask app it is installed into. Its
registration of clients and users from outside is closed. It signs with RS256, as brokers do, and
keeps everything in memory: one process. Never for real data; every page says so.
"""

import argparse
import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import flask
import flask.typing
from werkzeug.exceptions import HTTPException
from werkzeug.serving import make_server

from holder_demo import identity_issuing
from holder_demo.login_visits import Visits
from holder_demo.persons import ACR, Person, read_persons
from vckit.adapters.settings import LocalPath, Origin, Section, SigningKey, Site, Text, load

with warnings.catch_warnings():
    # The library still uses authlib.jose, which warns at import that it will move; Authlib
    # switches its warnings on when this module is loaded.
    import authlib.deprecate  # noqa: F401  so that the next line has the last word

    warnings.simplefilter("ignore")
    import oidc_provider_mock
    from oidc_provider_mock._storage import Client as _Client


VISIT_COOKIE = "blauweknop_login"
_OPEN_PATHS = ("/oauth2/authorize", "/oauth2/token", "/userinfo", "/jwks", "/oauth2/end_session")
_OPEN_PREFIXES = (
    "/.well-known/openid-configuration",
    "/static/",
    "/oauth2/end_session/confirm",
    identity_issuing.PAGE_PATH,
)


class ClientSettings(Section):
    """A service that sends people here; `admits` says whom, by their kind."""

    id: Text
    name: Text
    secret_file: LocalPath
    redirect_uris: tuple[str, ...]
    admits: tuple[str, ...]


class IdentitySettings(SigningKey):
    """The key of the identity cards that it gives, and the origins of the wallets that get them."""

    wallets: tuple[Origin, ...]


class Settings(Site):
    """The stand-in's TOML file; paths are relative to it."""

    persons_file: LocalPath
    clients: tuple[ClientSettings, ...]
    identity: IdentitySettings | None = None


def load_settings(path: Path) -> Settings:
    """Read and judge the settings of `path`; ConfigurationError names every wrong key."""
    return load(path, Settings)


def create_app(settings: Settings) -> flask.Flask:
    """Build the provider; its log-in page offers the persons that the asking client admits."""
    persons = {person.login: person for person in read_persons(settings.persons_file)}
    app = flask.Flask("holder_demo.digid", root_path=str(Path(__file__).parent))
    app.template_folder = "templates/digid"
    app.secret_key = os.urandom(32)
    plain_wsgi = app.wsgi_app
    oidc_provider_mock.init_app(
        app,
        require_client_registration=True,
        issue_refresh_token=False,
        user_claims=[
            oidc_provider_mock.User(sub=login, claims=claims_of(person))
            for login, person in persons.items()
        ],
    )
    # init_app switches the debugger on; tracebacks in a browser are of no use to residents.
    app.debug = False
    setattr(app, "wsgi_app", plain_wsgi)  # noqa: B010  a plain assignment is a mypy error
    _register_clients(app, settings.clients)
    _install_pages(app, settings, persons)
    if settings.identity:
        app.register_blueprint(_identity(settings, settings.identity, persons))
    return app


def _identity(
    settings: Settings, identity: IdentitySettings, persons: Mapping[str, Person]
) -> flask.Blueprint:
    key = identity.open("identity")
    registry = identity_issuing.Registry(settings.base_url, key, persons, identity.wallets)
    return identity_issuing.blueprint(registry)


def claims_of(person: Person) -> dict[str, object]:
    """Give what ID token and userinfo state about a person, under the names of wire.md."""
    claims: dict[str, object] = {
        "family_name": person.family_name,
        "given_name": person.given_name,
        "acr": ACR,
        "roles": list(person.roles),
    }
    optional = {
        "bsn": person.bsn,
        "birthdate": person.birthdate,
        "represents_bsn": person.represents_bsn,
    }
    return claims | {name: value for name, value in optional.items() if value}


def _register_clients(app: flask.Flask, clients: Sequence[ClientSettings]) -> None:
    with app.test_request_context():
        # The library's storage is only reachable through the request globals that it sets.
        app.preprocess_request()
        for client in clients:
            flask.g.oidc_provider_mock_storage.store_client(
                _Client(
                    id=client.id,
                    secret=client.secret_file.read_text("utf-8").strip(),
                    redirect_uris=list(client.redirect_uris),
                    allowed_scopes=_Client.SCOPES_SUPPORTED,
                    token_endpoint_auth_method="client_secret_basic",  # noqa: S106  a method
                )
            )


def _install_pages(app: flask.Flask, settings: Settings, persons: Mapping[str, Person]) -> None:
    by_id = {client.id: client for client in settings.clients}
    origins = _origins_beyond(settings)

    def people_for(client_id: str) -> list[tuple[str, Person]]:
        admits = by_id[client_id].admits
        return [(login, person) for login, person in persons.items() if person.kind in admits]

    @app.context_processor
    def names() -> dict[str, Any]:
        return {"clients": by_id, "people_for": people_for}

    visits = Visits()

    @app.before_request
    def close_the_rest() -> flask.typing.ResponseReturnValue | None:
        _refuse_closed_paths(flask.request.path)
        _refuse_strangers(people_for)
        return _who_was_here(app, visits, people_for)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> flask.typing.ResponseReturnValue:
        # The library raises its own answers as exceptions; those pass unchanged.
        return error.response or (flask.render_template("error.html"), error.code or 500)

    @app.after_request
    def protect(response: flask.Response) -> flask.Response:
        _remember(response, visits)
        return _protect(_with_state(response), origins)


def _origins_beyond(settings: Settings) -> list[str]:
    """Where forms may lead: services that people log in at, and wallets that get a card."""
    services = {_origin(uri) for client in settings.clients for uri in client.redirect_uris}
    return sorted(services.union(settings.identity.wallets if settings.identity else ()))


def _refuse_closed_paths(path: str) -> None:
    """Keep the library's registration of clients and users from outside shut."""
    if path in {"/", "/healthz", *_OPEN_PATHS} or path.startswith(_OPEN_PREFIXES):
        return
    flask.abort(404)


def _refuse_strangers(people_for: Any) -> None:
    """Let nobody be logged in who is not on the page: the library would make a new user."""
    request = flask.request
    if request.path != "/oauth2/authorize" or request.method != "POST":
        return
    if request.form.get("action") == "deny":
        return
    try:
        admitted = {login for login, _ in people_for(request.args.get("client_id", ""))}
    except KeyError:
        flask.abort(400)
    if request.form.get("sub") not in admitted:
        flask.abort(400)


def _who_was_here(
    app: flask.Flask, visits: Visits, people_for: Any
) -> flask.typing.ResponseReturnValue | None:
    """Answer for somebody who logged in just now, unless the service wants to ask again.

    The library knows no such thing: it is answered as if the button was pressed.
    """
    request = flask.request
    if (request.path, request.method) != ("/oauth2/authorize", "GET"):
        return None
    token = request.cookies.get(VISIT_COOKIE, "")
    login = visits.find(token)
    if login is None or request.args.get("prompt") == "login":
        return None
    try:
        admitted = {one for one, _ in people_for(request.args.get("client_id", ""))}
    except KeyError:
        return None
    if login not in admitted:
        return None
    visits.end(token)
    pressed = {"base_url": request.host_url, "query_string": request.query_string.decode()}
    with app.test_request_context(request.path, method="POST", data={"sub": login}, **pressed):
        return app.full_dispatch_request()


def _remember(response: flask.Response, visits: Visits) -> None:
    """Keep a log-in that worked in the browser, as long as that is open."""
    request = flask.request
    pressed = (request.path, request.method) == ("/oauth2/authorize", "POST")
    if pressed and "code=" in response.headers.get("Location", ""):
        token = visits.begin(request.form["sub"])
        response.set_cookie(VISIT_COOKIE, token, httponly=True, samesite="Lax")
    elif request.path.startswith("/oauth2/end_session"):
        response.delete_cookie(VISIT_COOKIE)


def _with_state(response: flask.Response) -> flask.Response:
    """RFC 6749 4.1.2.1: a refusal carries the state too; the library leaves it out."""
    location = response.headers.get("Location", "")
    state = flask.request.args.get("state")
    if state and "error=access_denied" in location and "state=" not in location:
        response.headers["Location"] = f"{location}&{urlencode({'state': state})}"
    return response


def _origin(uri: str) -> str:
    parts = urlsplit(uri)
    return f"{parts.scheme}://{parts.netloc}"


def _protect(response: flask.Response, origins: Sequence[str]) -> flask.Response:
    # Browsers apply form-action to the redirect that follows a form, hence the clients' origins.
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self' {' '.join(origins)}"
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the stand-in until it is stopped.

    Example: blauweknop-holder digid --config .demo/digid.toml
    """
    parser = argparse.ArgumentParser(prog="blauweknop-holder digid", description=main.__doc__)
    parser.add_argument("--config", type=Path, required=True)
    settings = load_settings(parser.parse_args(arguments).config)
    # Authlib refuses plain http otherwise; the demo lives on http://localhost.
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    server = make_server("127.0.0.1", settings.port, create_app(settings), threaded=True)
    server.serve_forever()
    return 0


if __name__ == "__main__":
    sys.exit(main())
