"""Who is at the desk, and which cases are theirs."""

from werkzeug.exceptions import Forbidden, NotFound, Unauthorized

from vckit.adapters.flask import oidc
from verifier.endpoints import desk
from verifier.store import Case


def subject() -> str:
    """The log-in provider's identifier of this counsellor."""
    person = oidc.current_person()
    if person is None or not person.subject:
        raise Unauthorized
    return person.subject


def name() -> str:
    """How the counsellor is called; "" when nobody is logged in."""
    person = oidc.current_person()
    return f"{person.given_name} {person.family_name}".strip() if person else ""


def own_case(case_id: str) -> Case:
    """The case, if it is this counsellor's; 403 for anybody else's (row V37)."""
    case = desk.office().store.case(case_id, desk.now())
    if case is None:
        raise NotFound
    if case.owner != subject():
        raise Forbidden
    return case
