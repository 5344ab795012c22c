"""The status of credentials, by lists that are asked once and remembered.

Fails closed: a list that cannot be had, or is not the issuer's, leaves the status unknown. A list
older than the newest one seen is never used (row L07).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from vckit import jose
from vckit.errors import (
    FetchError,
    KitError,
    StatusRetrievalError,
    StatusVerificationError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.keys import PublicKey
from vckit.network import Fetcher
from vckit.status import StatusReference, token_status_list
from vckit.status.token_status_list import VerifiedStatusList
from vckit.trust import Scheme
from verifier.question import KIND

MAX_BYTES: Final = 1_048_576
REDIRECTS: Final = 2
# security.md "Resource budgets": all fetches for one response together, in seconds.
FETCH_SECONDS: Final = 10.0


@dataclass(frozen=True)
class RememberedList:
    """A status list token as it was fetched; times in epoch seconds."""

    token: str
    issued_at: int
    fetched_at: int


class Memory(Protocol):
    """Where lists are remembered, for all workers alike."""

    def status_list(self, uri: str) -> RememberedList | None:
        """The newest list seen of this uri."""
        ...

    def remember_status_list(self, uri: str, seen: RememberedList) -> RememberedList:
        """Keep it unless a newer one is known; gives the newest."""
        ...


@dataclass(frozen=True)
class Patience:
    """How long a list serves without being asked again, and after that when it can't be had.

    `max_age` and `grace` in seconds; 0 and 0: it is asked every time, and nothing else will do.
    """

    max_age: int
    grace: int


@dataclass(frozen=True)
class Issuer:
    """Whose status it is: the `iss` of the credential and the key that signed it."""

    iss: str
    key: PublicKey


class StatusBook:
    """The lists of one response: each is asked at most once, and all see the same snapshot."""

    def __init__(
        self,
        memory: Memory,
        fetcher: Fetcher,
        scheme: Scheme,
        patience: Patience,
        stopwatch: Callable[[], float],
    ) -> None:
        self._memory = memory
        self._fetcher = fetcher
        self._scheme = scheme
        self._patience = patience
        self._stopwatch = stopwatch
        self._spent = 0.0
        self._lists: dict[str, RememberedList | KitError] = {}
        self._proven: dict[tuple[str, Issuer], VerifiedStatusList] = {}

    def status(
        self, reference: StatusReference, issuer: Issuer, now: int
    ) -> tuple[int, VerifiedStatusList]:
        """The status and the list that tells it.

        Raises StatusRetrievalError or StatusVerificationError: then it is unknown.
        """
        _require_own_host(reference.uri, issuer.iss)
        remembered = self._newest(reference.uri, issuer, now)
        verified = self._verified(remembered.token, reference.uri, issuer, now)
        try:
            return verified.list.get(reference.index), verified
        except VerificationError as error:
            raise StatusVerificationError("the index lies outside the status list") from error

    def _newest(self, uri: str, issuer: Issuer, now: int) -> RememberedList:
        if uri not in self._lists:
            try:
                self._lists[uri] = self._looked_up(uri, issuer, now)
            except (StatusRetrievalError, StatusVerificationError) as error:
                self._lists[uri] = error
        found = self._lists[uri]
        if isinstance(found, KitError):
            raise found
        return found

    def _looked_up(self, uri: str, issuer: Issuer, now: int) -> RememberedList:
        known = self._memory.status_list(uri)
        if known and self._is_fresh(known, uri, issuer, now):
            return known
        try:
            token = self._fetched(uri)
        except FetchError as error:
            if known and self._is_excused(known, uri, issuer, now):
                return known
            raise StatusRetrievalError from error
        verified = self._verified(token, uri, issuer, now)
        seen = RememberedList(token, verified.issued_at, now)
        return self._memory.remember_status_list(uri, seen)

    def _is_fresh(self, known: RememberedList, uri: str, issuer: Issuer, now: int) -> bool:
        return now - known.fetched_at < self._lifetime(known, uri, issuer, now)

    def _is_excused(self, known: RememberedList, uri: str, issuer: Issuer, now: int) -> bool:
        lifetime = self._lifetime(known, uri, issuer, now)
        return now - known.fetched_at < lifetime + self._patience.grace

    def _lifetime(self, known: RememberedList, uri: str, issuer: Issuer, now: int) -> int:
        """Seconds that the list serves; below zero where it no longer verifies."""
        try:
            ttl = self._verified(known.token, uri, issuer, now).ttl
        except (StatusRetrievalError, StatusVerificationError):
            return -self._patience.grace - 1
        return min(self._patience.max_age, ttl) if ttl else self._patience.max_age

    def _fetched(self, uri: str) -> str:
        if self._spent >= FETCH_SECONDS:
            raise FetchError("the time for all fetches of this response is over")
        begun = self._stopwatch()
        try:
            answer = self._fetcher.get(
                uri,
                accept=token_status_list.MEDIA_TYPE,
                max_bytes=MAX_BYTES,
                redirects=REDIRECTS,
            )
        finally:
            self._spent += self._stopwatch() - begun
        if answer.media_type != token_status_list.MEDIA_TYPE:
            raise FetchError("the answer is no status list")
        return _text(answer.body)

    def _verified(self, token: str, uri: str, issuer: Issuer, now: int) -> VerifiedStatusList:
        known = self._proven.get((token, issuer))
        if known is None:
            known = self._prove(token, uri, issuer, now)
            self._proven[token, issuer] = known
        return known

    def _prove(self, token: str, uri: str, issuer: Issuer, now: int) -> VerifiedStatusList:
        try:
            key = self._key(token, issuer, now)
            return token_status_list.verify(token, uri=uri, issuer_key=key, now=now)
        except (StatusRetrievalError, StatusVerificationError):
            raise
        except VerificationError as error:
            raise StatusVerificationError("the status list is malformed") from error

    def _key(self, token: str, issuer: Issuer, now: int) -> PublicKey:
        """The credential's key, or the newer one that the scheme gives the same issuer."""
        x5c = jose.parse(token).header.get("x5c")
        if not isinstance(x5c, list) or not all(isinstance(each, str) for each in x5c):
            return issuer.key
        try:
            return self._scheme.issuer(issuer.iss, x5c, kind=KIND, now=now)[1]
        except UntrustedIssuerError as error:
            raise StatusVerificationError("the status list is another issuer's") from error


def _require_own_host(uri: str, iss: str) -> None:
    """Row L16: only the issuer's own origin is asked, whatever the credential names."""
    if _origin(uri) != _origin(iss):
        raise StatusVerificationError("the status list is on another host than its issuer")


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise StatusVerificationError("the status list has no usable address") from error
    return parts.scheme, parts.netloc


def _text(body: bytes) -> str:
    try:
        return body.decode("ascii")
    except UnicodeDecodeError as error:
        raise StatusVerificationError("the status list is not ASCII") from error
