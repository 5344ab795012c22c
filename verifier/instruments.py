"""What credentials are checked with, whoever asks: made once, and used afresh for each response."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Self

from vckit.did import Resolver
from vckit.formats import Format, open_formats
from vckit.network import Fetcher
from vckit.rdf import JsonLd
from vckit.trust import Scheme
from verifier.config import Config
from verifier.fetching import RecentDocuments, ResponseFetcher
from verifier.issuers import IssuerBook
from verifier.judging import Checks
from verifier.person import Person
from verifier.status_book import Memory, Patience, StatusBook
from verifier.status_lists import Proofs


@dataclass(frozen=True)
class Instruments:
    """The scheme, how formats are read, what is remembered, and the way out.

    `stopwatch` counts seconds from anywhere.
    """

    scheme: Scheme
    json_ld: JsonLd
    formats: Mapping[str, Format]
    memory: Memory
    documents: RecentDocuments
    patience: Patience
    fetcher: Fetcher
    insecure_origins: Collection[str]
    stopwatch: Callable[[], float]

    @classmethod
    def prepare(
        cls,
        config: Config,
        scheme: Scheme,
        *,
        memory: Memory,
        patience: Patience,
        fetcher: Fetcher,
        stopwatch: Callable[[], float],
    ) -> Self:
        """Everything that a configuration says about checking."""
        json_ld = JsonLd({scheme.context_url: "context/v1"})
        return cls(
            scheme=scheme,
            json_ld=json_ld,
            formats=open_formats(json_ld, scheme.context_url),
            memory=memory,
            documents=RecentDocuments(),
            patience=patience,
            fetcher=fetcher,
            insecure_origins=config.insecure_origins,
            stopwatch=stopwatch,
        )

    def checks(self, person: Person | None, now: int) -> Checks:
        """What one response is checked against: one budget and one snapshot of what is fetched."""
        fetcher = ResponseFetcher(self.fetcher, self.stopwatch)
        issuers = IssuerBook(self.scheme, self._resolver, fetcher, self.documents, now)
        proofs = Proofs(issuers, self.json_ld)
        statuses = StatusBook(self.memory, fetcher, proofs, self.patience)
        return Checks(self.formats, issuers, statuses, person, now)

    def _resolver(self, fetcher: Fetcher) -> Resolver:
        return Resolver(fetcher, self.insecure_origins, stopwatch=self.stopwatch)
