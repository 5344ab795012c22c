"""FCID-based JSON (Financial Claims Information Document, vorijk.nl) as a source of cases.

One document, or a list of them, in a file or asked by http; there `rest` may declare pages. Each is
of one or more persons: the BSN stands with the document or with the case.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Final

from issuer.debts.cases import Case
from issuer.debts.dialect import Dialect
from issuer.debts.events import Event
from issuer.debts.fcid_events import NOT_READ, EventNotReadError, cents, event_of, moment
from issuer.debts.files import FileSource
from issuer.debts.origin import Origin
from issuer.debts.paging import LIMITS, Pages
from issuer.debts.shapes import Rest
from issuer.debts.table import FileRefusedError, Table
from vckit import strict_json
from vckit.errors import ParsingError

TYPE: Final = "FINANCIAL_CLAIMS_INFORMATION_DOCUMENT"
MAXIMUM_FILE: Final = 64 << 20
MAXIMUM_EVENTS: Final = 2_000
_VERSIONS: Final = ("3", "4")


class FcidSource:
    """The documents of a file or of an address, as cases."""

    def __init__(self, origin: Origin, dialect: Dialect) -> None:
        if origin.path is not None:
            self._inner: _FcidFile | _FcidAddress = _FcidFile(origin, dialect)
        else:
            self._inner = _FcidAddress(origin, dialect)

    def digest(self) -> str:
        """What identifies all documents together; "" where they were not read yet."""
        return self._inner.digest()

    @contextmanager
    def table(self) -> Iterator[Table]:
        """The cases; their reference date is the day that the first document states."""
        with self._inner.table() as table:
            yield table


class _FcidFile(FileSource):
    @contextmanager
    def _opened(self, path: Path, dialect: Dialect) -> Iterator[Table]:  # noqa: ARG002  nothing to declare
        if path.stat().st_size > MAXIMUM_FILE:
            raise FileRefusedError("the file is larger than 64 MiB: deliver it in pages")
        try:
            found = strict_json.loads(path.read_bytes(), LIMITS)
        except ParsingError:
            raise FileRefusedError("the file is no JSON") from None
        yield _table(found if isinstance(found, list) else [found])


class _FcidAddress:
    def __init__(self, origin: Origin, dialect: Dialect) -> None:
        self._pages = Pages(origin, dialect.rest or Rest(), may_be_one=True)
        self._read = False

    def digest(self) -> str:
        return self._pages.digest if self._read else ""

    @contextmanager
    def table(self) -> Iterator[Table]:
        yield _table(chain.from_iterable(self._pages))
        self._read = True


def _table(documents: Iterable[Any]) -> Table:
    """The first document is read at once: it states of which day all of them are."""
    bodies = map(_body, documents)
    first = next(bodies, None)
    if first is None:
        return Table((), iter(()), cases=())
    day = _day(first)
    return Table((), iter(()), as_of=day, cases=_cases(chain([first], bodies), day))


def _body(document: Any) -> dict[str, Any]:
    match document:
        case {"type": str(kind), "version": version, "body": dict(body)} if kind == TYPE:
            if str(version).removeprefix("v").partition(".")[0] in _VERSIONS:
                return body
            raise FileRefusedError("a document is of another version of FCID than 3 and 4")
    raise FileRefusedError("a document of the source is no FCID")


def _day(body: dict[str, Any]) -> date:
    try:
        return moment(body["document_datumtijd"]).date()
    except (KeyError, TypeError, ValueError, OverflowError):
        raise FileRefusedError("a document does not state of when it is") from None


def _cases(bodies: Iterable[dict[str, Any]], day: date) -> Iterator[Case]:
    for body in bodies:
        if _day(body) < day:
            raise FileRefusedError("a document is older than the first one")
        found = body.get("financiele_zaken")
        if not isinstance(found, list):
            raise FileRefusedError("a document has no list of cases")
        for each in found:
            if not isinstance(each, dict):
                raise FileRefusedError("a case of a document is no object")
            yield _case(each, body)


def _case(document: dict[str, Any], body: dict[str, Any]) -> Case:
    """A case that cannot be read is refused, and its person told that it is missing."""
    told = document.get("bsn", body.get("bsn"))
    bsn = told if isinstance(told, str) else ""
    try:
        events = list(_events(document, bsn))
        return Case(bsn, events, _stated(document))
    except (EventNotReadError, TypeError):
        return Case(bsn, (), refused=NOT_READ)


def _events(document: dict[str, Any], bsn: object) -> Iterator[Event]:
    number, found = document.get("zaakkenmerk"), document.get("gebeurtenissen")
    if not isinstance(number, str) or not isinstance(found, list) or len(found) > MAXIMUM_EVENTS:
        raise EventNotReadError
    for each in found:
        if not isinstance(each, dict) or _is_foreign(each, number, bsn):
            raise EventNotReadError
        yield event_of(each, number)


def _is_foreign(event: dict[str, Any], number: str, bsn: object) -> bool:
    """An event that says it is of another case or person than the one it stands with."""
    return (event.get("zaakkenmerk", number), event.get("bsn", bsn)) != (number, bsn)


def _stated(document: dict[str, Any]) -> int | None:
    """The balance that the source states; its sums must give the same one."""
    told = {cents(document["saldo"])} if "saldo" in document else set()
    for obliged, settled in (
        ("totaal_financieel_verplicht", "totaal_financieel_vereffend"),
        ("totaal_opgelegd", "totaal_reeds_betaald"),
    ):
        if obliged in document and settled in document:
            told.add(cents(document[obliged]) - cents(document[settled]))
    if len(told) > 1:
        raise EventNotReadError
    return next(iter(told), None)
