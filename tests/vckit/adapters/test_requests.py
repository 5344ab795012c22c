"""The Fetcher against real servers: budgets, refusals before a look-up, nothing that identifies."""

import socket
import ssl
import threading
import time

import pytest
import requests
from urllib3.util import connection as urllib3_connection

from tests.vckit.adapters.loopback import NOW, authority, reply, server_tls, serving
from vckit.adapters.requests import RequestsFetcher
from vckit.errors import FetchError

DAY = 86_400


def _get(origin: str, path: str = "/", *, max_bytes: int = 1000, redirects: int = 0, **options):
    fetcher = RequestsFetcher([origin], **options)
    return fetcher.get(
        origin + path, accept="application/json", max_bytes=max_bytes, redirects=redirects
    )


def test_an_answer_has_status_body_and_plain_media_type():
    with serving(reply(body=b"[1]", media_type="Application/JSON; charset=utf-8")) as server:
        response = _get(server.origin)
    assert (response.status, response.body, response.media_type) == (
        200,
        b"[1]",
        "application/json",
    )


@pytest.mark.parametrize("status", [204, 400, 404, 500])
def test_get_takes_only_200(status):
    with serving(reply(status, b"")) as server, pytest.raises(FetchError, match="not 200"):
        _get(server.origin)


def test_W19_a_request_says_nothing_about_who_asks():
    with serving(reply(Set_Cookie="a=b")) as server:
        fetcher = RequestsFetcher([server.origin])
        for _ in range(2):
            fetcher.get(server.origin + "/list", accept="application/x", max_bytes=99)
    assert [call.headers for call in server.calls] == [
        {
            "Host": f"localhost:{server.port}",
            "User-Agent": "blauwe-knop",
            "Accept-Encoding": "identity",
            "Accept": "application/x",
        }
    ] * 2


def test_environment_proxies_and_netrc_are_ignored(monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine localhost login a password b")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving(reply()) as server:
        assert _get(server.origin).status == 200
    assert "Authorization" not in server.calls[0].headers


def test_post_sends_a_form_and_gives_every_status():
    with serving(reply(400, b'{"error":"x"}')) as server:
        response = RequestsFetcher([server.origin]).post(
            server.origin + "/token", form={"code": "é&="}, headers={"Authorization": "Bearer t"}
        )
    assert (response.status, response.body) == (400, b'{"error":"x"}')
    [call] = server.calls
    assert call.body == b"code=%C3%A9%26%3D"
    assert call.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert call.headers["Authorization"] == "Bearer t"


def test_post_sends_json_or_nothing():
    with serving(reply()) as server:
        fetcher = RequestsFetcher([server.origin])
        fetcher.post(server.origin, json={"naam": "Ćosić"})
        fetcher.post(server.origin)
    assert server.calls[0].body == '{"naam":"Ćosić"}'.encode()
    assert (server.calls[1].body, server.calls[1].headers["Content-Length"]) == (b"", "0")


def test_post_sends_bytes_that_are_signed_as_they_are():
    with serving(reply()) as server:
        RequestsFetcher([server.origin]).post(
            server.origin, content=b'{"a" :1}', headers={"Content-Type": "application/json"}
        )
    [call] = server.calls
    assert (call.body, call.headers["Content-Type"]) == (b'{"a" :1}', "application/json")


@pytest.mark.parametrize(
    "bodies", [{"form": {}, "json": {}}, {"form": {}, "content": b""}, {"json": 1, "content": b"x"}]
)
def test_a_request_has_one_body(bodies):
    with pytest.raises(ValueError, match="one body"):
        RequestsFetcher().post("https://example.org/", **bodies)


# Refused before any look-up of the name


@pytest.fixture
def no_lookup(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(urllib3_connection, "create_connection", refuse)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "169.254.169.254",
        "[::1]",
        "10.0.0.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "0x7f000001",
        "example.1",
        "example.0x",
        "1.1.1.1:443",
    ],
)
@pytest.mark.usefixtures("no_lookup")
def test_W01_an_address_in_any_notation_is_refused(host):
    with pytest.raises(FetchError, match=r"number|plain host"):
        RequestsFetcher().get(f"https://{host}/", accept="x", max_bytes=1)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "//example.org/",
        "example.org",
        "https:///path",
        "https://user@example.org/",
        "https://user:pass@example.org/",
        "https://localhost/",
        "https://intranet/",
        "https://EXAMPLE.org/",
        "https://example.org./",
        "https://\u0435xample.org/",
        "https://exa mple.org/",
        "https://example.org\\@evil.org/",
        "https://example.org/\r\nX: y",
        "https://example.org/#part",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:/x:y",
        "https://[::1/",
        "https://-example.org/",
        "https://" + "a" * 64 + ".org/",
        "https://" + "a." * 130 + "org/",
        "https://example.org/" + "a" * 2048,
        "http://localhost:8101.example.org/",
        "http://localhost:81010/",
    ],
)
@pytest.mark.usefixtures("no_lookup")
def test_W07_what_is_no_plain_https_url_is_refused(url):
    with pytest.raises(FetchError) as caught:
        RequestsFetcher(["http://localhost:8101"]).get(url, accept="x", max_bytes=1)
    if "example" in url:
        assert "example" not in str(caught.value)


