"""The headers of every answer (security.md X02, X26)."""

from typing import Final

import flask

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
FIXED: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
STRICT_TRANSPORT: Final = "max-age=63072000; includeSubDomains"


def allow_forms_to(*targets: str) -> None:
    """Let the forms of this answer's page go to these origins or schemes too, and on from there."""
    flask.g.form_targets = targets


def protect(response: flask.Response, *, https: bool, request_id: str) -> flask.Response:
    """Set the headers; only caching is left to the view, and is off when it says nothing."""
    response.headers.update(FIXED)
    if targets := flask.g.get("form_targets"):
        own = "form-action 'self'"
        policy = CONTENT_SECURITY_POLICY.replace(own, " ".join((own, *targets)))
        response.headers["Content-Security-Policy"] = policy
    response.headers["X-Request-ID"] = request_id
    response.headers.setdefault("Cache-Control", "no-store")
    if https:
        response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
    return response
