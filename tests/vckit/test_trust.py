"""Who may state what: the signed scheme of wire.md, rows T and J05 of security.md."""

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
from vckit.errors import ConfigurationError, UntrustedIssuerError, VerificationError
from vckit.keys import PrivateKey

KIND = "schuldenopgave"


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


def test_a_verified_scheme_names_issuer_key_and_documents(operator, boxtel):
    found = scheme(operator, issuer_entry(boxtel, start_url="https://boxtel.example/knop?a=1"))
    organisation, key = found.issuer(boxtel.url, boxtel.x5c, kind=KIND, now=NOW)
    assert organisation.name == "Gemeente Proef"
    assert organisation.municipality_code == "GM0757"
    assert organisation.start_url == "https://boxtel.example/knop?a=1"
    assert key == boxtel.key.public_key
    assert (found.version, found.base_url) == (3, "https://stelsel.example")
    assert found.documents.context.sha256 == "00"
    assert [one.name for one in found.issuers(NOW)] == ["Gemeente Proef"]


def test_the_newest_type_of_a_name_is_given_and_no_other(operator, boxtel):
    found = scheme(operator, issuer_entry(boxtel))
    assert found.vct("schuldenopgave") == "https://stelsel.example/vct/schuldenopgave/2"
    assert found.vct("schuldenopgave-plat").endswith("/vct/schuldenopgave-plat/1")
    with pytest.raises(trust.SchemeError):
        found.vct("schulden")


def test_a_type_without_a_version_is_the_oldest(operator, boxtel):
    names = ["/vct/opgave/eerste", "/vct/opgave/1"]
    vct = [{"url": f"https://stelsel.example{name}", "sha256": "0"} for name in names]
    found = scheme(operator, issuer_entry(boxtel), vct=vct)
    assert found.vct("opgave").endswith("/1")


def test_T01_an_issuer_that_is_not_listed_is_untrusted(operator, boxtel, gestel):
    found = scheme(operator, issuer_entry(boxtel))
    with pytest.raises(UntrustedIssuerError):
        found.issuer(gestel.url, gestel.x5c, kind=KIND, now=NOW)


@pytest.mark.parametrize("swapped", [False, True])
def test_T02_a_listed_issuer_cannot_speak_for_another(operator, boxtel, gestel, swapped):
    found = scheme(operator, issuer_entry(boxtel), second_entry(gestel))
    one, other = (gestel, boxtel) if swapped else (boxtel, gestel)
    assert found.issuer(one.url, one.x5c, kind=KIND, now=NOW)[1] == one.key.public_key
    with pytest.raises(UntrustedIssuerError):
        found.issuer(one.url, other.x5c, kind=KIND, now=NOW)


@pytest.mark.parametrize(
    "iss",
    [
        "https://boxtel.example/",
        "https://boxtel.example.evil.example",
        "https://boxtel.exampl",
        "https://BOXTEL.example",
        "https://boxtel.example@evil.example",
        "https://bоxtel.example",  # noqa: RUF001  a Cyrillic letter, on purpose
        "http://boxtel.example",
        "https://boxtel.example:443",
        "",
    ],
)
def test_T04_issuers_are_compared_exactly(operator, boxtel, iss):
    found = scheme(operator, issuer_entry(boxtel))
    assert found.issuer(boxtel.url, boxtel.x5c, kind=KIND, now=NOW)
    with pytest.raises(UntrustedIssuerError):
        found.issuer(iss, boxtel.x5c, kind=KIND, now=NOW)


def test_T08_an_issuer_states_only_its_own_kinds(operator, boxtel):
    found = scheme(operator, issuer_entry(boxtel, soorten=["waterschapsbelasting"]))
    assert found.issuer(boxtel.url, boxtel.x5c, kind="waterschapsbelasting", now=NOW)
    with pytest.raises(UntrustedIssuerError):
        found.issuer(boxtel.url, boxtel.x5c, kind=KIND, now=NOW)


def test_T07_an_entry_holds_from_one_moment_until_another(operator, boxtel):
    dates = {"geldig_van": "2026-01-01", "geldig_tot": "2026-12-31T23:00:00Z"}
    found = scheme(operator, issuer_entry(boxtel, **dates, opvolger_van="00000001000000000000"))
    start, end = 1_767_222_000, 1_798_758_000  # midnight in Amsterdam, both
    organisation = found.organisations[0]
    assert (organisation.valid_from, organisation.valid_until) == (start, end)
    assert organisation.successor_of == "00000001000000000000"
    taking_part = [start - 1, start, end - 1, end]
    assert [len(found.issuers(now)) for now in taking_part] == [0, 1, 1, 0]
    with pytest.raises(UntrustedIssuerError):
        found.issuer(boxtel.url, boxtel.x5c, kind=KIND, now=end)


def test_an_authority_is_trusted_for_leaves_that_name_the_issuer(operator, boxtel):
    through_authority = [x509.digest(boxtel.chain[1])]
    found = scheme(operator, issuer_entry(boxtel, certificaten=through_authority))
    assert found.issuer(boxtel.url, boxtel.x5c, kind=KIND, now=NOW)[1] == boxtel.key.public_key


def test_J05_an_authoritys_leaf_of_another_name_is_untrusted(operator):
    other = participant("https://boxtel.example", uri="https://gestel.example")
    found = scheme(operator, issuer_entry(other, certificaten=[x509.digest(other.chain[1])]))
    with pytest.raises(UntrustedIssuerError):
        found.issuer(other.url, other.x5c, kind=KIND, now=NOW)


@pytest.mark.parametrize("x5c", [None, [], ["AA=="], "x", [1]])
def test_J05_no_usable_chain_is_no_issuer(operator, boxtel, x5c):
    found = scheme(operator, issuer_entry(boxtel))
    with pytest.raises(VerificationError):
        found.issuer(boxtel.url, x5c, kind=KIND, now=NOW)


def test_a_verifier_is_known_by_its_leaf_or_chain(operator, boxtel, gestel, counsellor):
    found = scheme(operator, issuer_entry(boxtel), verifier_entry(counsellor))
    name = "Schuldhulp Proef"
    assert found.verifier(x509.digest(counsellor.leaf), NOW).name == name
    assert found.verifier(counsellor.chain, NOW).name == name
    for stranger in (gestel.chain, x509.digest(gestel.leaf), boxtel.chain):
        with pytest.raises(UntrustedIssuerError):
            found.verifier(stranger, NOW)


def test_a_verifier_through_an_authority_is_known_by_the_name_in_its_leaf(operator, counsellor):
    authority = {"certificaten": [x509.digest(counsellor.chain[1])]}
    named = scheme(operator, verifier_entry(counsellor, **authority, uitgevers=[counsellor.url]))
    assert named.verifier(counsellor.chain, NOW).purpose
    unnamed = scheme(operator, verifier_entry(counsellor, **authority))
    with pytest.raises(UntrustedIssuerError):
        unnamed.verifier(counsellor.chain, NOW)


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
