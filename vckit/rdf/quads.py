"""RDF datasets as quads of strings, and N-Quads, the text that they are written as.

A term is a string in canonical N-Quads form: `<https://…>`, `_:label`, `"text"`,
`"text"^^<https://…>` or `"text"@nl`. So comparing, sorting and hashing need no conversion.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Final, NamedTuple

from vckit.errors import MalformedValueError, ParsingError

XSD: Final = "http://www.w3.org/2001/XMLSchema#"

# Canonical N-Quads (RDFC-1.0 appendix A): what must be escaped within a literal.
_SHORT: Final = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}
_LONG: Final = (*range(0x20), 0x7F, 0xFFFE, 0xFFFF)
_ESCAPES: Final = {code: f"\\u{code:04X}" for code in _LONG} | _SHORT
_MUST_ESCAPE: Final = re.compile('[\x00-\x1f"\\\\\x7f\ufffe\uffff]')

_IRI: Final = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{}|^`\\\ud800-\udfff]*""")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ESCAPED: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_UNESCAPED: Final = {
    "t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"
}  # fmt: skip

# The grammar of N-Quads 1.1. Lines end at CR and LF only: U+2028 is an ordinary character.
_LABEL_START: Final = (
    "A-Za-z0-9_:\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_LABEL_REST: Final = f"[{_LABEL_START}\u00b7\u0300-\u036f\u203f\u2040-]"
_BLANK: Final = f"_:[{_LABEL_START}]{_LABEL_REST}*+(?:\\.+{_LABEL_REST}++)*+"
_REFERENCE: Final = r'<[^\x00-\x20<>"]*+>'
_LITERAL: Final = (
    r'"(?:[^"\\\r\n]|\\.)*+"'
    rf"(?:\^\^{_REFERENCE}|@[A-Za-z]++(?:-[A-Za-z0-9]++)*+)?+"
)
_EMPTY: Final = re.compile(r"[ \t]*+(?:#.*)?")
_LINE_END: Final = re.compile(r"[\r\n]+")


@cache
def _line() -> re.Pattern[str]:
    """Slow to compile, and only needed by who reads N-Quads."""
    return re.compile(
        rf"[ \t]*+({_REFERENCE}|{_BLANK})[ \t]*+({_REFERENCE})[ \t]*+"
        rf"({_REFERENCE}|{_BLANK}|{_LITERAL})[ \t]*+({_REFERENCE}|{_BLANK})?+[ \t]*+\."
        r"[ \t]*+(?:#.*)?"
    )


class Quad(NamedTuple):
    """A statement; each member is a term in canonical form, `graph` "" for the default graph.

    Everything here takes plain tuples of four such strings as well.
    """

    subject: str
    predicate: str
    object: str
    graph: str = ""


def iri(value: str) -> str:
    """The term of an absolute IRI; MalformedValueError for a relative or malformed one."""
    if not _IRI.fullmatch(value):
        raise MalformedValueError("an IRI is relative or malformed")
    return f"<{value}>"


def literal(value: str, datatype: str = "") -> str:
    """The term of a literal. `datatype` is an absolute IRI; "" and xsd:string are the same."""
    if not value.isprintable() and _SURROGATE.search(value):
        raise MalformedValueError("a literal is no sequence of Unicode characters")
    if _MUST_ESCAPE.search(value):
        value = value.translate(_ESCAPES)
    plain = f'"{value}"'
    return plain if datatype in {"", XSD + "string"} else f"{plain}^^{iri(datatype)}"


def line(quad: tuple[str, str, str, str]) -> str:
    """The canonical N-Quads line of a quad, with its line feed."""
    if quad[3]:
        return f"{quad[0]} {quad[1]} {quad[2]} {quad[3]} .\n"
    return f"{quad[0]} {quad[1]} {quad[2]} .\n"


def serialize_nquads(quads: Iterable[tuple[str, str, str, str]]) -> str:
    """Canonical N-Quads in order of code points, duplicates left out, labels as they are."""
    return "".join(sorted({line(quad) for quad in quads}))


def parse_nquads(text: str) -> list[Quad]:
    """Every statement of an N-Quads 1.1 document, in order; ParsingError where it is none."""
    lines = (one for one in _LINE_END.split(text) if not _EMPTY.fullmatch(one))
    return [_quad(one) for one in lines]


def _quad(text: str) -> Quad:
    match = _line().fullmatch(text)
    if match is None:
        raise ParsingError("a line is no N-Quads statement")
    subject, predicate, thing, graph = match.groups(default="")
    return Quad(_term(subject), _term(predicate), _term(thing), _term(graph))


def _term(text: str) -> str:
    """The canonical form of a term that is written with any escapes the grammar allows."""
    if text.startswith("<"):
        return iri(_unescape(text[1:-1], short=False))
    if not text.startswith('"'):
        return text
    value, _, suffix = text[1:].rpartition('"')
    if suffix.startswith("^^"):
        return literal(_unescape(value), _unescape(suffix[3:-1], short=False))
    return literal(_unescape(value)) + suffix


def _unescape(text: str, *, short: bool = True) -> str:
    def replacement(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code and int(code, 16) <= 0x10FFFF:  # noqa: PLR2004  the last code point of Unicode
            return chr(int(code, 16))
        if short and match[3] in _UNESCAPED:
            return _UNESCAPED[match[3]]
        raise ParsingError("an escape is none of N-Quads")

    return _ESCAPED.sub(replacement, text) if "\\" in text else text
