"""Claims path pointers over JSON-based credentials: OpenID4VP 1.0 section 7.1."""

from collections.abc import Iterator, Mapping
from typing import Any

from vckit.sd_jwt import Path

__all__ = ["Path", "Pointer", "resolve", "select"]

Pointer = tuple[str | int | None, ...]

_Selected = list[tuple[Path, Any]]


class _Aborted(Exception):  # noqa: N818  section 7.1.1 calls it aborting
    """Section 7.1.1: abort processing and return an error."""


def select(claims: Mapping[str, Any], pointer: Pointer) -> list[Path]:
    """Give the concrete paths that a pointer selects; `None` in it stands for every element.

    Empty where section 7.1.1 speaks of an error: nothing is there, or a part is of another kind.
    """
    return [path for path, _ in resolve(claims, pointer)]


def resolve(claims: Mapping[str, Any], pointer: Pointer) -> _Selected:
    """Give the selected paths with their values, as `select` does."""
    selected: _Selected = [((), claims)]
    try:
        for component in pointer:
            selected = [step for one in selected for step in _steps(one, component)]
    except _Aborted:
        return []
    return selected


def _steps(selected: tuple[Path, Any], component: str | int | None) -> Iterator[tuple[Path, Any]]:
    path, value = selected
    if isinstance(component, str):  # 7.1.1 step 2.1
        if not isinstance(value, Mapping):
            raise _Aborted
        if component in value:
            yield (*path, component), value[component]
        return
    if not isinstance(value, list):
        raise _Aborted
    if component is None:  # step 2.2
        yield from (((*path, index), element) for index, element in enumerate(value))
    elif component < len(value):  # step 2.3
        yield (*path, component), value[component]
