"""RDF: quads, N-Quads, canonicalisation (RDFC-1.0), and JSON-LD without surprises."""

from vckit.rdf.canonical import QUAD_LIMIT, WORK_LIMIT, Canonical, canonicalize
from vckit.rdf.json_ld import JsonLd
from vckit.rdf.quads import Quad, parse_nquads, serialize_nquads

__all__ = [
    "QUAD_LIMIT",
    "WORK_LIMIT",
    "Canonical",
    "JsonLd",
    "Quad",
    "canonicalize",
    "parse_nquads",
    "serialize_nquads",
]
