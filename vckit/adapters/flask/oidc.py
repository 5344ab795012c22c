"""Log-in at an OpenID provider: code flow with PKCE, state and nonce (OpenID Connect Core 3.1).

The provider's claims are read at configured paths and become a `Person`; nothing else of them is
kept. Door to Authlib's flask_client; its requests go through the Fetcher's limits.
"""

import re
from collections.abc import Callable
from dataclasses import asdict
from functools import wraps
from typing import Any, Final, TypeVar, cast
from urllib.parse import urljoin

import flask
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.flask_client.apps import FlaskOAuth2App
from authlib.integrations.requests_client import OAuth2Session
from flask_babel import gettext

from vckit.adapters.flask import logs, sessions
from vckit.adapters.flask.look import language
from vckit.adapters.flask.person import (
    LoginError,
    LoginSettings,
    Person,
    find_claim,
    read_person,
)
from vckit.adapters.requests import RequestsFetcher
from vckit.errors import FetchError, KitError

__all__ = [
    "CALLBACK_PATH",
    "LoginError",
    "LoginSettings",
    "Person",
    "current_person",
    "login_blueprint",
    "login_required",
]

LOGIN_PATH: Final = "/inloggen"
CALLBACK_PATH: Final = "/inloggen/terug"
LOGOUT_PATH: Final = "/uitloggen"
NEXT_PARAMETER: Final = "naar"
SCOPES: Final = "openid profile"
# Brokers sign with RS256; it is allowed here only, never for credentials.
ALGORITHMS: Final = ("ES256", "RS256", "PS256", "EdDSA")
# Authlib leaves it to Python to stumble over an answer of another shape; what its requests session
# raises is an OSError.
STUMBLED: Final = (OSError, AttributeError, KeyError, TypeError, ValueError)
REFUSED: Final = (AuthlibBaseError, LoginError, *STUMBLED)
_LOCAL_PATH: Final = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")
_SESSION_KEY: Final = "person"
_NEXT_KEY: Final = "login_next"
_LEFT_KEY: Final = "login_left"

_View = TypeVar("_View", bound=Callable[..., Any])


def login_blueprint(
    settings: LoginSettings,
    *,
    fetcher: RequestsFetcher,
    base_url: str,
    after_login: str = "/",
    after_logout: str = "/",
) -> flask.Blueprint:
    """Routes `/inloggen`, `/inloggen/terug` (the redirect URI) and `POST /uitloggen`."""
    blueprint = flask.Blueprint("login", __name__)
    redirect_uri = base_url.rstrip("/") + CALLBACK_PATH

    @blueprint.record_once
    def register(state: flask.blueprints.BlueprintSetupState) -> None:
        state.app.extensions["blauweknop_login"] = _client(
            cast("flask.Flask", state.app), settings, fetcher
        )

    @blueprint.get(LOGIN_PATH)
    def start() -> Any:
        flask.session[_NEXT_KEY] = _local_path(flask.request.args.get(NEXT_PARAMETER), after_login)
        wishes = {"acr_values": settings.minimum_acr} if settings.minimum_acr else {}
        if flask.session.pop(_LEFT_KEY, False):
            wishes["prompt"] = "login"
        return _provider().authorize_redirect(redirect_uri, ui_locales=language(), **wishes)

    @blueprint.get(CALLBACK_PATH)
    def callback() -> Any:
        try:
            person = _person_of_answer(settings)
        except REFUSED as error:
            return _refuse(error)
        return flask.redirect(_begin_session(person) or after_login, 303)

    @blueprint.post(LOGOUT_PATH)
    def logout() -> Any:
        _end_session()
        return flask.redirect(after_logout, 303)

    return blueprint


def _begin_session(person: Person) -> str | None:
    """Know this person from now on, under a new session id; gives where they were going."""
    target: str | None = flask.session.get(_NEXT_KEY)
    flask.session.clear()
    flask.session[_SESSION_KEY] = asdict(person) | {"roles": list(person.roles)}
    sessions.rotate()
    return target


def _end_session() -> None:
    """Know nobody any more. Where one log-in serves many, who comes next is asked who they are."""
    flask.session.clear()
    flask.session[_LEFT_KEY] = True
    sessions.rotate()


def current_person() -> Person | None:
    """Who is logged in, if anybody."""
    stored = flask.session.get(_SESSION_KEY)
    return Person(**(stored | {"roles": tuple(stored["roles"])})) if stored else None


