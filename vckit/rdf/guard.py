"""What a JSON-LD document may be made of, judged before a JSON-LD processor sees it.

An RDF signature covers what the document means, not its JSON; a processor silently drops what
means nothing to it. So everything is refused that would be dropped, or read in two ways.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from vckit.errors import DataLossDetectionError, MalformedValueError, PolicyLimitError
from vckit.rdf.canonical import TEXT_LIMIT

_DEPTH_LIMIT: Final = 32
_VALUE_LIMIT: Final = 20_000
_INTEGER_LIMIT: Final = 2**53  # RFC 7493 2.2: above it readers round differently.

_KEYWORDS: Final = frozenset(
    {
        *("@base", "@container", "@context", "@default", "@direction", "@graph", "@id", "@import"),
        *("@included", "@index", "@json", "@language", "@list", "@nest", "@none", "@prefix"),
        *("@propagate", "@protected", "@reverse", "@set", "@type", "@value", "@version", "@vocab"),
    }
)
# Control characters, noncharacters and halves of surrogate pairs: processors write them
# differently, and none belongs in data.
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
    + "]"
)


class Guard:
    """One pass over one document; `check` raises the error of the first thing that is refused.

    DataLossDetectionError for what a processor would drop, MalformedValueError for what it would
    read differently than people do, PolicyLimitError for what is too deep or too much.
    """

    def __init__(self) -> None:
        self._left = _VALUE_LIMIT
        self._text_left = TEXT_LIMIT

    def check(self, value: Any, depth: int = 1) -> None:
        """Judge `value`, a parsed JSON value, and all within. `@context` is not looked into."""
        self._left -= 1
        if self._left < 0 or depth > _DEPTH_LIMIT:
            raise PolicyLimitError("a document is larger or deeper than the budget allows")
        if isinstance(value, Mapping):
            self._check_object(value, depth)
        elif isinstance(value, list):
            self._check_array(value, depth)
        else:
            self._check_scalar(value)

    def _check_object(self, value: Mapping[str, Any], depth: int) -> None:
        for key, member in value.items():
            if key != "@context":
                self._check_key(key)
                self.check(member, depth + 1)

    def _check_array(self, value: list[Any], depth: int) -> None:
        for member in value:
            if isinstance(member, list):
                raise MalformedValueError("an array stands directly within an array")
            self.check(member, depth + 1)

    def _check_key(self, key: str) -> None:
        if key in _KEYWORDS:
            raise MalformedValueError("a member is named after a keyword of JSON-LD")
        if key.startswith("@"):
            raise DataLossDetectionError("a member has a name that JSON-LD ignores")
        self._check_text(key)

    def _check_scalar(self, value: object) -> None:
        if value is None:
            raise DataLossDetectionError("a member is null, which JSON-LD ignores")
        if isinstance(value, str):
            self._check_text(value)
        elif not isinstance(value, int) or abs(value) >= _INTEGER_LIMIT:
            raise MalformedValueError("a number is no integer that every reader keeps exactly")

    def _check_text(self, text: str) -> None:
        self._text_left -= len(text)
        if self._text_left < 0:
            raise PolicyLimitError("more text than the budget allows")
        if not text.isprintable() and _UNSAFE.search(text):
            raise MalformedValueError("a text contains a control character or no character at all")
