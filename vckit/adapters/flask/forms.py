"""What comes in and goes out at protocol endpoints: strict forms, body limits, JSON."""

import io
from collections.abc import Callable
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

import flask
from werkzeug.exceptions import BadRequest, MethodNotAllowed, RequestEntityTooLarge

from vckit import strict_json
from vckit.errors import ProtocolError

DEFAULT_LIMIT: Final = 32 * 1024
FORM_TYPE: Final = "application/x-www-form-urlencoded"
MAX_FIELDS: Final = 100
BAD_REQUEST: Final = 400

_View = TypeVar("_View", bound=Callable[..., Any])


def protocol_endpoint(view: _View) -> _View:
    """Mark a view that speaks to programs: errors are JSON, and no CSRF token is asked."""
    setattr(view, "is_protocol_endpoint", True)  # noqa: B010  mypy knows no attribute of a view
    return view


def from_other_sites(view: _View) -> _View:
    """Mark a view that takes forms of other sites' pages: it asks no CSRF token.

    Such a view judges by what the form brings, never by a cookie alone.
    """
    setattr(view, "takes_foreign_forms", True)  # noqa: B010  mypy knows no attribute of a view
    return view


def limit_body(size: int) -> Callable[[_View], _View]:
    """Give a view another limit than 32 KiB for the body, in bytes; more is answered 413."""

    def mark(view: _View) -> _View:
        setattr(view, "body_limit", size)  # noqa: B010  mypy knows no attribute of a view
        return view

    return mark


def json_response(
    document: object, status: int = 200, media_type: str = "application/json"
) -> flask.Response:
    """An answer that no cache keeps."""
    response = flask.Response(strict_json.dumps(document), status, content_type=media_type)
    response.headers["Cache-Control"] = "no-store"
    return response


def only_file() -> bytes:
    """The bytes of the one file of this form; without any, none. Two are refused (400)."""
    given = flask.request.files.items(multi=True)
    files = [file for _field, file in given if file.filename]
    if len(files) > 1:
        flask.abort(400)
    return files[0].read() if files else b""


def strict_form() -> dict[str, str]:
    """The form of this request; a parameter without a value is absent (RFC 6749 3.2).

    ProtocolError invalid_request: another media type, a query, a repeated parameter (RFC 6749
    3.2), bytes that are no UTF-8.
    """
    form: dict[str, str] = {}
    for name, values in strict_form_lists().items():
        if len(values) > 1:
            raise ProtocolError("a parameter is repeated")
        form[name] = values[0]
    return {name: value for name, value in form.items() if value}


def strict_form_lists() -> dict[str, list[str]]:
    """As `strict_form`, for parsers that judge repeated and empty parameters themselves."""
    request = flask.request
    if request.mimetype != FORM_TYPE:
        raise ProtocolError("the media type is not application/x-www-form-urlencoded")
    if request.query_string:
        raise ProtocolError("parameters in the query are not allowed here")
    form: dict[str, list[str]] = {}
    for name, value in _pairs(request.get_data()):
        form.setdefault(name, []).append(value)
    return form


def _pairs(body: bytes) -> list[tuple[str, str]]:
    if not body:
        return []
    try:
        return parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:
        raise ProtocolError("the form cannot be read") from None


def enforce_limit() -> None:
    """Refuse a body above the view's limit before anything reads it."""
    request = flask.request
    limit = getattr(current_view(), "body_limit", DEFAULT_LIMIT)
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        _take_whole(request.environ, limit)
    request.max_content_length = limit
    if request.mimetype == FORM_TYPE:
        # The default of 500 kB is for one field of a multipart form (flask, MAX_FORM_MEMORY_SIZE).
        request.max_form_memory_size = limit
    if (request.content_length or 0) > limit:
        raise RequestEntityTooLarge


def _take_whole(environ: dict[str, Any], limit: int) -> None:
    """Read a body that does not tell its length: Werkzeug would cut it at the limit in silence."""
    try:
        body = environ["wsgi.input"].read(limit + 1)
    except Exception as error:  # each server has its own errors for a broken chunk
        raise BadRequest from error
    if len(body) > limit:
        raise RequestEntityTooLarge
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"] = str(len(body))
    del environ["HTTP_TRANSFER_ENCODING"]


def current_view() -> object:
    """The view that this request is for, also when its method or body is refused."""
    endpoint = flask.request.endpoint or _endpoint_of_another_method()
    return flask.current_app.view_functions.get(endpoint or "")


def is_protocol_request() -> bool:
    """Whether this request's answers are for a program."""
    view = current_view()
    if view is not None:
        return getattr(view, "is_protocol_endpoint", False)
    # Who takes anything is no browser.
    wish = flask.request.accept_mimetypes.best_match(["application/json", "text/html"])
    return wish != "text/html"


def _endpoint_of_another_method() -> str | None:
    request = flask.request
    if not isinstance(request.routing_exception, MethodNotAllowed):
        return None
    adapter = flask.current_app.create_url_adapter(request)
    methods = request.routing_exception.valid_methods
    return adapter.match(method=next(iter(methods)))[0] if adapter and methods else None
