"""Which contexts a document may name: the shipped ones, by URL or as the same object inline."""

import copy
import json
from collections.abc import Mapping
from typing import Any, Final

import contexts
from vckit.errors import ConfigurationError, DataLossDetectionError, MalformedValueError
from vckit.rdf.scopes import Context, parse_context

_LIST_LIMIT: Final = 8
_INLINE: Final = "urn:blauwe-knop:inline:"  # Names an own context that stood inline.


class KnownContexts:
    """The contexts of others that are shipped, and our own at the URLs of `own`.

    `own` maps a URL to a key of `contexts.OWN`. Inline our own are known without it.
    """

    def __init__(self, own: Mapping[str, str]) -> None:
        if own.keys() & contexts.documents().keys():
            raise ConfigurationError("an own context has the URL of one that is shipped")
        keys = [key for key in contexts.OWN if key.startswith("context/")]
        own_documents = {key: json.loads(contexts.own(key)) for key in {*keys, *own.values()}}
        self._inline = {_canonical(own_documents[key]["@context"]): _INLINE + key for key in keys}
        self._own = {_INLINE + key: own_documents[key] for key in keys}
        self._own |= {url: own_documents[key] for url, key in own.items()}
        self._urls = own.keys() | contexts.documents().keys()
        self._parsed: dict[str, Context] = {}

    def names(self, value: object) -> list[str]:
        """The names under which `context` knows the entries of an `@context`, in their order.

        Raises MalformedValueError for an entry that is not known, DataLossDetectionError for an
        object that is none of ours: nobody agreed on what its terms mean.
        """
        entries = value if isinstance(value, list) else [value]
        if not 0 < len(entries) <= _LIST_LIMIT:
            raise MalformedValueError("a document names no contexts, or too many")
        return [self._name(entry) for entry in entries]

    def _name(self, entry: object) -> str:
        if isinstance(entry, str):
            if entry in self._urls:
                return entry
            raise MalformedValueError("a context is not among those that are shipped")
        if not isinstance(entry, Mapping):
            raise MalformedValueError("a context is neither a URL nor an object")
        name = self._inline.get(_canonical(entry))
        if name is None:
            raise DataLossDetectionError("an inline context is none of ours")
        return name

    def context(self, name: str) -> Context:
        """What the context under one of `names` defines."""
        if name not in self._parsed:
            self._parsed[name] = parse_context(self._document(name)["@context"])
        return self._parsed[name]

    def copy(self, name: str) -> dict[str, Any]:
        """The document of a context as JSON, for a reader that may change what it gets."""
        return copy.deepcopy(self._document(name))

    def _document(self, name: str) -> dict[str, Any]:
        return self._own[name] if name in self._own else contexts.load(name)


def _canonical(value: object) -> str:
    """Equal for equal JSON only: as Python values 1, 1.0 and true are equal too."""
    try:
        return json.dumps(value, sort_keys=True)
    except (TypeError, ValueError, RecursionError):
        raise MalformedValueError("a context is no JSON object") from None