@pytest.mark.usefixtures("no_lookup")
def test_an_insecure_origin_is_exact():
    fetcher = RequestsFetcher(["http://localhost:8101"])
    assert fetcher.origin_of("http://localhost:8101/a?b=c") == "http://localhost:8101"
    for other in ("http://localhost:8102/", "http://localhost/", "http://LOCALHOST:8101/"):
        with pytest.raises(FetchError):
            fetcher.origin_of(other)


# Refused after the look-up

SPECIAL = [
    "127.0.0.1",
    "169.254.169.254",
    "fd00::1",
    "fe80::1",
    "::ffff:127.0.0.1",
    "::1",
    "::",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "0.0.0.0",  # noqa: S104  nothing is bound to it
    "100.64.0.1",
    "224.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "255.255.255.255",
    "2001:db8::1",
    "::7f00:1",
]


def _resolve_to(monkeypatch, *addresses: str) -> None:
    def resolve(_host: str, port: object, *_: object, **__: object):
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port or 0),
            )
            for address in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


@pytest.mark.parametrize("address", SPECIAL)
def test_W02_a_name_that_leads_inside_is_refused(monkeypatch, address):
    with serving(reply()) as internal:
        _resolve_to(monkeypatch, address)
        url = f"https://innocent.example:{internal.port}/"
        with pytest.raises(FetchError, match="not public"):
            RequestsFetcher().get(url, accept="x", max_bytes=99)
    assert internal.connections == 0


@pytest.mark.parametrize("order", [("93.184.216.34", "127.0.0.1"), ("127.0.0.1", "93.184.216.34")])
def test_W02_one_inner_address_among_public_ones_is_refused(monkeypatch, order):
    _resolve_to(monkeypatch, *order)
    with pytest.raises(FetchError, match="not public"):
        RequestsFetcher().get("https://mixed.example/", accept="x", max_bytes=99)


def test_a_public_name_is_fetched_at_the_address_that_was_checked(monkeypatch, tmp_path):
    issuer = authority(tmp_path)
    tls = server_tls(tmp_path, issuer, dns=("public.example",))
    real = socket.create_connection
    asked: list[tuple[str, int]] = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> socket.socket:
        asked.append(address)
        return real(("127.0.0.1", address[1]), timeout=2)

    with serving(reply(body=b"public"), tls) as server:
        monkeypatch.setattr("AntiSSRF._antissrf_agent.socket.getaddrinfo", _public)
        monkeypatch.setattr(urllib3_connection, "create_connection", connect)
        url = f"https://public.example:{server.port}/x"
        response = RequestsFetcher(trusted_certificates=issuer[2]).get(url, accept="x", max_bytes=9)
    assert response.body == b"public"
    assert asked == [("93.184.216.34", server.port)]
    assert server.calls[0].headers["Host"] == f"public.example:{server.port}"
    assert "X-Forwarded-For" not in server.calls[0].headers


