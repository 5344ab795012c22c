"""Who is at the desk, and which cases are theirs."""

from typing import Final

from werkzeug.exceptions import Forbidden, NotFound, Unauthorized

from vckit.adapters.flask import oidc
from verifier.endpoints import desk
from verifier.store import Case

# The log-in's Person has no field for the subject identifier, and nobody asks a counsellor's
# birth date: its place carries `sub`.
SUBJECT_FIELD: Final = "birthdate"


def subject() -> str:
    """The subject identifier of the counsellor who is logged in."""
    person = oidc.current_person()
    if person is None:
        raise Unauthorized
    return str(getattr(person, SUBJECT_FIELD))


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
