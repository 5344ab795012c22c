"""Asking a system by http for all its pages: each is a JSON document with some of the items.

All or nothing: a page that does not come, a total that is not reached or a page that leads back
raises an error, after which nothing that was read counts.
"""

from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from issuer.debts.origin import Origin
from issuer.debts.shapes import Rest
from issuer.debts.table import FileRefusedError, SourceUnreachableError
from vckit import strict_json
from vckit.errors import FetchError, ParsingError

MAXIMUM_PAGE: Final = 16 << 20
MAXIMUM_PAGES: Final = 20_000
LIMITS: Final = strict_json.Limits(members=2_000_000)
_CALENDAR: Final = ZoneInfo("Europe/Amsterdam")


class Pages:
    """The pages of one system; iterate once for the items of each. `digest` covers what was read.

    `as_of` is the day that the first page states, known once that page was read.
    """

    def __init__(self, origin: Origin, rest: Rest, *, may_be_one: bool = False) -> None:
        """With `may_be_one` an answer may be one item, and not a list of them."""
        self._rest = rest
        self._may_be_one = may_be_one
        self._address = origin.required_address()
        self._fetcher = origin.required_fetcher()
        self._secret = origin.secret
        self._digest = sha256()
        self.as_of: date | None = None

    @property
    def digest(self) -> str:
        """SHA-256 in hex of the bodies of all pages."""
        return self._digest.hexdigest()

    def __iter__(self) -> Iterator[list[Any]]:
        """The items of each page; FileRefusedError or SourceUnreachableError ends all."""
        url: str | None = self._first()
        asked: set[str] = set()
        count = 0
        total: int | None = None
        while url is not None:
            if url in asked or len(asked) == MAXIMUM_PAGES:
                raise FileRefusedError("the pages of the source come to no end")
            asked.add(url)
            document = self._page(url)
            if len(asked) == 1:
                self.as_of = self._day(document)
            total = self._total(document, total)
            items = self._items(document)
            count += len(items)
            yield items
            is_last = not items or count == total
            url = self._next(url, document, len(asked), count, is_last=is_last)
        if total is not None and count != total:
            raise FileRefusedError(f"the source counts {total} items and gives {count}")

    def _page(self, url: str) -> Any:
        try:
            answer = self._fetcher.get(
                url, accept="application/json", max_bytes=MAXIMUM_PAGE, headers=self._headers()
            )
        except FetchError as error:
            raise SourceUnreachableError(f"the source does not answer: {error}") from None
        self._digest.update(answer.body)
        try:
            return strict_json.loads(answer.body, LIMITS)
        except ParsingError:
            raise FileRefusedError("a page of the source is no JSON") from None

    def _headers(self) -> dict[str, str]:
        secret = self._secret()
        return {self._rest.secret_header: f"{self._rest.secret_prefix}{secret}"} if secret else {}

    def _items(self, document: Any) -> list[Any]:
        items = at(document, self._rest.items)
        if self._may_be_one and isinstance(items, dict):
            return [items]
        if not isinstance(items, list):
            raise FileRefusedError("a page of the source has no list where rest.items says so")
        return items

    def _total(self, document: Any, before: int | None) -> int | None:
        if self._rest.total is None:
            return None
        total = at(document, self._rest.total)
        if not isinstance(total, int) or isinstance(total, bool):
            raise FileRefusedError("a page of the source has no number where rest.total says so")
        if before not in {None, total}:
            raise SourceUnreachableError("the source changed while it was read")
        return total

    def _day(self, document: Any) -> date | None:
        if self._rest.reference_date is None:
            return None
        return calendar_day(at(document, self._rest.reference_date))

    def _first(self) -> str:
        if self._rest.page_parameter:
            return self._with(**{self._rest.page_parameter: self._rest.first_page})
        if self._rest.offset_parameter:
            return self._with(**{self._rest.offset_parameter: 0})
        return self._with()

    def _next(
        self, url: str, document: Any, pages: int, count: int, *, is_last: bool
    ) -> str | None:
        if self._rest.next:
            return self._linked(url, at(document, self._rest.next))
        if is_last:
            return None
        if self._rest.page_parameter:
            return self._with(**{self._rest.page_parameter: self._rest.first_page + pages})
        if self._rest.offset_parameter:
            return self._with(**{self._rest.offset_parameter: count})
        return None

    def _linked(self, url: str, link: Any) -> str | None:
        """The secret goes to the origin of the address only."""
        if link in (None, ""):
            return None
        target = urljoin(url, link) if isinstance(link, str) else ""
        if urlsplit(target)[:2] != urlsplit(self._address)[:2]:
            raise FileRefusedError("the next page of the source is somewhere else")
        return target

    def _with(self, **parameters: int) -> str:
        parts = urlsplit(self._address)
        if self._rest.size_parameter and self._rest.size:
            parameters[self._rest.size_parameter] = self._rest.size
        pairs = [*parse_qsl(parts.query, keep_blank_values=True), *parameters.items()]
        return urlunsplit(parts._replace(query=urlencode(pairs)))


def at(document: Any, place: str) -> Any:
    """What stands at a place (names with dots); None where nothing does."""
    for name in filter(None, place.split(".")):
        document = document.get(name) if isinstance(document, dict) else None
    return document


def calendar_day(value: Any) -> date:
    """The Dutch day of YYYY-MM-DD or of an RFC 3339 moment; FileRefusedError for anything else."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise FileRefusedError("the date that the source states is no date") from None
    return (moment.astimezone(_CALENDAR) if moment.tzinfo else moment).date()
