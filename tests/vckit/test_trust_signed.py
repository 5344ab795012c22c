"""The scheme as a signed document, rows T05 and T14 of security.md."""

import json

import pytest

from tests.vckit.participants import (
    DAY,
    NOW,
    issuer_entry,
    participant,
    scheme,
    scheme_payload,
    verifier_entry,
)
from vckit import jose, trust, x509
from vckit.errors import ConfigurationError
from vckit.keys import PrivateKey


@pytest.fixture(scope="module")
def operator():
    return PrivateKey.generate("ES256")


@pytest.fixture(scope="module")
def boxtel():
    return participant("https://boxtel.example")


@pytest.fixture(scope="module")
def gestel():
    return participant("https://gestel.example")


@pytest.fixture(scope="module")
def counsellor():
    return participant("https://schuldhulp.example")


def second_entry(one, **members):
    return issuer_entry(one, naam="Gemeente Twee", oin="00000001007654321000", **members)


def verify(data, operator, **changes):
    expected = {"operator_keys": [operator.public_key], "threshold": 1, "now": NOW}
    return trust.verify_scheme(data, **{**expected, **changes})


def test_T05_a_scheme_needs_its_operators_signature(operator, boxtel):
    payload = scheme_payload(issuer_entry(boxtel))
    stranger = PrivateKey.generate("EdDSA")
    signed = trust.sign_scheme(payload, [operator])
    assert verify(signed, operator).version == 3
    unsigned = json.dumps(payload).encode()
    other_typ = jose.sign_general(json.dumps(payload).encode(), [({"typ": "JWT"}, operator)])
    changed = signed.replace(b'"payload":"ey', b'"payload":"eX')
    forgeries = [
        trust.sign_scheme(payload, [stranger]),
        unsigned,
        other_typ,
        changed,
        signed[:-10],
        b"\xef\xbb\xbf" + signed,
        b"",
        b"[]",
        b" " * (trust.signed.MAX_BYTES + 1),
    ]
    for forged in forgeries:
        with pytest.raises(trust.SchemeError):
            verify(forged, operator)


def test_T05_two_keys_can_be_required_and_one_key_does_not_count_twice(operator, boxtel):
    second = PrivateKey.generate("EdDSA")
    keys = [operator.public_key, second.public_key]
    payload = scheme_payload(issuer_entry(boxtel))
    both = trust.sign_scheme(payload, [operator, second])
    assert verify(both, operator, operator_keys=keys, threshold=2).version == 3
    for signers in ([operator], [operator, operator]):
        with pytest.raises(trust.SchemeError):
            verify(trust.sign_scheme(payload, signers), operator, operator_keys=keys, threshold=2)


@pytest.mark.parametrize(
    ("keys", "threshold"), [(0, 1), (1, 0), (1, 2), (1, -1)], ids=["none", "zero", "more", "less"]
)
def test_T05_a_threshold_that_proves_nothing_is_refused(operator, boxtel, keys, threshold):
    signed = trust.sign_scheme(scheme_payload(issuer_entry(boxtel)), [operator])
    with pytest.raises(trust.SchemeError):
        verify(signed, operator, operator_keys=[operator.public_key] * keys, threshold=threshold)


def test_T05_the_same_operator_key_twice_is_one_key(operator, boxtel):
    signed = trust.sign_scheme(scheme_payload(issuer_entry(boxtel)), [operator])
    with pytest.raises(trust.SchemeError):
        verify(signed, operator, operator_keys=[operator.public_key] * 2, threshold=2)


def test_T05_an_older_version_or_another_time_is_refused(operator, boxtel):
    signed = trust.sign_scheme(scheme_payload(issuer_entry(boxtel)), [operator])
    assert verify(signed, operator, minimum_version=3).version == 3
    for changes in (
        {"minimum_version": 4},
        {"now": NOW + 30 * DAY},
        {"now": NOW - 2 * DAY},
    ):
        with pytest.raises(trust.SchemeError):
            verify(signed, operator, **changes)


