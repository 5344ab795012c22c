"""Which browser is at a link: the cookie that it keeps, and whether it is the one of just now.

The cookie outlives the browser, so that a resident can go on later. What was collected is shown in
figures only as long as the session lasts in which it was, since a device may be of several people.
"""

from typing import Final

import flask
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from verifier import collecting
from verifier.collecting import Visit
from verifier.endpoints import desk

_COOKIE: Final = "blauweknop_verzamel_"
_PATH: Final = "/verzamel"
_LIVE: Final = "verzameld"


class NoVisitError(NotFound):
    """The link is over, or this browser never came by it."""


def install(app: flask.Flask) -> None:
    """Explain why there is nothing to see."""
    app.register_error_handler(NoVisitError, _explain)


def _explain(_error: Exception) -> tuple[str, int]:
    page = flask.render_template(
        "verzamel/no_visit.html",
        happened=_("Hier is nu niets te zien"),
        advice=_(
            "Open de link van uw hulpverlener opnieuw, in deze browser. Werkt de link niet meer? "
            "Vraag dan een nieuwe. Er is niets gedeeld wat u niet zelf deelde."
        ),
    )
    return page, 404


def find(link_id: str) -> Visit | None:
    """This browser at a link, if it came by it before."""
    kept = flask.request.cookies.get(_name(link_id), "")
    return collecting.visit(desk.office(), link_id, kept, desk.now())


def here(link_id: str) -> Visit:
    """This browser at a link; NoVisitError (404) where it has no business."""
    found = find(link_id)
    if found is None:
        raise NoVisitError
    return found


def keep(answer: flask.Response, visit: Visit, kept: str) -> None:
    """Let the browser be known again, until the case is over."""
    answer.set_cookie(
        _name(visit.link.id),
        kept,
        max_age=visit.case.expires_at - desk.now(),
        path=_PATH,
        secure=_is_secure(),
        httponly=True,
        samesite="Lax",
    )


def forget(answer: flask.Response, visit: Visit) -> None:
    """Know this browser no more."""
    flask.session.pop(_LIVE, None)
    answer.delete_cookie(
        _name(visit.link.id), path=_PATH, secure=_is_secure(), httponly=True, samesite="Lax"
    )


def collected_now(visit: Visit) -> None:
    """Something was collected in this session, so its figures may be shown in it."""
    flask.session[_LIVE] = sorted({*flask.session.get(_LIVE, ()), visit.link.id})


def is_live(visit: Visit) -> bool:
    """Whether this session is the one in which something was collected."""
    return visit.link.id in flask.session.get(_LIVE, ())


def _name(link_id: str) -> str:
    # RFC 6265bis 4.1.3: only https sets such a name.
    return f"{'__Secure-' if _is_secure() else ''}{_COOKIE}{link_id}"


def _is_secure() -> bool:
    return bool(flask.current_app.config["SESSION_COOKIE_SECURE"])
