"""DIDs: who signs, by which key, for which purpose. Methods: did:key, did:jwk, did:web.

The modules `key`, `jwk` and `web` have `of`, which makes a DID; `document` reads and builds the
documents, `multikey` the text form of keys.
"""

from vckit.did.document import DidDocument, build_document, parse_document
from vckit.did.resolver import METHODS, Resolver, holder_key, resolve_offline
from vckit.did.url import split

__all__ = [
    "METHODS",
    "DidDocument",
    "Resolver",
    "build_document",
    "holder_key",
    "parse_document",
    "resolve_offline",
    "split",
]
