"""HTTP itself, byte by byte: row X23, and what a proxy may do and an attacker may not."""

import socket

import pytest

from tests.attacks.exchange import refusal, send

pytestmark = pytest.mark.services

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def say(world):
    """Send bytes to an issuer and give everything that it says until it closes."""
    address = ("127.0.0.1", world.ports["boxtel"])

    def exchange(data):
        with socket.create_connection(address, timeout=5) as connection:
            connection.sendall(data.replace(b"HOST", f"localhost:{address[1]}".encode()))
            return b"".join(iter(lambda: connection.recv(65_536), b""))

    yield exchange
    assert exchange(b"GET /healthz HTTP/1.1\r\nHost: HOST\r\n\r\n").startswith(b"HTTP/1.1 200")


POST = b"POST /token HTTP/1.1\r\nHost: HOST\r\n" + FORM
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: HOST\r\n\r\n"


@pytest.mark.parametrize(
    "data",
    [
        POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\nabcde" + SMUGGLED,
        POST + b"Content-Length: -1\r\n\r\n",
        POST + b"Content-Length: +1\r\n\r\na",
        POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        POST.replace(b"\r", b"") + b"Content-Length: 0\n\n",
        CHUNKED + b"1;" + b"x" * 1_000_000 + b"\r\na\r\n0\r\n\r\n",
        CHUNKED + b"onzin\r\na\r\n0\r\n\r\n",
        CHUNKED + b"-1\r\na\r\n0\r\n\r\n",
        CHUNKED + b"1\r\naXX0\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: HOST\r\nHost: elders.example\r\n\r\n",
        b"GET /healthz HTTP/1.0\r\n\r\n",
        b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: HOST\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: HOST\r\n" + b"X: a\r\n" * 60 + b"\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: HOST\r\nX: " + b"a" * 9_000 + b"\r\n\r\n",
    ],
    ids=[
        "length and chunks",
        "two lengths",
        "negative length",
        "signed length",
        "space before the colon",
        "chunked twice",
        "bare line feeds",
        "chunk extension",
        "no size",
        "negative size",
        "no end",
        "two hosts",
        "no host",
        "long line",
        "many fields",
        "long field",
    ],
)
def test_X23_what_two_servers_could_read_differently_is_refused(say, data):
    answer = say(data)
    assert answer.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")), answer[:200]
    assert answer.count(b"HTTP/1.") == 1
    assert b'{"status":"ok"}' not in answer


def test_X23_honest_chunks_are_read(say):
    body = b"grant_type=onbekend"
    answer = say(CHUNKED + f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n")
    assert b"unsupported_grant_type" in answer
    assert say(b"GET /healthz HTTP/1.0\r\nHost: HOST\r\n\r\n").startswith(b"HTTP/1.0 200")


@pytest.mark.parametrize(("size", "status"), [(32_768, 400), (32_769, 413)])
def test_budget_of_a_body_in_chunks(say, size, status):
    answer = say(CHUNKED + f"{size:x}\r\n".encode() + b"a" * size + b"\r\n0\r\n\r\n")
    assert answer.startswith(f"HTTP/1.1 {status} ".encode())


def test_P31_metadata_stands_at_its_own_address_only(world):
    base = world.url("boxtel")
    for name in ("openid-credential-issuer", "oauth-authorization-server"):
        found = send("GET", f"{base}/.well-known/{name}")
        assert found.status == 200
        assert base in found.body.decode()
        for path in (f"/tenant/.well-known/{name}", f"/.well-known/{name}/tenant"):
            refusal(send("GET", f"{base}{path}"), 404)
