"""did:web: where a document lies, and every spelling that is refused before a look-up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vckit.did import web
from vckit.errors import ConfigurationError, InvalidVerificationMethodUrlError

PLACES = {
    "https://boxtel.example": ("did:web:boxtel.example", "/.well-known/did.json"),
    "https://boxtel.example/": ("did:web:boxtel.example", "/.well-known/did.json"),
    "https://boxtel.example:8443": ("did:web:boxtel.example%3A8443", "/.well-known/did.json"),
    "https://boxtel.example/a/B_1": ("did:web:boxtel.example:a:B_1", "/a/B_1/did.json"),
    "https://xn--bl-bja.example": ("did:web:xn--bl-bja.example", "/.well-known/did.json"),
    "https://1.nl": ("did:web:1.nl", "/.well-known/did.json"),
}


@pytest.mark.parametrize("base", PLACES)
def test_W05_twin_a_base_url_becomes_a_did_and_leads_back(base):
    did, path = PLACES[base]
    assert web.of(base) == did
    origin = "/".join(base.split("/")[:3])
    assert web.document_url(did) == origin + path


def test_a_plain_origin_is_used_only_where_it_is_excepted():
    did = web.of("http://localhost:8101")
    assert did == "did:web:localhost%3A8101"
    url = "http://localhost:8101/.well-known/did.json"
    assert web.document_url(did, {"http://localhost:8101"}) == url
    for others in ((), {"http://localhost:8102"}, {"http://localhost"}, {"localhost:8101"}):
        with pytest.raises(InvalidVerificationMethodUrlError):
            web.document_url(did, others)


def test_an_excepted_origin_does_not_make_another_host_plain():
    url = web.document_url("did:web:boxtel.example", {"http://localhost:8101"})
    assert url == "https://boxtel.example/.well-known/did.json"


def test_an_excepted_https_origin_may_have_a_short_name():
    url = web.document_url("did:web:localhost%3A9443", {"https://localhost:9443"})
    assert url == "https://localhost:9443/.well-known/did.json"


ADDRESSES = [
    *("127.0.0.1", "169.254.169.254", "10.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1"),
    *("[::1]", "%5B%3A%3A1%5D", "0x7f000001", "0", "1.2.3.0x4", "example.0x", "127.0.0.1%3A80"),
    *("localhost", "metadata", "1.1.1.1.", "::1"),
]


@pytest.mark.parametrize("host", ADDRESSES)
def test_W01_an_address_is_no_host_name(host):
    with pytest.raises(InvalidVerificationMethodUrlError):
        web.document_url(f"did:web:{host}")


def test_W01_an_address_stays_refused_where_its_origin_is_excepted():
    for origin in ("http://127.0.0.1:8101", "https://127.0.0.1:8101"):
        with pytest.raises(InvalidVerificationMethodUrlError):
            web.document_url("did:web:127.0.0.1%3A8101", {origin})


STEPS = [
    *(
        "..:..:etc",
        ".",
        "..",
        "a:..",
        "%2e%2e",
        "%2E%2E",
        "a%2Fb",
        "a%5Cb",
        "a%00",
        "%0d%0a",
        "a%20b",
    ),
    *(
        "",
        "a::b",
        "a:",
        ":a",
        "a/b",
        "a\\b",
        "a b",
        "a?b",
        "a#b",
        "a\n",
        "a%2525",
        "ä",
        "a@b",
        "a+b",
    ),
]


@pytest.mark.parametrize("path", STEPS)
def test_W05_a_path_with_steps_escapes_or_gaps_is_refused(path):
    with pytest.raises(InvalidVerificationMethodUrlError):
        web.document_url(f"did:web:boxtel.example:{path}")


NAMES = [
    *("user%40evil.example", "user@evil.example", "boxtel.example%40evil.example"),
    *("Boxtel.example", "BOXTEL.EXAMPLE", "boxtel.example.", ".boxtel.example", "boxtel..example"),
    *(
        "\u0430msterdam.nl",
        "amsterdam。nl",
        "amsterdam.nl%2Eevil",
        "-a.example",
        "a-.example",
        "a_b.nl",
    ),
    *("a" * 64 + ".example", ".".join(["a" * 49] * 5) + ".nl22", "", "boxtel.example%2F..", "*.nl"),
    *("boxtel.example%3a8443", "boxtel.example%3A", "boxtel.example%3A0", "boxtel.example%3A65536"),
    *(
        "boxtel.example%3A080",
        "boxtel.example%3A80%3A80",
        "boxtel.example%3Ax",
        "boxtel.example%3A\uff18",
    ),
]


@pytest.mark.parametrize("name", NAMES)
def test_W07_any_other_spelling_of_a_host_is_refused(name):
    with pytest.raises(InvalidVerificationMethodUrlError):
        web.document_url(f"did:web:{name}")


def test_W07_the_length_of_a_host_name_is_limited():
    longest = ".".join(["a" * 49] * 5) + ".nl"
    assert len(longest) == 252
    assert web.document_url(f"did:web:{longest}")
    with pytest.raises(InvalidVerificationMethodUrlError):
        web.document_url(f"did:web:bb{longest}")


@pytest.mark.parametrize(
    "did", ["did:key:z6Mk", "did:WEB:a.example", "DID:web:a.example", "did:web", ""]
)
def test_another_did_is_no_did_web(did):
    with pytest.raises(InvalidVerificationMethodUrlError):
        web.document_url(did)


@pytest.mark.parametrize(
    "base",
    [
        *(
            "http://127.0.0.1:8101",
            "https://Boxtel.example",
            "https://u@boxtel.example",
            "boxtel.nl",
        ),
        *("https://boxtel.example/../a", "https://boxtel.example?a", "https://boxtel.example//a"),
    ],
)
def test_a_base_url_without_a_did_is_a_fault_of_the_configuration(base):
    with pytest.raises(ConfigurationError):
        web.of(base)


@given(st.text(max_size=40))
def test_W05_whatever_is_accepted_leads_to_exactly_one_plain_https_url(text):
    try:
        url = web.document_url(f"did:web:{text}")
    except InvalidVerificationMethodUrlError:
        return
    assert url.startswith("https://")
    assert url.isascii()
    assert not set(url) & set("%@?#\\ ")
    assert web.of(url.removesuffix("/did.json").removesuffix("/.well-known")) == f"did:web:{text}"
