"""The description of the API (OpenAPI 3.1): what is published, and what requests are judged by."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from vckit import json_schema

_FILE: Final = Path(__file__).with_name("openapi.json")
# What people read for a keyword of JSON Schema; no value of the document is in it.
_WORDS: Final = {
    "additionalProperties": "has a member that is not known here",
    "dependentRequired": "lacks a member that another one needs",
    "enum": "is none of the values that are known",
    "format": "is not a day of the calendar, as YYYY-MM-DD",
    "maxItems": "has too many elements",
    "maxLength": "is too long",
    "minItems": "has too few elements",
    "minLength": "is too short",
    "pattern": "is not written as it must be",
    "required": "is missing",
    "type": "is of another type",
    "uniqueItems": "names something twice",
}


@cache
def raw() -> bytes:
    """The bytes that are published."""
    return _FILE.read_bytes()


@cache
def document() -> dict[str, Any]:
    """The description, parsed once: everybody gets the same one, so change nothing."""
    parsed: dict[str, Any] = json.loads(raw())
    return parsed


def breaches(content: object, schema: str) -> list[tuple[str, str]]:
    """JSON pointers to where `content` breaks a schema of the description, and what is wrong."""
    found = json_schema.breaches(content, f"/components/schemas/{schema}", document())
    return [(pointer, _WORDS.get(keyword, "is not allowed")) for pointer, keyword in found]
