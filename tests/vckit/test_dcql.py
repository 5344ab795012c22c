"""Reading DCQL queries and claims path pointers: OpenID4VP 1.0 sections 6 and 7."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vckit.queries import CLAIMS, VCT, credential, query
from vckit import dcql
from vckit.errors import MalformedValueError


def test_a_full_query_is_read():
    read = query(
        credential(
            multiple=True,
            require_cryptographic_holder_binding=False,
            trusted_authorities=[{"type": "aki", "values": ["s9tIpPmhxdiuNkHMEWNpYim8S8Y"]}],
            claims=[{"id": "x", "path": ["vorderingen", None, 0], "values": ["a", 1, True]}],
            claim_sets=[["x"], []],
        ),
        credential(id="b-2_C", format="mso_mdoc", meta={}),
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
        {"credentials": [credential(claims=[{"path": "name"}])]},
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
        (("niets", None), []),
        (("niets", 0), []),
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


MEMBERS = [
    "credentials",
    "credential_sets",
    "options",
    "required",
    "id",
    "format",
    "meta",
    "claims",
    "claim_sets",
    "path",
    "values",
    "vct_values",
    "type_values",
    "multiple",
    "trusted_authorities",
    "type",
]
# Values that a query is made of, in places where they may or may not belong.
PIECES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(MEMBERS),
            inner | st.sampled_from(["a", "dc+sd-jwt", "ldp_vc"]),
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


@pytest.mark.parametrize("credential_format", ["ldp_vc", "jwt_vc_json", "vc+jwt"])
@pytest.mark.parametrize(
    "meta",
    [
        {},
        {"type_values": []},
        {"type_values": [[]]},
        {"type_values": ["T"]},
        {"type_values": [["T"], [1]]},
        {"type_values": "T"},
        {"vct_values": ["T"]},
    ],
)
def test_w3c_formats_are_asked_by_lists_of_types(credential_format, meta):
    asked = {"id": "a", "format": credential_format, "meta": meta}
    with pytest.raises(MalformedValueError):
        dcql.parse({"credentials": [asked]})
    well_formed = {**asked, "meta": {"type_values": [["T"]]}}
    assert dcql.parse({"credentials": [well_formed]}).credential("a") is not None
