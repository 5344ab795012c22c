"""The status of credentials, by lists that are asked once and remembered.

Fails closed: a list that cannot be had, or is not the issuer's, leaves the status unknown. A list
older than the newest one seen is never used (row L07).
"""

from dataclasses import dataclass, replace
from typing import Final, Protocol
from urllib.parse import urlsplit

from vckit.errors import (
    FetchError,
    KitError,
    MalformedValueError,
    StatusRetrievalError,
    StatusVerificationError,
    VerificationError,
)
from vckit.network import Fetcher
from vckit.status import StatusReference
from vckit.status.token_status_list import VerifiedStatusList
from verifier import status_lists
from verifier.issuers import Issuer
from verifier.status_lists import Proofs

MAX_BYTES: Final = 1_048_576
REDIRECTS: Final = 2
# The status is unknown: no list, not the issuer's, or one that is no list (rows L05, L11, L13).
_UNKNOWN: Final = (StatusRetrievalError, StatusVerificationError, MalformedValueError)


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


class StatusBook:
    """The lists of one response: each is asked at most once, and all see the same snapshot."""

    def __init__(
        self, memory: Memory, fetcher: Fetcher, proofs: Proofs, patience: Patience
    ) -> None:
        self._memory = memory
        self._fetcher = fetcher
        self._proofs = proofs
        self._patience = patience
        self._lists: dict[str, RememberedList | KitError] = {}
        self._proven: dict[tuple[str, StatusReference, Issuer], VerifiedStatusList] = {}

    def status(
        self, reference: StatusReference, issuer: Issuer, now: int
    ) -> tuple[int, VerifiedStatusList]:
        """The status and the list that tells it.

        Raises StatusRetrievalError, StatusVerificationError, or MalformedValueError for what is no
        list at all: then it is unknown.
        """
        _require_own_site(reference.uri, issuer)
        named = replace(reference, index=0)
        remembered = self._newest(named, issuer, now)
        verified = self._verified(remembered.token, named, issuer, now)
        try:
            return verified.list.get(reference.index), verified
        except VerificationError as error:
            raise StatusVerificationError("the index lies outside the status list") from error

    def _newest(self, named: StatusReference, issuer: Issuer, now: int) -> RememberedList:
        if named.uri not in self._lists:
            try:
                self._lists[named.uri] = self._looked_up(named, issuer, now)
            except _UNKNOWN as error:
                self._lists[named.uri] = error
        found = self._lists[named.uri]
        if isinstance(found, KitError):
            raise found
        return found

    def _looked_up(self, named: StatusReference, issuer: Issuer, now: int) -> RememberedList:
        known = self._memory.status_list(named.uri)
        if known and self._is_fresh(known, named, issuer, now):
            return known
        try:
            token = self._fetched(named)
        except FetchError as error:
            if known and self._is_excused(known, named, issuer, now):
                return known
            raise StatusRetrievalError from error
        verified = self._verified(token, named, issuer, now)
        seen = RememberedList(token, verified.issued_at, now)
        return self._memory.remember_status_list(named.uri, seen)

    def _is_fresh(
        self, known: RememberedList, named: StatusReference, issuer: Issuer, now: int
    ) -> bool:
        return now - known.fetched_at < self._lifetime(known, named, issuer, now)

    def _is_excused(
        self, known: RememberedList, named: StatusReference, issuer: Issuer, now: int
    ) -> bool:
        lifetime = self._lifetime(known, named, issuer, now)
        return now - known.fetched_at < lifetime + self._patience.grace

    def _lifetime(
        self, known: RememberedList, named: StatusReference, issuer: Issuer, now: int
    ) -> int:
        """Seconds that the list serves; below zero where it no longer verifies."""
        try:
            ttl = self._verified(known.token, named, issuer, now).ttl
        except _UNKNOWN:
            return -self._patience.grace - 1
        return min(self._patience.max_age, ttl) if ttl else self._patience.max_age

    def _fetched(self, named: StatusReference) -> str:
        mechanism = status_lists.mechanism(named)
        answer = self._fetcher.get(
            named.uri, accept=mechanism.MEDIA_TYPE, max_bytes=MAX_BYTES, redirects=REDIRECTS
        )
        if answer.media_type not in mechanism.ACCEPTED:
            raise FetchError("the answer is no status list")
        return _text(answer.body)

    def _verified(
        self, token: str, named: StatusReference, issuer: Issuer, now: int
    ) -> VerifiedStatusList:
        known = self._proven.get((token, named, issuer))
        if known is None:
            known = self._prove(token, named, issuer, now)
            self._proven[token, named, issuer] = known
        return known

    def _prove(
        self, token: str, named: StatusReference, issuer: Issuer, now: int
    ) -> VerifiedStatusList:
        try:
            return self._proofs.prove(token, named, issuer, now)
        except _UNKNOWN:
            raise
        except VerificationError as error:
            raise StatusVerificationError("the status list is malformed") from error


def _require_own_site(uri: str, issuer: Issuer) -> None:
    """Row L16: only where the issuer itself publishes is asked, whatever the credential names."""
    if _origin(uri) not in {_origin(site) for site in issuer.sites}:
        raise StatusVerificationError("the status list is on another host than its issuer")


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise StatusVerificationError("the status list has no usable address") from error
    return parts.scheme, parts.netloc


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise StatusVerificationError("the status list is no text") from error
