"""From a DID to its document: out of the DID itself, or fetched within a budget."""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from vckit.did import jwk, key, url, web
from vckit.did.document import DidDocument, parse_document
from vckit.errors import (
    FetchError,
    InvalidControlledIdentifierDocumentError,
    InvalidVerificationMethodUrlError,
    PolicyLimitError,
    VerificationError,
)
from vckit.keys import PublicKey
from vckit.network import Fetcher

ACCEPT: Final = "application/did+json, application/json"
MAX_BYTES: Final = 65_536
MAX_FETCHES: Final = 20
MAX_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Method:
    """How a DID becomes a document: one of both."""

    expand: Callable[[str], DidDocument] | None = None
    locate: Callable[[str, Collection[str]], str] | None = None


METHODS: Final[dict[str, Method]] = {
    "jwk": Method(expand=jwk.resolve),
    "key": Method(expand=key.resolve),
    "web": Method(locate=web.document_url),
}


def resolve_offline(did: str) -> DidDocument:
    """Expand a DID that holds its own key (did:key, did:jwk); any other method is refused.

    Raises InvalidVerificationMethodUrlError or InvalidVerificationMethodError.
    """
    expand = _method(did).expand
    if expand is None:
        raise InvalidVerificationMethodUrlError("The DID does not hold its own key.")
    return expand(did)


def holder_key(did_or_did_url: str) -> PublicKey:
    """Give the key of a holder by its did:key or did:jwk, or by the DID URL of its one method.

    Raises a VerificationError.
    """
    document = resolve_offline(did_or_did_url.partition("#")[0])
    (only,) = document.methods
    named = did_or_did_url if "#" in did_or_did_url else only
    # Such a key neither expires nor is it ever revoked.
    return document.key(named, "authentication", now=0)


class Resolver:
    """Resolves for one request or response: every document is had once, failures as well.

    At most 20 fetches are made, and none is begun once they took 10 seconds together.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        insecure_origins: Collection[str] = (),
        *,
        stopwatch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetcher = fetcher
        self._insecure_origins = frozenset(insecure_origins)
        self._stopwatch = stopwatch
        self._fetches = 0
        self._seconds = 0.0
        self._had: dict[str, DidDocument | VerificationError] = {}

    def resolve(self, did: str) -> DidDocument:
        """Give the DID's document as it was at the first call.

        Raises InvalidVerificationMethodUrlError before anything is fetched, PolicyLimitError over
        the budget, and InvalidControlledIdentifierDocumentError when the document can't be had.
        """
        if did not in self._had:
            self._had[did] = self._try(did)
        found = self._had[did]
        if isinstance(found, VerificationError):
            raise type(found)(found.detail)
        return found

    def key(self, did_url: str, relationship: str, *, now: int) -> PublicKey:
        """Give the key of one method for one use; see `resolve` and `DidDocument.key`."""
        did, _ = url.split(did_url)
        return self.resolve(did).key(did_url, relationship, now=now)

    def _try(self, did: str) -> DidDocument | VerificationError:
        try:
            return self._resolve(did)
        except VerificationError as error:
            return error

    def _resolve(self, did: str) -> DidDocument:
        locate = _method(did).locate
        if locate is None:
            return resolve_offline(did)
        return parse_document(self._fetch(locate(did, self._insecure_origins)), did)

    def _fetch(self, address: str) -> bytes:
        if self._fetches >= MAX_FETCHES or self._seconds >= MAX_SECONDS:
            raise PolicyLimitError("Too many DID documents are needed, or they take too long.")
        self._fetches += 1
        began = self._stopwatch()
        try:
            return self._fetcher.get(address, accept=ACCEPT, max_bytes=MAX_BYTES).body
        except FetchError:
            raise InvalidControlledIdentifierDocumentError(
                "The DID document could not be fetched."
            ) from None
        finally:
            self._seconds += self._stopwatch() - began


def _method(did: str) -> Method:
    name = url.method(did)
    if name not in METHODS:
        raise InvalidVerificationMethodUrlError("The DID is of an unknown method.")
    return METHODS[name]
