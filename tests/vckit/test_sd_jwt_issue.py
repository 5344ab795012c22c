"""Issuing and presenting: what goes in comes out, and only what is kept is shown."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vckit.sd_jwt_forge import ISSUER, forge, verify
from vckit import jose, sd_jwt
from vckit.encoding import b64url_decode
from vckit.errors import MalformedValueError

HEADER = {"typ": "dc+sd-jwt"}
CLAIMS = {
    "naam": "Jan",
    "adres": {"straat": "Markt", "plaats": "Boxtel"},
    "landen": ["NL", "BE"],
    "schulden": [{"saldo": 1, "iban": "NL00"}, {"saldo": 2}],
}
PATHS = [
    ("naam",),
    ("adres",),
    ("adres", "straat"),
    ("landen", 1),
    ("schulden", 0),
    ("schulden", 0, "iban"),
    ("schulden", 1),
]


def issued(claims=CLAIMS, disclosable=PATHS, **changes):
    return sd_jwt.issue(claims, disclosable=disclosable, header=HEADER, signer=ISSUER, **changes)


def test_all_disclosures_give_the_claims_back():
    assert verify(issued()).claims == CLAIMS


def test_no_disclosure_gives_only_what_is_in_the_clear():
    text = sd_jwt.present(issued(), keep=[])
    assert verify(text).claims == {"landen": ["NL"], "schulden": []}
    assert text.count("~") == 1


def test_without_anything_disclosable_there_is_no_digest():
    text = issued(disclosable=[])
    assert jose.parse(text.rstrip("~")).claims() == CLAIMS


def test_digests_are_sorted_so_that_their_order_tells_nothing():
    claims = {f"naam{number}": number for number in range(20)}
    payload = jose.parse(issued(claims, [(name,) for name in claims]).split("~")[0]).claims()
    assert payload["_sd"] == sorted(payload["_sd"])
    assert payload["_sd_alg"] == "sha-256"


def test_disclosures_are_found_by_their_place_in_the_claims():
    found = sd_jwt.disclosures_by_path(issued())
    assert set(found) == set(PATHS)
    assert found["schulden", 0, "iban"].value == "NL00"
    assert found["landen", 1].name is None


def test_keeping_something_keeps_what_it_stands_in_but_not_what_stands_in_it():
    text = issued()
    inner = sd_jwt.present(text, keep=[("schulden", 0, "iban")])
    assert verify(inner).claims["schulden"] == [{"saldo": 1, "iban": "NL00"}]
    outer = sd_jwt.present(text, keep=[("schulden", 0), ("schulden", 1), ("adres",)])
    assert verify(outer).claims["schulden"] == [{"saldo": 1}, {"saldo": 2}]
    assert verify(outer).claims["adres"] == {"plaats": "Boxtel"}


def test_keeping_a_claim_in_the_clear_or_one_that_is_not_there_adds_nothing():
    text = sd_jwt.present(issued(), keep=[("schulden",), ("onbekend", 3)])
    assert text.count("~") == 1


@pytest.mark.parametrize(
    "path", [("onbekend",), ("naam", "x"), ("landen", 2), ("landen", "1"), ("schulden", 1, "iban")]
)
def test_a_path_that_is_not_in_the_claims_is_refused(path):
    with pytest.raises(MalformedValueError):
        issued(disclosable=[path])


@pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
def test_S05_a_reserved_name_is_never_issued(name):
    with pytest.raises(MalformedValueError):
        issued({"adres": {name: 1}}, [])


def test_S23_salts_have_128_bits_and_are_never_the_same():
    claims = {str(number): 1 for number in range(1_000)}
    text = issued(claims, [(name,) for name in claims])
    salts = [found.salt for found in sd_jwt.disclosures_by_path(text).values()]
    assert len(set(salts)) == len(claims)
    assert {len(b64url_decode(salt)) for salt in salts} == {16}


def test_given_salts_repeat_an_issuance_up_to_the_signature():
    salts = [secrets.token_urlsafe(16) for _ in PATHS]
    once, again = (issued(new_salt=iter(salts).__next__) for _ in range(2))
    assert once == again


def test_an_sd_jwt_of_another_maker_can_be_presented():
    text = forge({"a": 1, "b": [{"...": "onbekend"}]})
    assert sd_jwt.present(text, keep=[("b", 0)]) == text


# Reserved here, or judged by `verify` itself.
TAKEN = {"_sd", "...", "_sd_alg", "cnf", "iat", "nbf", "exp"}
NAMES = st.text(max_size=4).filter(lambda name: name not in TAKEN)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)


def paths(value, at=()):
    """Every path inside a JSON value."""
    members = value.items() if isinstance(value, dict) else ()
    elements = enumerate(value) if isinstance(value, list) else ()
    for key, inner in (*members, *elements):
        yield (*at, key)
        yield from paths(inner, (*at, key))


@given(st.dictionaries(NAMES, JSON, max_size=4), st.data())
def test_any_claims_with_any_paths_disclosable_come_back(claims, data):
    every = list(paths(claims))
    disclosable = data.draw(st.sets(st.sampled_from(every))) if every else set()
    text = issued(claims, disclosable)
    assert verify(text).claims == claims
    assert set(sd_jwt.disclosures_by_path(text)) == disclosable
    keep = data.draw(st.sets(st.sampled_from(every))) if every else set()
    shown = sd_jwt.disclosures_by_path(sd_jwt.present(text, keep=keep))
    wanted = {path[: end + 1] for path in keep for end in range(len(path))} & disclosable
    assert len(shown) == len(wanted)
