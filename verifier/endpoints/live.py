"""Pages that follow a request: by our script, or by reloading themselves where none runs.

A browser without scripts says so with `?script=nee`, to which the page leads it.
"""

from typing import Any, Final

import flask

from vckit import strict_json
from vckit.adapters.flask.headers import allow_script
from vckit.errors import VerificationError
from vckit.oauth import InvalidRequest
from vckit.openid4vp.request import DC_API_PROTOCOL
from vckit.openid4vp.response import MAX_PLAINTEXT
from verifier import asking
from verifier.endpoints import browsers, desk
from verifier.requestbook import DC_API, Way
from verifier.store import Case

REFRESH_SECONDS: Final = "4"
PARAMETER: Final = "script"
NO_SCRIPT: Final = "nee"
# A data object of the browser: the response is one JSON string.
_LIMITS: Final = strict_json.Limits(string=2 * MAX_PLAINTEXT)


def has_script() -> bool:
    """Whether the page may count on its script."""
    return flask.request.args.get(PARAMETER) != NO_SCRIPT


def page(template: str, *, follow: bool, status: int = 200, **content: Any) -> flask.Response:
    """A page with our script; while it is to `follow` something, it reloads itself without one."""
    scripted = has_script()
    html = flask.render_template(template, follow=follow, scripted=scripted, **content)
    response = flask.make_response(html, status)
    if scripted:
        allow_script()
    elif follow:
        response.headers["Refresh"] = REFRESH_SECONDS
    return response


def ask_browser(case: Case, return_path: str) -> dict[str, str]:
    """A request for the Digital Credentials API of this browser, and where its answer goes."""
    office, now = desk.office(), desk.now()
    way = Way(DC_API, browsers.begin(), return_path)
    request = asking.ask(office, case, way=way, now=now)
    return {
        "protocol": DC_API_PROTOCOL,
        "request": asking.for_browser(office, request, now),
        "answer": flask.url_for("answers.take", request_id=request.id),
    }


def data_of_browser() -> object:
    """What the script sends of a DigitalCredential; InvalidRequest for anything else."""
    try:
        given = strict_json.loads_object(flask.request.get_data(), _LIMITS)
    except VerificationError:
        raise InvalidRequest("the body is not a JSON object") from None
    if given.get("protocol") != DC_API_PROTOCOL:
        raise InvalidRequest("the protocol was not asked")
    return given.get("data")
