"""Answering DCQL queries and judging the answers: OpenID4VP 1.0 section 6.4."""

import pytest

from tests.vckit.queries import (
    CLAIMS,
    TYPES,
    VCT,
    candidate,
    claims_of,
    credential,
    query,
    w3c_candidate,
    w3c_credential,
)
from vckit import dcql
from vckit.errors import ClaimsMissingError, NotRequestedError


def disclosed(asked, held=None):
    (found,) = dcql.match(query(asked), [held or candidate()]).matches["a"]
    return found.disclose


def test_all_requested_claims_are_disclosed_and_no_more():
    asked = claims_of(("geslachtsnaam",), ("vorderingen", None), ("vorderingen", 0))
    expected = (("geslachtsnaam",), ("vorderingen", 0), ("vorderingen", 1))
    assert disclosed(asked) == expected


def test_without_claims_nothing_selective_is_disclosed():
    assert disclosed(credential()) == ()


def test_a_missing_claim_keeps_the_credential_back():
    answer = dcql.match(query(claims_of(("onbekend",))), [candidate()])
    assert answer.matches == {"a": ()}
    assert not answer.met
    assert answer.selection() == {}


def test_the_first_claim_set_that_can_be_satisfied_is_taken():
    claims = [
        {"id": "name", "path": ["geslachtsnaam"]},
        {"id": "debts", "path": ["vorderingen", None]},
    ]
    asked = credential(claims=claims, claim_sets=[["name", "debts"], ["name"]])
    assert len(disclosed(asked)) == 3
    nil = candidate(claims={"geslachtsnaam": "Jansen", "vorderingen": []})
    assert disclosed(asked, nil) == (("geslachtsnaam",),)
    hopeless = credential(claims=claims, claim_sets=[["debts"]])
    assert dcql.match(query(hopeless), [nil]).matches["a"] == ()


@pytest.mark.parametrize(
    ("path", "values", "found"),
    [
        (["geslachtsnaam"], ["Jansen"], True),
        (["geslachtsnaam"], ["jansen"], False),
        (["nil"], [False], True),
        (["nil"], [0], False),
        (["aantal"], [2, "x"], True),
        (["aantal"], ["2"], False),
        (["vorderingen"], ["x"], False),
    ],
)
def test_values_match_in_type_and_value(path, values, found):
    asked = credential(claims=[{"path": path, "values": values}])
    assert dcql.match(query(asked), [candidate()]).met is found


def test_values_select_among_array_elements():
    asked = credential(claims=[{"path": ["vorderingen", None, "term"], "values": ["boete"]}])
    assert disclosed(asked) == (("vorderingen", 1, "term"),)


def test_kind_authority_and_holder_binding_decide_who_is_a_candidate():
    other_type = dcql.Candidate("x", "dc+sd-jwt", {"vct": "urn:x"}, CLAIMS)
    other_format = dcql.Candidate("x", "ldp_vc", {"vct": VCT}, CLAIMS)
    assert not dcql.match(query(), [other_type, other_format]).met
    aki = credential(trusted_authorities=[{"type": "aki", "values": ["k1", "k2"]}])
    assert dcql.match(query(aki), [candidate(trusted_authorities={"aki": {"k2"}})]).met
    assert not dcql.match(query(aki), [candidate(trusted_authorities={"aki": {"k3"}})]).met
    assert not dcql.match(query(aki), [candidate()]).met
    unbound = candidate(holder_bound=False)
    assert not dcql.match(query(), [unbound]).met
    free = credential(require_cryptographic_holder_binding=False)
    assert dcql.match(query(free), [unbound]).met


def test_a_format_without_rules_matches_nothing():
    asked = query(credential(format="unheard_of", meta={}))
    held = dcql.Candidate("x", "unheard_of", {}, CLAIMS)
    assert not dcql.match(asked, [held]).met


def test_multiple_decides_how_many_are_returned():
    held = [candidate("one"), candidate("two")]
    one = dcql.match(query(), held)
    assert len(one.matches["a"]) == 2
    assert [found.candidate.key for found in one.selection()["a"]] == ["one"]
    every = dcql.match(query(credential(multiple=True)), held).selection()
    assert [found.candidate.key for found in every["a"]] == ["one", "two"]


def test_without_sets_every_credential_is_required():
    both = query(credential(), credential(id="b", meta={"vct_values": ["urn:b"]}))
    assert not dcql.match(both, [candidate()]).met
    other = dcql.Candidate("x", "dc+sd-jwt", {"vct": "urn:b"}, {})
    assert set(dcql.match(both, [candidate(), other]).selection()) == {"a", "b"}


def test_sets_are_satisfied_by_one_option_each_and_optional_ones_where_possible():
    second = credential(id="b", meta={"vct_values": ["urn:b"]})
    third = credential(id="c", meta={"vct_values": ["urn:c"]})
    asked = query(
        credential(),
        second,
        third,
        credential_sets=[
            {"options": [["c"], ["a"], ["b"]]},
            {"options": [["b"]], "required": False},
            {"options": [["c"]], "required": False},
        ],
    )
    other = dcql.Candidate("x", "dc+sd-jwt", {"vct": "urn:b"}, {})
    assert set(dcql.match(asked, [candidate(), other]).selection()) == {"a", "b"}
    assert set(dcql.match(asked, [other]).selection()) == {"b"}
    nothing = dcql.match(asked, [])
    assert not nothing.met
    assert nothing.selection() == {}
    assert dcql.unmet_sets(asked, ["c"]) == ()
    assert dcql.unmet_sets(asked, []) == (asked.credential_sets[0],)


