"""The API for case software: who may come in, and the description of all of it.

Errors below PREFIX are problems (RFC 9457). There is no CORS: programs call this, not pages.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar, cast

import flask
from flask.blueprints import BlueprintSetupState

from vckit.adapters.flask import problems, protocol_endpoint
from verifier import description
from verifier.case_software import own_case
from verifier.endpoints import desk
from verifier.store import Case
from verifier.tokens import Token

PREFIX: Final = "/api/v1"
PROBLEM_TYPES: Final = "https://w3id.org/blauwe-knop/v1/problems#"
CASES: Final = f"{PREFIX}/cases"
CASE: Final = f"{CASES}/<case_id>"

_View = TypeVar("_View", bound=Callable[..., Any])

blueprint = flask.Blueprint("api", __name__)


@blueprint.record_once
def install(state: BlueprintSetupState) -> None:
    """Tell what goes wrong below PREFIX as programs read it."""
    problems.install(cast("flask.Flask", state.app), prefix=PREFIX, types=PROBLEM_TYPES)


def needs(scope: str) -> Callable[[_View], _View]:
    """Let in only who has a token with this scope (RFC 6750 3.1), before anything is read."""

    def guard(view: _View) -> _View:
        @wraps(view)
        def guarded(**place: str) -> Any:
            office, now = desk.office(), desk.now()
            header = flask.request.headers.get("Authorization")
            flask.g.api_token = office.tokens.authenticate(header, now)
            token().require(scope)
            return view(**place)

        return cast("_View", protocol_endpoint(guarded))

    return guard


def token() -> Token:
    """The token of this request."""
    return cast("Token", flask.g.api_token)


def own(case_id: str) -> Case:
    """The case, if it is of the owner of this request's token."""
    return own_case(desk.office(), token(), case_id, desk.now())


@blueprint.get(f"{PREFIX}/openapi.json")
@protocol_endpoint
def openapi() -> flask.Response:
    """The description, for everybody."""
    return flask.Response(description.raw(), content_type="application/json")
