"""RDF: quads, N-Quads, canonicalisation (RDFC-1.0), and JSON-LD without surprises."""

from vckit.rdf.canonical import Canonical, canonicalize
from vckit.rdf.quads import Quad, parse_nquads, serialize_nquads

__all__ = ["Canonical", "Quad", "canonicalize", "parse_nquads", "serialize_nquads"]
