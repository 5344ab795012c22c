"""JSON with one meaning only: RFC 8259 text within budgets, every member named once.

The standard parser takes the last of two equal members, NaN, lone surrogates and numbers of any
length; two parsers that read one signed text differently are an attack (RFC 8725 2.4).
"""

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

from vckit.errors import MalformedValueError, ParsingError


@dataclass(frozen=True)
class Limits:
    """How much is read before refusing.

    `depth` counts nested containers; `members` all members and elements together, an empty
    container as one; `string` the characters of one string as written; `digits` those of one
    number as written.
    """

    depth: int = 32
    members: int = 20_000
    string: int = 65_536
    digits: int = 19


DEFAULT = Limits()

_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_WHITE_SPACE = " \t\n\r"  # RFC 8259 2
_NO_BRACKETS = {code: None for code in range(128) if chr(code) not in "[]{}"}
_MAYBE_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def loads(data: bytes | str, limits: Limits = DEFAULT) -> Any:
    """Give the value of a JSON text; anything ambiguous or over the limits raises ParsingError."""
    text = _text(data).strip(_WHITE_SPACE)
    _check_budgets(text, limits)
    try:
        value, end = _decoder(limits.digits).raw_decode(text)
    except (ValueError, RecursionError):
        raise ParsingError("This is not strict JSON.") from None
    if end != len(text):
        raise ParsingError("Something follows the JSON value.")
    if "\\" in text and _MAYBE_SURROGATE.search(text):
        _refuse_lone_surrogates(value)
    return value


def loads_object(data: bytes | str, limits: Limits = DEFAULT) -> dict[str, Any]:
    """Give the value of a JSON text that must be an object, else ParsingError."""
    value = loads(data, limits)
    if not isinstance(value, dict):
        raise ParsingError("The JSON text is not an object.")
    return value


def dumps(value: object) -> bytes:
    """Give compact UTF-8 JSON; what has no JSON form raises MalformedValueError."""
    try:
        return _ENCODER.encode(value).encode()
    except (TypeError, ValueError, RecursionError):
        raise MalformedValueError("A value has no JSON form.") from None


def _text(data: bytes | str) -> str:
    """RFC 8259 8.1: UTF-8 without a byte order mark (the decoder refuses one in a str)."""
    try:
        if isinstance(data, str):
            data.encode()
            return data
        return data.decode()
    except UnicodeError:
        raise ParsingError("The JSON text is not UTF-8.") from None


def _check_budgets(text: str, limits: Limits) -> None:
    """Refuse by counting, before the parser allocates or recurses.

    On text that is no JSON the counts may be wrong only after the point where the parser stops.
    """
    opened = text.count("[") + text.count("{")
    if opened <= limits.depth and len(text) < min(limits.members, limits.string):
        return  # too short and flat for anything to be over
    if "\\" in text:
        text = text.replace("\\\\", "__").replace('\\"', "__")
    # A member has at most a name and a string: four quotes.
    if text.count('"') > 4 * limits.members + 2:
        raise ParsingError("The JSON text has too many members.")
    pieces = text.split('"')
    if len(text) > limits.string and len(max(pieces[1::2], key=len, default="")) > limits.string:
        raise ParsingError("A JSON string is too long.")
    _check_structure("".join(pieces[::2]), limits)


def _check_structure(outside: str, limits: Limits) -> None:
    """Count what stands outside of all strings."""
    opened = outside.count("[") + outside.count("{")
    if opened + outside.count(",") > limits.members:
        raise ParsingError("The JSON text has too many members.")
    if opened > limits.depth:
        _check_depth(outside, limits.depth)


def _check_depth(outside: str, depth: int) -> None:
    """Peel off innermost pairs; what is left after `depth` rounds is deeper, or never closed."""
    if not outside.isascii():
        raise ParsingError("This is not strict JSON.")
    brackets = outside.translate(_NO_BRACKETS)
    for _ in range(depth):
        brackets = brackets.replace("[]", "").replace("{}", "")
        if not brackets:
            return
    raise ParsingError("The JSON text is nested too deeply.")


@lru_cache(maxsize=16)
def _decoder(digits: int) -> json.JSONDecoder:
    def parse_int(text: str) -> int | float:
        if len(text) - text.startswith("-") > digits:
            raise ParsingError("A JSON number is too long.")
        # An int would lose the sign that other readers keep (row I13).
        return -0.0 if text == "-0" else int(text)

    def parse_float(text: str) -> float:
        if sum(map(str.isdigit, text)) > digits:
            raise ParsingError("A JSON number is too long.")
        value = float(text)
        if value in (float("inf"), float("-inf")):
            raise ParsingError("A JSON number is out of range.")
        return value

    return json.JSONDecoder(
        object_pairs_hook=_object,
        parse_int=parse_int,
        parse_float=parse_float,
        parse_constant=_refuse_constant,
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ParsingError("A JSON object names a member twice.")
    return members


def _refuse_constant(_name: str) -> NoReturn:
    raise ParsingError("NaN and Infinity are not JSON.")


def _refuse_lone_surrogates(value: object) -> None:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeError:
        raise ParsingError("A JSON string holds half a surrogate pair.") from None
