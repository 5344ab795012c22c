"""Links that carry a request, and unsigned requests by value: OpenID4VP 1.0 section 5."""

import dataclasses
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.vckit.participants import NOW
from vckit.errors import MalformedValueError, VerificationError
from vckit.openid4vp import client_id, request

RESPONSE_URI = "https://schuldhulp.example/antwoord/1"
QUERY = {
    "credentials": [
        {"id": "opgave", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:schuldenopgave"]}}
    ]
}
X509_HASH = "x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk"


@pytest.fixture(scope="module")
def unsigned():
    return request.AuthorizationRequest(
        client_id=client_id.redirect_uri_client_id(RESPONSE_URI),
        response_uri=RESPONSE_URI,
        response_mode=request.DIRECT_POST,
        nonce="n-1._~",
        state="s-1",
        dcql_query=QUERY,
        client_metadata=request.client_metadata(),
        issued_at=NOW,
        expires=NOW + request.MAX_LIFE,
    )


@pytest.mark.parametrize("scheme", [*request.SCHEMES, "https://wallet.example/vraag?a=b"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_by_reference_names_client_and_address(scheme, method):
    uri = "https://schuldhulp.example/vraag/1"
    link = request.by_reference(scheme, X509_HASH, uri, method=method)
    assert request.parse_link(link) == request.RequestReference(X509_HASH, uri, method)


def test_without_a_method_the_wallet_uses_get():
    link = request.by_reference("openid4vp", X509_HASH, "https://a.example", method=None)
    assert link.startswith("openid4vp://?client_id=x509_hash%3A")
    assert "request_uri_method" not in link
    assert request.parse_link(link).method == "get"


def test_an_unsigned_request_travels_by_value(unsigned):
    link = request.by_value(request.DEFAULT_ENDPOINT, unsigned)
    read = request.verify_by_value(request.parse_link(link))
    assert read.client_id == f"redirect_uri:{RESPONSE_URI}"
    assert read.response_uri == RESPONSE_URI
    assert (read.nonce, read.state) == ("n-1._~", "s-1")
    assert read.query.credentials[0].format == "dc+sd-jwt"
    assert read.client_metadata == unsigned.client_metadata
    assert read.organisation is None


def by_value(unsigned, **changes):
    link = request.by_value(request.DEFAULT_ENDPOINT, unsigned)
    given = {name: one for name, (one,) in parse_qs(urlsplit(link).query).items()}
    given.update(changes)
    return {name: value for name, value in given.items() if value is not None}


def test_the_response_uri_may_be_left_out_where_the_client_id_says_it(unsigned):
    given = by_value(unsigned, response_uri=None, client_metadata=None)
    assert request.verify_by_value(given).response_uri == RESPONSE_URI


@pytest.mark.parametrize(
    "changes",
    [
        {"response_uri": "https://evil.example/antwoord"},
        {"response_uri": f"{RESPONSE_URI}/"},
        {"client_id": None},
        {"client_id": "x509_hash:abc"},
        {"client_id": "redirect_uri:javascript:1", "response_uri": None},
        {"dcql_query": "[]"},
        {"dcql_query": "{"},
        {"client_metadata": "x"},
    ],
)
def test_H04_an_unsigned_request_is_bound_to_its_response_uri(unsigned, changes):
    with pytest.raises(VerificationError):
        request.verify_by_value(by_value(unsigned, **changes))


def test_an_unsigned_request_without_a_query_is_refused_by_name(unsigned):
    with pytest.raises(request.RequestRefused):
        request.verify_by_value(by_value(unsigned, dcql_query=None))


def test_signed_requests_never_travel_by_value(unsigned):
    signed = dataclasses.replace(unsigned, client_id=X509_HASH)
    with pytest.raises(ValueError, match="redirect_uri"):
        request.by_value(request.DEFAULT_ENDPOINT, signed)


def link(*parameters, scheme="openid4vp"):
    return f"{scheme}://?{urlencode(parameters)}"


CLIENT = ("client_id", "x509_hash:abc")
URI = ("request_uri", "https://a.example/1")


@pytest.mark.parametrize(
    "given",
    [
        "",
        "openid4vp://",
        link(URI),
        link(CLIENT, URI, URI),
        link(CLIENT, CLIENT, URI),
        link(CLIENT, ("request_uri", "javascript:1")),
        link(CLIENT, URI, ("request_uri_method", "PUT")),
        link(CLIENT, URI, ("request_uri_method", "POST")),
        link(CLIENT, URI, ("request", "ey")),
        link(CLIENT, URI, scheme="javascript"),
        link(CLIENT, ("request_uri", f"https://a.example/{'x' * 65_536}")),
        "openid4vp://?client_id=%ff",
        "openid4vp://[?client_id=a",
    ],
)
def test_a_malformed_link_is_refused(given):
    with pytest.raises(MalformedValueError):
        request.parse_link(given)
