"""One serialisation of errors: JSON for programs, a page for people, detail for the log."""

from collections.abc import Mapping
from typing import Final

import flask
from flask_babel import lazy_gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from vckit.adapters.flask import forms, logs, problems
from vckit.database import StorageUnavailableError
from vckit.errors import FetchError, ProtocolError
from vckit.oauth import BearerError, InvalidClient, www_authenticate

RETRY_SECONDS: Final = "5"
SERVER_ERRORS: Final = 500
UNAVAILABLE: Final = 503
# Codes for what HTTP itself refuses; RFC 6749 5.2 has no finer ones.
CODES: Final = {404: "not_found", 500: "server_error", 503: "temporarily_unavailable"}


def install(app: flask.Flask) -> None:
    """Answer every error; nothing reaches Werkzeug's own pages."""
    app.register_error_handler(ProtocolError, answer_protocol_error)
    app.register_error_handler(HTTPException, answer_http_error)
    app.register_error_handler(StorageUnavailableError, answer_unavailable)
    app.register_error_handler(FetchError, answer_unavailable)
    app.register_error_handler(Exception, answer_failure)


def answer_protocol_error(error: ProtocolError) -> flask.Response:
    """The specification's code and status; on a page, the page of that status."""
    if problems.are_wanted():
        response = problems.of_error(error)
        response.headers.update(_challenge(error))
        return response
    if not forms.is_protocol_request():
        return _page(error.status)
    members = {"error": error.code, "error_description": error.description}
    # RFC 6750 3.1: who sent no token at all is told no code.
    response = forms.json_response({k: v for k, v in members.items() if v}, error.status)
    response.headers.update(_challenge(error))
    return response


def answer_http_error(error: HTTPException) -> flask.Response:
    """What Flask refused: no such page, method, size, token."""
    original = getattr(error, "original_exception", None)
    if original is not None:
        return answer_unavailable(original) if _is_transient(original) else answer_failure(original)
    status = 403 if isinstance(error, CSRFError) else error.code or SERVER_ERRORS
    response = _answer(status)
    allow = dict(error.get_headers()).get("Allow")
    if allow:
        response.headers["Allow"] = allow
    return response


def answer_unavailable(error: Exception) -> flask.Response:
    """Database locked or full, or a party outside silent: nothing was done, try again."""
    logs.log_failure(error)
    response = _answer(UNAVAILABLE)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def answer_failure(error: Exception) -> flask.Response:
    """A fault of ours: the log tells where, the answer tells nothing."""
    logs.log_failure(error)
    return _answer(SERVER_ERRORS)


def _is_transient(error: BaseException) -> bool:
    return isinstance(error, (StorageUnavailableError, FetchError))


def _answer(status: int) -> flask.Response:
    if problems.are_wanted():
        return problems.of_status(status)
    if forms.is_protocol_request():
        return forms.json_response({"error": CODES.get(status, "invalid_request")}, status)
    return _page(status)


def _challenge(error: ProtocolError) -> Mapping[str, str]:
    """A 401 or 403 names how to authenticate (RFC 6750 3, RFC 6749 5.2, RFC 9110 11.6.1)."""
    if isinstance(error, BearerError):
        return {"WWW-Authenticate": www_authenticate(error)}
    return {"WWW-Authenticate": "Basic"} if isinstance(error, InvalidClient) else {}


def _page(status: int) -> flask.Response:
    page = flask.render_template("error.html", **explanation(status))
    return flask.Response(page, status, content_type="text/html; charset=utf-8")


def explanation(status: int) -> dict[str, str]:
    """What happened, and what to do, in the language of the request; and the reference number."""
    happened, advice = TEXTS.get(status) or TEXTS[500 if status >= SERVER_ERRORS else 400]
    return {
        "happened": str(happened),
        "advice": str(advice),
        "reference": flask.g.get("request_id", ""),
    }


_RESTART: Final = lazy_gettext("Ga terug naar het begin en probeer het daar opnieuw.")
TEXTS: Final = {
    400: (lazy_gettext("Deze aanvraag klopt niet"), _RESTART),
    401: (lazy_gettext("U bent niet ingelogd"), lazy_gettext("Log opnieuw in om verder te gaan.")),
    403: (
        lazy_gettext("Dit mag hier niet"),
        lazy_gettext(
            "Misschien was u te lang niet actief. "
            "Ga terug, vernieuw de pagina en probeer het opnieuw."
        ),
    ),
    404: (
        lazy_gettext("Deze pagina bestaat niet"),
        lazy_gettext("Controleer het adres, of ga naar het begin."),
    ),
    410: (
        lazy_gettext("Dit is er niet meer"),
        lazy_gettext("De link is verlopen of al gebruikt. Vraag een nieuwe."),
    ),
    413: (
        lazy_gettext("Dit bestand is te groot"),
        lazy_gettext("Kies een kleiner bestand en probeer het opnieuw."),
    ),
    415: (
        lazy_gettext("Dit soort bestand kunnen wij niet lezen"),
        lazy_gettext("Kies het pdf-bestand dat u van de gemeente kreeg."),
    ),
    429: (
        lazy_gettext("Dit ging te vaak achter elkaar"),
        lazy_gettext("Wacht een minuut en probeer het opnieuw."),
    ),
    500: (
        lazy_gettext("Er ging iets mis bij ons"),
        lazy_gettext(
            "Probeer het over een paar minuten opnieuw. "
            "Blijft het misgaan? Bel ons en noem het nummer hieronder."
        ),
    ),
    503: (
        lazy_gettext("Het lukt nu even niet"),
        lazy_gettext(
            "Het is druk, of een ander systeem antwoordt niet. Probeer het over een minuut opnieuw."
        ),
    ),
}