def login_required(view: _View) -> _View:
    """Lead who is not logged in to the log-in, and back to this page after it."""

    @wraps(view)
    def guarded(*arguments: Any, **names: Any) -> Any:
        if current_person() is not None:
            return view(*arguments, **names)
        request = flask.request
        back = request.full_path.rstrip("?") if request.method == "GET" else None
        return flask.redirect(flask.url_for("login.start", naar=back), 303)

    return cast("_View", guarded)


def _person_of_answer(settings: LoginSettings) -> Person:
    provider = _provider()
    token = provider.authorize_access_token(leeway=60)
    claims = token.get("userinfo")
    if claims is None:
        raise LoginError("the log-in brought no ID token")
    found = dict(claims)
    missing = any(find_claim(found, path) is None for path in settings.claims.values())
    if missing and provider.load_server_metadata().get("userinfo_endpoint"):
        found = _with_userinfo(found, dict(provider.userinfo(token=token)))
    return read_person(found, settings)


def _with_userinfo(claims: dict[str, Any], userinfo: dict[str, Any]) -> dict[str, Any]:
    """What is signed goes first; the subject must be the same (OpenID Connect Core 5.3.2)."""
    if userinfo.get("sub") != claims.get("sub"):
        raise LoginError("the provider's userinfo is about somebody else")
    userinfo.pop("acr", None)
    return userinfo | claims


def _refuse(error: Exception) -> flask.Response:
    logs.log_failure(error)
    cancelled = getattr(error, "error", "") == "access_denied"
    page = flask.render_template(
        "error.html",
        happened=gettext("U bent niet ingelogd")
        if cancelled
        else gettext("Inloggen is niet gelukt"),
        advice=gettext("U kunt het opnieuw proberen."),
        action=(gettext("Opnieuw inloggen"), flask.url_for("login.start")),
        reference=flask.g.get("request_id", ""),
    )
    return flask.Response(page, 400, content_type="text/html; charset=utf-8")


def _local_path(wish: str | None, default: str) -> str:
    """Only a path of this service: no other site can be slipped in behind the log-in."""
    return wish if wish and _LOCAL_PATH.fullmatch(wish) else default


def _provider() -> "_Provider":
    return cast("_Provider", flask.current_app.extensions["blauweknop_login"])


def _client(app: flask.Flask, settings: LoginSettings, fetcher: RequestsFetcher) -> "_Provider":
    provider = OAuth(app).register(
        "login",
        client_cls=_Provider,
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        server_metadata_url=urljoin(
            settings.issuer.rstrip("/") + "/", ".well-known/openid-configuration"
        ),
        client_kwargs={"scope": SCOPES, "code_challenge_method": "S256"},
    )
    provider.limit(fetcher, settings.issuer)
    return cast("_Provider", provider)


class _Provider(FlaskOAuth2App):  # type: ignore[misc]  # Authlib has no types
    """Authlib's client with our transport, and discovery that must name the configured issuer."""

    OAUTH_APP_CONFIG = None

    def limit(self, fetcher: RequestsFetcher, issuer: str) -> None:
        self._fetcher, self._issuer = fetcher, issuer

    def client_cls(self, *arguments: Any, **names: Any) -> OAuth2Session:
        """Every session of Authlib begins here."""
        session = OAuth2Session(*arguments, **names)
        session.trust_env = False
        for scheme in ("https://", "http://"):
            session.mount(scheme, self._fetcher.transport())
        return session

    def parse_id_token(self, *arguments: Any, **names: Any) -> Any:
        """OpenID Connect Core 3.1.3.7; whatever is wrong with the token is one LoginError."""
        try:
            return super().parse_id_token(*arguments, **names)
        except FetchError:
            raise
        except Exception as error:  # Authlib, its JOSE library and Python each have their own
            raise LoginError("the ID token does not hold") from error

    def load_server_metadata(self) -> dict[str, Any]:
        """OpenID Connect Discovery 4.3: the issuer is exactly the one that was asked."""
        if "_loaded_at" in self.server_metadata:
            return cast("dict[str, Any]", self.server_metadata)
        try:
            metadata = cast("dict[str, Any]", super().load_server_metadata())
            self._check_metadata(metadata)
        except STUMBLED:
            self.server_metadata.clear()
            raise FetchError("the log-in provider's description cannot be read") from None
        except KitError:
            self.server_metadata.clear()
            raise
        return metadata

    def _check_metadata(self, metadata: dict[str, Any]) -> None:
        if metadata.get("issuer") != self._issuer:
            raise FetchError("the log-in provider names another issuer")
        self._fetcher.origin_of(str(metadata.get("authorization_endpoint")))
        supported = metadata.get("id_token_signing_alg_values_supported", ALGORITHMS)
        metadata["id_token_signing_alg_values_supported"] = [
            algorithm for algorithm in ALGORITHMS if algorithm in supported
        ]
