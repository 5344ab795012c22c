"""Token Status List: packing, the published encodings, and what is refused."""

import json
import re
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vckit.vectors import FOLDER, needed
from vckit import jose, status
from vckit.encoding import b64url_encode
from vckit.errors import (
    MalformedValueError,
    RangeError,
    StatusRetrievalError,
    StatusVerificationError,
)
from vckit.keys import PrivateKey
from vckit.status import token_status_list as lists

NOW = 1_795_500_000
URI = "https://boxtel.example/status/1"
ISSUER = PrivateKey.generate("ES256")
# The values of the draft's appendix "Test vectors"; all others of the 2^20 entries are 0.
ONE_BIT = [0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345]
TWO_BITS = dict(zip(ONE_BIT, [1, 2, 1, 3, 1, 1, 2, 1, 1, 2, 3], strict=True))
FOUR_BITS = {
    0: 1,
    1993: 2,
    35460: 3,
    459495: 4,
    595669: 5,
    754353: 6,
    845645: 7,
    923232: 8,
    924445: 9,
    934534: 10,
    1004534: 11,
    1000345: 12,
    1030203: 13,
    1030204: 14,
    1030205: 15,
}


def published(name):
    """`bits`, `lst` and, where the file tells them, the packed bytes."""
    text = (FOLDER / "token-status-list" / "examples" / name).read_text()
    packed = re.search(r"byte_array = \[(.*?)\]", text)
    content = json.loads(re.sub(r"\n\s+(?=[\w-]+[\"\n])", "", text[text.index("{") :]))
    return (
        content["bits"],
        content["lst"],
        bytes(int(byte, 16) for byte in packed[1].split(",")) if packed else None,
    )


def issued(data=bytes(16_384), **changes):
    settings = {
        "uri": URI,
        "data": data,
        "signer": ISSUER,
        "header": {},
        "issued_at": NOW,
        "expires": NOW + 86_400,
        "ttl": 900,
    }
    return lists.issue(**{**settings, **changes})


def signed(without=(), typ="statuslist+jwt", key=ISSUER, **changes):
    """A token as somebody else would write it."""
    claims = {
        "sub": URI,
        "iat": NOW,
        "exp": NOW + 86_400,
        "ttl": 900,
        "status_list": {"bits": 1, "lst": lists.to_lst(bytes(8))},
        **changes,
    }
    kept = {name: value for name, value in claims.items() if name not in without}
    return jose.sign({"typ": typ}, kept, key)


def verify(token, **changes):
    settings = {"uri": URI, "issuer_key": ISSUER.public_key, "now": NOW}
    return lists.verify(token, **{**settings, **changes})


@needed
@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("status_list_encoding_json.md", [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]),
        ("status_list_encoding2_json.md", [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]),
    ],
)
def test_the_short_published_lists(name, statuses):
    bits, lst, packed = published(name)
    found = lists.from_lst(bits, lst)
    assert found.data == packed == lists.encode(statuses, bits)
    assert [found.get(index) for index in range(found.size)] == statuses


