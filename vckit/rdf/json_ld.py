"""JSON-LD documents as canonical N-Quads, without surprises: what is not signed is refused.

The only door to pyld. pyld drops and resolves silently, shares state between threads and has no
limits; so a document is judged first, pyld only expands it, and what comes out is counted.
"""

from collections.abc import Mapping
from threading import Lock
from types import MappingProxyType
from typing import Any, Final

from pyld import jsonld
from pyld.context_resolver import ContextResolver

from vckit.errors import DataLossDetectionError, MalformedValueError
from vckit.rdf.canonical import canonicalize
from vckit.rdf.flattening import flatten
from vckit.rdf.guard import Guard
from vckit.rdf.known import KnownContexts
from vckit.rdf.quads import Quad
from vckit.rdf.strict import StrictReading, names_of_types

# pyld resolves what is relative against this and never says so.
_BASE: Final = "https://relative.invalid/"
_LOCK: Final = Lock()  # pyld is not thread-safe: contexts are cached for the whole process.


class JsonLd:
    """Reads documents whose contexts are shipped; nothing is ever fetched.

    `own` maps the URLs of our own contexts to keys of `contexts.OWN`; as inline objects they are
    known without it. Safe to share between threads.
    """

    def __init__(self, own: Mapping[str, str] = MappingProxyType({})) -> None:
        self._known = KnownContexts(own)
        self._resolver = _Resolver({}, self._load)

    def canonicalize(self, document: Mapping[str, Any], *, algorithm: str = "sha256") -> bytes:
        """Canonical N-Quads of `document`, exactly as given: take its proof off first.

        Raises DataLossDetectionError, MalformedValueError or PolicyLimitError. `algorithm` is
        the hash that labels blank nodes: "sha256" or "sha384".
        """
        return canonicalize(self.quads(document), algorithm=algorithm).nquads.encode()

    def quads(self, document: Mapping[str, Any]) -> list[Quad]:
        """The statements of `document`; the same one may come twice. Errors as above."""
        if not isinstance(document, Mapping):
            raise MalformedValueError("a document is no object")
        Guard().check(document)
        reading = StrictReading(self._known)
        expanded = self._expand(reading.document(document))
        return flatten(expanded, statements=reading.statements, base=_BASE)

    def types(self, document: Mapping[str, Any]) -> tuple[str, ...]:
        """The IRIs of the document's types, in their order. Errors as above."""
        scope = StrictReading(self._known).scope(document)
        return tuple(scope.terms[name].iri for name in names_of_types(document, scope))

    def _expand(self, document: dict[str, Any]) -> list[dict[str, Any]]:
        dropped: list[object] = []
        options = {"base": _BASE, "documentLoader": self._load, "contextResolver": self._resolver}
        try:
            with _LOCK:
                processor = jsonld.JsonLdProcessor(on_property_dropped=dropped.append)
                expanded: list[dict[str, Any]] = processor.expand(document, options)
        except jsonld.JsonLdError:
            raise MalformedValueError("the contexts contradict each other") from None
        if dropped:
            raise DataLossDetectionError("a member is no term of the contexts")
        return expanded

    def _load(self, url: str, _options: object) -> dict[str, Any]:
        """The document loader of pyld, which is asked for names of known contexts only."""
        document = self._known.copy(url)
        return {"contextUrl": None, "documentUrl": url, "document": document, "tag": "static"}


class _Resolver(ContextResolver):  # type: ignore[misc]  # pyld has no types
    """Knows a scoped context again by the object that it is.

    pyld writes out each context that it meets, as its key, once for every node that has a type:
    seconds for a document within all limits. The objects met here live as long as this one, since
    they are parts of the documents that it keeps.
    """

    def __init__(self, shared_cache: dict[str, Any], loader: object) -> None:
        super().__init__(shared_cache, loader)
        self._met: dict[int, tuple[object, list[Any]]] = {}

    def resolve(self, active_ctx: Any, context: Any, base: str, cycles: Any = None) -> list[Any]:
        """The contexts that `context` stands for."""
        if not isinstance(context, dict):
            return list(super().resolve(active_ctx, context, base, cycles))
        met = self._met.get(id(context))
        if met is None:
            met = context, super().resolve(active_ctx, context, base, cycles)
            self._met[id(context)] = met
        return met[1]
