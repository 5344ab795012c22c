"""DCQL: OpenID4VP 1.0 sections 6 and 7, both the wallet's and the verifier's side."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vckit import dcql
from vckit.errors import ClaimsMissingError, MalformedValueError, NotRequestedError

VCT = "https://stelsel.example/vct/schuldenopgave/1"
CLAIMS = {
    "geslachtsnaam": "Jansen",
    "nil": False,
    "aantal": 2,
    "leeg": [],
    "vorderingen": [
        {"categorie": "belasting", "saldo": 100, "betaal": {"iban": "NL00"}},
        {"categorie": "boete", "saldo": 250},
    ],
}


def credential(**members):
    return {"id": "a", "format": "dc+sd-jwt", "meta": {"vct_values": [VCT]}, **members}


def query(*credentials, **members):
    return dcql.parse({"credentials": list(credentials) or [credential()], **members})


def candidate(key="one", claims=CLAIMS, **members):
    return dcql.Candidate(key, "dc+sd-jwt", {"vct": VCT}, claims, **members)


def claims_of(*paths, **members):
    return credential(claims=[{"path": list(path)} for path in paths], **members)


def disclosed(asked, held=None):
    (found,) = dcql.match(query(asked), [held or candidate()]).matches["a"]
    return found.disclose


def test_a_full_query_is_read():
    read = query(
        credential(
            multiple=True,
            require_cryptographic_holder_binding=False,
            trusted_authorities=[{"type": "aki", "values": ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}],
            claims=[{"id": "x", "path": ["vorderingen", None, 0], "values": ["a", 1, True]}],
            claim_sets=[["x"], []],
        ),
        credential(id="b-2_C", format="ldp_vc", meta={}),
        credential_sets=[{"options": [["a"], ["b-2_C"]]}, {"options": [["a"]], "required": False}],
        later="ignored",
    )
    first, second = read.credentials
    assert first.multiple
    assert not first.require_cryptographic_holder_binding
    assert first.trusted_authorities[0].values == ("s9tIpPmhxdiuNkHMEWNpYim8S8Y",)
    assert first.claims == (dcql.ClaimsQuery(("vorderingen", None, 0), "x", ("a", 1, True)),)
    assert first.options() == (first.claims, ())
    assert second.require_cryptographic_holder_binding
    assert [one.required for one in read.credential_sets] == [True, False]
    assert read.credential("b-2_C") is second
    assert read.credential("c") is None


@pytest.mark.parametrize(
    "broken",
    [
        None,
        [],
        {},
        {"credentials": []},
        {"credentials": {"a": 1}},
        {"credentials": [credential(), credential()]},
        {"credentials": [credential(id="")]},
        {"credentials": [credential(id="é")]},
        {"credentials": [credential(id="a\n")]},
        {"credentials": [credential(id=1)]},
        {"credentials": [{"id": "a", "format": "dc+sd-jwt"}]},
        {"credentials": [credential(meta={})]},
        {"credentials": [credential(meta={"vct_values": []})]},
        {"credentials": [credential(meta={"vct_values": [1]})]},
        {"credentials": [credential(meta={"vct_values": VCT})]},
        {"credentials": [credential(multiple="true")]},
        {"credentials": [credential(multiple=1)]},
        {"credentials": [credential(claims=[])]},
        {"credentials": [credential(claims=[{"path": []}])]},
        {"credentials": [credential(claims=[{"path": "naam"}])]},
        {"credentials": [credential(claims=[{"path": [-1]}])]},
        {"credentials": [credential(claims=[{"path": [1.5]}])]},
        {"credentials": [credential(claims=[{"path": [True]}])]},
        {"credentials": [credential(claims=[{"path": ["a"], "values": []}])]},
        {"credentials": [credential(claims=[{"path": ["a"], "values": [1.5]}])]},
        {"credentials": [credential(claims=[{"path": ["a"], "values": [None]}])]},
        {"credentials": [credential(claim_sets=[["x"]])]},
        {"credentials": [credential(claims=[{"path": ["a"]}], claim_sets=[["x"]])]},
        {"credentials": [credential(claims=[{"id": "x", "path": ["a"]}], claim_sets=[["y"]])]},
        {"credentials": [credential(claims=[{"id": "x", "path": ["a"]}], claim_sets=[])]},
        {
            "credentials": [
                credential(claims=[{"id": "x", "path": ["a"]}, {"id": "x", "path": ["b"]}])
            ]
        },
        {"credentials": [credential(trusted_authorities=[])]},
        {"credentials": [credential(trusted_authorities=[{"type": "aki", "values": []}])]},
        {"credentials": [credential()], "credential_sets": []},
        {"credentials": [credential()], "credential_sets": [{"options": []}]},
        {"credentials": [credential()], "credential_sets": [{"options": [[]]}]},
        {"credentials": [credential()], "credential_sets": [{"options": [["b"]]}]},
        {"credentials": [credential()], "credential_sets": [{"options": [["a"]], "required": 0}]},
    ],
)
def test_a_malformed_query_is_refused(broken):
    with pytest.raises(MalformedValueError):
        dcql.parse(broken)


@pytest.mark.parametrize(
    ("pointer", "paths"),
    [
        (("geslachtsnaam",), [("geslachtsnaam",)]),
        (("vorderingen", None), [("vorderingen", 0), ("vorderingen", 1)]),
        (("vorderingen", 1, "saldo"), [("vorderingen", 1, "saldo")]),
        (
            ("vorderingen", None, "saldo"),
            [("vorderingen", 0, "saldo"), ("vorderingen", 1, "saldo")],
        ),
        (("vorderingen", None, "betaal", "iban"), [("vorderingen", 0, "betaal", "iban")]),
        (("leeg", None), []),
        (("leeg", 0), []),
        (("vorderingen", 2), []),
        (("onbekend",), []),
        (("geslachtsnaam", "x"), []),
        (("geslachtsnaam", 0), []),
        (("geslachtsnaam", None), []),
        (("vorderingen", "saldo"), []),
        ((0,), []),
    ],
)
def test_a_pointer_selects_as_section_7_says(pointer, paths):
    assert dcql.select(CLAIMS, pointer) == paths


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=10,
)
POINTERS = st.lists(st.text(max_size=2) | st.integers(0, 3) | st.none(), min_size=1, max_size=4)


@given(st.dictionaries(st.text(max_size=2), JSON, max_size=4), POINTERS)
def test_every_selected_path_exists_and_fits_its_pointer(claims, pointer):
    for path in dcql.select(claims, tuple(pointer)):
        value = claims
        for step, asked in zip(path, pointer, strict=True):
            value = value[step]
            assert asked is None or asked == step


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
        {"id": "naam", "path": ["geslachtsnaam"]},
        {"id": "alle", "path": ["vorderingen", None]},
    ]
    asked = credential(claims=claims, claim_sets=[["naam", "alle"], ["naam"]])
    assert len(disclosed(asked)) == 3
    nil = candidate(claims={"geslachtsnaam": "Jansen", "vorderingen": []})
    assert disclosed(asked, nil) == (("geslachtsnaam",),)
    hopeless = credential(claims=claims, claim_sets=[["alle"]])
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
    asked = credential(claims=[{"path": ["vorderingen", None, "categorie"], "values": ["boete"]}])
    assert disclosed(asked) == (("vorderingen", 1, "categorie"),)


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
        {"id": "naam", "path": ["geslachtsnaam"]},
        {"id": "alle", "path": ["vorderingen", None]},
    ]
    sets = [["naam", "alle"], ["naam"]]
    asked = query(credential(claims=claims, claim_sets=sets)).credentials[0]
    nil = candidate(claims={"geslachtsnaam": "Jansen"})
    assert [one.id for one in dcql.check(asked, nil)] == ["naam"]


def test_V11_what_was_asked_can_be_told_from_what_was_not():
    asked = query(claims_of(("geslachtsnaam",), ("vorderingen", None))).credentials[0]
    paths = dcql.requested(asked, CLAIMS)
    assert paths == (("geslachtsnaam",), ("vorderingen", 0), ("vorderingen", 1))


# Values that a query is made of, in places where they may or may not belong.
PIECES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["credentials", "credential_sets", "options", "required", "id", "format", "meta"]
                + ["claims", "claim_sets", "path", "values", "vct_values", "multiple", "type"]
            ),
            inner | st.sampled_from(["a", "dc+sd-jwt"]),
        )
    ),
    max_leaves=30,
)


@given(PIECES)
def test_whatever_arrives_is_a_query_or_is_malformed(value):
    try:
        read = dcql.parse(value)
    except MalformedValueError:
        return
    assert read.credentials
    assert not dcql.match(read, []).met or read.credential_sets
