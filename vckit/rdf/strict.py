"""A strict reading of a JSON-LD document: every member and value has one agreed meaning, or none.

JSON-LD drops terms that no context defines and resolves relative identifiers against whatever
base it has. Here both are errors. The reading also makes the copy that is given to the JSON-LD
processor, and counts the statements that must come out of it.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from vckit.errors import DataLossDetectionError, MalformedValueError, PolicyLimitError
from vckit.rdf.canonical import QUAD_LIMIT
from vckit.rdf.known import KnownContexts
from vckit.rdf.quads import XSD, iri
from vckit.rdf.scopes import EMPTY, Scope, Term, enter

_PROOF: Final = "https://w3id.org/security#proof"
_CREDENTIAL: Final = "https://www.w3.org/2018/credentials#verifiableCredential"
_SCOPED_LIMIT: Final = 500  # pyld takes up to 0.5 ms for each; a credential has about seven.
_BLANK: Final = re.compile(r"_:[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?")

# Datatypes whose values are JSON's own; two contexts of the W3C write XSD with https. All others
# are strings. With that each JSON value has one literal, and each literal one JSON value.
_XSD: Final = (XSD, XSD.replace("http:", "https:"))
_NATIVE: Final[Mapping[str, type]] = {
    **dict.fromkeys((base + "integer" for base in _XSD), int),
    **dict.fromkeys((base + "nonNegativeInteger" for base in _XSD), int),
    **dict.fromkeys((base + "boolean" for base in _XSD), bool),
}


def names_of_types(element: Mapping[str, Any], scope: Scope) -> list[str]:
    """The types of a node as written; each is a term of `scope`, or DataLossDetectionError."""
    found = [value for name, value in element.items() if _means(name, scope) == "@type"]
    names = [name for value in found for name in (value if isinstance(value, list) else [value])]
    if found and not (names and all(isinstance(one, str) for one in names)):
        raise MalformedValueError("the type of a node is no string or array of strings")
    if any(_means(name, scope).startswith("@") for name in names) or not _defined(names, scope):
        raise DataLossDetectionError("a type is no term of the contexts")
    return names


def _means(name: str, scope: Scope) -> str:
    return scope.terms[name].iri if name in scope.terms else ""


def _defined(names: list[str], scope: Scope) -> bool:
    return all(name in scope.terms for name in names)


class StrictReading:
    """One reading of one document. `statements` is how many quads its RDF form has.

    Raises DataLossDetectionError for what no context defines, MalformedValueError for values
    that are not what the context says they are, PolicyLimitError above QUAD_LIMIT.
    """

    def __init__(self, known: KnownContexts) -> None:
        self._known = known
        self.statements = 0
        self._scoped = 0

    def scope(self, element: Mapping[str, Any], outer: Scope = EMPTY) -> Scope:
        """The scope that the contexts of a document make within `outer`."""
        for name in self._known.names(element.get("@context")):
            outer = enter(outer, self._known.context(name))
        return outer

    def document(self, element: Mapping[str, Any], outer: Scope = EMPTY) -> dict[str, Any]:
        """A copy of a document with contexts of its own, which it names by KnownContexts.names.

        A credential within a presentation is such a document too.
        """
        scope = self.scope(element, outer)
        if not names_of_types(element, scope):
            raise MalformedValueError("a document has no type")
        context = element["@context"]
        members = {name: value for name, value in element.items() if name != "@context"}
        return {"@context": self._known.names(context), **self._node(members, scope, context)}

    def _node(self, element: Mapping[str, Any], scope: Scope, context: object) -> dict[str, Any]:
        """A node within a document whose `@context` is `context`."""
        if "@context" in element:
            raise MalformedValueError("a context stands within a document")
        typed = scope
        for name in sorted(names_of_types(element, scope)):
            typed = self._within(typed, scope.terms[name], propagate=False)
        if not _defined(list(element), typed):
            raise DataLossDetectionError("a member is no term of the contexts")
        return {
            name: self._member(value, typed.terms[name], typed, context)
            for name, value in element.items()
        }

    def _member(self, value: Any, term: Term, scope: Scope, context: object) -> Any:
        if term.iri == "@id":
            return _identifier(value, scope)
        if term.iri == "@type":
            self._count(len(value) if isinstance(value, list) else 1)
            return value
        if isinstance(value, list) and term.coercion != "@json":
            return [self._value(one, term, scope, context) for one in value]
        return self._value(value, term, scope, context)

    def _count(self, statements: int) -> None:
        self.statements += statements
        if self.statements > QUAD_LIMIT:
            raise PolicyLimitError("a document makes more statements than the budget allows")

    def _value(self, value: Any, term: Term, scope: Scope, context: object) -> Any:
        self._count(1)
        if term.coercion == "@json":
            return value
        if isinstance(value, Mapping):
            return self._object(value, term, scope, context)
        if term.iri in {_PROOF, _CREDENTIAL}:
            raise MalformedValueError("a proof or an enclosed credential is no object")
        return _scalar(value, term.coercion, self._within(scope, term))

    def _within(self, scope: Scope, term: Term, *, propagate: bool = True) -> Scope:
        """The scope that the context of `term` makes, where it has one."""
        if term.scoped is None:
            return scope
        self._scoped += 1
        if self._scoped > _SCOPED_LIMIT:
            raise PolicyLimitError("a document has more nodes than the budget allows")
        return enter(scope, term.scoped, propagate=propagate)

    def _object(
        self, value: Mapping[str, Any], term: Term, scope: Scope, context: object
    ) -> dict[str, Any]:
        if term.coercion not in {"", "@id", "@vocab"}:
            raise MalformedValueError("an object stands where a text or number belongs")
        within = self._within(scope.inner(), term)
        if term.iri == _CREDENTIAL:
            return self.document(value, within)
        if term.iri == _PROOF:
            value = self._proof(value, within, context)
        return self._node(value, within, context)

    def _proof(self, value: Mapping[str, Any], scope: Scope, context: object) -> Mapping[str, Any]:
        """A proof, which may repeat the contexts of its document (VC-DI 4.2) but no others."""
        if "@context" in value and self._known.names(value["@context"]) != self._known.names(
            context
        ):
            raise MalformedValueError("a proof has other contexts than its document")
        if not names_of_types(value, scope):
            raise MalformedValueError("a proof has no type")
        return {name: member for name, member in value.items() if name != "@context"}


def _scalar(value: object, coercion: str, scope: Scope) -> object:
    if coercion == "@id":
        return _identifier(value, scope)
    if coercion == "@vocab":
        if not isinstance(value, str) or not _means(value, scope) or value.startswith("@"):
            raise DataLossDetectionError("a value is no term of the contexts")
        return value
    if coercion and type(value) is not _NATIVE.get(coercion, str):
        raise MalformedValueError("a typed value is no JSON value of its type")
    return value


def _identifier(value: object, scope: Scope) -> str:
    """An absolute IRI or a blank node; none that a context would expand to something else."""
    if not isinstance(value, str):
        raise MalformedValueError("an identifier is no string")
    if _BLANK.fullmatch(value):
        return value
    iri(value)
    if value.partition(":")[0] in scope.terms:
        raise MalformedValueError("an identifier begins with a term of the contexts")
    return value
