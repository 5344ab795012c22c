"""From a log-in's verified claims to a person: configured paths, level of assurance, role."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from vckit.errors import KitError

# Levels of assurance from low to high; eIDAS, and DigiD's own names for the same ladder.
LEVELS: Final = {
    "http://eidas.europa.eu/LoA/low": 1,
    "http://eidas.europa.eu/LoA/substantial": 3,
    "http://eidas.europa.eu/LoA/high": 4,
    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport": 1,
    "urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract": 2,
    "urn:oasis:names:tc:SAML:2.0:ac:classes:Smartcard": 3,
    "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI": 4,
}
_BSN: Final = re.compile(r"[0-9]{9}")


class LoginError(KitError):
    """The provider's answer does not make a person of ours; the text tells which part."""


@dataclass(frozen=True)
class LoginSettings:
    """The provider and how to read it.

    `claims` maps our names (bsn, family_name, given_name, birthdate, roles, represents_bsn,
    represents_family_name, represents_given_name, represents_birthdate) to the provider's claim
    names; a dot steps into an object. `minimum_acr` "" asks for no level. `required` are our
    names that a log-in must bring; `required_role` is one of `roles` or "". Who has `staff_role`
    works here and need not be a resident: nothing is `required` of them.
    """

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    minimum_acr: str
    claims: Mapping[str, str]
    required: Collection[str] = ("bsn",)
    required_role: str = ""
    staff_role: str = ""


@dataclass(frozen=True)
class Person:
    """Whose data it is: the one who logged in, or the one they represent.

    Somebody who acts for another stands in `acting_bsn` and `acting_name`; the names and the
    birth date of the represented are "" unless the provider states them, and are then looked up.
    `subject` is the provider's own identifier (`sub`) of the one who logged in.
    """

    bsn: str = ""
    family_name: str = ""
    given_name: str = ""
    birthdate: str = ""
    acr: str = ""
    roles: tuple[str, ...] = ()
    acting_bsn: str = ""
    acting_name: str = ""
    subject: str = ""


def read_person(claims: Mapping[str, Any], settings: LoginSettings) -> Person:
    """Map verified claims to a Person; LoginError when level, role or a required one fails."""
    values = {name: find_claim(claims, path) for name, path in settings.claims.items()}
    roles = _roles(values.get("roles"))
    is_staff = bool(settings.staff_role) and settings.staff_role in roles
    if not is_staff and any(not values.get(name) for name in settings.required):
        raise LoginError("the log-in lacks a required claim")
    acr = str(claims.get("acr", ""))
    if not _reaches(acr, settings.minimum_acr):
        raise LoginError("the log-in is below the required level of assurance")
    if settings.required_role and settings.required_role not in roles:
        raise LoginError("the log-in lacks the required role")
    subject = _text(claims.get("sub"))
    return replace(_person(values), acr=acr, roles=roles, subject=subject)


def find_claim(claims: Mapping[str, Any], path: str) -> Any:
    """The value at a path; a claim may itself have dots in its name (a URL), so whole first."""
    if path in claims:
        return claims[path]
    head, _, rest = path.partition(".")
    inner = claims.get(head)
    return find_claim(inner, rest) if rest and isinstance(inner, Mapping) else None


def _person(values: Mapping[str, Any]) -> Person:
    texts = {name: _text(value) for name, value in values.items() if name != "roles"}
    represented = texts.get("represents_bsn", "")
    for bsn in (texts.get("bsn", ""), represented):
        if bsn and not _BSN.fullmatch(bsn):
            raise LoginError("the log-in's BSN is not nine digits")
    prefix = "represents_" if represented else ""
    person = Person(
        bsn=texts.get(prefix + "bsn", ""),
        family_name=texts.get(prefix + "family_name", ""),
        given_name=texts.get(prefix + "given_name", ""),
        birthdate=texts.get(prefix + "birthdate", ""),
    )
    if not represented:
        return person
    acting_name = f"{texts.get('given_name', '')} {texts.get('family_name', '')}".strip()
    return replace(person, acting_bsn=texts.get("bsn", ""), acting_name=acting_name)


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise LoginError("a claim of the log-in is not text")
    return value


def _roles(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(role for role in value if isinstance(role, str)) if isinstance(value, list) else ()


def _reaches(acr: str, minimum: str) -> bool:
    if not minimum or acr == minimum:
        return True
    return minimum in LEVELS and LEVELS.get(acr, 0) >= LEVELS[minimum]
