"""JSON Schema 2020-12 with the shipped schemas only: the door to `jsonschema`."""

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry, Resource
from referencing.exceptions import NoSuchResource

import contexts
from vckit.errors import MalformedValueError

_OWN_IDENTIFIERS: Final = "https://w3id.org/blauwe-knop/"


def validate(document: object, schema_url_or_name: str) -> None:
    """Raise MalformedValueError, naming the JSON pointer, where `document` breaks the schema.

    The schema is a key of `contexts.own`, its `$id`, or the URL of a shipped W3C schema; others
    raise `contexts.UnknownDocumentError`. No value of the document reaches the error.
    """
    error = best_match(_validator(schema_url_or_name).iter_errors(document))
    if error is not None:
        place = _pointer(error.absolute_path)
        raise MalformedValueError(f"the document breaks its schema at {place}")


def _pointer(path: Iterable[str | int]) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in path)
    return "".join(f"/{part}" for part in parts) or "/"


@cache
def _validator(name: str) -> Draft202012Validator:
    registry: Registry[Any] = Registry(retrieve=_retrieve)  # type: ignore[call-arg]  # attrs alias
    return Draft202012Validator(_load(name), registry=registry)


def _retrieve(uri: str) -> Resource[Any]:
    try:
        return Resource.from_contents(_load(uri))
    except contexts.UnknownDocumentError as error:
        raise NoSuchResource(ref=uri) from error


def _load(name: str) -> Any:
    key = name.removeprefix(_OWN_IDENTIFIERS)
    if key in contexts.OWN:
        return json.loads(contexts.own(key))
    return contexts.load(name)
