"""Headers, host, CSRF, cookies and logs of every answer."""

import json

import pytest

from tests.vckit.adapters.flask import service
from vckit.adapters.flask import from_other_sites, headers

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.mark.parametrize("path", ["/", "/nowhere", "/token", "/raise/bug", "/look/style.css"])
def test_X02_every_answer_carries_the_security_headers(browser, path):
    headers = browser("GET", path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


def test_X02_on_https_transport_is_pinned_and_cookies_are_secure(tmp_path):
    app = service.create_app(tmp_path, base_url="https://proef.example", demo=False)
    response = app.test_client().get("/", base_url="https://proef.example")
    assert response.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    [cookie] = response.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-service=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    service.database_of(app).close()


def test_X02_no_page_has_style_or_script_of_its_own(browser):
    for path in ("/", "/nowhere"):
        page = browser("GET", path).text
        assert "<script" not in page
        assert " style=" not in page
        assert "<style" not in page
        assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_X26_pages_are_not_stored_and_static_files_are(browser):
    page = browser("GET", "/")
    assert page.headers["Cache-Control"] == "no-store"
    assert "Cookie" in page.headers["Vary"]
    with browser("GET", "/look/icon.svg") as icon:
        assert icon.headers["Cache-Control"] == "public, max-age=86400"
    assert browser("GET", "/status").headers["Cache-Control"] == "max-age=900"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost", "localhost:8102", "a@localhost:8101"]
)
def test_another_host_is_refused(app, host):
    response = app.test_client().get("/", headers={"Host": host})
    assert response.status_code == 400
    assert app.test_client().get("/", headers={"Host": "localhost:8101"}).status_code == 200


def test_every_answer_has_its_own_number_that_nobody_chooses(browser):
    numbers = {
        browser("GET", "/", headers={"X-Request-ID": "mine"}).headers["X-Request-ID"]
        for _ in range(3)
    }
    assert len(numbers) == 3
    assert all(len(number) == 16 for number in numbers)


# CSRF


def test_X04_a_form_with_its_token_is_taken(browser, form_token):
    assert browser("POST", "/change", data={"csrf_token": form_token()}).text == "changed"


@pytest.mark.parametrize("token", ["", "x", "own"])
def test_X04_a_form_without_its_token_is_refused(browser, form_token, token):
    form_token()
    sent = {"csrf_token": token} if token else {}
    response = browser("POST", "/change", data=sent)
    assert response.status_code == 403
    assert "<h1>Dit mag hier niet</h1>" in response.text


def test_X04_a_token_of_another_session_is_refused(app, browser, form_token):
    other = app.test_client().get("/token-of-form", base_url=service.BASE).text
    form_token()
    assert browser("POST", "/change", data={"csrf_token": other}).status_code == 403


@pytest.mark.parametrize(
    ("site", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 200)]
)
def test_X04_a_form_of_another_site_is_refused_even_with_a_token(browser, form_token, site, status):
    response = browser(
        "POST", "/change", data={"csrf_token": form_token()}, headers={"Sec-Fetch-Site": site}
    )
    assert response.status_code == status


def test_X04_two_workers_know_each_others_tokens(app, browser, form_token):
    token = form_token()
    app.secret_key = None
    assert browser("POST", "/change", data={"csrf_token": token}).status_code == 200


def test_protocol_endpoints_need_no_token_and_begin_no_session(app, program):
    response = program("POST", "/token", data={"a": "b"})
    assert response.status_code == 200
    assert "Set-Cookie" not in response.headers
    assert service.database_of(app).execute("SELECT * FROM sessions") == []


# Logs


def _lines(capfd) -> list[dict[str, object]]:
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_a_request_is_one_line_with_its_rule_and_not_its_path(tmp_path, capfd):
    app = service.create_app(tmp_path)
    response = app.test_client().get("/protocol/grant?code=geheim", base_url=service.BASE)
    [line] = _lines(capfd)
    service.database_of(app).close()
    assert line["rule"] == "/protocol/<name>"
    assert (line["method"], line["status"]) == ("GET", 400)
    assert line["request_id"] == response.headers["X-Request-ID"]
    assert "geheim" not in json.dumps(line)


def test_a_failure_is_logged_with_kind_sentence_and_place(tmp_path, capfd):
    app = service.create_app(tmp_path)
    app.test_client().get("/protocol/storage", base_url=service.BASE)
    failure, _ = _lines(capfd)
    service.database_of(app).close()
    assert failure["kinds"] == ["StorageUnavailableError"]
    assert failure["sentences"] == ["the disk is full"]
    assert any(str(frame).startswith("service.py:") for frame in failure["frames"])


@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("https://elders.example/pad?x=1", "https://elders.example"),
        ("http://localhost:8120/open", "http://localhost:8120"),
        ("openid4vp://", "openid4vp:"),
    ],
)
def test_X02_a_page_names_where_else_its_forms_may_end(app, browser, address, source):
    @app.get("/away")
    def away() -> str:
        headers.allow_forms_to(address)
        return "away"

    policy = browser("GET", "/away").headers["Content-Security-Policy"]
    assert policy == POLICY.replace("form-action 'self'", f"form-action 'self' {source}")
    assert browser("GET", "/").headers["Content-Security-Policy"] == POLICY


def test_X04_a_view_for_forms_of_other_sites_takes_them(app, browser):
    @app.post("/arrive")
    @from_other_sites
    def arrive() -> str:
        return "arrived"

    answer = browser("POST", "/arrive", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.text == "arrived"
    assert "<h1>" in browser("POST", "/arrive", data={"x": "y" * 40_000}).text
