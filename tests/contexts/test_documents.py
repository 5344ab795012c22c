"""The documents of others: as published, hash-checked, and never fetched."""

import hashlib
import json

import pytest

import contexts

# As in the repositories of their publisher: w3c/vc-data-model (979c4af), w3c/vc-data-integrity
# (570d764) and w3c/did (13626ba).
PUBLISHED = {
    "https://www.w3.org/ns/credentials/v2": (
        "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
    ),
    "https://www.w3.org/2018/credentials/v1": (
        "ab4ddd9a531758807a79a5b450510d61ae8d147eab966cc9a200c07095b0cdcc"
    ),
    "https://w3id.org/security/data-integrity/v1": (
        "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554"
    ),
    "https://w3id.org/security/data-integrity/v2": (
        "67f21e6e33a6c14e5ccfd2fc7865f7474fb71a04af7e94136cb399dfac8ae8f4"
    ),
    "https://w3id.org/security/multikey/v1": (
        "ba2c182de2d92f7e47184bcca8fcf0beaee6d3986c527bf664c195bbc7c58597"
    ),
    "https://www.w3.org/ns/did/v1": (
        "4f3eae5568c9c5f036a082088f9e192019ee06faa78973c87ff91d5421b88dad"
    ),
}


@pytest.mark.parametrize(("url", "digest"), PUBLISHED.items())
def test_a_document_has_the_hash_that_its_publisher_states(url, digest):
    assert hashlib.sha256(contexts.raw(url)).hexdigest() == digest


@pytest.mark.parametrize("url", list(contexts.documents()))
def test_every_document_is_a_context_with_its_origin(url):
    document = contexts.documents()[url]
    assert "@context" in contexts.load(url)
    assert document.url == url
    assert document.media_type == "application/ld+json"
    assert document.origin.startswith(("npm ", "PyPI "))
    assert document.licence == "W3C-20150513"


def test_a_document_is_parsed_once():
    url = "https://www.w3.org/ns/did/v1"
    assert contexts.load(url) is contexts.load(url)
    assert contexts.load(url) == json.loads(contexts.raw(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://www.w3.org/ns/credentials/v3",
        "http://www.w3.org/ns/credentials/v2",
        "https://www.w3.org/ns/credentials/v2#",
        "context/v1",
        "../../etc/passwd",
        "",
    ],
)
def test_an_unknown_url_is_an_error_and_no_request(url):
    with pytest.raises(contexts.UnknownDocumentError):
        contexts.load(url)
    with pytest.raises(KeyError):
        contexts.raw(url)


def test_a_file_that_was_changed_is_not_given_out(monkeypatch, tmp_path):
    url = "https://www.w3.org/ns/did/v1"
    document = contexts.documents()[url]
    changed = tmp_path / document.path
    changed.parent.mkdir()
    changed.write_bytes(contexts.raw(url) + b" ")
    monkeypatch.setattr(contexts, "_FOLDER", tmp_path)
    with pytest.raises(contexts.ChangedDocumentError):
        contexts.raw.__wrapped__(url)


def test_the_record_cannot_be_changed():
    with pytest.raises(TypeError):
        contexts.documents()["https://elders.example"] = None
