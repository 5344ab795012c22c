"""The scheme in a running service: looked for between requests, and shown at /regeling.

The alarm is a line in the log (`scheme_refused`, `scheme_without_us`), a word at /readyz and a
message to staff; the page itself says to everybody who takes part.
"""

from collections.abc import Callable
from typing import Any, Final

import flask
from flask_babel import lazy_gettext

from vckit.adapters.flask import errors, logs
from vckit.adapters.settings import Participant
from vckit.trust import Memory, SchemeError, SchemeKeeper
from vckit.trust.keeper import Judge, accept

PATH: Final = "/regeling"
LEFT_OUT: Final = "left_out"
# What goes on when the scheme has ended: to hear that we live, and to read why we do nothing.
STAYS_OPEN: Final = ("health.", "look.", "scheme.")
SENTENCES: Final = {
    "unreadable": lazy_gettext("Het bestand met de lijst is er niet of is niet te lezen."),
    "settings": lazy_gettext("De sleutels van de beheerder in de instellingen kloppen niet."),
    "too_large": lazy_gettext("De nieuwe lijst is te groot."),
    "unsigned": lazy_gettext(
        "De nieuwe lijst is beschadigd, of niet ondertekend zoals is afgesproken."
    ),
    "malformed": lazy_gettext("De nieuwe lijst is niet opgesteld zoals is afgesproken."),
    "contradictory": lazy_gettext("De nieuwe lijst spreekt zichzelf tegen."),
    "older": lazy_gettext("De lijst die klaarstaat, is ouder dan een lijst die al is gezien."),
    "other_content": lazy_gettext("Er zijn twee verschillende lijsten met hetzelfde nummer."),
    "not_yet_valid": lazy_gettext("De nieuwe lijst geldt nog niet."),
    "expired": lazy_gettext("De lijst is verlopen en er is geen nieuwe."),
    "demo": lazy_gettext("De lijst die klaarstaat, is die van een demo."),
    LEFT_OUT: lazy_gettext("Deze organisatie staat niet goed op de lijst."),
}

_GOES_ON: Final = lazy_gettext("Zolang geldt de vorige goede lijst.")
_ADVICE: Final = lazy_gettext("Waarschuw de beheerder.")


def create_keeper(
    service: str,
    settings: Participant,
    memory: Memory,
    judge: Judge = accept,
) -> SchemeKeeper:
    """The keeper of a service, not opened yet; its alarms go to the log."""
    log = logs.create_logger(service)

    def alarm(error: SchemeError, version: int | None) -> None:
        event = "scheme_without_us" if error.reason == LEFT_OUT else "scheme_refused"
        log.error(event, reason=error.reason, text=str(error), in_force=version)

    return SchemeKeeper(settings.scheme, memory, alarm, demo=settings.demo, judge=judge)


def install(
    app: flask.Flask,
    schemes: SchemeKeeper,
    clock: Callable[[], float],
    *,
    is_staff: Callable[[], bool] = lambda: False,
    renew: Callable[[], None] = lambda: None,
    frame: str = "base.html",
) -> None:
    """Look for a newer scheme before each request, and add the page in the service's `frame`.

    A newer scheme holds from the request that finds it; `renew` then brings along what was made
    from the one before. Without a current one every page answers 503 (fail closed).
    """

    @app.before_request
    def look() -> None:
        now = int(clock())
        schemes.refresh(now)
        renew()
        if not (flask.request.endpoint or "").startswith(STAYS_OPEN):
            schemes.require_current(now)

    @app.context_processor
    def tell() -> dict[str, Any]:
        trouble = sentence(schemes.trouble) if is_staff() else ""
        return {"scheme_page": PATH, "scheme_trouble": trouble}

    app.register_error_handler(SchemeError, errors.answer_unavailable)
    app.register_blueprint(_blueprint(schemes, clock, frame))


def readiness(schemes: SchemeKeeper, clock: Callable[[], float]) -> dict[str, str]:
    """What /readyz tells of an alarm: no versions, no names (row O34). SchemeError at the end."""
    schemes.require_current(int(clock()))
    return {"scheme": "refused"} if schemes.trouble else {}


def _blueprint(schemes: SchemeKeeper, clock: Callable[[], float], frame: str) -> flask.Blueprint:
    blueprint = flask.Blueprint("scheme", __name__)

    @blueprint.get(PATH)
    def show() -> str:
        now = int(clock())
        taking_part = [
            one
            for one in schemes.scheme.organisations
            if any(one.takes_part(role, now) for role in one.roles)
        ]
        return flask.render_template(
            "scheme.html", frame=frame, scheme=schemes.scheme, organisations=taking_part, now=now
        )

    return blueprint


def sentence(trouble: SchemeError | None) -> str:
    """What is wrong, in the language of the request; "" when all is well."""
    if trouble is None:
        return ""
    goes_on = "" if trouble.reason == LEFT_OUT else f" {_GOES_ON}"
    return f"{SENTENCES[trouble.reason]}{goes_on} {_ADVICE}"
