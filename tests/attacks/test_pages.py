"""The pages of all services: rows X of security.md that can be seen from outside."""

import re
import time
from urllib.parse import urlsplit

import pytest

import issuer
import verifier
from holder_demo import service as wallet_service
from holder_demo.config import load as load_wallet
from holder_demo.demo.browser import Browser, log_in
from holder_demo.demo.visits import ResidentVisit, WalletVisit
from holder_demo.demo.world import PIN
from issuer.config import load as load_issuer
from tests.attacks.counsellor import Counsellor
from tests.attacks.exchange import send
from verifier.config import load as load_verifier

pytestmark = pytest.mark.services

SERVICES = ("boxtel", "verifier", "wallet")


@pytest.fixture(scope="module")
def apps(world):
    """The same apps that are running, to ask which addresses they know."""
    return {
        "boxtel": issuer.create_app(load_issuer(world.config_path("boxtel"))),
        "verifier": verifier.create_app(load_verifier(world.config_path("verifier"))),
        "wallet": wallet_service.create_app(load_wallet(world.config_path("wallet"))),
    }


@pytest.fixture(scope="module")
def browsers(world):
    """Somebody who is logged in, at each service."""
    resident = ResidentVisit(world.url("boxtel"), world.residents[30])
    resident.log_in()
    wallet = WalletVisit(world.url("wallet"), PIN)
    wallet.unlock()
    counsellor = Counsellor(world)
    staff = Browser()
    log_in(staff.session, f"{world.url('boxtel')}/balie", world.desk_employee)
    return {
        "boxtel": resident.browser,
        "verifier": counsellor.browser,
        "wallet": wallet.browser,
        "balie": staff,
        "nobody": Browser(),
    }


def addresses(app, method):
    """Every address of an app that takes this method, filled in with something."""
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()):
            path = re.sub(r"<(?:[^<>:]+:)?([^<>]+)>", "onbekend", rule.rule)
            yield path, app.view_functions[rule.endpoint]


def for_programs(view):
    return getattr(view, "is_protocol_endpoint", False)


@pytest.mark.parametrize("service", SERVICES)
def test_X02_every_answer_carries_the_headers(world, apps, browsers, service):
    session = browsers[service].session
    for path, _view in addresses(apps[service], "GET"):
        answer = session.get(f"{world.url(service)}{path}", allow_redirects=False, timeout=30)
        assert answer.status_code < 500, path
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        for directive in ("frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"):
            assert directive in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("service", SERVICES)
def test_X04_no_form_is_taken_without_its_token(world, apps, browsers, service):
    session, forms = browsers[service].session, []
    for path, view in addresses(apps[service], "POST"):
        if for_programs(view):
            continue
        forms.append(path)
        url = f"{world.url(service)}{path}"
        # A form of an organisation's page brings no token: its address must have been made here.
        refused = 404 if getattr(view, "takes_foreign_forms", False) else 403
        for data in ({}, {"csrf_token": "onzin"}):
            answer = session.post(url, data=data, allow_redirects=False, timeout=30)
            assert answer.status_code == refused, path
    assert forms


def test_X04_a_token_of_another_site_or_session_is_refused(world, browsers):
    page = browsers["boxtel"].open(f"{world.url('boxtel')}/app")
    form = page.form(action="/app")
    stranger = ResidentVisit(world.url("boxtel"), world.residents[31])
    stranger.log_in()
    foreign = stranger.browser.session.post(form.action, data=dict(form.fields), timeout=30)
    assert foreign.status_code == 403
    session = browsers["boxtel"].session
    cross = session.post(
        form.action,
        data=dict(form.fields),
        headers={"Sec-Fetch-Site": "cross-site"},
        timeout=30,
    )
    assert cross.status_code == 403
    assert browsers["boxtel"].submit(form).status == 200


@pytest.mark.parametrize("visitor", ["boxtel", "balie", "nobody"])
def test_X05_reading_changes_nothing(world, boxtel, apps, browsers, visitor):
    session = browsers[visitor].session
    known = known_addresses(world, browsers["boxtel"])
    before = boxtel.books()
    for _ in range(2):
        for path in [*(path for path, _view in addresses(apps["boxtel"], "GET")), *known]:
            if "inloggen" not in path:
                session.get(f"{world.url('boxtel')}{path}", allow_redirects=False, timeout=30)
    assert boxtel.books() == before


def known_addresses(world, browser):
    """Pages about something that is there, which a crawl of patterns does not find."""
    page = browser.open(f"{world.url('boxtel')}/mijn-schulden")
    browser.submit(page.form(action="/document"))
    listed = browser.open(f"{world.url('boxtel')}/meegegeven")
    confirm = urlsplit(listed.link(start=f"{world.url('boxtel')}/meegegeven/intrekken/")).path
    record = confirm.rpartition("/")[2]
    return [confirm, f"/balie/intrekken/{record}"]


