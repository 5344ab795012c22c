"""Bearer tokens, challenges, forms and server metadata."""

import json

import pytest

from vckit import oauth
from vckit.errors import MalformedValueError, ParsingError, ProtocolError

SERVER = "https://boxtel.example"


@pytest.mark.parametrize(
    ("error", "code", "status"),
    [
        (oauth.InvalidRequest, "invalid_request", 400),
        (oauth.InvalidClient, "invalid_client", 401),
        (oauth.InvalidGrant, "invalid_grant", 400),
        (oauth.UnauthorizedClient, "unauthorized_client", 400),
        (oauth.UnsupportedGrantType, "unsupported_grant_type", 400),
        (oauth.InvalidScope, "invalid_scope", 400),
        (oauth.InvalidAuthorizationDetails, "invalid_authorization_details", 400),
        (oauth.InvalidToken, "invalid_token", 401),
        (oauth.InsufficientScope, "insufficient_scope", 403),
        (oauth.ServerError, "server_error", 500),
        (oauth.TemporarilyUnavailable, "temporarily_unavailable", 503),
    ],
)
def test_errors_carry_the_specifications_codes(error, code, status):
    assert issubclass(error, ProtocolError)
    assert (error.code, error.status) == (code, status)


@pytest.mark.parametrize("header", ["Bearer abc.-_~+/1==", "bearer  abc", "BEARER a"])
def test_a_bearer_token_is_read_whatever_the_case_of_its_scheme(header):
    assert oauth.parse_bearer(header) == header.split()[1]


@pytest.mark.parametrize("header", [None, "", "Basic abc", "DPoP abc", "abc"])
def test_P01_no_token_is_challenged_without_an_error_code(header):
    with pytest.raises(oauth.MissingToken) as caught:
        oauth.parse_bearer(header)
    assert caught.value.status == 401
    assert oauth.www_authenticate(caught.value) == "Bearer"


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer a b", "Bearer a,Bearer b", "Bearer =a", "Bearer é"]
)
def test_P01_a_malformed_token_is_an_invalid_token(header):
    with pytest.raises(oauth.InvalidToken) as caught:
        oauth.parse_bearer(header)
    assert oauth.www_authenticate(caught.value) == 'Bearer error="invalid_token"'


def test_tokens_are_fresh_and_kept_as_digests_only():
    tokens = {oauth.new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert {len(token) for token in tokens} == {43}
    token = tokens.pop()
    assert oauth.token_digest(token) == oauth.token_digest(token)
    assert token not in oauth.token_digest(token)
    assert len(oauth.token_digest(token)) == 43


def test_G11_a_parameter_occurs_once():
    assert oauth.single_values({"a": "1", "b": ["2"], "c": "", "d": [""]}) == {"a": "1", "b": "2"}
    for repeated in (["1", "1"], ["1", "2"], []):
        with pytest.raises(oauth.InvalidRequest):
            oauth.single_values({"a": repeated})


@pytest.mark.parametrize(
    "url",
    [
        "https://boxtel.example/a/b?c=d",
        "http://localhost:8101",
        "https://[2001:db8::1]/x",
        "https://xn--bxtel-kta.example/",
    ],
)
def test_web_addresses_are_taken(url):
    assert oauth.endpoint_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        1,
        "",
        "boxtel.example",
        "//boxtel.example",
        "https://",
        "https:///x",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://boxtel.example",
        "https://wie@boxtel.example",
        "https://boxtel.example/#deel",
        "https://boxtel.example/#",
        "https://boxtel.example/a b",
        "https://boxtel.example/\n",
        "https://boxtel.example\\@evil.example",
        "https://bоxtel.example",  # noqa: RUF001  a Cyrillic letter, on purpose
        "https://boxtel.example:99999",
        "https://boxtel.example:0",
        "https://[::1",
    ],
)
def test_H01_other_addresses_are_refused(url):
    with pytest.raises(MalformedValueError):
        oauth.endpoint_url(url)


def metadata(**members):
    published = oauth.authorization_server_metadata(SERVER, token_endpoint=f"{SERVER}/token")
    return json.dumps({**published, **members}).encode()


def test_a_wallet_reads_what_a_server_publishes():
    read = oauth.parse_authorization_server(metadata(later=1), SERVER)
    assert read == oauth.AuthorizationServer(
        SERVER, f"{SERVER}/token", (oauth.PRE_AUTHORIZED_CODE_GRANT,)
    )
    anonymous = json.loads(metadata())["pre-authorized_grant_anonymous_access_supported"]
    assert anonymous is True


def test_grant_types_that_are_left_out_are_the_defaults():
    bare = json.dumps({"issuer": SERVER, "token_endpoint": f"{SERVER}/token"}).encode()
    grants = oauth.parse_authorization_server(bare, SERVER).grant_types
    assert grants == ("authorization_code", "implicit")


@pytest.mark.parametrize(
    "members",
    [
        {"issuer": f"{SERVER}/"},
        {"issuer": "https://Boxtel.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "javascript:1"},
        {"grant_types_supported": "x"},
    ],
)
def test_H02_metadata_of_another_server_or_shape_is_not_used(members):
    with pytest.raises(MalformedValueError):
        oauth.parse_authorization_server(metadata(**members), SERVER)


def test_metadata_that_is_no_json_is_not_used():
    with pytest.raises(ParsingError):
        oauth.parse_authorization_server(b"<html>", SERVER)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"error":"invalid_grant","error_description":"x"}', "invalid_grant"),
        (b'{"error":"<script>"}', ""),
        (b'{"error":1}', ""),
        (b"{}", ""),
        (b"<html>", ""),
    ],
)
def test_an_error_answer_gives_at_most_a_plain_code(body, code):
    assert oauth.unverified_error_code(body) == code
