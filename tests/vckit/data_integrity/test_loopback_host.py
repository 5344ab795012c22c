"""What the HTTP client in didkit's child can reach: one document, whatever it asks for."""

import json
import os
import ssl
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from vckit.data_integrity.loopback_host import LoopbackHost, location

DOCUMENT = {"id": "did:web:example", "note": "ours"}
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@pytest.fixture
def network(monkeypatch, tmp_path):
    """Become the network of this process for one test: a client that obeys the environment."""
    for name in (*VARIABLES, *map(str.lower, VARIABLES)):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    hosts = []

    def become(did):
        host = LoopbackHost(did, json.dumps(DOCUMENT).encode(), tmp_path)
        hosts.append(host)
        host.become_the_network()
        return host

    yield become
    for host in hosts:
        host.shutdown()
        host.server_close()


def fetch(url):
    trust = ssl.create_default_context(cafile=os.environ.get("SSL_CERT_FILE"))
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler(), urllib.request.HTTPSHandler(context=trust)
    )
    with opener.open(url, timeout=5) as answer:
        return json.load(answer)


# By DID: where didkit asks for its document.
PLACES = {
    "did:web:boxtel.example": "https://boxtel.example/.well-known/did.json",
    "did:web:boxtel.example%3A8443": "https://boxtel.example:8443/.well-known/did.json",
    "did:web:boxtel.example:schuld:hulp": "https://boxtel.example/schuld/hulp/did.json",
    "did:web:localhost": "http://localhost/.well-known/did.json",
    "did:web:localhost%3A8101": "http://localhost:8101/.well-known/did.json",
}


@pytest.mark.parametrize("did", PLACES)
def test_the_document_is_where_its_did_is(did, network):
    host = network(did)
    assert not host.asked
    assert fetch(PLACES[did]) == DOCUMENT
    assert host.asked


@pytest.mark.parametrize("did", PLACES)
def test_did_web_names_the_place(did):
    authority, path = location(did)
    assert PLACES[did].endswith(f"://{authority}{path}")


ELSEWHERE = [
    "https://boxtel.example/.well-known/other.json",
    "https://boxtel.example:444/.well-known/did.json",
    "https://example.org/.well-known/did.json",
    "http://example.org/.well-known/did.json",
    "http://169.254.169.254/latest/meta-data",
]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_there_is_nothing_else(url, network):
    host = network("did:web:boxtel.example")
    with pytest.raises((urllib.error.URLError, OSError)):
        fetch(url)
    assert not host.asked


@pytest.mark.parametrize("url", [*ELSEWHERE, *PLACES.values()])
def test_where_no_document_is_given_there_is_nothing_at_all(url, network):
    host = network(None)
    with pytest.raises((urllib.error.URLError, OSError)):
        fetch(url)
    assert not host.asked


def test_a_server_that_really_is_on_this_machine_is_not_reached(network):
    class Real(BaseHTTPRequestHandler):
        def do_GET(self):
            pytest.fail("the network was left")

    with HTTPServer(("127.0.0.1", 0), Real) as real:
        threading.Thread(target=real.serve_forever, daemon=True).start()
        port = real.server_address[1]
        network(f"did:web:localhost%3A{port}")
        assert fetch(f"http://localhost:{port}/.well-known/did.json") == DOCUMENT
        real.shutdown()


def test_a_proxy_of_the_machine_or_an_exception_to_it_does_not_count(network, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "*")
    network("did:web:localhost")
    assert fetch("http://localhost/.well-known/did.json") == DOCUMENT