def test_V10_the_verifier_checks_kind_and_claims_again():
    asked = query(claims_of(("geslachtsnaam",), ("vorderingen", None))).credentials[0]
    assert dcql.check(asked, candidate()) == asked.claims
    with pytest.raises(ClaimsMissingError):
        dcql.check(asked, candidate(claims={"geslachtsnaam": "Jansen"}))
    with pytest.raises(NotRequestedError):
        dcql.check(asked, dcql.Candidate("x", "dc+sd-jwt", {"vct": "urn:x"}, CLAIMS))
    with pytest.raises(NotRequestedError):
        dcql.check(asked, dcql.Candidate("x", "jwt_vc_json", {"vct": VCT}, CLAIMS))


def test_V13_the_verifier_does_not_rely_on_the_wallet_for_values():
    claims = [{"path": ["geslachtsnaam"], "values": ["Pietersen"]}]
    asked = query(credential(claims=claims)).credentials[0]
    assert dcql.check(asked, candidate(claims={"geslachtsnaam": "Pietersen"}))
    with pytest.raises(ClaimsMissingError):
        dcql.check(asked, candidate())


def test_check_tells_which_option_was_answered():
    claims = [
        {"id": "name", "path": ["geslachtsnaam"]},
        {"id": "debts", "path": ["vorderingen", None]},
    ]
    sets = [["name", "debts"], ["name"]]
    asked = query(credential(claims=claims, claim_sets=sets)).credentials[0]
    nil = candidate(claims={"geslachtsnaam": "Jansen"})
    assert [one.id for one in dcql.check(asked, nil)] == ["name"]


def test_V11_what_was_asked_can_be_told_from_what_was_not():
    asked = query(claims_of(("geslachtsnaam",), ("vorderingen", None))).credentials[0]
    paths = dcql.requested(asked, CLAIMS)
    assert paths == (("geslachtsnaam",), ("vorderingen", 0), ("vorderingen", 1))


W3C_FORMATS = ["ldp_vc", "jwt_vc_json", "vc+jwt"]


@pytest.mark.parametrize("credential_format", W3C_FORMATS)
def test_w3c_credentials_are_asked_by_type_and_claims_from_their_root(credential_format):
    path = ["credentialSubject", "vorderingen", None, "saldo"]
    asked = w3c_credential(credential_format, claims=[{"path": path}])
    held = w3c_candidate(credential_format)
    assert len(disclosed(asked, held)) == 2
    assert dcql.check(query(asked).credentials[0], held)
    at_the_subject = w3c_credential(credential_format, claims=[{"path": path[1:]}])
    with pytest.raises(ClaimsMissingError):
        dcql.check(query(at_the_subject).credentials[0], held)


@pytest.mark.parametrize(
    ("type_values", "met"),
    [
        ([TYPES], True),
        ([TYPES[1:]], True),
        ([list(reversed(TYPES))], True),
        ([["Onbekend"], TYPES[1:]], True),
        ([[*TYPES, "Onbekend"]], False),
        ([["Schuldenopgave"]], False),
        ([["Onbekend"], ["Schuldenopgave"]], False),
    ],
)
def test_every_type_of_one_alternative_must_be_there(type_values, met):
    asked = {**w3c_credential(), "meta": {"type_values": type_values}}
    assert dcql.match(query(asked), [w3c_candidate()]).met is met


def test_a_jwt_answers_by_its_plain_types_as_well():
    asked = w3c_credential("jwt_vc_json", types=["Schuldenopgave"])
    both = w3c_candidate("jwt_vc_json", types=[*TYPES, "VerifiableCredential", "Schuldenopgave"])
    assert dcql.match(query(asked), [both]).met
    assert not dcql.match(query(asked), [w3c_candidate("vc+jwt", types=["Schuldenopgave"])]).met


def test_every_set_that_can_be_answered_is_answered():
    credentials = [
        {**credential(), "id": "sd_jwt", "multiple": True},
        {**w3c_credential(), "id": "ldp", "multiple": True},
        {**w3c_credential("jwt_vc_json"), "id": "jwt", "multiple": True},
    ]
    ids = [one["id"] for one in credentials]
    sets = [
        {"options": [[one] for one in ids]},
        *({"options": [[one]], "required": False} for one in ids),
    ]
    asked = query(*credentials, credential_sets=sets)
    mixed = dcql.match(asked, [candidate("first"), w3c_candidate()])
    assert set(mixed.selection()) == {"sd_jwt", "ldp"}
    assert set(dcql.match(asked, [w3c_candidate()]).selection()) == {"ldp"}
    assert dcql.match(asked, []).selection() == {}