@needed
@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("status_list_encoding1_long_json.md", dict.fromkeys(ONE_BIT, 1)),
        ("status_list_encoding2_long_json.md", TWO_BITS),
        ("status_list_encoding4_json.md", FOUR_BITS),
    ],
)
def test_the_long_published_lists(name, statuses):
    bits, lst, _ = published(name)
    found = lists.from_lst(bits, lst)
    assert found.size == 2**20
    assert {index: found.get(index) for index in statuses} == statuses
    assert sum(1 for byte in found.data if byte) == len({index * bits // 8 for index in statuses})


@needed
def test_the_published_list_of_eight_bits_holds_every_status_once():
    bits, lst, _ = published("status_list_encoding8_json.md")
    found = lists.from_lst(bits, lst)
    assert (bits, found.size) == (8, 2**20)
    assert (found.get(52451), found.get(576778), found.get(55649)) == (1, 2, 14)
    assert sorted(byte for byte in found.data if byte) == list(range(1, 256))


@needed
def test_the_published_token_is_parsed():
    text = (FOLDER / "token-status-list" / "examples" / "status_list_jwt_raw.md").read_text()
    parsed = jose.parse(text.replace("\n", ""))
    assert parsed.header["typ"] == lists.TYP
    assert parsed.claims()["ttl"] == 43_200


@pytest.mark.parametrize("index", [0, 65_535, 131_071, 8, 7])
def test_L01_a_revoked_entry_is_read_least_significant_bit_first(index):
    data = bytearray(lists.MINIMUM_ENTRIES // 8)
    lists.set_bit(data, index)
    assert data[index // 8] == 1 << index % 8
    found = verify(issued(data)).list
    assert found.get(index) == 1
    assert sum(found.get(other) for other in (0, 7, 8, 65_535, 131_071)) == 1


def test_a_bit_is_cleared_again():
    data = bytearray(b"\xff")
    lists.set_bit(data, 3, 0)
    assert data == b"\xf7"


def test_a_list_tells_its_times():
    found = verify(issued(bits=2))
    assert (found.issued_at, found.expires, found.ttl) == (NOW, NOW + 86_400, 900)
    assert found.list.bits == 2
    assert found.list.size == 65_536


def test_times_that_are_not_stated_are_none():
    found = verify(signed(without=("exp", "ttl")))
    assert (found.expires, found.ttl) == (None, None)


@pytest.mark.parametrize(
    "token",
    [
        signed(key=PrivateKey.generate("ES256")),
        signed(key=PrivateKey.generate("EdDSA")),
        signed(typ="JWT"),
        signed(typ="dc+sd-jwt"),
        "",
        "a.b.c",
        issued()[:-8] + "AAAAAAAA",
    ],
)
def test_L05_a_list_that_the_issuer_did_not_sign_is_refused(token):
    with pytest.raises(StatusVerificationError):
        verify(token)


def test_L05_a_key_in_the_token_itself_is_not_taken():
    attacker = PrivateKey.generate("ES256")
    token = issued(signer=attacker, header={"jwk": attacker.public_key.to_jwk()})
    with pytest.raises(StatusVerificationError):
        verify(token)


@pytest.mark.parametrize(
    "changes",
    [
        {"sub": URI + "/"},
        {"without": ("sub",)},
        {"without": ("iat",)},
        {"iat": NOW + 61},
        {"iat": "x"},
        {"iat": True},
        {"exp": "x"},
        {"ttl": 0},
        {"ttl": -1},
        {"ttl": "900"},
        {"without": ("status_list",)},
        {"status_list": []},
    ],
)
def test_a_claim_that_is_missing_or_wrong_is_refused(changes):
    with pytest.raises(StatusVerificationError):
        verify(signed(**changes))


def test_L08_an_expired_list_is_no_list():
    token = issued()
    with pytest.raises(StatusRetrievalError):
        verify(token, now=NOW + 86_400)
    assert verify(token, now=NOW + 86_399)


@pytest.mark.parametrize("bits", [3, 0, 16, -1, True, "1", 1.5, None])
def test_L11_other_numbers_of_bits_are_refused(bits):
    with pytest.raises(MalformedValueError):
        verify(signed(status_list={"bits": bits, "lst": lists.to_lst(bytes(8))}))


@pytest.mark.parametrize("lst", [None, 1, "", "====", "AAAA", b64url_encode(b"\x1f\x8b\x08")])
def test_L10_what_is_no_zlib_stream_is_refused(lst):
    with pytest.raises(MalformedValueError):
        verify(signed(status_list={"bits": 1, "lst": lst}))


STREAM = zlib.compress(bytes(64))


@pytest.mark.parametrize("stream", [STREAM + b"\0", STREAM + STREAM, STREAM[:-1], STREAM[:-5]])
def test_L10_a_stream_with_something_behind_it_or_cut_off_is_refused(stream):
    with pytest.raises(MalformedValueError):
        lists.from_lst(1, b64url_encode(stream))


def test_L10_a_bomb_is_refused_before_it_takes_memory():
    bomb = zlib.compressobj(9)
    zeros = bytes(1_048_576)
    stream = b"".join(bomb.compress(zeros) for _ in range(256)) + bomb.flush()
    lst = b64url_encode(stream)
    tracemalloc.start()
    with pytest.raises(MalformedValueError):
        lists.from_lst(1, lst)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * 1_048_576


def test_L10_sixteen_mebibytes_are_taken():
    found = lists.from_lst(1, lists.to_lst(bytes(lists.MAX_INFLATED)))
    assert found.size == lists.MAX_INFLATED * 8


def test_L10_a_byte_more_is_not():
    with pytest.raises(MalformedValueError):
        lists.from_lst(1, lists.to_lst(bytes(lists.MAX_INFLATED + 1)))


@pytest.mark.parametrize("index", [-1, 64, 2**70])
def test_an_index_outside_of_the_list_says_nothing(index):
    with pytest.raises(RangeError):
        lists.StatusList(1, bytes(8)).get(index)
    with pytest.raises(RangeError):
        lists.set_bit(bytearray(8), index)


@pytest.mark.parametrize("value", [2, -1])
def test_a_status_that_does_not_fit_is_not_packed(value):
    with pytest.raises(RangeError):
        lists.encode([value], 1)


def test_the_mechanism_is_found_by_its_member_of_status():
    mechanism = status.MECHANISMS["status_list"]
    assert mechanism.MEDIA_TYPE == "application/statuslist+jwt"
    assert mechanism.verify(issued(), uri=URI, issuer_key=ISSUER.public_key, now=NOW).ttl == 900


@given(st.sampled_from([1, 2, 4, 8]).flatmap(lambda bits: st.tuples(st.just(bits), packed(bits))))
def test_any_list_comes_back(case):
    bits, statuses = case
    found = lists.from_lst(bits, lists.to_lst(lists.encode(statuses, bits)))
    assert [found.get(index) for index in range(len(statuses))] == statuses


def packed(bits):
    return st.lists(st.integers(0, 2**bits - 1), max_size=50)
