"""After all journeys: every page answers, is protected, and neither addresses nor logs tell of
anybody. The name keeps this module last."""

import re
from urllib.parse import unquote_plus, urlsplit

import pytest
import requests

from holder_demo.demo import ports
from holder_demo.demo.browser import Browser
from holder_demo.demo.visits import WalletVisit
from holder_demo.demo.world import PIN
from tests.journeys.actors import BOXTEL, OTHER

pytestmark = pytest.mark.services

SELF = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
OURS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# Machines' addresses of an issuer and of the verifier that anybody may ask.
PUBLIC = {
    BOXTEL: (
        "/.well-known/openid-credential-issuer",
        "/.well-known/oauth-authorization-server",
        "/contexts/v1",
        "/schemas/schuldenopgave/1",
        "/vct/schuldenopgave/1",
        "/healthz",
        "/readyz",
    ),
    "verifier": ("/healthz", "/readyz"),
}


@pytest.fixture(scope="module")
def answers(scene):
    """Every page that people of every kind come across, by following every link."""
    person, found = scene.world.residents[0], []
    wallet = WalletVisit(scene.world.url("wallet"), PIN, scene.watch(Browser()))
    wallet.unlock()
    wallet.accept(scene.offer(BOXTEL, person)["link"])
    resident = scene.resident(0)
    resident.receive(BOXTEL, OTHER)
    case = scene.case(person)
    resident.answer(case.link)
    visits = [scene.visit(slug, person) for slug in (BOXTEL, OTHER)]
    visits.append(scene.visit(BOXTEL, scene.world.representative))
    for visit in visits:
        visit.log_in()
        found += followed(visit.browser, f"{visit.base_url}/mijn-schulden")
    counsellor = scene.counsellor
    for start in (f"{counsellor.base_url}/zaken/nieuw", f"{case.url}/overzicht", case.url):
        found += followed(counsellor.browser, start, at_most=30)
    found.append(counsellor.browser.session.get(f"{case.url}/document", timeout=30))
    found += followed(wallet.browser, f"{wallet.base_url}/")
    for service in ports.SERVICES:
        found += followed(scene.watch(Browser()), f"{scene.world.url(service)}/")
    return found


def followed(browser, start, at_most=200):
    """All answers on the way along the links of one service, this one's only."""
    origin = urlsplit(start).netloc
    waiting, seen, found = [start], set(), []
    while waiting and len(seen) < at_most:
        address = waiting.pop(0)
        if address in seen or urlsplit(address).netloc != origin:
            continue
        seen.add(address)
        answer = browser.session.get(address, timeout=30)
        found.append(answer)
        if answer.headers.get("Content-Type", "").startswith("text/html"):
            page = browser.open(address)
            waiting += [href.partition("#")[0] for href, _ in page.links]
    return found


def test_every_page_is_found_and_answers(answers):
    assert {answer.status_code for answer in answers} == {200}
    paths = {urlsplit(answer.url).path for answer in answers}
    assert {"/mijn-schulden", "/meegegeven", "/app", "/zaken", "/zaken/nieuw"} <= paths
    assert any(path.endswith("/overzicht") for path in paths)
    assert any(path.endswith("/document") for path in paths)
    assert any(path.startswith("/kaart/") for path in paths)


def test_every_answer_is_protected(answers):
    for answer in answers:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        for name, value in SELF.items():
            assert answer.headers[name] == value


def test_what_is_personal_is_never_stored_by_the_browser(answers):
    pages = [one for one in answers if "/static/" not in urlsplit(one.url).path]
    assert {answer.headers["Cache-Control"] for answer in pages} == {"no-store"}


def test_every_cookie_is_kept_from_scripts_and_other_sites(scene):
    for service in (BOXTEL, OTHER, "verifier", "wallet"):
        path = {"wallet": "/ontgrendelen"}.get(service, "/inloggen")
        answer = requests.get(
            f"{scene.world.url(service)}{path}", timeout=10, allow_redirects=False
        )
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie


def test_pages_are_in_dutch_and_english_without_a_fault(scene):
    for service in (BOXTEL, OTHER, "verifier", "wallet"):
        for language in ("nl", "en", "nl;q=0", "xx", "*"):
            answer = requests.get(
                scene.world.url(service), timeout=10, headers={"Accept-Language": language}
            )
            assert answer.status_code == 200
            assert re.search(r'<html[^>]* lang="(nl|en)"', answer.text)


@pytest.mark.parametrize("service", [BOXTEL, "verifier"])
def test_what_anybody_may_ask_answers_and_is_protected(scene, service):
    for path in PUBLIC[service]:
        answer = requests.get(f"{scene.world.url(service)}{path}", timeout=10)
        assert answer.status_code == 200
        for name, value in (SELF | OURS).items():
            assert answer.headers[name] == value


