"""JSON Schema 2020-12 with the shipped schemas only: the door to `jsonschema`."""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final, cast

from jsonschema import Draft202012Validator, FormatChecker, validators
from jsonschema.exceptions import ValidationError, best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

import contexts
from vckit.errors import MalformedValueError

_IDENTIFIER: Final = "https://w3id.org/blauwe-knop/"
_LOCAL: Final = "#/$defs/"
_WITHIN: Final = "urn:within"


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


def breaches(document: object, pointer: str, within: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where `document` breaks a schema that stands in `within`, such as an OpenAPI description.

    `pointer` leads to it ("/components/schemas/Person"). Gives JSON pointers with the keyword that
    is broken there: a missing member is named, one that is not known only by where it stands.
    """
    resource = DRAFT202012.create_resource(within)
    registry: Registry[Any] = Registry().with_resource(_WITHIN, resource)
    validator = _Validator(
        {"$ref": f"{_WITHIN}#{pointer}"}, registry=registry, format_checker=_FORMATS
    )
    return sorted({place for each in validator.iter_errors(document) for place in _places(each)})


_FORMATS: Final = FormatChecker(formats=["date"])


def _places(error: ValidationError) -> list[tuple[str, str]]:
    place, keyword = "".join(f"/{part}" for part in error.absolute_path), str(error.validator)
    if keyword == "required":
        wanted = cast("Sequence[str]", error.validator_value)
        present = cast("Mapping[str, Any]", error.instance)
        return [(f"{place}/{name}", keyword) for name in wanted if name not in present]
    return [(place, keyword)]


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
