"""From expanded JSON-LD to quads (JSON-LD 1.1 API 8.1), for what our contexts can lead to.

Linear in the size of the document, and strict: what has no place in a quad is an error.
"""

from collections.abc import Mapping
from typing import Any, Final

from vckit import jcs
from vckit.errors import DataLossDetectionError
from vckit.rdf.quads import XSD, Quad, iri, literal

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE: Final = f"<{_RDF}type>"


def flatten(expanded: list[dict[str, Any]], *, statements: int, base: str) -> list[Quad]:
    """The quads of an expanded document, which must be `statements`.

    Raises DataLossDetectionError when expansion has lost or added any, or has resolved an
    identifier against `base`.
    """
    flattening = _Flattening()
    for node in expanded:
        flattening.node(node)
    resolved = any(term.startswith(f"<{base}") for quad in flattening.quads for term in quad)
    if resolved or len(flattening.quads) != statements:
        raise DataLossDetectionError("a part of the document means nothing")
    return flattening.quads


class _Flattening:
    """Collects the `quads` of one expanded document."""

    def __init__(self) -> None:
        self.quads: list[Quad] = []
        self._labels: dict[str, str] = {}
        self._issued = 0

    def node(self, node: Mapping[str, Any], graph: str = "") -> str:
        """Add what `node` states within `graph`, a term; gives the term of the node itself."""
        subject = self._reference(node["@id"]) if "@id" in node else self._blank()
        for key, values in node.items():
            if key == "@type":
                self.quads.extend(Quad(subject, _TYPE, iri(one), graph) for one in values)
            elif key != "@id":
                self._property(subject, key, values, graph)
        return subject

    def _property(self, subject: str, key: str, values: list[Any], graph: str) -> None:
        if key.startswith("@"):
            raise DataLossDetectionError("a document uses a part of JSON-LD that we don't know")
        predicate = iri(key)
        for value in values:
            self.quads.append(Quad(subject, predicate, self._object(value, graph), graph))

    def _object(self, value: Mapping[str, Any], graph: str) -> str:
        if "@value" in value:
            return _literal(value)
        if "@graph" not in value:
            return self.node(value, graph)
        name = self._blank()
        for node in value["@graph"]:
            self.node(node, name)
        return name

    def _reference(self, identifier: str) -> str:
        """Labels of the document get new ones, which can't be those of nodes without any."""
        if not identifier.startswith("_:"):
            return iri(identifier)
        if identifier not in self._labels:
            self._labels[identifier] = self._blank()
        return self._labels[identifier]

    def _blank(self) -> str:
        self._issued += 1
        return f"_:b{self._issued}"


def _literal(value: Mapping[str, Any]) -> str:
    if not value.keys() <= {"@value", "@type"}:
        raise DataLossDetectionError("a document uses a part of JSON-LD that we don't know")
    content, datatype = value["@value"], value.get("@type", "")
    if datatype == "@json":
        return literal(jcs.canonicalize(content).decode(), _RDF + "JSON")
    if isinstance(content, bool):
        return literal("true" if content else "false", datatype or XSD + "boolean")
    if isinstance(content, int):
        return literal(str(content), datatype or XSD + "integer")
    return literal(content, datatype)
