"""JSON Schema 2020-12 with the shipped schemas only: the door to `jsonschema`."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import best_match
from referencing import Registry, Resource

import contexts
from vckit.errors import MalformedValueError

_IDENTIFIER: Final = "https://w3id.org/blauwe-knop/"
_SCHEMAS: Final = "schemas/"


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
    return _Validator(schema, registry=_registry())


@cache
def _registry() -> Registry[Any]:
    """Every schema that a reference may reach; nothing is retrieved."""
    keys = [key for key in contexts.OWN if key.startswith(_SCHEMAS)]
    schemas = [json.loads(contexts.own(key)) for key in keys]
    resources = [(schema["$id"], Resource.from_contents(schema)) for schema in schemas]
    empty: Registry[Any] = Registry()
    return empty.with_resources(resources)
