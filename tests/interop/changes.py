"""Every kind of change to what somebody signed, one at a time."""

import base64
import copy
import json
from collections.abc import Iterator
from typing import Any

Changed = tuple[str, Any]


def of_document(document: dict[str, Any]) -> Iterator[Changed]:
    """A value changed and a member gone, for every member; of arrays the first element only."""
    for path in _paths(document):
        yield f"{_name(path)} changed", _edited(document, path, _other)
        yield f"{_name(path)} gone", _edited(document, path, None)


def of_jwt(text: str) -> Iterator[Changed]:
    """The same for header and claims of a JWT, its signature kept; and the signature itself."""
    head, body, signature = text.split(".")
    for place, part in enumerate((head, body)):
        for name, changed in of_document(_decoded(part)):
            parts = [head, body, signature]
            parts[place] = _encoded(changed)
            yield name, ".".join(parts)
    yield "signature changed", f"{head}.{body}.{_other(signature)}"


def of_sd_jwt(text: str) -> Iterator[Changed]:
    """The same for an SD-JWT, each of its disclosures included; each may be left out, too."""
    jwt, *disclosures, _ = text.split("~")
    for name, changed in of_jwt(jwt):
        yield name, "~".join([changed, *disclosures, ""])
    for place, disclosure in enumerate(disclosures):
        *before, value = _decoded(disclosure)
        changed = _encoded([*before, _other(value)])
        replaced = [*disclosures[:place], changed, *disclosures[place + 1 :]]
        yield f"disclosure {before[1:]} changed", "~".join([jwt, *replaced, ""])
        yield f"disclosure {before[1:]} twice", "~".join([jwt, *disclosures, disclosure, ""])


def _paths(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if at:
        yield at
    if isinstance(value, dict):
        for name, member in value.items():
            yield from _paths(member, (*at, name))
    elif isinstance(value, list) and value:
        yield from _paths(value[0], (*at, 0))


def _name(path: tuple[str | int, ...]) -> str:
    return ".".join(map(str, path))


def _edited(document: dict[str, Any], path: tuple[str | int, ...], change: Any) -> dict[str, Any]:
    edited = copy.deepcopy(document)
    inside: Any = edited
    for step in path[:-1]:
        inside = inside[step]
    if change is None:
        del inside[path[-1]]
    else:
        inside[path[-1]] = change(inside[path[-1]])
    return edited


def _other(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            # In front of the last characters, which in base64 may not count.
            place = max(len(value) - 4, 0)
            other = "A" if value[place : place + 1] != "A" else "B"
            return value[:place] + other + value[place + 1 :]
        case list():
            return [*value, "urn:uuid:00000000-0000-4000-8000-000000000000"]
        case dict():
            return {**value, "undefinedTerm": "urn:uuid:00000000-0000-4000-8000-000000000000"}
    raise TypeError("no JSON that a credential may hold")


def _decoded(part: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _encoded(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
