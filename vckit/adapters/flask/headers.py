"""The headers of every answer (security.md X02, X26)."""

from typing import Final
from urllib.parse import urlsplit

import flask

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_SCRIPT: Final = "script-src 'self'; connect-src 'self'"
FIXED: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
STRICT_TRANSPORT: Final = "max-age=63072000; includeSubDomains"


def allow_forms_to(*addresses: str) -> None:
    """Let the forms of this answer's page end at the services or apps with these addresses."""
    flask.g.form_targets = tuple(map(_source, addresses))


def allow_script() -> None:
    """Let this answer's page run our own script, which asks nobody but us."""
    flask.g.runs_script = True


def _source(address: str) -> str:
    """What a policy calls it (CSP 3, 2.3.1): an origin, or the scheme of an app."""
    parts = urlsplit(address)
    if parts.scheme in {"http", "https"}:
        return f"{parts.scheme}://{parts.netloc}"
    return f"{parts.scheme}:"


def protect(response: flask.Response, *, https: bool, request_id: str) -> flask.Response:
    """Set the headers; only caching is left to the view, and is off when it says nothing."""
    response.headers.update(FIXED)
    response.headers["Content-Security-Policy"] = _policy()
    response.headers["X-Request-ID"] = request_id
    response.headers.setdefault("Cache-Control", "no-store")
    if https:
        response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
    return response


def _policy() -> str:
    own = "form-action 'self'"
    policy = CONTENT_SECURITY_POLICY.replace(own, " ".join((own, *flask.g.get("form_targets", ()))))
    return f"{policy}; {_SCRIPT}" if flask.g.get("runs_script") else policy
