"""Base64 with one spelling for each value."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vckit.encoding import b64_decode, b64_encode, b64url_decode, b64url_encode, sha256_b64url
from vckit.errors import ParsingError


@given(st.binary(max_size=100))
def test_what_is_encoded_is_decoded(data):
    assert b64url_decode(b64url_encode(data)) == data
    assert b64_decode(b64_encode(data)) == data
    assert b64url_encode(data) == base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@given(st.text(alphabet="AQgwz09-_+/= \n\u00e9", max_size=12))
def test_J11_only_the_canonical_text_is_read(text):
    try:
        data = b64url_decode(text)
    except ParsingError:
        return
    assert b64url_encode(data) == text


@pytest.mark.parametrize(
    "text",
    [
        "QQ==",  # padding
        "QQ=",
        "-_8+",  # the other alphabet
        "+/8",
        "Q Q",
        "QUI\n",
        "\nQUI",
        "QR",  # unused bits that are not zero
        "QUJ",
        "Q",  # no number of octets
        "QUFBQ",
        "QÜ",
        "ＱＱ",  # noqa: RUF001  full-width letters are the point
        "QQ\x00",
        "!!!!",
    ],
)
def test_J11_another_spelling_is_refused(text):
    with pytest.raises(ParsingError):
        b64url_decode(text)


@pytest.mark.parametrize("text", ["QQ", "QR==", "QQ=", "Q Q=", "-_8=", "QQ==\n", "QQ==QQ==", "é"])
def test_standard_base64_is_padded_and_canonical(text):
    with pytest.raises(ParsingError):
        b64_decode(text)


@pytest.mark.parametrize("value", [None, 5, b"QQ", ["QQ"]])
def test_what_is_no_text_is_refused(value):
    with pytest.raises(ParsingError):
        b64url_decode(value)
    with pytest.raises(ParsingError):
        b64_decode(value)


def test_a_digest_travels_in_43_characters():
    expected = base64.urlsafe_b64encode(hashlib.sha256(b"abc").digest()).rstrip(b"=").decode()
    assert sha256_b64url(b"abc") == expected
    assert len(expected) == 43