def test_T05_duplicate_and_empty_schemes_are_refused(operator, boxtel, gestel):
    entry, second = issuer_entry(boxtel), second_entry(gestel)
    assert scheme(operator, entry, second)
    doubled = [
        (),
        (entry, entry),
        (entry, {**second, "oin": entry["oin"]}),
        (entry, {**second, "naam": entry["naam"]}),
        (entry, {**second, "uitgevers": [*second["uitgevers"], *entry["uitgevers"]]}),
        ({**entry, "uitgevers": entry["uitgevers"] * 2},),
    ]
    for entries in doubled:
        with pytest.raises(trust.SchemeError):
            trust.sign_scheme(scheme_payload(*entries), [operator])
        data = jose.sign_general(
            json.dumps(scheme_payload(*entries)).encode(), [({"typ": trust.TYP}, operator)]
        )
        with pytest.raises(trust.SchemeError):
            verify(data, operator)


def test_T14_two_organisations_never_share_a_certificate(operator, boxtel, counsellor):
    shared = {"certificaten": [x509.digest(boxtel.leaf)]}
    assert scheme(operator, issuer_entry(boxtel), verifier_entry(counsellor))
    with pytest.raises(trust.SchemeError):
        scheme(operator, issuer_entry(boxtel), verifier_entry(counsellor, **shared))


def test_T05_members_named_twice_are_refused(operator, boxtel):
    text = json.dumps(scheme_payload(issuer_entry(boxtel)))
    doubled = text.replace('"versie": 3', '"versie": 3, "versie": 9').encode()
    with pytest.raises(trust.SchemeError):
        verify(jose.sign_general(doubled, [({"typ": trust.TYP}, operator)]), operator)


@pytest.mark.parametrize(
    "members",
    [
        {"versie": 0},
        {"versie": "3"},
        {"versie": True},
        {"iat": -1},
        {"exp": 1.5},
        {"basis": "ftp://stelsel.example"},
        {"basis": "https://wie@stelsel.example"},
        {"context": None},
        {"vct": {"url": "https://stelsel.example/vct", "sha256": "0"}},
        {"organisaties": "iedereen"},
    ],
)
def test_a_payload_of_another_shape_is_refused(operator, boxtel, members):
    with pytest.raises(trust.SchemeError):
        trust.sign_scheme({**scheme_payload(issuer_entry(boxtel)), **members}, [operator])


@pytest.mark.parametrize(
    "members",
    [
        {"rol": ["operator"]},
        {"rol": []},
        {"rol": "issuer"},
        {"uitgevers": []},
        {"soorten": []},
        {"certificaten": []},
        {"certificaten": ["kort"]},
        {"oin": "123"},
        {"gemeentecode": "757"},
        {"geldig_van": "2026-13-01"},
        {"geldig_van": "2026-01-01T00:00:00+01:00"},
        {"geldig_tot": 1_798_758_000},
        {"naam": ""},
        {"rol": ["issuer", "verifier"]},
    ],
)
def test_an_entry_of_another_shape_is_refused(operator, boxtel, members):
    with pytest.raises(trust.SchemeError):
        scheme(operator, issuer_entry(boxtel, **members))


def test_unknown_members_are_ignored(operator, boxtel):
    found = scheme(operator, issuer_entry(boxtel, kleur="blauw"), later={"x": 1})
    assert len(found.organisations) == 1


def test_a_scheme_is_signed_by_somebody(boxtel):
    with pytest.raises(ConfigurationError):
        trust.sign_scheme(scheme_payload(issuer_entry(boxtel)), [])


def test_T14_a_did_leads_to_one_organisation(operator, boxtel, gestel):
    did = "did:web:boxtel.example"
    twice = scheme_payload(issuer_entry(boxtel, dids=[did]), second_entry(gestel, dids=[did]))
    with pytest.raises(trust.SchemeError):
        trust.sign_scheme(twice, [operator])
    other = second_entry(gestel, dids=["did:web:gestel.example"])
    apart = scheme(operator, issuer_entry(boxtel, dids=[did]), other)
    assert len(apart.organisations) == 2


@pytest.mark.parametrize("did", ["", "boxtel.example", "did:web:a#key-1", "did:web:a/b", "did:web"])
def test_what_is_no_did_is_refused(operator, boxtel, did):
    with pytest.raises(trust.SchemeError):
        trust.sign_scheme(scheme_payload(issuer_entry(boxtel, dids=[did])), [operator])


def test_an_organisation_is_known_by_a_certificate_or_a_did(operator, boxtel):
    nameless = issuer_entry(boxtel, certificaten=[])
    with pytest.raises(trust.SchemeError):
        trust.sign_scheme(scheme_payload(nameless), [operator])
    known = scheme(operator, {**nameless, "dids": ["did:web:boxtel.example"]})
    assert known.organisations[0].certificates == ()