_LOOKUP = socket.getaddrinfo


def _public(host: object, *arguments: object, **names: object):
    if host == "public.example":
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 0))]
    return _LOOKUP(host, *arguments, **names)


# TLS


def test_https_with_a_trusted_certificate_is_fetched(tmp_path):
    issuer = authority(tmp_path)
    tls = server_tls(tmp_path, issuer, dns=("localhost",))
    with serving(reply(), tls) as server:
        assert _get(server.origin, trusted_certificates=issuer[2]).status == 200


@pytest.mark.parametrize(
    ("dns", "now", "days"),
    [(("other.example",), NOW, 1), ((), NOW, 1), (("localhost",), NOW - 3 * DAY, 1)],
    ids=["wrong name", "common name only", "expired"],
)
def test_W11_a_certificate_that_does_not_hold_is_refused(tmp_path, dns, now, days):
    issuer = authority(tmp_path)
    tls = server_tls(tmp_path, issuer, dns=dns, now=now, days=days)
    with serving(reply(), tls) as server, pytest.raises(FetchError, match="no valid answer"):
        _get(server.origin, trusted_certificates=issuer[2])
    assert server.calls == []


def test_W11_a_certificate_of_an_unknown_authority_is_refused(tmp_path):
    tls = server_tls(tmp_path, authority(tmp_path), dns=("localhost",))
    other = authority(tmp_path, "Other")
    with serving(reply(), tls) as server:
        for options in ({}, {"trusted_certificates": other[2]}):
            with pytest.raises(FetchError, match="no valid answer"):
                _get(server.origin, **options)


def test_W11_an_old_tls_is_refused(tmp_path):
    issuer = authority(tmp_path)
    tls = server_tls(tmp_path, issuer, dns=("localhost",))
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        tls.minimum_version = ssl.TLSVersion.TLSv1_1
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        tls.maximum_version = ssl.TLSVersion.TLSv1_1
    tls.set_ciphers("ALL:@SECLEVEL=0")
    with serving(reply(), tls) as server, pytest.raises(FetchError, match="no valid answer"):
        _get(server.origin, trusted_certificates=issuer[2])


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_W04_no_redirect_is_followed_unless_asked(status):
    answer = reply(status, b"", Location="/other")
    with serving(answer) as server, pytest.raises(FetchError, match="not 200"):
        _get(server.origin)
    assert len(server.calls) == 1


def _redirecting(target: str):
    def answer(handler) -> None:
        moved = handler.path == "/"
        (reply(302, b"", Location=target) if moved else reply(body=b"there"))(handler)

    return answer


def test_a_redirect_at_the_same_origin_is_followed_when_asked():
    with serving(_redirecting("/there")) as server:
        assert _get(server.origin, redirects=2).body == b"there"


def test_W04_a_redirect_to_another_insecure_or_inner_address_is_refused():
    with serving(reply()) as internal:
        for target in (
            f"{internal.origin}/",
            f"http://127.0.0.1:{internal.port}/",
            f"https://127.0.0.1:{internal.port}/",
            "http://example.org/",
            "file:///etc/passwd",
        ):
            with serving(_redirecting(target)) as server:
                fetcher = RequestsFetcher([server.origin, internal.origin])
                with pytest.raises(FetchError):
                    fetcher.get(server.origin + "/", accept="x", max_bytes=99, redirects=2)
    assert internal.connections == 0


def test_W04_a_loop_of_redirects_ends():
    answer = reply(302, b"", Location="/")
    with serving(answer) as server, pytest.raises(FetchError, match="not 200"):
        _get(server.origin, redirects=2)
    assert len(server.calls) == 3


# Budgets


