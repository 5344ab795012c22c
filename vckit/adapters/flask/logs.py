"""Logs as JSON lines on standard error; the one place that keeps personal data out of them."""

import logging
import re
import sys
import time
import traceback
from collections.abc import MutableMapping
from typing import Any, Final, cast

import flask
import structlog

from vckit.errors import KitError

# Named by what they hold, wherever they are logged.
REMOVED_KEYS: Final = frozenset(
    {
        "access_token",
        "amount",
        "authorization",
        "birthdate",
        "body",
        "bsn",
        "claims",
        "code",
        "cookie",
        "family_name",
        "form",
        "given_name",
        "id_token",
        "key",
        "name",
        "nonce",
        "password",
        "pre_authorized_code",
        "proof",
        "query",
        "query_string",
        "secret",
        "state",
        "token",
        "tx_code",
        "url",
        "vp_token",
    }
)
REMOVED: Final = "[removed]"
# A BSN (8 or 9 digits), a JWT or SD-JWT, and anything as long as a token of ours.
_PATTERNS: Final = re.compile(
    r"\b\d{8,9}\b|\bey[\w-]+\.[\w-]*\.?[\w~.-]*|[A-Za-z0-9_+/=-]{40,}|[^\s@]+@[^\s@]+"
)
_MAX_FRAMES: Final = 12


def redact(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Remove values by their key, and what looks like a number of a person or a token."""
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: str, value: Any) -> Any:
    if key.lower() in REMOVED_KEYS:
        return REMOVED
    if isinstance(value, str):
        return _PATTERNS.sub(REMOVED, value)
    if isinstance(value, dict):
        return {inner: _clean(str(inner), item) for inner, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_clean("", item) for item in value]
    return value


def create_logger(service: str) -> structlog.typing.FilteringBoundLogger:
    """A logger outside a request, as a command uses it."""
    logger = structlog.wrap_logger(
        structlog.PrintLogger(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        service=service,
    )
    return cast("structlog.typing.FilteringBoundLogger", logger)


def install(app: flask.Flask, *, demo: bool) -> None:
    """Give the app its logger and lead Flask's own messages through the same redaction."""
    logger = create_logger(app.name).bind(demo=demo)
    app.extensions["blauweknop_log"] = logger
    app.logger.handlers = [_FlaskMessages(logger)]
    app.logger.propagate = False


def log() -> structlog.typing.FilteringBoundLogger:
    """The logger of this app; inside a request it carries the request's number."""
    logger = flask.current_app.extensions["blauweknop_log"]
    if flask.has_request_context() and "request_id" in flask.g:
        logger = logger.bind(request_id=flask.g.request_id)
    return cast("structlog.typing.FilteringBoundLogger", logger)


def log_request(response: flask.Response) -> None:
    """One line per answer: the rule, never the path, since a path can carry an identifier."""
    request = flask.request
    started = flask.g.get("started", time.monotonic())
    log().info(
        "request",
        method=request.method,
        rule=str(request.url_rule) if request.url_rule else None,
        status=response.status_code,
        milliseconds=round((time.monotonic() - started) * 1000, 1),
    )


def log_failure(error: BaseException) -> None:
    """What failed and where; messages of libraries can repeat input and are left out."""
    log().error("failure", **describe(error))


def describe(error: BaseException) -> dict[str, Any]:
    """Kinds of the chain of errors, our own fixed sentences, and the last frames."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    frames = traceback.extract_tb(error.__traceback__)[-_MAX_FRAMES:]
    return {
        "kinds": [type(link).__name__ for link in chain],
        "sentences": [str(link) for link in chain if isinstance(link, KitError)],
        "frames": [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames],
    }


class _FlaskMessages(logging.Handler):
    """Takes over Flask's own log records: their kind and place, not their text."""

    def __init__(self, logger: structlog.typing.FilteringBoundLogger) -> None:
        super().__init__()
        self._logger = logger

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        self._logger.error(
            "flask", place=f"{record.module}:{record.lineno}", **(describe(error) if error else {})
        )
