"""The format ldp_vc: the JSON is judged, not only the RDF that is signed."""

import copy
import json

import pytest

from tests.vckit.rewrapped import DATA_INTEGRITY, V1, V2, presentation, secured
from tests.vckit.statements import ISSUED, debt
from tests.vckit.w3c import (
    BOXTEL,
    CONTEXT,
    HOLDER_ID,
    HOLDERS,
    JSON_LD,
    KINDS,
    OTHER,
    TERMS,
    envelope,
    ids,
    stated,
)
from vckit import data_integrity, statement
from vckit.data_integrity import ed25519_signature_2020
from vckit.data_model import build_v2, build_v11
from vckit.errors import (
    CryptographicSecurityError,
    DataLossDetectionError,
    HolderBindingError,
    MalformedValueError,
    ProofVerificationError,
    VerificationError,
)
from vckit.keys import PrivateKey

LDP = [kind for kind in KINDS if kind.format.FORMAT == "ldp_vc"]
EDDSA, VC11 = LDP[0], LDP[2]
every_ldp = pytest.mark.parametrize("kind", LDP, ids=lambda kind: kind.name)


def issued(kind=EDDSA, *settings, **changes):
    return json.loads(kind.issue(*settings, **changes))


def verify(document, kind=EDDSA):
    """With the key that the honest credential names, whatever this one names."""
    unverified = kind.format.open_held(json.dumps(document))
    key = BOXTEL.es256 if "ecdsa" in kind.name else BOXTEL.ed25519
    return kind.format.verify(unverified, issuer_key=key.public_key, now=ISSUED)


def signed(document, **changes):
    """A document that Boxtel signed, whatever it says."""
    settings = {
        "cryptosuite": "eddsa-rdfc-2022",
        "signer": BOXTEL.ed25519,
        "verification_method": f"{BOXTEL.did}#ed25519",
        "purpose": "assertionMethod",
        "created": ISSUED,
        "json_ld": JSON_LD,
    }
    return data_integrity.add_proof(document, **{**settings, **changes})


def unsigned(**members):
    return {**build_v2(TERMS, envelope()), **members}


