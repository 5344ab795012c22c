"""N-Quads: what is read, what is refused, and the one way in which they are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vckit.errors import MalformedValueError, ParsingError
from vckit.rdf import Quad, parse_nquads, serialize_nquads
from vckit.rdf.quads import iri, literal

S, P, T = "<https://s.example/>", "<https://p.example/>", "<https://o.example/>"
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
HOSTILE = '\x00\b\t\n\v\f\r\x1f"\\\x7f\x80\x85\u2028\u2029\ufdd0\ufffe\uffff\U0001f600\U0001fffe'


@given(TEXT)
def test_every_text_survives_being_written_and_read(text):
    quads = [Quad(S, P, literal(text))]
    assert parse_nquads(serialize_nquads(quads)) == quads


def test_escapes_are_those_of_the_canonical_form():
    assert literal(HOSTILE) == (
        '"\\u0000\\b\\t\\n\\u000B\\f\\r\\u001F\\"\\\\\\u007F'
        '\x80\x85\u2028\u2029\ufdd0\\uFFFE\\uFFFF\U0001f600\U0001fffe"'
    )


def test_a_line_ends_at_cr_and_lf_only():
    text = f'{S} {P} "a\u2028b\x85c" .\r\n\n{S} {P} {T} . # note\r# note\n \t\n'
    assert parse_nquads(text) == [Quad(S, P, '"a\u2028b\x85c"'), Quad(S, P, T)]


@pytest.mark.parametrize(
    ("text", "quad"),
    [
        (f"{S}{P}{T}.", Quad(S, P, T)),
        (f"\t{S} {P} {T} {S}\t.", Quad(S, P, T, S)),
        (f"_:a.b {P} _:c.", Quad("_:a.b", P, "_:c")),
        (f"_:0 {P} _:\u00e9 _:g .", Quad("_:0", P, "_:\u00e9", "_:g")),
        (f'{S} {P} "x"@nl-NL .', Quad(S, P, '"x"@nl-NL')),
        (f'{S} {P} "x"^^{T} .', Quad(S, P, f'"x"^^{T}')),
        (
            f'{S} {P} "x"^^<http://www.w3.org/2001/XMLSchema#string> .',
            Quad(S, P, '"x"'),
        ),
        (f'{S} {P} "\\u00E9\\U0001F600\\\'" .', Quad(S, P, '"\u00e9\U0001f600\'"')),
        (f"<urn:\\u0065x> {P} {T} .", Quad("<urn:ex>", P, T)),
    ],
)
def test_every_way_of_writing_is_read_into_one(text, quad):
    assert parse_nquads(text) == [quad]


@pytest.mark.parametrize(
    "text",
    [
        f"{S} {P} .",
        f"{S} {P} {T}",
        f"{S} _:p {T} .",
        f'"s" {P} {T} .',
        f'{S} {P} {T} "g" .',
        f"<relative> {P} {T} .",
        f"<urn:a b> {P} {T} .",
        f"<urn:\\n> {P} {T} .",
        f"<urn:\\u0020> {P} {T} .",
        f"<urn:{{}}> {P} {T} .",
        f'{S} {P} "a"b" .',
        f'{S} {P} "\\x" .',
        f'{S} {P} "\\uD800" .',
        f'{S} {P} "\\U00110000" .',
        f'{S} {P} "x"^^<a"b> .',
        f'{S} {P} "x"@ .',
        f"_:a. {P} {T} .",
        f"_:-a {P} {T} .",
        f"{S} {P} {T} . {T}",
    ],
)
def test_what_is_no_statement_is_refused(text):
    with pytest.raises((ParsingError, MalformedValueError)):
        parse_nquads(text)


def test_statements_are_written_once_and_in_order_of_code_points():
    # UTF-16 would put the astral character first.
    quads = [Quad(S, P, '"\U0001f600"'), Quad(S, P, '"\uff00"'), Quad(S, P, '"\uff00"')]
    assert serialize_nquads(quads) == f'{S} {P} "\uff00" .\n{S} {P} "\U0001f600" .\n'


@pytest.mark.parametrize("value", ["", "relative", "//host/path", "1a:b", "urn:a>b", "urn:\ud800"])
def test_a_term_is_made_of_an_absolute_iri_only(value):
    with pytest.raises(MalformedValueError):
        iri(value)
    assert iri("urn:a") == "<urn:a>"


def test_a_literal_is_made_of_characters_only():
    with pytest.raises(MalformedValueError):
        literal("\ud800")