def test_W08_a_body_at_the_limit_is_taken_and_one_byte_more_is_not():
    with serving(reply(body=b"x" * 1000)) as server:
        assert len(_get(server.origin, max_bytes=1000).body) == 1000
        with pytest.raises(FetchError, match="too large"):
            _get(server.origin, max_bytes=999)


def _chunks_without_end(handler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    while True:
        handler.wfile.write(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")


def test_W08_a_stream_without_end_is_cut():
    with serving(_chunks_without_end) as server, pytest.raises(FetchError, match="too large"):
        _get(server.origin, max_bytes=65_536)


def test_W08_a_compressed_answer_is_refused():
    answer = reply(Content_Encoding="gzip")
    with serving(answer) as server, pytest.raises(FetchError, match="compressed"):
        _get(server.origin)


def test_an_answer_that_breaks_off_is_no_answer():
    def answer(handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    with serving(answer) as server, pytest.raises(FetchError, match="no valid answer"):
        _get(server.origin)


def test_a_port_where_nobody_listens_is_no_answer():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(FetchError, match="no valid answer"):
        _get(f"http://localhost:{port}")


def _drip_headers(handler) -> None:
    for _ in range(100):
        handler.wfile.write(b"H")
        time.sleep(0.02)


def _drip_body(handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "100")
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.02)


@pytest.mark.parametrize("drip", [_drip_headers, _drip_body])
def test_W08_a_byte_at_a_time_is_cut_at_the_total_and_leaves_no_thread(monkeypatch, drip):
    monkeypatch.setattr("vckit.adapters.requests.TOTAL_SECONDS", 0.3)
    with serving(drip) as server:
        started = time.monotonic()
        with pytest.raises(FetchError, match="in time"):
            _get(server.origin)
        assert time.monotonic() - started < 1
        _wait_for_no_worker()


def test_W08_a_slow_look_up_is_cut_at_the_total(monkeypatch):
    ready = threading.Event()
    monkeypatch.setattr("vckit.adapters.requests.TOTAL_SECONDS", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: ready.wait(5) and [])
    with pytest.raises(FetchError, match="in time"):
        RequestsFetcher().get("https://slow.example/", accept="x", max_bytes=9)
    ready.set()
    _wait_for_no_worker()


def _wait_for_no_worker() -> None:
    deadline = time.monotonic() + 2
    while any(thread.name.endswith("(run)") for thread in threading.enumerate()):
        assert time.monotonic() < deadline, "a fetch went on after it was given up"
        time.sleep(0.01)


# For a library that brings its own session


def test_the_transport_keeps_the_limits():
    with serving(reply(body=b'{"a":1}')) as server:
        session = requests.Session()
        fetcher = RequestsFetcher([server.origin])
        for scheme in ("https://", "http://"):
            session.mount(scheme, fetcher.transport())
        answer = session.post(server.origin + "/t", data={"a": "b"}, auth=("c", "d"))
        assert (answer.status_code, answer.json()) == (200, {"a": 1})
        with pytest.raises(FetchError, match="not https"):
            session.get("http://localhost:1/")
    [call] = server.calls
    assert call.body == b"a=b"
    assert call.headers["Authorization"].startswith("Basic ")
    assert call.headers["User-Agent"] == "blauwe-knop"


def test_a_fault_of_our_own_is_not_called_an_answer():
    with pytest.raises(TypeError):
        RequestsFetcher().get(7, accept="x", max_bytes=1)


def test_a_connection_that_comes_after_the_fetch_was_given_up_is_not_used(monkeypatch):
    monkeypatch.setattr("vckit.adapters.requests.TOTAL_SECONDS", 0.1)
    connect = urllib3_connection.create_connection

    def slowly(*arguments: object, **names: object) -> socket.socket:
        time.sleep(0.3)
        return connect(*arguments, **names)

    monkeypatch.setattr(urllib3_connection, "create_connection", slowly)
    with serving(reply()) as server:
        with pytest.raises(FetchError, match="in time"):
            _get(server.origin)
        _wait_for_no_worker()
    assert server.calls == []
