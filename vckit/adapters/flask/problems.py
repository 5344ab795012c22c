"""RFC 9457: how an API of our own tells what is wrong, on all paths below its prefix.

Also what Flask itself refuses there (no such path, method, size), so that programs read one form.
"""

from http import HTTPStatus
from typing import Final

import flask

from vckit.adapters.flask import forms
from vckit.errors import ProblemError, ProtocolError

MEDIA_TYPE: Final = "application/problem+json"
_NAME: Final = "blauweknop_problems"
# The ends of the types of what HTTP itself refuses.
CODES: Final = {
    401: "token-missing",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    500: "server-error",
    503: "unavailable",
}


def install(app: flask.Flask, *, prefix: str, types: str) -> None:
    """Answer errors below `prefix` as problems, whose types begin with `types`."""
    app.extensions[_NAME] = (prefix, types)


def are_wanted() -> bool:
    """Whether this request is for an API that speaks in problems."""
    prefix, _types = flask.current_app.extensions.get(_NAME, ("", ""))
    path = flask.request.path
    return bool(prefix) and (path == prefix or path.startswith(f"{prefix}/"))


def of_error(error: ProtocolError) -> flask.Response:
    """The problem of an error that is known; nothing in it comes from the request."""
    code = error.code.replace("_", "-") or CODES.get(error.status, "bad-request")
    title = _phrase(error.status)
    members: dict[str, object] = {"detail": error.description}
    if isinstance(error, ProblemError):
        title, members = error.title, {**members, **error.members}
    return _answer(error.status, code, title, **{k: v for k, v in members.items() if v})


def of_status(status: int) -> flask.Response:
    """The problem of what HTTP itself refuses, or of a failure, which is told no further."""
    return _answer(status, CODES.get(status, "bad-request"), _phrase(status))


def _answer(status: int, code: str, title: str, **members: object) -> flask.Response:
    _prefix, types = flask.current_app.extensions[_NAME]
    document = {"type": f"{types}{code}", "title": title, "status": status, **members}
    return forms.json_response(document, status, MEDIA_TYPE)


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase
