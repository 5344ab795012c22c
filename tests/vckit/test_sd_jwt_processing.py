"""Rejections of RFC 9901 section 7.1, each beside the honest text that it was made from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vckit.sd_jwt_forge import (
    CNF,
    ISSUER,
    claims,
    digest,
    disclosure,
    forge,
    verify,
)
from vckit import sd_jwt
from vckit.encoding import b64url_encode
from vckit.errors import (
    CryptographicSecurityError,
    HolderBindingError,
    MalformedValueError,
    ParsingError,
    PolicyLimitError,
    VerificationError,
)
from vckit.formats.dc_sd_jwt import SD_JWT_VC_NEVER_DISCLOSABLE
from vckit.keys import PrivateKey
from vckit.sd_jwt import disclosure as disclosures

NAME = disclosure("s1", "naam", "Jan")
ELEMENT = disclosure("s2", "NL")
STRANGER = disclosure("s3", "naam", "Piet")


def test_the_digest_of_the_example_in_rfc_9901_section_4_2_3():
    encoded = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    assert disclosures.digest(encoded, "sha-256") == "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"
    assert disclosures.parse(encoded).value == "Möbius"


def test_a_disclosed_claim_and_element_take_the_place_of_their_digests():
    payload = {"_sd": [digest(NAME)], "landen": ["BE", {"...": digest(ELEMENT)}], "x": 1}
    assert claims(payload, NAME, ELEMENT) == {"naam": "Jan", "landen": ["BE", "NL"], "x": 1}


def test_S01_a_changed_disclosure_meets_no_digest():
    changed = disclosure("s1", "naam", "Jana")
    with pytest.raises(CryptographicSecurityError):
        claims({"_sd": [digest(NAME)]}, changed)
    assert claims({"_sd": [digest(NAME)]}, NAME) == {"naam": "Jan"}


def test_S02_a_disclosure_that_no_digest_references_is_refused():
    with pytest.raises(CryptographicSecurityError):
        claims({"_sd": [digest(NAME)]}, NAME, STRANGER)
    assert claims({"_sd": [digest(NAME)]}) == {}


def test_S02_a_disclosure_below_a_withheld_one_is_refused():
    outer = disclosure("s4", "adres", {"_sd": [digest(NAME)]})
    with pytest.raises(CryptographicSecurityError):
        claims({"_sd": [digest(outer)]}, NAME)
    assert claims({"_sd": [digest(outer)]}, outer, NAME) == {"adres": {"naam": "Jan"}}


def test_S04_the_same_disclosure_twice_is_refused():
    with pytest.raises(CryptographicSecurityError):
        claims({"_sd": [digest(NAME)]}, NAME, NAME)


@pytest.mark.parametrize("name", ["_sd", "...", "_sd_alg"])
def test_S05_a_disclosure_with_a_reserved_name_is_refused(name):
    reserved = disclosure("s", name, ["x"])
    with pytest.raises(MalformedValueError):
        claims({"_sd": [digest(reserved)]}, reserved)


@pytest.mark.parametrize("name", sorted(SD_JWT_VC_NEVER_DISCLOSABLE))
def test_S07_a_claim_that_must_be_in_the_clear_is_refused_in_a_disclosure(name):
    hidden = disclosure("s", name, "x")
    with pytest.raises(MalformedValueError):
        claims({"_sd": [digest(hidden)]}, hidden, never_disclosable=SD_JWT_VC_NEVER_DISCLOSABLE)


def test_S07_neither_are_its_sub_claims():
    hidden = disclosure("s", "status_list", {"idx": 1})
    payload = {"status": {"_sd": [digest(hidden)]}}
    with pytest.raises(MalformedValueError):
        claims(payload, hidden, never_disclosable=SD_JWT_VC_NEVER_DISCLOSABLE)


def test_S07_the_same_name_elsewhere_may_be_disclosed():
    hidden = disclosure("s", "status", "ok")
    payload = {"bron": {"_sd": [digest(hidden)]}}
    verified = claims(payload, hidden, never_disclosable=SD_JWT_VC_NEVER_DISCLOSABLE)
    assert verified == {"bron": {"status": "ok"}}


@pytest.mark.parametrize(
    "elements",
    [
        ("s", "waarde"),
        ("s",),
        ("s", "naam", "Jan", "extra"),
        ("s", 1, "Jan"),
        (1, "naam", "Jan"),
        (None, "naam", "Jan"),
        (),
    ],
)
def test_S08_a_disclosure_of_another_shape_is_refused_for_a_property(elements):
    wrong = disclosure(*elements)
    with pytest.raises(MalformedValueError):
        claims({"_sd": [digest(wrong)]}, wrong)


@pytest.mark.parametrize("elements", [("s", "naam", "Jan"), ("s",), (1, "x")])
def test_S08_a_disclosure_of_another_shape_is_refused_for_an_element(elements):
    wrong = disclosure(*elements)
    with pytest.raises(MalformedValueError):
        claims({"landen": [{"...": digest(wrong)}]}, wrong)


@pytest.mark.parametrize("content", [b'{"s": "naam"}', b'"s"', b"null"])
def test_S08_a_disclosure_that_is_no_array_is_refused(content):
    wrong = b64url_encode(content)
    with pytest.raises(MalformedValueError):
        claims({"_sd": [digest(wrong)]}, wrong)


@pytest.mark.parametrize("content", [b"", b"x", b'["s","naam","Jan"', b'["s","naam",NaN]'])
def test_S08_a_disclosure_that_is_no_json_is_refused(content):
    wrong = b64url_encode(content)
    with pytest.raises(ParsingError):
        claims({"_sd": [digest(wrong)]}, wrong)


@pytest.mark.parametrize("wrong", ["x", {"a": "b"}, [1], [None], 1, None])
def test_S10_an_sd_that_is_no_array_of_strings_is_refused(wrong):
    with pytest.raises(MalformedValueError):
        claims({"a": {"_sd": wrong}})


@pytest.mark.parametrize("wrong", [{"...": 1}, {"...": None}, {"...": "x", "y": 1}])
def test_S10_an_element_digest_that_is_not_alone_or_no_string_is_refused(wrong):
    with pytest.raises(MalformedValueError):
        claims({"landen": [wrong]})


def test_S10_dots_outside_an_array_are_refused():
    with pytest.raises(MalformedValueError):
        claims({"landen": {"...": digest(ELEMENT)}})


def nested(depth):
    """Disclosures each of which holds the digest of the one before."""
    chain = [disclosure("s", "kern", 1)]
    for level in range(depth):
        chain.append(disclosure(f"s{level}", "a", {"_sd": [digest(chain[-1])]}))
    return {"_sd": [digest(chain[-1])]}, chain


def test_S10_recursion_ends_at_a_limit():
    payload, chain = nested(1_000)
    with pytest.raises(PolicyLimitError):
        claims(payload, *chain)


@pytest.mark.parametrize(("depth", "allowed"), [(32, True), (33, False)])
def test_S10_the_limit_of_nesting_is_32_containers(depth, allowed):
    payload, chain = nested(depth)
    if not allowed:
        with pytest.raises(PolicyLimitError):
            claims(payload, *chain)
        return
    value = claims(payload, *chain)
    for _ in range(depth):
        value = value["a"]
    assert value == {"kern": 1}


def test_S11_decoys_and_withheld_elements_leave_nothing_behind():
    payload = {"_sd": [digest("decoy")], "landen": ["BE", {"...": digest(ELEMENT)}], "o": {}}
    assert claims(payload) == {"landen": ["BE"], "o": {}}


def test_S11_an_object_with_digests_only_becomes_empty():
    assert claims({"adres": {"_sd": [digest("decoy")]}}) == {"adres": {}}


@pytest.mark.parametrize(
    "payload",
    [
        {"_sd": [digest(NAME), digest(NAME)]},
        {"_sd": [digest("decoy")], "a": {"_sd": [digest("decoy")]}},
        {"_sd": [digest("decoy")], "landen": [{"...": digest("decoy")}]},
    ],
)
def test_a_digest_that_stands_twice_is_refused_even_a_decoy(payload):
    with pytest.raises(MalformedValueError):
        claims(payload)


def test_a_digest_that_stands_again_inside_a_disclosure_is_refused():
    outer = disclosure("s4", "adres", {"_sd": [digest(NAME)]})
    with pytest.raises(MalformedValueError):
        claims({"_sd": [digest(outer), digest(NAME)]}, outer, NAME)


def test_a_disclosed_claim_never_replaces_one_in_the_clear():
    with pytest.raises(MalformedValueError):
        claims({"_sd": [digest(NAME)], "naam": "Piet"}, NAME)


def test_two_disclosures_of_one_name_at_one_level_are_refused():
    with pytest.raises(MalformedValueError):
        claims({"_sd": [digest(NAME), digest(STRANGER)]}, NAME, STRANGER)


@pytest.mark.parametrize("payload", [{"a": {"_sd_alg": "sha-256"}}, {"a": [{"_sd_alg": "x"}]}])
def test_S13_a_hash_name_below_the_top_is_refused(payload):
    with pytest.raises(MalformedValueError):
        claims(payload)


def test_S13_a_hash_name_inside_a_disclosure_is_refused():
    outer = disclosure("s4", "adres", {"_sd_alg": "sha-512"})
    with pytest.raises(MalformedValueError):
        claims({"_sd": [digest(outer)]}, outer)


@pytest.mark.parametrize("name", ["md5", "SHA-256", "sha-1", 256, None, ["sha-256"]])
def test_an_unknown_hash_name_is_refused(name):
    with pytest.raises(MalformedValueError):
        claims({"_sd_alg": name})


@pytest.mark.parametrize("name", ["sha-256", "sha-384", "sha-512"])
def test_three_hash_functions_are_taken_and_the_name_is_removed(name):
    payload = {"_sd_alg": name, "_sd": [disclosures.digest(NAME, name)]}
    assert claims(payload, NAME) == {"naam": "Jan"}


@pytest.mark.parametrize("typ", ["JWT", "vc+sd-jwt", "DC+SD-JWT", None])
def test_S20_another_type_is_refused(typ):
    header = {} if typ is None else {"typ": typ}
    issuer_jwt = forge({"a": 1}).split("~")[0]
    other = forge({"a": 1}, **header) if typ else _without_typ(issuer_jwt)
    with pytest.raises(VerificationError):
        verify(other)
    assert verify(forge({"a": 1})).claims == {"a": 1}


def _without_typ(issuer_jwt):
    from vckit import jose

    payload = jose.parse(issuer_jwt).payload
    return jose.sign({}, payload, ISSUER) + "~"


@pytest.mark.parametrize("member", ["disclosures", "kb_jwt"])
def test_S22_disclosures_in_a_header_are_refused(member):
    with pytest.raises(MalformedValueError):
        verify(forge({"_sd": [digest(NAME)]}, **{member: [NAME]}))


@pytest.mark.parametrize("text", ['{"payload":"e30"}', '{"payload":"~"}', "", "~", "a.b.c"])
def test_S22_the_json_serialisation_and_other_texts_are_refused(text):
    with pytest.raises(VerificationError):
        sd_jwt.parse(text)


def test_S23_no_more_than_2000_disclosures():
    many = [disclosure("s", str(number), 1) for number in range(2_001)]
    payload = {"_sd": [digest(encoded) for encoded in many]}
    assert len(claims(payload, *many[:2_000])) == 2_000
    with pytest.raises(PolicyLimitError):
        claims(payload, *many)


@pytest.mark.parametrize("length", [131_073, 1_048_576])
def test_S23_no_disclosure_of_a_megabyte(length):
    with pytest.raises(PolicyLimitError):
        claims({"_sd": []}, "A" * length)


def test_S26_an_sd_jwt_with_a_key_binding_is_refused_where_none_is_expected():
    plain = forge({"cnf": CNF})
    bound = sd_jwt.bind(plain, signer=ISSUER, audience="a", nonce="n", now=1)
    with pytest.raises(HolderBindingError):
        verify(bound)
    assert verify(plain).holder_key is not None


def test_another_issuer_key_is_refused():
    with pytest.raises(CryptographicSecurityError):
        verify(forge({"a": 1}, key=PrivateKey.generate("ES256")))


@pytest.mark.parametrize("cnf", [{}, {"kid": "x"}, {"jku": "x"}, {**CNF, "kid": "x"}, [], "x"])
def test_S16_a_cnf_with_anything_but_one_jwk_is_refused(cnf):
    with pytest.raises(HolderBindingError):
        claims({"cnf": cnf})


def test_S16_a_cnf_whose_jwk_is_no_object_is_refused():
    with pytest.raises(HolderBindingError):
        claims({"cnf": {"jwk": "x"}})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=4).filter(lambda name: name not in {"_sd", "...", "_sd_alg"}),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@given(st.text(alphabet="ab~.e30_-", max_size=40))
def test_any_text_is_refused_with_a_reason(text):
    with pytest.raises(VerificationError):
        verify(text)


@given(st.lists(st.one_of(JSON), max_size=4), JSON)
def test_any_disclosure_is_refused_with_a_reason_or_stands_in_its_place(elements, other):
    encoded = disclosure(*elements)
    try:
        result = claims({"_sd": [digest(encoded)], "x": other}, encoded)
    except VerificationError:
        return
    _, name, value = elements
    assert result == {"x": other, name: value}
