"""The ways out of one response: one budget for all its fetches, and DID documents kept a while."""

import threading
from collections.abc import Callable
from typing import Any, Final

from vckit.errors import FetchError
from vckit.network import Fetcher, Response

# security.md "Resource budgets": all fetches for one response together, in seconds.
FETCH_SECONDS: Final = 10.0
# Row W14: a key that is gone from its document is gone for us within ten minutes.
DOCUMENT_SECONDS: Final = 600
MAX_DOCUMENTS: Final = 256


class ResponseFetcher:
    """The Fetcher of one response: FetchError when its time is over, and nothing more is asked."""

    def __init__(self, fetcher: Fetcher, stopwatch: Callable[[], float]) -> None:
        self._fetcher = fetcher
        self._stopwatch = stopwatch
        self._spent = 0.0

    def get(self, url: str, **limits: Any) -> Response:
        """See `Fetcher`."""
        return self._timed(lambda: self._fetcher.get(url, **limits))

    def post(self, url: str, **given: Any) -> Response:
        """See `Fetcher`."""
        return self._timed(lambda: self._fetcher.post(url, **given))

    def _timed(self, fetch: Callable[[], Response]) -> Response:
        if self._spent >= FETCH_SECONDS:
            raise FetchError("the time for all fetches of this response is over")
        begun = self._stopwatch()
        try:
            return fetch()
        finally:
            self._spent += self._stopwatch() - begun


class RecentDocuments:
    """DID documents by URL as they were fetched, for every response that this process answers.

    Only documents of the scheme's issuers are fetched at all; the bound holds whatever it says.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, Response]] = {}
        self._lock = threading.Lock()

    def find(self, url: str, now: int) -> Response | None:
        """What was fetched of `url` in the last ten minutes."""
        with self._lock:
            known = self._kept.get(url)
        return known[1] if known and 0 <= now - known[0] < DOCUMENT_SECONDS else None

    def keep(self, url: str, response: Response, now: int) -> None:
        """Remember it in the place of what was known; the oldest makes room."""
        with self._lock:
            self._kept.pop(url, None)
            if len(self._kept) >= MAX_DOCUMENTS:
                del self._kept[next(iter(self._kept))]
            self._kept[url] = (now, response)


class DocumentFetcher:
    """The Fetcher of a Resolver: asks what is not remembered, or with `anew` whatever it is.

    `fetched` are the URLs that were asked for this response, by either of its fetchers: those are
    not asked again, or one response could make us ask twice as often as the budget allows.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        documents: RecentDocuments,
        fetched: set[str],
        now: int,
        *,
        anew: bool = False,
    ) -> None:
        self._fetcher = fetcher
        self._documents = documents
        self._fetched = fetched
        self._now = now
        self._anew = anew

    def get(self, url: str, **limits: Any) -> Response:
        """See `Fetcher`."""
        serves = url in self._fetched or not self._anew
        known = self._documents.find(url, self._now) if serves else None
        if known is None:
            self._fetched.add(url)
            known = self._fetcher.get(url, **limits)
            self._documents.keep(url, known, self._now)
        return known

    def post(self, url: str, **given: Any) -> Response:
        """See `Fetcher`."""
        return self._fetcher.post(url, **given)