@pytest.mark.parametrize(
    "path",
    ["/nergens", "/zaken/" + "0" * 32, "/kaart/0000", "/offers/x", "/status/x", "/vct/x/9", "/%00"],
)
def test_what_is_not_there_is_no_fault(scene, path):
    for service in ports.SERVICES:
        for accept in ("text/html", "application/json", "*/*"):
            answer = requests.get(
                f"{scene.world.url(service)}{path}", timeout=10, headers={"Accept": accept}
            )
            assert answer.status_code < 500
            assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_of_an_error_says_what_to_do(scene):
    for service in (BOXTEL, "verifier", "wallet"):
        answer = requests.get(
            f"{scene.world.url(service)}/nergens", timeout=10, headers={"Accept": "text/html"}
        )
        assert answer.status_code == 404
        assert "<h1" in answer.text
        assert "DEMO" in answer.text


def told(expected):
    """A pattern of everything that would tell of somebody: numbers, dates, amounts, names."""
    numbers, names = set(), set()
    for one in expected["residents"]:
        numbers |= {one["bsn"], str(int(one["bsn"])), one["born"]}
        for stated in (one, *one["per_organisation"].values()):
            numbers |= {str(stated["outstanding"])} if stated["outstanding"] >= 10_000 else set()
        names |= set(one["name"].split(" ", 1))
    alternatives = sorted(map(re.escape, numbers | names))
    return re.compile(rf"(?<![\w.])(?:{'|'.join(alternatives)})(?!\w|\.\d)", re.IGNORECASE)


def test_what_is_searched_for_would_be_found(expected):
    pattern = told(expected)
    for telling in (
        '{"bsn": "999291415"}',
        "GET /zaken?naam=Nowak.",
        "/zaken/mehmet nowak",
        "saldo=862974",
        '"bedrag": 649621,',
        "geboren 1974-08-21",
        "90636089",
    ):
        assert pattern.search(telling), telling
    for plain in ('"milliseconds": 862974.5', "2026-11-24T07:23:45.862974Z", "/zaken/0e999291415f"):
        assert not pattern.search(plain), plain


def test_no_address_tells_of_anybody(scene, answers, expected):
    assert len(scene.addresses) > 100
    pattern = told(expected)
    assert {
        address for address in scene.addresses if pattern.search(unquote_plus(address))
    } == set()
    assert {one.url for one in answers if pattern.search(unquote_plus(one.url))} == set()


@pytest.mark.parametrize("service", ports.SERVICES)
def test_no_log_tells_of_anybody(scene, answers, expected, service):  # noqa: ARG001  they are made
    log = scene.world.services[service].log.read_text("utf-8")
    pattern = told(expected)
    assert [line for line in log.splitlines() if pattern.search(line)] == []
    assert "eyJ" not in log
    assert "Traceback" not in log


@pytest.mark.parametrize("service", [BOXTEL, OTHER, "verifier"])
def test_the_logs_do_tell_what_was_asked(scene, answers, service):  # noqa: ARG001  they are made
    log = scene.world.services[service].log.read_text("utf-8")
    assert '"event": "request"' in log
    assert '"status": 200' in log


def test_no_service_failed_during_the_journeys(scene, answers):  # noqa: ARG001  they are made
    assert scene.world.died() == []
    for service in (BOXTEL, OTHER, "verifier", "wallet"):
        log = scene.world.services[service].log.read_text("utf-8")
        # 501 is no failure: it is the answer to `?time=` (Token Status List 8.4).
        assert re.findall(r'"status": 5(?!01)\d\d', log) == []


def test_a_wallet_on_disk_holds_nothing_that_can_be_read(scene, expected):
    pattern = told(expected)
    resident = scene.resident(0)
    resident.receive(BOXTEL)
    files = [path for path in resident.wallet.keystore.folder.rglob("*") if path.is_file()]
    assert len(files) >= 4
    for path in files:
        content = path.read_bytes()
        assert b"eyJ" not in content
        assert b"PRIVATE KEY" not in content
        assert not pattern.search(content.decode("latin-1"))
        assert path.stat().st_mode & 0o077 == 0


def test_the_databases_hold_nothing_that_can_be_read(scene, answers, expected):  # noqa: ARG001
    numbers = re.compile("|".join(one["bsn"] for one in expected["residents"]).encode())
    for name in (BOXTEL, OTHER, "verifier"):
        for path in (scene.world.folder / name).glob("*.sqlite*"):
            content = path.read_bytes()
            assert not content.startswith(b"SQLite format 3")
            assert not numbers.search(content)
            assert b"Hondt" not in content
