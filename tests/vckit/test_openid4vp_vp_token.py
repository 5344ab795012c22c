"""The VP token: OpenID4VP 1.0 section 8.1, row V08 of security.md."""

import pytest

from vckit import dcql
from vckit.oauth import InvalidRequest
from vckit.openid4vp import vp_token

META = {"vct_values": ["urn:x"]}
TYPES = {"type_values": [["VerifiableCredential"]]}
QUERY = dcql.parse(
    {
        "credentials": [
            {"id": "one", "format": "dc+sd-jwt", "meta": META},
            {"id": "many", "format": "dc+sd-jwt", "meta": META, "multiple": True},
            {"id": "ldp", "format": "ldp_vc", "meta": TYPES, "multiple": True},
            {"id": "jwt", "format": "jwt_vc_json", "meta": TYPES},
            {"id": "joses", "format": "vc+jwt", "meta": TYPES},
            {"id": "other", "format": "unheard_of", "meta": {}},
        ]
    }
)


@pytest.mark.parametrize(
    "value",
    [
        {"one": ["a~"]},
        {"many": ["a~", "b~"]},
        {"one": ["a~"], "many": ["b~"]},
        {"ldp": [{"type": "VerifiablePresentation"}, {"type": "VerifiablePresentation"}]},
        {"ldp": [{"type": "VerifiablePresentation"}], "jwt": ["a.b.c"], "joses": ["a.b.c"]},
    ],
)
def test_presentations_are_given_by_query(value):
    assert vp_token.parse(value, QUERY) == value


@pytest.mark.parametrize(
    "value",
    [
        None,
        "a~",
        ["a~"],
        {},
        {"unknown": ["a~"]},
        {"one": "a~"},
        {"one": []},
        {"one": None},
        {"one": ["a~", "b~"]},
        {"one": [{"a": 1}]},
        {"many": ["a~", 1]},
        {"other": ["a~"]},
        {"ldp": ["a.b.c"]},
        {"ldp": [{"type": "VerifiablePresentation"}, "a.b.c"]},
        {"jwt": [{"type": "VerifiablePresentation"}]},
        {"joses": [["a.b.c"]]},
        {"one": ["a~"], "unknown": ["b~"]},
    ],
)
def test_V08_a_token_of_another_shape_is_refused(value):
    with pytest.raises(InvalidRequest):
        vp_token.parse(value, QUERY)
