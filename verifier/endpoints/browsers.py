"""Which browser this is: a secret in its session, of which requests keep the digest."""

import secrets
from typing import Final

import flask

from verifier import receiving

_KEY: Final = "browser"


def known() -> str:
    """The digest of this browser; "" for one that never began anything."""
    secret = flask.session.get(_KEY)
    return receiving.browser_digest(secret) if secret else ""


def begin() -> str:
    """The digest of this browser, which is known from now on."""
    if _KEY not in flask.session:
        flask.session[_KEY] = secrets.token_urlsafe(32)
    return known()
