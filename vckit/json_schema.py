"""JSON Schema 2020-12 with the shipped schemas only: the door to `jsonschema`."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import best_match
from referencing import Registry

import contexts
from vckit.errors import MalformedValueError

_IDENTIFIER: Final = "https://w3id.org/blauwe-knop/"
_LOCAL: Final = "#/$defs/"


def _is_integer(_checker: object, value: object) -> bool:
    # JSON Schema calls 12.0 an integer; an amount of cents is never written so.
    return isinstance(value, int) and not isinstance(value, bool)


_Validator: Final[type[Draft202012Validator]] = validators.extend(  # type: ignore[no-untyped-call]  # the library has no types for it
    Draft202012Validator,
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)


def validate(document: object, schema_url_or_name: str) -> None:
    """Raise MalformedValueError, naming the JSON pointer, where `document` breaks the schema.

    The schema is a key of `contexts.own` or its `$id`; others raise
    `contexts.UnknownDocumentError`. No value of the document reaches the error.
    """
    error = best_match(_validator(schema_url_or_name).iter_errors(document))
    if error is not None:
        place = _pointer(error.absolute_path)
        raise MalformedValueError(f"the document breaks its schema at {place}")


def _pointer(path: Iterable[str | int]) -> str:
    """RFC 6901; every name in it is one that the schema knows."""
    return "".join(f"/{part}" for part in path) or "/"


@cache
def _validator(name: str) -> Draft202012Validator:
    schema = json.loads(contexts.own(name.removeprefix(_IDENTIFIER)))
    nothing: Registry[Any] = Registry()  # So nothing is ever retrieved.
    return _Validator(_inlined(schema, schema["$defs"]), registry=nothing)


def _inlined(part: Any, definitions: Mapping[str, Any]) -> Any:
    """The schema with its local references replaced: looking them up takes most of the time."""
    if isinstance(part, list):
        return [_inlined(element, definitions) for element in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        return _inlined(definitions[part["$ref"].removeprefix(_LOCAL)], definitions)
    return {name: _inlined(value, definitions) for name, value in part.items() if name != "$defs"}
