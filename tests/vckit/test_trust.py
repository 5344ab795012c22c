"""Who may state what: the signed scheme of wire.md, rows T and J05 of security.md."""

import pytest

from tests.vckit.participants import (
    NOW,
    issuer_entry,
    participant,
    scheme,
    verifier_entry,
)
from vckit import trust, x509
from vckit.errors import UntrustedIssuerError, VerificationError
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


BOXTEL_DID = "did:web:boxtel.example"


def test_an_issuer_and_a_verifier_are_found_by_their_did(operator, boxtel, counsellor):
    found = scheme(
        operator,
        issuer_entry(boxtel, dids=[BOXTEL_DID]),
        verifier_entry(counsellor, dids=["did:web:schuldhulp.example"]),
    )
    assert found.issuer_of_did(BOXTEL_DID, kind=KIND, now=NOW).name == "Gemeente Proef"
    assert found.verifier_of_did("did:web:schuldhulp.example", NOW).name == "Schuldhulp Proef"
    for of_did in (
        lambda: found.issuer_of_did("did:web:schuldhulp.example", kind=KIND, now=NOW),
        lambda: found.verifier_of_did(BOXTEL_DID, NOW),
        lambda: found.issuer_of_did(BOXTEL_DID, kind="belastingschuld", now=NOW),
    ):
        with pytest.raises(UntrustedIssuerError):
            of_did()


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:web:boxtel.example.evil.example",
        "did:web:evil.example:boxtel.example",
        "did:web:Boxtel.example",
        "did:web:boxtel.example#key-1",
        "did:web:boxtel.exampl",
        "did:web:bоxtel.example",  # noqa: RUF001  a Cyrillic letter
        "https://boxtel.example",
    ],
)
def test_T04_a_did_like_one_of_the_scheme_is_not_it(operator, boxtel, did):
    found = scheme(operator, issuer_entry(boxtel, dids=[BOXTEL_DID]))
    with pytest.raises(UntrustedIssuerError):
        found.issuer_of_did(did, kind=KIND, now=NOW)


def test_a_did_ends_with_its_organisation(operator, boxtel):
    ended = issuer_entry(boxtel, dids=[BOXTEL_DID], geldig_tot="2020-01-01")
    found = scheme(operator, ended, second_entry(participant("https://gestel.example")))
    with pytest.raises(UntrustedIssuerError):
        found.issuer_of_did(BOXTEL_DID, kind=KIND, now=NOW)


def test_the_context_and_the_newest_schema_are_told(operator, boxtel):
    found = scheme(operator, issuer_entry(boxtel))
    assert found.context_url == "https://stelsel.example/contexts/v1"
    assert found.schema_url("schuldenopgave").endswith("/schemas/schuldenopgave/1")
    with pytest.raises(trust.SchemeError):
        found.schema_url("schulden")