def test_X02_X04_the_desk_is_guarded_as_the_rest(world, boxtel, apps, browsers):
    before, session = boxtel.books(), browsers["balie"].session
    for path, view in addresses(apps["boxtel"], "GET"):
        answer = session.get(f"{world.url('boxtel')}{path}", allow_redirects=False, timeout=30)
        assert answer.status_code < 500, path
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert for_programs(view) or "unsafe" not in answer.headers["Content-Security-Policy"]
    for path, view in addresses(apps["boxtel"], "POST"):
        if not for_programs(view):
            for data in ({}, {"csrf_token": "onzin"}):
                answer = session.post(f"{world.url('boxtel')}{path}", data=data, timeout=30)
                assert answer.status_code == 403, path
    assert boxtel.books() == before


def test_the_desk_is_for_who_has_the_role_alone(world, boxtel, browsers):
    before, base = boxtel.books(), world.url("boxtel")
    resident = browsers["boxtel"]
    token = dict(resident.open(f"{base}/mijn-schulden").form(action="/document").fields)
    for path in ("/balie", "/balie/document", "/balie/intrekken", "/balie/klaar"):
        answer = resident.session.post(f"{base}{path}", data=token, timeout=30)
        assert answer.status_code == 403, path
    assert resident.open(f"{base}/balie").status == 403
    assert browsers["nobody"].open(f"{base}/balie").url.startswith(world.url("login"))
    assert boxtel.books() == before


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    "path",
    [
        "/console",
        "/.git/config",
        "/.env",
        "/static/../issuer.toml",
        "/static/%2e%2e/x",
        "/%00",
        "/debug",
    ],
)
def test_X25_nothing_of_the_inside_is_served(world, service, path):
    answer = send("GET", f"{world.url(service)}{path}", headers={"Accept": "text/html"})
    assert answer.status == 404
    assert b"Traceback" not in answer.body
    assert b"toml" not in answer.body


@pytest.mark.parametrize("service", ["boxtel", "verifier"])
def test_the_host_is_the_services_own(world, service):
    for host in ("elders.example", "localhost", "127.0.0.1", f"localhost:{world.ports[service]}.x"):
        answer = send("GET", f"{world.url(service)}/", headers={"Host": host})
        assert answer.status == 400
    assert send("GET", f"{world.url(service)}/").status == 200


@pytest.mark.parametrize("service", ["boxtel", "verifier"])
@pytest.mark.parametrize(
    "wish",
    [
        "//evil.example",
        "https:evil.example",
        "/\\evil.example",
        "\t//evil.example",
        "https://evil.example/",
        "/\r\nX: y",
    ],
)
def test_A31_after_the_log_in_one_stays_here(world, service, wish):
    person = world.residents[32] if service == "boxtel" else world.counsellor
    browser = Browser()
    page = browser.session.get(f"{world.url(service)}/inloggen", params={"naar": wish}, timeout=30)
    assert page.url.startswith(world.url("login"))
    answer = browser.session.post(page.url, data={"sub": person.login}, timeout=30)
    assert answer.ok
    assert answer.url.startswith(world.url(service))
    assert "evil" not in answer.url


@pytest.mark.parametrize("service", ["boxtel", "verifier"])
def test_A20_a_session_gets_a_new_id_at_the_log_in(world, service):
    person = world.residents[33] if service == "boxtel" else world.counsellor
    browser = Browser()
    browser.session.get(f"{world.url(service)}/inloggen", timeout=30, allow_redirects=False)
    [before] = [one for one in browser.session.cookies if one.name.startswith("blauweknop")]
    start = "/mijn-schulden" if service == "boxtel" else "/zaken"
    page = browser.session.get(f"{world.url(service)}{start}", timeout=30)
    browser.session.post(page.url, data={"sub": person.login}, timeout=30)
    [after] = [one for one in browser.session.cookies if one.name == before.name]
    assert after.value != before.value
    old = Browser()
    old.session.cookies.set(before.name, before.value, domain="localhost.local")
    reopened = old.session.get(f"{world.url(service)}{start}", timeout=30)
    assert reopened.url.startswith(world.url("login"))


def test_X28_any_wish_for_a_language_gives_a_page(world):
    for wish in ("nl", "en", "xx", "", ";;q=", "nl;q=a", "*", "é", "x" * 8_000):
        headers = {"Accept-Language": wish.encode("utf-8")}
        for service in SERVICES:
            assert send("GET", f"{world.url(service)}/", headers=headers).status in {200, 303, 302}


def test_O34_health_tells_nothing(world):
    for service in SERVICES:
        answer = send("GET", f"{world.url(service)}/healthz")
        assert answer.json() == {"status": "ok"}
        assert "no-store" in answer.headers["Cache-Control"]


def test_unknown_methods_are_refused_kindly(world):
    for service, path in (("boxtel", "/token"), ("boxtel", "/credential"), ("verifier", "/")):
        for method in ("PUT", "DELETE", "PATCH", "TRACE", "ONZIN"):
            begun = time.monotonic()
            answer = send(method, f"{world.url(service)}{path}")
            assert answer.status == 405, (method, path, answer.status)
            assert time.monotonic() - begun < 2
