"""What stands in a status list, and how it is signed: rows J at entry point E7, rows L10 and L11.

The issuer is one of the scheme whose server is ours, so it can serve what no honest one would.
"""

import time
import zlib

import pytest

from tests.attacks import forging, memory
from tests.attacks.town import DAY, ENTRIES
from vckit import jose, x509
from vckit.encoding import b64url_encode
from vckit.status import token_status_list

pytestmark = pytest.mark.services

MALFORMED = "MALFORMED_VALUE_ERROR"


@pytest.mark.parametrize("algorithm", forging.NONES)
def test_J01_a_list_without_a_signature_is_refused(town, unverified, algorithm):
    unverified(forging.unsigned(town.token("revocation"), algorithm))


@pytest.mark.parametrize("form", range(4))
def test_J02_the_issuers_public_key_is_no_shared_secret(town, unverified, form):
    secret = list(forging.public_bytes(town.key.public))[form]
    unverified(forging.hmac_signed(town.token("revocation"), secret))


@pytest.mark.parametrize("which", ["alg none first", "typ", "the same twice", "payload"])
def test_J10_a_member_that_stands_twice_is_refused(town, unverified, which):
    unverified(forging.duplicates(town.token("revocation"), town.key, "sub")[which])


def test_J08_and_J11_a_list_is_read_strictly(town, unverified):
    header, payload = forging.parts(town.token("revocation"))
    for critical in ([], ["exp"], "exp"):
        unverified(forging.signed({**header, "crit": critical}, payload, town.key))
    unverified(town.token("revocation") + "==")
    unverified(town.token("revocation") + "\n")


def test_J23_a_token_of_another_kind_is_no_list(town, listed, unverified):
    header, payload = forging.parts(town.token("revocation"))
    for typ in ("dc+sd-jwt", "JWT", "STATUSLIST+JWT", None, "statuslist+cwt"):
        changed = {**header, "typ": typ}
        kept = {name: value for name, value in changed.items() if value is not None}
        unverified(forging.signed(kept, payload, town.key))
    unverified(listed.text.split("~", 1)[0])


def with_list(town, carried, **claims):
    now = int(time.time())
    honest = {"sub": town.list_uri("revocation"), "iat": now, "exp": now + DAY, "ttl": 900}
    members = {**honest, "status_list": carried, **claims}
    kept = {name: value for name, value in members.items() if value is not None}
    return jose.sign({"typ": token_status_list.TYP, "x5c": x509.to_x5c(town.chain)}, kept, town.key)


def zipped(data, wbits=15):
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    return packer.compress(data) + packer.flush()


def test_L10_a_list_that_inflates_without_end_is_refused(arena, town, unverified):
    """110 MiB of zeros: about as much as a transfer of one mebibyte brings."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(bytes(1_048_576)) for _ in range(110)) + packer.flush()
    token = with_list(town, {"bits": 1, "lst": b64url_encode(packed)})
    assert 500_000 < len(token) < 1_048_576
    before = sum(memory.resident(arena.world.services["verifier"]))
    unverified(token, MALFORMED)
    assert sum(memory.resident(arena.world.services["verifier"])) - before < memory.LIMIT


def test_L10_a_list_is_one_zlib_stream(town, unverified):
    honest = zipped(bytes(ENTRIES // 8))
    for lst in (
        honest + honest,
        honest + b"\0",
        honest[:-4],
        zipped(bytes(ENTRIES // 8), 31),
        zipped(bytes(ENTRIES // 8), -15),
        b"",
        b"onzin",
    ):
        unverified(with_list(town, {"bits": 1, "lst": b64url_encode(lst)}), MALFORMED)


@pytest.mark.parametrize("bits", [0, 3, 16, "1", None, True])
def test_L11_statuses_have_one_two_four_or_eight_bits(town, unverified, bits):
    lst = token_status_list.to_lst(bytes(ENTRIES // 8))
    unverified(with_list(town, {"bits": bits, "lst": lst}), MALFORMED)


@pytest.mark.parametrize(
    "claims", [{"sub": None}, {"iat": None}, {"iat": "nu"}, {"ttl": -1}, {"status_list": None}]
)
def test_L11_a_list_has_its_claims(town, unverified, claims):
    lst = token_status_list.to_lst(bytes(ENTRIES // 8))
    unverified(with_list(town, {"bits": 1, "lst": lst}, **claims))
