"""Strict JSON: one meaning, within budgets."""

import json
import math
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vckit import vectors
from vckit.errors import MalformedValueError, ParsingError
from vckit.strict_json import DEFAULT, Limits, dumps, loads, loads_object

# JSONTestSuite accepts these; the rules here refuse them on purpose.
REFUSED_BY_RULE = {
    "y_object_duplicated_key.json",
    "y_object_duplicated_key_and_value.json",
    "y_number_double_close_to_zero.json",
}

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def test_suite(kind):
    folder = vectors.FOLDER / "json-parsing" / "test_parsing"
    return sorted(folder.glob(f"{kind}_*.json"))


test_suite.__test__ = False


def accepted(data):
    try:
        loads(data)
    except ParsingError:
        return False
    return True


@vectors.needed
def test_J26_all_188_malformed_files_of_the_suite_are_refused():
    files = test_suite("n")
    assert len(files) == 188
    assert [file.name for file in files if accepted(file.read_bytes())] == []


@vectors.needed
def test_J26_twin_92_of_95_wellformed_files_are_accepted_and_the_others_refused_by_rule():
    files = test_suite("y")
    assert len(files) == 95
    assert {file.name for file in files if not accepted(file.read_bytes())} == REFUSED_BY_RULE


@vectors.needed
def test_files_that_the_suite_leaves_free_give_a_value_or_a_parsing_error():
    taken = {file.name for file in test_suite("i") if accepted(file.read_bytes())}
    assert taken == {"i_number_double_huge_neg_exp.json", "i_number_real_underflow.json"}


@pytest.mark.parametrize(
    "text",
    [
        '{"alg":"none","alg":"ES256"}',
        '{"a":1,"\\u0061":2}',
        '[{"b":{"c":1,"c":1}}]',
    ],
)
def test_J10_a_member_named_twice_is_refused(text):
    with pytest.raises(ParsingError):
        loads(text)


def test_J10_twin_the_same_name_in_different_objects_is_fine():
    assert loads('{"a":{"a":1},"b":[{"a":2},{"a":3}]}') == {
        "a": {"a": 1},
        "b": [{"a": 2}, {"a": 3}],
    }


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b"9" * 1_000_000,
        b"1e400",
        b"-1e400",
        b'"\\ud800"',
        b'["\\udc00\\ud800"]',
        b'{"\\ud800":1}',
        '"\ud800"',
        '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-16-le"),
        b"\xef\xbb\xbf{}",
        b'"\xed\xa0\x80"',
        b'"\xc0\xaf"',
        b"NaN",
        b"Infinity",
        b"[-Infinity]",
        b"",
        b" ",
        b"{} {}",
        b"'a'",
        b'"a\nb"',
        b"[1,]",
        b"01",
        b"\\",
        "[\u00e9]" * 40,
        "\uff11",
    ],
    ids=range(28),
)
def test_J26_hostile_text_is_a_parsing_error_and_nothing_else(data):
    with pytest.raises(ParsingError) as refused:
        loads(data)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_a_caller_deep_in_the_stack_gets_a_parsing_error_too():
    shallow = Limits(depth=5_000)
    with pytest.raises(ParsingError):
        loads(b"[" * 4_999 + b"]" * 4_999, shallow)
    assert sys.getrecursionlimit() <= 5_000


def test_surrogate_pairs_and_escaped_backslashes_are_no_lone_surrogates():
    assert loads('"\\ud83d\\udc9b"') == "\U0001f49b"
    assert loads('"\\\\ud800"') == "\\ud800"


def nested(depth):
    return "[" * depth + "]" * depth


@pytest.mark.parametrize(
    ("at_the_limit", "over_it"),
    [
        (nested(32), nested(33)),
        ('{"a":' * 32 + "1" + "}" * 32, '{"a":' * 33 + "1" + "}" * 33),
        ("[" + "0," * 19_999 + "0]", "[" + "0," * 20_000 + "0]"),
        ('"' + "x" * 65_536 + '"', '"' + "x" * 65_537 + '"'),
        ('["' + '\\"' * 32_768 + '"]', '["' + '\\"' * 32_769 + '"]'),
        ('{"' + "x" * 65_536 + '":1}', '{"' + "x" * 65_537 + '":1}'),
        ("9" * 19, "9" * 20),
        ("-" + "9" * 19, "-" + "9" * 20),
        ("0." + "9" * 18, "0." + "9" * 19),
        ("1e" + "0" * 18, "1e" + "0" * 19),
    ],
)
def test_each_budget_holds_at_the_limit_and_not_one_over(at_the_limit, over_it):
    loads(at_the_limit)
    with pytest.raises(ParsingError):
        loads(over_it)


def test_brackets_commas_and_quotes_inside_strings_do_not_count():
    text = dumps(["[[[[{{{{,,,," * 5_000, '\\"[' * 5_000])
    assert loads(text) == ["[[[[{{{{,,,," * 5_000, '\\"[' * 5_000]


def test_many_shallow_containers_are_not_deep():
    value = [{"a": [1, {"b": []}]}] * 100
    assert loads(dumps(value)) == value


def test_limits_are_the_callers():
    with pytest.raises(ParsingError):
        loads("[1,2]", Limits(members=1))
    assert loads(f'"{"x" * 70_000}"', Limits(string=70_000)) == "x" * 70_000
    assert Limits(depth=32, members=20_000, string=65_536, digits=19) == DEFAULT


def test_a_flood_of_tokens_is_refused_before_it_is_parsed():
    for flood in (b'"aa"' * 2_000_000, b"[{}," * 2_000_000, b"[" + b"0," * 4_000_000):
        with pytest.raises(ParsingError, match="too many members"):
            loads(flood)


def test_integers_are_exact_and_fractions_are_floats():
    assert loads("9007199254740993") == 9_007_199_254_740_993
    assert isinstance(loads("1"), int)
    assert isinstance(loads("1.0"), float)


def test_I13_zero_below_zero_keeps_its_sign_and_is_no_integer():
    zero, twin = loads("-0"), loads("0")
    assert (type(zero), str(zero)) == (float, "-0.0")
    assert (type(twin), twin) == (int, 0)


def test_an_object_is_asked_for_by_name():
    assert loads_object(b'{"a":1}') == {"a": 1}
    for other in (b"[]", b"null", b'"a"', b"1"):
        with pytest.raises(ParsingError):
            loads_object(other)


@given(values)
def test_what_is_written_is_read_back(value):
    assert loads(dumps(value)) == value


@given(values)
def test_escaped_text_of_other_writers_is_read_the_same(value):
    assert loads(json.dumps(value, indent=1)) == value


@given(st.text(alphabet='{}[]",:\\u0123d89ae.-+ntf \n', max_size=40))
def test_nothing_is_accepted_that_the_standard_parser_refuses(text):
    if accepted(text):
        assert loads(text) == json.loads(text)


@given(st.binary(max_size=60))
def test_any_bytes_give_a_value_or_a_parsing_error(data):
    accepted(data)


def test_threads_share_the_reader_and_writer():
    documents = [{f"member{one}": [one] * 50, "same": {"a": str(one)}} for one in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda one: loads(dumps(one)), documents * 5)) == documents * 5


def test_writing_is_compact_utf_8():
    assert dumps({"naam": "Zoë", "a": [1, None]}) == '{"naam":"Zoë","a":[1,null]}'.encode()


@pytest.mark.parametrize("value", [math.nan, math.inf, "\ud800", {1, 2}, b"bytes", [object()]])
def test_what_has_no_json_form_is_not_written(value):
    with pytest.raises(MalformedValueError):
        dumps(value)
