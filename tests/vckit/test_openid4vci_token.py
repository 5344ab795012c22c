"""The token endpoint with a pre-authorized code: OpenID4VCI 1.0 section 6."""

import json

import pytest

from vckit import oauth
from vckit.errors import MalformedValueError, ParsingError
from vckit.openid4vci import token

FORM = token.request_form("code-1")


def test_an_issuer_reads_what_a_wallet_sends():
    assert token.parse(FORM) == token.PreAuthorizedRequest("code-1")
    coded = token.request_form("code-1", "012345")
    assert token.parse(coded) == token.PreAuthorizedRequest("code-1", "012345")


def test_unknown_parameters_are_ignored_and_a_client_may_name_itself():
    form = {**FORM, "client_id": ["wallet"], "resource": ["https://boxtel.example"]}
    assert token.parse(form).client_id == "wallet"


def test_G10_a_transaction_code_stays_as_it_was_sent():
    for code in ("000001", " 12345", "１２３４５６"):  # noqa: RUF001  full width, on purpose
        assert token.parse({**FORM, "tx_code": code}).tx_code == code
    with pytest.raises(oauth.InvalidRequest):
        token.parse({**FORM, "tx_code": "1" * 257})


def test_G05_an_empty_transaction_code_is_none():
    assert token.parse({**FORM, "tx_code": ""}).tx_code is None


@pytest.mark.parametrize("name", ["grant_type", "pre-authorized_code"])
def test_G11_a_missing_or_repeated_parameter_is_an_invalid_request(name):
    without = {other: value for other, value in FORM.items() if other != name}
    for form in (without, {**FORM, name: ""}, {**FORM, name: [FORM[name], FORM[name]]}):
        with pytest.raises(oauth.InvalidRequest) as caught:
            token.parse(form)
        assert caught.value.code == "invalid_request"


def test_another_grant_type_is_unsupported():
    with pytest.raises(oauth.UnsupportedGrantType):
        token.parse({**FORM, "grant_type": "authorization_code"})


def test_G13_authorization_details_are_refused_as_long_as_none_are_published():
    with pytest.raises(oauth.InvalidAuthorizationDetails):
        token.parse({**FORM, "authorization_details": "[]"})


def test_a_wallet_reads_what_an_issuer_answers():
    body = json.dumps({**token.token_response("token-1", 300), "later": 1}).encode()
    assert token.parse_response(body) == token.TokenResponse("token-1", "bearer", 300)
    assert json.loads(body)["token_type"] == "bearer"


def test_a_token_type_is_read_in_any_case_and_its_life_may_be_untold():
    body = b'{"access_token":"t","token_type":"BEARER"}'
    assert token.parse_response(body) == token.TokenResponse("t", "bearer", None)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"access_token":"","token_type":"bearer"}',
        b'{"access_token":"t"}',
        b'{"access_token":"t","token_type":"mac"}',
        b'{"access_token":"t","token_type":"bearer","expires_in":"300"}',
        b'{"access_token":"t","token_type":"bearer","expires_in":-1}',
    ],
)
def test_a_token_response_of_another_shape_is_refused(body):
    with pytest.raises(MalformedValueError):
        token.parse_response(body)


def test_a_token_response_is_json():
    with pytest.raises(ParsingError):
        token.parse_response(b"access_token=t")