def places(value, path=()):
    """Every member and element, the containers as well."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for name, member in inner:
        yield (*path, name)
        if isinstance(member, dict | list) and name != "@context":
            yield from places(member, (*path, name))


def changed(document, path, change):
    copied = copy.deepcopy(document)
    holder = copied
    for step in path[:-1]:
        holder = holder[step]
    change(holder, path[-1])
    return copied


def another(holder, name):
    value = holder[name]
    match value:
        case bool():
            holder[name] = not value
        case int():
            holder[name] = value + 1
        case str():
            holder[name] = value[:-1] + ("0" if value[-1] != "0" else "1")
        case _:
            holder[name] = "urn:x:1"


def remove(holder, name):
    del holder[name]


@every_ldp
@pytest.mark.parametrize("change", [another, remove])
def test_I01_no_member_can_be_changed_or_taken_away(kind, change):
    document = issued(kind, stated(debt(1)))
    for path in places(document):
        with pytest.raises(VerificationError):
            verify(changed(document, path, change), kind)


@every_ldp
def test_I01_a_changed_term_is_a_broken_signature(kind):
    for path in [("geslachtsnaam",), ("vorderingen", 0, "saldo"), ("vorderingen", 0, "id")]:
        document = changed(issued(kind), ("credentialSubject", *path), another)
        with pytest.raises(CryptographicSecurityError):
            verify(document, kind)


@every_ldp
def test_I01_the_proof_of_another_credential_is_none(kind):
    first, second = issued(kind), issued(kind, new_id=ids(5))
    for one, other in ((first, second), (second, first)):
        with pytest.raises(CryptographicSecurityError):
            verify({**one, "proof": other["proof"]}, kind)


@pytest.mark.parametrize(
    "given",
    [
        [CONTEXT, V2],
        [CONTEXT],
        [V2],
        V2,
        [V1, CONTEXT],
        [V1, V2, CONTEXT],
        [V2, V2, CONTEXT],
        [V2, CONTEXT, CONTEXT],
        [V2, CONTEXT, {"bedrag": "https://w3id.org/blauwe-knop/v1#saldo"}],
        [V2, {"@vocab": "https://w3id.org/blauwe-knop/v1#"}],
        [V2, None, CONTEXT],
        [V2, "https://elsewhere.example/contexts/v1"],
        [V2, DATA_INTEGRITY, CONTEXT],
        [],
        None,
        {},
        7,
    ],
)
def test_I05_another_list_of_contexts_is_refused(given):
    with pytest.raises(MalformedValueError):
        verify({**issued(), "@context": given})
    document = issued()
    del document["@context"]
    with pytest.raises(MalformedValueError):
        verify(document)


def test_I05_an_inline_context_is_exactly_the_shipped_one():
    document = issued(context_url=None)
    assert verify(document).claims == TERMS
    document["@context"][1]["saldo"]["@id"] = "https://w3id.org/blauwe-knop/v1#betaald"
    with pytest.raises(MalformedValueError):
        verify(document)


@every_ldp
def test_I10_a_debt_that_stands_there_twice_counts_once(kind):
    document = issued(kind)
    debts = document["credentialSubject"]["vorderingen"]
    debts.append(copy.deepcopy(debts[0]))
    try:
        claims = verify(document, kind).claims
    except VerificationError:
        return  # Its unnamed nodes (the creditor) stand there twice, for RDF too.
    assert statement.totals(claims["vorderingen"]) == statement.totals(TERMS["vorderingen"])


def test_I10_where_rdf_cannot_tell_the_debt_counts_once():
    document = unsigned()
    debts = document["credentialSubject"]["vorderingen"]
    debts.append(copy.deepcopy(debts[0]))
    assert verify(signed(document)).claims == TERMS


@pytest.mark.parametrize(
    "extra",
    [
        lambda node: node["id"],
        lambda node: {"id": node["id"]},
        lambda node: {"id": node["id"], "type": node["type"]},
        lambda node: {**node, "omschrijving": "Anders"},
        lambda node: {name: node[name] for name in node if name != "iban"},
        lambda node: [node],
    ],
)
def test_I10_a_bare_reference_or_a_node_in_two_pieces_is_refused_even_signed(extra):
    document = unsigned()
    debts = document["credentialSubject"]["vorderingen"]
    debts.append(extra(copy.deepcopy(debts[0])))
    with pytest.raises(VerificationError):
        verify(signed(document))


@every_ldp
def test_I11_another_order_says_the_same(kind):
    document = issued(kind)
    subject = document["credentialSubject"]
    subject["vorderingen"].reverse()
    subject["vordering_digests"].reverse()
    document["type"].reverse()
    if isinstance(document["credentialStatus"], list):
        document["credentialStatus"].reverse()
    turned = json.dumps(dict(reversed(document.items())), indent=3)
    proven = kind.verify_held(turned)
    assert statement.totals(proven.claims["vorderingen"]) == statement.totals(TERMS["vorderingen"])
    assert statement.breaches(proven.claims, issued_at=ISSUED, now=ISSUED) == []
    assert proven.digest == kind.verify_held(kind.issue()).digest


def test_a_second_spelling_of_a_signature_is_no_second_credential():
    document = issued()
    spelled = {**document, "proof": {**document["proof"], "proofValue": "zzz"}}
    assert EDDSA.format.open_held(json.dumps(spelled)).digest == verify(document).digest


@pytest.mark.parametrize(
    "members",
    [
        {"verified": True},
        {"@Total": 7},
        {"@id": "urn:x:1"},
        {"validUntil": None},
        {"status": None},
        {"sub": HOLDER_ID},
        {"proofs": []},
    ],
)
def test_I07_what_is_not_signed_is_refused(members):
    with pytest.raises((DataLossDetectionError, MalformedValueError, CryptographicSecurityError)):
        verify({**issued(), **members})


@pytest.mark.parametrize("name", ["saldo", "omschrijving", "verified", "@saldo", "niet_bekend"])
@pytest.mark.parametrize("value", [None, 0.3, [], {}, {"@value": "01"}, ["x", ["y"]], 2**53])
def test_I08_I13_I14_values_that_rdf_reads_otherwise_are_refused(name, value):
    document = issued()
    document["credentialSubject"]["vorderingen"][0][name] = value
    if (name, value) == ("niet_bekend", []):
        assert verify(document).claims["vorderingen"][0]["niet_bekend"] == []
        return
    with pytest.raises(VerificationError):
        verify(document)


@pytest.mark.parametrize("purpose", ["authentication", "capabilityInvocation", "x"])
def test_I19_a_proof_for_another_purpose_is_refused(purpose):
    with pytest.raises(VerificationError):
        verify(signed(unsigned(), purpose=purpose))
    held = [issued()]
    with pytest.raises(VerificationError):
        EDDSA.open(secured(presentation([V2], held), purpose="assertionMethod"))


def test_I29_an_older_type_of_proof_is_of_data_model_1_1_only():
    older = {"type": "Ed25519Signature2020"}
    document = issued()
    del document["proof"]["cryptosuite"]
    with pytest.raises(ProofVerificationError):
        verify({**document, "proof": {**document["proof"], **older}})
    with pytest.raises(ProofVerificationError):
        verify({**document, "proof": {**document["proof"], "type": "RsaSignature2018"}})


def test_I29_data_model_1_1_without_the_suites_context_means_nothing():
    document = build_v11(TERMS, envelope())
    settings = {
        "signer": BOXTEL.ed25519,
        "verification_method": f"{BOXTEL.did}#ed25519",
        "purpose": "assertionMethod",
        "created": ISSUED,
        "json_ld": JSON_LD,
    }
    with pytest.raises(DataLossDetectionError):
        ed25519_signature_2020.add_proof(document, **settings)


@pytest.mark.parametrize("proof", [[], [{}], "x", None])
def test_I25_I28_a_set_of_proofs_is_refused(proof):
    document = issued()
    listed = [document["proof"]] if proof == [{}] else proof
    with pytest.raises(VerificationError):
        verify({**document, "proof": listed})
    chained = {**document["proof"], "previousProof": "urn:uuid:1"}
    with pytest.raises(VerificationError):
        verify({**document, "proof": chained})


@every_ldp
def test_I32_a_presentation_without_a_proof_is_refused(kind):
    entry = kind.present(kind.issue())
    del entry["proof"]
    with pytest.raises(ProofVerificationError):
        kind.open(entry)


@every_ldp
def test_I32_a_credential_altered_inside_a_presentation_is_refused(kind):
    entry = kind.present(kind.issue())
    held = entry["verifiableCredential"]
    held[0] = changed(held[0], ("credentialSubject", "totaal_openstaand"), another)
    with pytest.raises(CryptographicSecurityError):
        kind.open(entry)
    contexts = entry["@context"]
    (unverified,) = kind.open(secured(presentation(contexts, held)))
    with pytest.raises(CryptographicSecurityError):
        kind.verify(unverified)


def test_I32_one_altered_credential_takes_no_other_down():
    altered = changed(issued(), ("credentialSubject", "totaal_openstaand"), another)
    good = issued(EDDSA, stated(debt(3)), new_id=ids(9), by=OTHER)
    bad, fine = EDDSA.open(secured(presentation([V2], [altered, good])))
    with pytest.raises(CryptographicSecurityError):
        EDDSA.verify(bad)
    assert EDDSA.verify(fine, by=OTHER).issuer == OTHER.did


@pytest.mark.parametrize(
    "held",
    [
        {
            "@context": V2,
            "id": "data:application/vc+jwt,a.b.c",
            "type": "EnvelopedVerifiableCredential",
        },
        "a.b.c",
        None,
        [],
        {},
        [[]],
    ],
)
def test_I32_an_enveloped_credential_is_of_another_format(held):
    entry = presentation([V2], held)
    with pytest.raises(VerificationError):
        EDDSA.open({**entry, "proof": issued()["proof"]})


@pytest.mark.parametrize(
    "contexts", [[V1], [V2, CONTEXT], V2, [V1, V2], [V2, DATA_INTEGRITY], [], [V2, {}]]
)
def test_other_contexts_of_a_presentation_are_refused(contexts):
    entry = EDDSA.present(EDDSA.issue())
    with pytest.raises(MalformedValueError):
        EDDSA.open({**entry, "@context": contexts})


@pytest.mark.parametrize(
    "members",
    [
        {"type": ["VerifiableCredential"]},
        {"type": ["VerifiablePresentation", "VerifiablePresentation"]},
        {"holder": None},
        {"holder": 7},
        {"holder": {}},
        {"verified": True},
        {"verifiableCredential": []},
    ],
)
def test_another_shape_of_a_presentation_is_refused(members):
    entry = EDDSA.present(EDDSA.issue())
    with pytest.raises(VerificationError):
        EDDSA.open({**entry, **members})


def test_a_presentation_with_one_credential_and_no_array_or_holder_is_taken():
    entry = presentation([V2], issued(), type="VerifiablePresentation")
    (unverified,) = EDDSA.open(secured(entry))
    assert EDDSA.verify(unverified).claims == TERMS


def test_a_presentation_that_names_another_holder_is_refused():
    _, other = HOLDERS["did:jwk EdDSA"]
    entry = presentation([V2], [issued()])
    assert EDDSA.open(secured({**entry, "holder": {"id": HOLDER_ID}}))
    for holder in (other, {"id": other}, "did:web:boxtel.example", "x:y"):
        with pytest.raises(HolderBindingError):
            EDDSA.open(secured({**entry, "holder": holder}))


@pytest.mark.parametrize("method", [f"{BOXTEL.did}#ed25519", "did:web:x.example#a"])
def test_only_a_did_that_holds_its_key_presents(method):
    with pytest.raises(HolderBindingError):
        EDDSA.open(secured(presentation([V2], [issued()]), verification_method=method))


def test_I26_a_presentation_for_ours_and_another_is_refused():
    entry = secured(presentation([V2], [issued()]), domain=None)
    with pytest.raises(VerificationError):
        EDDSA.open(entry)
    with pytest.raises(VerificationError):
        EDDSA.open(secured(presentation([V2], [issued()]), challenge=None))


def test_a_wallet_of_data_model_1_1_presents_with_its_older_proof():
    """As Credo does with an Ed25519 key."""
    key, did = HOLDERS["did:key EdDSA"]
    suite = "https://w3id.org/security/suites/ed25519-2020/v1"
    entry = ed25519_signature_2020.add_proof(
        presentation([V1, suite], [issued(VC11, holder_id=did)]),
        signer=key,
        verification_method=f"{did}#{did.removeprefix('did:key:')}",
        purpose="authentication",
        created=ISSUED,
        json_ld=JSON_LD,
        challenge="een-nonce-van-de-verifier",
        domain="x509_hash:abc",
    )
    (unverified,) = VC11.open(entry)
    assert VC11.verify(unverified).claims == TERMS


@pytest.mark.parametrize("issuer", [None, {"id": None}, {}, [], 7, "https://boxtel.example", ""])
def test_I40_an_issuer_that_is_no_did_is_refused(issuer):
    with pytest.raises(MalformedValueError):
        EDDSA.format.open_held(json.dumps({**issued(), "issuer": issuer}))


def test_I40_the_name_of_an_issuer_is_never_taken():
    named = {"id": BOXTEL.did, "name": "<b>Gemeente Nergens</b>"}
    proven = verify(signed(unsigned(issuer=named)))
    assert proven.issuer == BOXTEL.did
    assert proven.claims == TERMS


@pytest.mark.parametrize(
    "members",
    [
        {"termsOfUse": {"type": "BitstringStatusList", "id": "https://tracker.example/terms"}},
        {"refreshService": {"type": "BitstringStatusList", "id": "https://tracker.example/new"}},
        {"evidence": {"id": "https://tracker.example/evidence"}},
        {"renderMethod": {"id": "https://tracker.example/render"}},
        {"credentialSchema": {"type": "JsonSchema", "id": "https://tracker.example/schema"}},
        {"name": "<script>", "description": "https://tracker.example/"},
    ],
)
def test_I34_what_could_be_fetched_is_neither_fetched_nor_shown(members):
    """There is no network here: a format has no Fetcher."""
    proven = verify(signed(unsigned(**members)))
    assert proven.claims == TERMS


def test_a_key_of_no_suite_is_refused():
    unverified = EDDSA.format.open_held(EDDSA.issue())
    key = PrivateKey.generate("ES256").public_key
    with pytest.raises(ProofVerificationError):
        EDDSA.format.verify(unverified, issuer_key=key, now=ISSUED)


@pytest.mark.parametrize("subject", [None, [], {}, {"id": 7}, {"id": None}, {"id": BOXTEL.did}])
def test_a_wallet_presents_only_what_is_bound_to_a_key(subject):
    document = {**issued(), "credentialSubject": subject}
    with pytest.raises(HolderBindingError):
        EDDSA.present(json.dumps(document))
