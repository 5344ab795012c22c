"""Bitstring Status List: bits from the left, a list of the credential's issuer, within budgets."""

import gzip
import json
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vckit.statements import ISSUED
from tests.vckit.w3c import BOXTEL, JSON_LD, OTHER, STATUSES
from vckit import data_integrity
from vckit.encoding import b64url_encode
from vckit.errors import (
    InvalidRelationshipError,
    InvalidVerificationMethodUrlError,
    MalformedValueError,
    RangeError,
    StatusListLengthError,
    StatusRetrievalError,
    StatusVerificationError,
)
from vckit.keys import PrivateKey
from vckit.status import MECHANISMS, ListIssuer, StatusReference, bitstring
from vckit.status.token_status_list import MAX_INFLATED, MINIMUM_ENTRIES, StatusList, set_bit

URI = STATUSES[0].uri
METHOD = f"{BOXTEL.did}#ed25519"
DAY = 86_400


def packed(*marked, entries=MINIMUM_ENTRIES):
    data = bytearray(entries // 8)
    for index in marked:
        set_bit(data, index)
    return data


def issue(*marked, **changes):
    settings = {
        "uri": URI,
        "purpose": "revocation",
        "data": packed(*marked),
        "issuer_did": BOXTEL.did,
        "verification_method": METHOD,
        "signer": BOXTEL.ed25519,
        "issued_at": ISSUED,
        "expires": ISSUED + DAY,
        "json_ld": JSON_LD,
    }
    return bitstring.issue(**{**settings, **changes})


def verify(text, **changes):
    expected = {
        "uri": URI,
        "purpose": "revocation",
        "issuer_did": BOXTEL.did,
        "key": BOXTEL.ed25519.public_key,
        "now": ISSUED,
        "json_ld": JSON_LD,
    }
    return bitstring.verify(text, **{**expected, **changes})


def judge(text, reference=STATUSES[0], key_of=BOXTEL.key):
    issuer = ListIssuer(BOXTEL.did, BOXTEL.es256.public_key, key_of)
    mechanism = MECHANISMS[reference.mechanism]
    return mechanism.judge(text, reference, issuer=issuer, json_ld=JSON_LD, now=ISSUED)


def forged(change, signer=BOXTEL.ed25519, method=METHOD):
    """A list that its issuer signed after `change` of the unsigned document."""
    document = json.loads(issue())
    del document["proof"]
    change(document)
    secured = data_integrity.add_proof(
        document,
        cryptosuite="eddsa-rdfc-2022",
        signer=signer,
        verification_method=method,
        purpose="assertionMethod",
        created=ISSUED,
        json_ld=JSON_LD,
    )
    return json.dumps(secured)


def with_subject(**members):
    return lambda document: document["credentialSubject"].update(members)


def with_encoded(encoded):
    return forged(with_subject(encodedList=encoded))


def multibase(data):
    return "u" + b64url_encode(data)


def test_what_is_set_comes_back_and_nothing_else():
    found = verify(issue(3, 99_999))
    assert [index for index in range(found.list.size) if found.list.get(index)] == [3, 99_999]
    assert (found.issued_at, found.expires, found.ttl) == (ISSUED, ISSUED + DAY, None)


@pytest.mark.parametrize("index", [0, MINIMUM_ENTRIES // 2 + 3, MINIMUM_ENTRIES - 1])
def test_L01_the_first_the_last_and_a_bit_in_the_middle(index):
    found = verify(issue(index)).list
    assert found.get(index) == 1
    assert sum(map(found.get, range(max(0, index - 8), min(found.size, index + 8)))) == 1


def test_L01_the_first_index_is_the_leftmost_bit_unlike_in_a_token_status_list():
    encoded = json.loads(issue(0, 9))["credentialSubject"]["encodedList"]
    written = gzip.decompress(bitstring.b64url_decode(encoded[1:]))
    assert written[:2] == b"\x80\x40"
    assert bytes(packed(0, 9))[:2] == b"\x01\x02"


def test_L01_the_example_of_the_specification_is_an_empty_list():
    """Section 2.2: a list of the smallest size with nothing set."""
    example = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert bitstring.decode(example) == StatusList(1, bytes(MINIMUM_ENTRIES // 8))


@given(st.binary(min_size=1, max_size=200))
def test_every_list_comes_back(data):
    assert bitstring.decode(bitstring.encode(data)) == StatusList(1, data)


def test_equal_lists_are_equal_texts():
    assert issue(5) == issue(5)


def test_an_index_outside_is_told():
    with pytest.raises(RangeError):
        verify(issue()).list.get(MINIMUM_ENTRIES)


def test_L02_a_list_of_another_purpose_tells_nothing():
    with pytest.raises(StatusVerificationError):
        verify(issue(purpose="suspension"))
    several = forged(with_subject(statusPurpose=["suspension", "revocation"]))
    assert verify(several).list.get(0) == 0


@pytest.mark.parametrize("entries", [8, MINIMUM_ENTRIES - 8])
def test_L04_a_list_that_is_too_short_is_refused(entries):
    with pytest.raises(StatusListLengthError):
        verify(issue(data=packed(entries=entries)))


def test_L05_a_list_signed_by_another_is_refused():
    with pytest.raises(StatusVerificationError):
        verify(issue(signer=PrivateKey.generate("EdDSA")))
    theirs = issue(
        issuer_did=OTHER.did, verification_method=f"{OTHER.did}#ed25519", signer=OTHER.ed25519
    )
    with pytest.raises(StatusVerificationError):
        verify(theirs, key=OTHER.ed25519.public_key)
    by_theirs = issue(verification_method=f"{OTHER.did}#ed25519", signer=OTHER.ed25519)
    with pytest.raises(StatusVerificationError):
        verify(by_theirs, key=OTHER.ed25519.public_key)


def test_L05_the_key_is_looked_up_among_those_of_the_credentials_issuer():
    assert judge(issue(7)).list.get(7) == 1
    by_theirs = issue(verification_method=f"{OTHER.did}#ed25519", signer=OTHER.ed25519)
    with pytest.raises(StatusVerificationError):
        judge(by_theirs, key_of=OTHER.key)

    def refuse(_verification_method):
        raise InvalidRelationshipError

    with pytest.raises(StatusVerificationError):
        judge(issue(7), key_of=refuse)


def test_L05_without_other_methods_it_is_the_key_of_the_credential():
    issuer = ListIssuer(BOXTEL.did, BOXTEL.ed25519.public_key)
    found = bitstring.judge(issue(7), STATUSES[0], issuer=issuer, json_ld=JSON_LD, now=ISSUED)
    assert found.list.get(7) == 1


def test_another_list_of_the_same_issuer_is_refused():
    with pytest.raises(StatusVerificationError):
        verify(issue(uri=STATUSES[1].uri))
    with pytest.raises(StatusVerificationError):
        judge(issue(), StatusReference("refresh", URI, 7, bitstring.MEMBER))


def test_L08_a_list_that_has_expired_or_is_not_yet_there():
    text = issue()
    assert verify(text, now=ISSUED + DAY - 1).expires == ISSUED + DAY
    with pytest.raises(StatusRetrievalError):
        verify(text, now=ISSUED + DAY)
    with pytest.raises(StatusVerificationError):
        verify(text, now=ISSUED - 61)


def test_L08_a_list_without_validity_is_as_old_as_its_proof():
    def change(document):
        del document["validFrom"], document["validUntil"]

    found = verify(forged(change))
    assert (found.issued_at, found.expires) == (ISSUED, None)


def test_L08_a_list_that_begins_in_the_future_is_refused():
    later = forged(lambda document: document.update(validFrom="2026-11-24T10:31:01Z"))
    assert verify(later, now=ISSUED + 1).issued_at == ISSUED + 61
    with pytest.raises(StatusVerificationError):
        verify(later)


@pytest.mark.parametrize(
    "data",
    [
        zlib.compress(bytes(MINIMUM_ENTRIES // 8)),
        bytes(MINIMUM_ENTRIES // 8),
        gzip.compress(bytes(MINIMUM_ENTRIES // 8)) + b"\0",
        gzip.compress(bytes(MINIMUM_ENTRIES // 16)) * 2,
        gzip.compress(bytes(MINIMUM_ENTRIES // 8))[:-1],
        b"",
    ],
    ids=["zlib", "raw", "trailing", "two members", "cut off", "empty"],
)
def test_L10_what_is_not_exactly_one_gzip_member_is_refused(data):
    with pytest.raises(MalformedValueError):
        verify(with_encoded(multibase(data)))


def test_L10_a_bomb_is_cut_off_at_once():
    largest = gzip.compress(bytes(MAX_INFLATED), mtime=0)
    assert bitstring.decode(multibase(largest)).size == MAX_INFLATED * 8
    bomb = multibase(gzip.compress(bytes(8 * MAX_INFLATED), 9, mtime=0))
    started = time.process_time()
    for encoded in (bomb, multibase(gzip.compress(bytes(MAX_INFLATED + 1)))):
        with pytest.raises(MalformedValueError):
            bitstring.decode(encoded)
    assert time.process_time() - started < 1


@pytest.mark.parametrize("encoded", ["", "u", "zabc", "uAA==", "u A", "H4sI", 7, None, ["u"]])
def test_an_encoded_list_of_another_form_is_refused(encoded):
    with pytest.raises(MalformedValueError):
        bitstring.decode(encoded)


@pytest.mark.parametrize(
    "change",
    [
        with_subject(ttl=0),
        with_subject(ttl="900000"),
        lambda document: document.update(type=["VerifiableCredential"]),
        lambda document: document.update(credentialSubject="urn:x:1"),
        lambda document: document.update(name="Lijst"),
        lambda document: document["credentialSubject"].pop("encodedList"),
        lambda document: document.update(validFrom="gisteren"),
    ],
)
def test_L11_a_list_of_another_shape_is_refused(change):
    with pytest.raises((MalformedValueError, StatusVerificationError)):
        verify(forged(change))


@pytest.mark.parametrize(
    "members", [{"statusSize": 2}, {"type": "BitstringStatusListEntry"}, {"statusMessages": []}]
)
def test_L11_a_list_of_more_bits_is_refused_before_it_is_read(members):
    document = json.loads(issue())
    document["credentialSubject"] |= members
    with pytest.raises(StatusVerificationError):
        verify(json.dumps(document))


@pytest.mark.parametrize("text", ["", "x", "[]", '{"a":1,"a":2}', "{}", None])
def test_what_is_no_list_at_all_is_refused(text):
    text = issue()[:-1] if text is None else text
    with pytest.raises(StatusVerificationError):
        verify(text)


def test_a_list_in_other_contexts_is_refused():
    text = issue().replace(
        '["https://www.w3.org/ns/credentials/v2"]', '"https://www.w3.org/ns/credentials/v2"'
    )
    with pytest.raises(StatusVerificationError):
        verify(text)


def test_a_changed_bit_breaks_the_proof():
    document, other = json.loads(issue(7)), json.loads(issue())
    document["credentialSubject"] = other["credentialSubject"]
    with pytest.raises(StatusVerificationError):
        verify(json.dumps(document))


def test_the_method_is_told_before_anything_is_verified():
    assert bitstring.unverified_verification_method(issue()) == METHOD
    with pytest.raises(InvalidVerificationMethodUrlError):
        bitstring.unverified_verification_method(issue(verification_method="https://x.example#a"))


def test_the_time_to_live_travels_in_milliseconds():
    text = issue(ttl=900)
    assert json.loads(text)["credentialSubject"]["ttl"] == 900_000
    assert verify(text).ttl == 900


def test_each_mechanism_tells_how_it_is_served():
    for mechanism in MECHANISMS.values():
        assert mechanism.MEDIA_TYPE in mechanism.ACCEPTED
