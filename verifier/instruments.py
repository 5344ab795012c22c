"""What credentials are checked with, whoever asks: made once, and used afresh for each response."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from vckit.did import Resolver
from vckit.formats import Format, open_formats
from vckit.network import Fetcher
from vckit.rdf import JsonLd
from vckit.trust import Scheme
from verifier import identity_card
from verifier.config import Config
from verifier.fetching import RecentDocuments, ResponseFetcher
from verifier.issuers import IssuerBook
from verifier.judging import Checks
from verifier.person import Person
from verifier.status_book import Memory, Patience, StatusBook
from verifier.status_lists import Proofs


@dataclass(frozen=True)
class Instruments:
    """The scheme, what is remembered, and the way out.

    `scheme` gives the one in force: it may be replaced. `stopwatch` counts seconds from anywhere.
    """

    scheme: Callable[[], Scheme]
    memory: Memory
    documents: RecentDocuments
    patience: Patience
    fetcher: Fetcher
    insecure_origins: Collection[str]
    stopwatch: Callable[[], float]
    identity_issuers: frozenset[str] = frozenset()

    @classmethod
    def prepare(
        cls,
        config: Config,
        scheme: Callable[[], Scheme],
        *,
        memory: Memory,
        patience: Patience,
        fetcher: Fetcher,
        stopwatch: Callable[[], float],
    ) -> Self:
        """Everything that a configuration says about checking; ConfigurationError."""
        return cls(
            scheme=scheme,
            memory=memory,
            documents=RecentDocuments(),
            patience=patience,
            fetcher=fetcher,
            insecure_origins=config.insecure_origins,
            stopwatch=stopwatch,
            identity_issuers=identity_card.trusted(config),
        )

    def checks(self, person: Person | None, now: int) -> Checks:
        """What one response is checked against: one budget and one snapshot of what is fetched."""
        scheme = self.scheme()
        json_ld, formats = _reading(scheme.context_url)
        fetcher = ResponseFetcher(self.fetcher, self.stopwatch)
        issuers = IssuerBook(scheme, self._resolver, fetcher, self.documents, now)
        proofs = Proofs(issuers, json_ld)
        statuses = StatusBook(self.memory, fetcher, proofs, self.patience)
        return Checks(formats, issuers, statuses, person, now, self.identity_issuers)

    def _resolver(self, fetcher: Fetcher) -> Resolver:
        return Resolver(fetcher, self.insecure_origins, stopwatch=self.stopwatch)


@lru_cache(maxsize=2)
def _reading(context_url: str) -> tuple[JsonLd, Mapping[str, Format]]:
    """How formats are read whose context the scheme publishes there."""
    json_ld = JsonLd({context_url: "context/v1"})
    return json_ld, open_formats(json_ld, context_url)
