"""The terms of a statement (schuldenopgave) from what the register holds. Pure: no clock, no store.

Shapes: wire.md "The statement"; the names of the person come from the log-in only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

from issuer.config import Contact, Organisation
from issuer.debts import codes
from issuer.debts.source import OK, Account, SourceState
from issuer.debts.vordering import debt_terms
from issuer.person import Person
from vckit import statement
from vckit.errors import KitError
from vckit.status import StatusReference

Form = Literal["rich", "open", "document"]
RICH: Final = "rich"
OPEN: Final = "open"
DOCUMENT: Final = "document"
_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")
# An SD-JWT carries at most 2,000 disclosures and a debt needs up to eight.
MAXIMUM_DEBTS: Final = 240
# Stated openly where the kind itself would tell about the duty to inform (wire.md).
_GENERAL: Final = {
    "type": codes.GENERAL_TYPE,
    "omschrijving": "Vordering van de gemeente",
    "juridische_grondslag_omschrijving": "Algemene wet bestuursrecht, titel 4.4",
    "rang_grondslag": "Burgerlijk Wetboek Boek 3, titel 10",
}


class TooManyDebtsError(KitError):
    """One statement cannot carry so many debts; the person needs a statement on paper."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Issuer:
    """What one organisation says of itself. `with_bsn` needs a legal basis in its configuration."""

    organisation: Organisation
    contact: Contact
    with_bsn: bool = False


def build_statement(
    person: Person,
    account: Account,
    issuer: Issuer,
    *,
    reference: str,
    new_salt: Callable[[], str],
    now: int,
    refresh: StatusReference | None,
    form: Form = "rich",
) -> dict[str, Any]:
    """The terms of one statement in the rich form of wire.md.

    `reference` is its urn:uuid, `new_salt` gives 128 fresh random bits in base64url for every
    debt, `now` epoch seconds, `refresh` the entry that will tell that a newer one exists. The
    reference date is that of the oldest delivery in it, since the whole holds only as far as its
    oldest part; every source carries its own. Of a "rich" form the holder discloses what they
    choose; what can't be withheld, the "open" form and the "document" (without holder), has no
    BSN, no `inlichtingenplicht` and a general kind for fines. Raises TooManyDebtsError above
    MAXIMUM_DEBTS.
    """
    organisation, dates = issuer.organisation, account.reference_dates()
    today = datetime.fromtimestamp(now, _CALENDAR).date()
    debts = _debts(account, organisation, new_salt, openly=form != RICH)
    return {
        "opgave_kenmerk": reference,
        "aangeleverd_door": {"naam": organisation.name, "oin": organisation.oin},
        "gemeentecode": organisation.municipality_code,
        "peildatum": _moment(min(dates.values(), default=today)),
        "volledigheid": _completeness(account),
        "bronnen": [_source_terms(source) for source in account.sources],
        **statement.totals(debts),
        "vordering_digests": [statement.debt_digest(debt) for debt in debts],
        **({"document": True} if form == DOCUMENT else {}),
        **_refresh_terms(refresh),
        "contact_schuldhulp": _contact_terms(issuer.contact),
        **_person_terms(person, with_bsn=issuer.with_bsn and form == RICH),
        "vorderingen": debts,
    }


def _debts(
    account: Account, organisation: Organisation, new_salt: Callable[[], str], *, openly: bool
) -> list[dict[str, Any]]:
    if len(account.debts) > MAXIMUM_DEBTS:
        raise TooManyDebtsError("there are more debts than one statement can carry")
    dates = account.reference_dates()
    debts = [
        {"zout": new_salt(), **debt_terms(debt, organisation, dates[debt.source])}
        for debt in account.debts
    ]
    return [_general(debt) for debt in debts] if openly else debts


def _general(terms: Mapping[str, Any]) -> dict[str, Any]:
    open_terms = {name: value for name, value in terms.items() if name != "inlichtingenplicht"}
    if terms["type"] not in codes.TELLING_TYPES:
        return open_terms
    open_terms.pop("juridische_grondslag_bron", None)
    return open_terms | _GENERAL


def _completeness(account: Account) -> str:
    if any(source.status != OK for source in account.sources):
        return "gedeeltelijk"
    return "volledig" if account.debts else "geen_vorderingen"


def _source_terms(source: SourceState) -> dict[str, str]:
    terms = {"code": source.code, "status": source.status}
    if source.reference_date is not None:
        terms["peildatum"] = _moment(source.reference_date)
    return terms


def _moment(day: date) -> str:
    """A date as a time in UTC: a source that knows only a date means 00:00 in Amsterdam."""
    start = datetime.combine(day, time(), _CALENDAR).astimezone(ZoneInfo("UTC"))
    return start.strftime("%Y-%m-%dT%H:%M:%SZ")


def _refresh_terms(refresh: StatusReference | None) -> dict[str, Any]:
    if refresh is None:
        return {}
    return {"vernieuwing_uri": refresh.uri, "vernieuwing_index": refresh.index}


def _contact_terms(contact: Contact) -> dict[str, str]:
    return {
        "naam": contact.name,
        "telefoon": contact.phone,
        "email": contact.email,
        "url": contact.url,
    }


def _person_terms(person: Person, *, with_bsn: bool) -> dict[str, str]:
    terms = {
        "geslachtsnaam": person.family_name,
        "voornamen": person.given_name,
        "geboortedatum": person.birthdate,
        "bsn": person.bsn if with_bsn else "",
    }
    return {term: value for term, value in terms.items() if value}
