"""Pseudonyms, codes, nonces and repeatable randomness, all from one key."""

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer.keyring import NONCE_SECONDS, Keyring, new_identifier, new_transaction_code
from vckit.encoding import b64url_decode, b64url_encode

NOW = 1_795_000_000
MINE, OTHER = Keyring(b"1" * 32), Keyring(b"2" * 32)


def test_a_pseudonym_is_stable_here_and_another_one_elsewhere():
    assert MINE.pseudonym("123456782") == MINE.pseudonym("123456782")
    assert MINE.pseudonym("123456782") != OTHER.pseudonym("123456782")
    assert "123456782" not in MINE.pseudonym("123456782")


def test_every_purpose_has_its_own_value():
    made = {
        MINE.pseudonym("x"),
        MINE.offer_reference("x"),
        MINE.offer_code("x"),
        MINE.login_digest("x"),
        MINE.transaction_code_digest("x", ""),
        MINE.notification_id("x", "y", []),
    }
    assert len(made) == 6


def test_parts_are_not_shifted_into_each_other():
    assert MINE.transaction_code_digest("ab", "c") != MINE.transaction_code_digest("a", "bc")


def test_a_nonce_holds_until_its_end_and_at_its_organisation_only():
    nonce = MINE.new_nonce(NOW)
    assert MINE.nonce_expiry(nonce, NOW) == NOW + NONCE_SECONDS
    assert MINE.nonce_expiry(nonce, NOW + NONCE_SECONDS - 1) is not None
    assert MINE.nonce_expiry(nonce, NOW + NONCE_SECONDS) is None
    assert OTHER.nonce_expiry(nonce, NOW) is None


@pytest.mark.parametrize("nonce", ["", "x", "=", "A" * 54, "é", "A" * 100_000])
def test_an_invented_nonce_does_not_hold(nonce):
    assert MINE.nonce_expiry(nonce, NOW) is None


@given(st.integers(min_value=0, max_value=39), st.integers(min_value=1, max_value=255))
def test_no_byte_of_a_nonce_can_be_changed(place, change):
    raw = bytearray(b64url_decode(MINE.new_nonce(NOW)))
    raw[place] ^= change
    assert MINE.nonce_expiry(b64url_encode(bytes(raw)), NOW) is None


def test_nonces_do_not_repeat():
    assert len({MINE.new_nonce(NOW) for _ in range(10_000)}) == 10_000


def test_randomness_repeats_for_the_seed_and_for_nothing_else():
    part = secrets.token_bytes(32)

    def drawn(keyring, record, seed):
        stream = keyring.randomness(record, seed)
        return [stream.salt() for _ in range(100)]

    first = drawn(MINE, "a", part)
    assert first == drawn(MINE, "a", part)
    others = [drawn(OTHER, "a", part), drawn(MINE, "b", part), drawn(MINE, "a", bytes(32))]
    assert len({*first, *(salt for other in others for salt in other)}) == 400
    assert {len(b64url_decode(salt)) for salt in first} == {16}


def test_a_transaction_code_is_six_digits():
    codes = {new_transaction_code() for _ in range(200)}
    assert len(codes) > 190
    assert all(len(code) == 6 and code.isascii() and code.isdigit() for code in codes)


def test_identifiers_tell_nothing_and_do_not_repeat():
    made = {new_identifier() for _ in range(1_000)}
    assert len(made) == 1_000
    assert all(one.isalnum() and one == one.lower() and len(one) == 16 for one in made)
