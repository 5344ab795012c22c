"""What became of a card: asked of its issuer's status lists."""

from typing import Protocol

from holder_demo.cards import Card
from holder_demo.checking.judge import Judge
from vckit.errors import FetchError, ParsingError, StatusVerificationError, VerificationError
from vckit.network import Fetcher, Response
from vckit.status import MECHANISMS, StatusReference

VALID = "valid"
WITHDRAWN = "withdrawn"
SUPERSEDED = "superseded"
EXPIRED = "expired"
UNKNOWN = "unknown"

_MAX_STATUS_LIST = 1_048_576


class GetOnly(Protocol):
    """The part of a Fetcher that looking up a status needs."""

    def get(self, url: str, *, accept: str, max_bytes: int, redirects: int = 0) -> Response:
        """Fetch `url`, as `Fetcher.get`."""
        ...


class FetchOnce:
    """Fetches an address at most once, for cards that stand in one list; failures too."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._found: dict[str, Response | FetchError] = {}

    def get(self, url: str, *, accept: str, max_bytes: int, redirects: int = 0) -> Response:
        """Give what the first fetch of this address gave."""
        if url not in self._found:
            try:
                self._found[url] = self._fetcher.get(
                    url, accept=accept, max_bytes=max_bytes, redirects=redirects
                )
            except FetchError as error:
                self._found[url] = error
        found = self._found[url]
        if isinstance(found, FetchError):
            raise found
        return found


def card_status(card: Card, *, fetcher: GetOnly, judge: Judge) -> str:
    """Ask the issuer's status lists what became of a card: one of the names of this module."""
    if card.expires is not None and card.expires <= judge.now:
        return EXPIRED
    try:
        told = {
            reference.purpose: _told(card, reference, fetcher, judge) for reference in card.statuses
        }
    except (FetchError, VerificationError):
        return UNKNOWN
    if told.get("revocation") != 0:
        return WITHDRAWN
    return SUPERSEDED if told.get("refresh", 0) else VALID


def _told(card: Card, reference: StatusReference, fetcher: GetOnly, judge: Judge) -> int:
    if reference.mechanism not in MECHANISMS:
        raise StatusVerificationError("The status is told in a way that this wallet can't read.")
    mechanism = MECHANISMS[reference.mechanism]
    issuer = judge.list_issuer(judge.format(card.format).open_held(card.credential).issuer)
    response = fetcher.get(
        reference.uri,
        accept=mechanism.MEDIA_TYPE,
        max_bytes=_MAX_STATUS_LIST,
        redirects=2,
    )
    try:
        text = response.body.decode()
    except UnicodeDecodeError:
        raise ParsingError("The status list is no text.") from None
    found = mechanism.judge(text, reference, issuer=issuer, json_ld=judge.json_ld, now=judge.now)
    return int(found.list.get(reference.index))
