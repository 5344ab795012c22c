"""What each term means at each place of a document: JSON-LD contexts, as far as ours go.

The shipped contexts use a small part of JSON-LD: terms with an IRI, a type, scoped contexts, and
`@graph` and `@set` containers. This is that part and no more (JSON-LD 1.1 API 4.1, 4.2); a
context that needs more is a ConfigurationError.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from vckit.errors import ConfigurationError

_IGNORED: Final = frozenset({"@version", "@protected"})
_MEMBERS: Final = frozenset({"@id", "@type", "@container", "@context", "@protected"})
_ALIASED: Final = frozenset({"@id", "@type"})
_CONTAINERS: Final = frozenset({None, "@set", "@graph"})


@dataclass(frozen=True)
class _Definition:
    """A term as a context writes it; IRIs may be compact."""

    iri: str
    coercion: str
    scoped: "Context | None"


@dataclass(frozen=True, eq=False)
class Context:
    """A context as it is written. NOTHING stands for `"@context": null`: forget all terms."""

    definitions: Mapping[str, _Definition]


NOTHING: Final = Context(MappingProxyType({}))


@dataclass(frozen=True)
class Term:
    """What a term means: `iri` or `@id` or `@type`.

    `coercion` is "" or `@id`, `@vocab`, `@json` or the IRI of a datatype; `scoped` is a context
    for the values of a property, or for the nodes of a type.
    """

    iri: str
    coercion: str
    scoped: Context | None


@dataclass(frozen=True, eq=False)
class Scope:
    """An active context. `outer` is what holds again one node further in (4.1.7 @propagate)."""

    terms: Mapping[str, Term]
    outer: "Scope | None" = None

    def inner(self) -> "Scope":
        """The scope of a node within this one: without what its types brought in."""
        return self.outer or self


EMPTY: Final = Scope(MappingProxyType({}))


def parse_context(raw: object) -> Context:
    """The context of a shipped document, from the value of its `@context`."""
    if raw is None:
        return NOTHING
    if not isinstance(raw, Mapping):
        raise ConfigurationError("a shipped context is no object")
    terms = {name: value for name, value in raw.items() if name not in _IGNORED}
    return Context(MappingProxyType({name: _definition(terms[name], name) for name in terms}))


def _definition(raw: object, name: str) -> _Definition:
    if isinstance(raw, str) and (not raw.startswith("@") or raw in _ALIASED):
        raw = {"@id": raw}
    known = isinstance(raw, Mapping) and "@id" in raw and raw.keys() <= _MEMBERS
    if not isinstance(raw, Mapping) or not known or name.startswith("@"):
        raise ConfigurationError("a shipped context uses a part of JSON-LD that we don't know")
    if raw.get("@container") not in _CONTAINERS:
        raise ConfigurationError("a shipped context uses a container that we don't know")
    scoped = parse_context(raw["@context"]) if "@context" in raw else None
    return _Definition(raw["@id"], raw.get("@type", ""), scoped)


@lru_cache(maxsize=512)
def enter(scope: Scope, context: Context, *, propagate: bool = True) -> Scope:
    """The scope after `context` has been applied within `scope`.

    A context that is not propagated, that of a type, ends where a node within begins.
    """
    if context is NOTHING:
        return EMPTY
    added = {name: _term(name, context, scope) for name in context.definitions}
    outer = scope.outer if propagate else scope.outer or scope
    return Scope(MappingProxyType({**scope.terms, **added}), outer)


def _term(name: str, context: Context, scope: Scope) -> Term:
    definition = context.definitions[name]
    coercion = _expanded(definition.coercion, context, scope)
    return Term(_expanded(definition.iri, context, scope), coercion, definition.scoped)


def _expanded(text: str, context: Context, scope: Scope) -> str:
    """An IRI that may be written with a term as its prefix (IRI expansion, 5.2)."""
    prefix, colon, suffix = text.partition(":")
    if not colon or suffix.startswith("//"):
        return text
    if prefix in context.definitions:
        return _expanded(context.definitions[prefix].iri, context, scope) + suffix
    return scope.terms[prefix].iri + suffix if prefix in scope.terms else text
