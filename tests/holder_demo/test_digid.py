"""The stand-in for the log-in: OpenID Connect, our pages, and nothing else of its library open."""

import base64
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from holder_demo import digid, login_visits
from holder_demo.persons import ACR, Person, write_persons
from vckit import strict_json
from vckit.errors import ConfigurationError

pytestmark = [
    # Authlib says that it will rename a hook that the library uses.
    pytest.mark.filterwarnings("ignore:.*get_jwt_config.*:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::authlib.deprecate.AuthlibDeprecationWarning"),
]

SECRET = "s3cret"
BASE = "http://localhost:8100"
BACK = "http://localhost:8101/inloggen/terug"
RESIDENT = Person("bewoner-01", "resident", "d'Hondt", "José", "999291415", "1974-08-21")
ACTING = Person(
    "vertegenwoordiger-01",
    "representative",
    "van der Linden",
    "Marieke",
    bsn="999990019",
    birthdate="1969-03-02",
    represents_bsn="999291415",
)
COUNSELLOR = Person("hulp-01", "counsellor", "Bakker", "Samira", roles=("counsellor",))


@pytest.fixture
def settings_file(tmp_path):
    write_persons(tmp_path / "people.json", [RESIDENT, ACTING, COUNSELLOR])
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    path = tmp_path / "digid.toml"
    path.write_text(
        f"""
base_url = "{BASE}"
persons_file = "people.json"
[[clients]]
id = "boxtel"
name = "Gemeente Boxtel"
secret_file = "secret"
redirect_uris = ["{BACK}"]
admits = ["resident", "representative"]
[[clients]]
id = "verifier"
name = "Schuldhulp"
secret_file = "secret"
redirect_uris = ["http://localhost:8110/inloggen/terug"]
admits = ["counsellor"]
""",
        "utf-8",
    )
    return path


@pytest.fixture
def browser(settings_file, monkeypatch):
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    return digid.create_app(digid.load_settings(settings_file)).test_client()


def asking(client_id="boxtel", redirect_uri=BACK, **more):
    return {
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": "openid profile",
        "state": "st",
        "nonce": "no",
        **more,
    }


def choose(browser, login, **query):
    return browser.post(
        "/oauth2/authorize", base_url=BASE, query_string=asking(**query), data={"sub": login}
    )


def redeem(browser, answer, secret=SECRET):
    [code] = parse_qs(urlsplit(answer.headers["Location"]).query)["code"]
    return browser.post(
        "/oauth2/token",
        base_url=BASE,
        data={"grant_type": "authorization_code", "code": code, "redirect_uri": BACK},
        auth=("boxtel", secret),
    )


def claims_of(token):
    payload = token.split(".")[1]
    return strict_json.loads_object(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_the_page_offers_whom_the_asking_service_admits(browser):
    residents = browser.get("/oauth2/authorize", base_url=BASE, query_string=asking()).text
    assert "José d&#39;Hondt" in residents
    assert "Marieke van der Linden" in residents
    assert "Samira Bakker" not in residents
    query = asking("verifier", "http://localhost:8110/inloggen/terug")
    counsellors = browser.get("/oauth2/authorize", base_url=BASE, query_string=query).text
    assert "Samira Bakker" in counsellors
    assert "Hondt" not in counsellors


def test_every_page_is_marked_and_holds_no_bsn_and_no_script(browser):
    page = browser.get("/oauth2/authorize", base_url=BASE, query_string=asking())
    assert "DEMO – geen echte gegevens" in page.text  # noqa: RUF001  the words on every page
    assert "999291415" not in page.text
    assert "<script" not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self' http://localhost:8101" in policy


def test_a_log_in_states_the_person_in_id_token_and_userinfo(browser):
    answer = choose(browser, RESIDENT.login)
    assert answer.headers["Location"].startswith(BACK)
    token = redeem(browser, answer).get_json()
    stated = {
        "bsn": "999291415",
        "family_name": "d'Hondt",
        "given_name": "José",
        "birthdate": "1974-08-21",
        "acr": ACR,
        "roles": [],
        "sub": RESIDENT.login,
    }
    claims = claims_of(token["id_token"])
    assert {name: claims[name] for name in stated} == stated
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (BASE, ["boxtel"], "no")
    bearer = {"Authorization": f"Bearer {token['access_token']}"}
    assert browser.get("/userinfo", base_url=BASE, headers=bearer).get_json() == stated


def test_a_representative_states_for_whom_and_a_counsellor_the_role():
    assert digid.claims_of(ACTING)["represents_bsn"] == "999291415"
    assert "represents_bsn" not in digid.claims_of(RESIDENT)
    assert digid.claims_of(COUNSELLOR)["roles"] == ["counsellor"]
    assert "bsn" not in digid.claims_of(COUNSELLOR)


def test_the_bsn_is_in_no_address(browser):
    answer = choose(browser, RESIDENT.login)
    assert "999291415" not in answer.headers["Location"]


@pytest.mark.parametrize("login", ["999291415", "nobody", COUNSELLOR.login, ""])
def test_who_is_not_on_the_page_cannot_log_in(browser, login):
    assert choose(browser, login).status_code == 400


def test_a_refusal_carries_error_and_state(browser):
    answer = browser.post(
        "/oauth2/authorize", base_url=BASE, query_string=asking(), data={"action": "deny"}
    )
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert (query["error"], query["state"]) == (["access_denied"], ["st"])


def test_a_wrong_secret_gets_no_token(browser):
    answer = choose(browser, RESIDENT.login)
    assert redeem(browser, answer, secret="wrong").status_code == 401
    assert redeem(browser, answer).status_code == 200
    assert redeem(browser, answer).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"client_id": "unknown"},
        {"redirect_uri": "http://evil.example/"},
        {"redirect_uri": f"{BACK}/more"},
    ],
)
def test_a_foreign_client_or_address_is_not_led_on(browser, query):
    for answer in (
        browser.get("/oauth2/authorize", base_url=BASE, query_string=asking(**query)),
        choose(browser, RESIDENT.login, **query),
    ):
        assert answer.status_code == 400
        assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/users/bewoner-01"),
        ("POST", "/users/bewoner-01/revoke-tokens"),
        ("POST", "/oauth2/clients"),
        ("GET", "/console"),
        ("GET", "/nothing"),
    ],
)
def test_the_librarys_other_doors_are_shut(browser, method, path):
    answer = browser.open(path, method=method, base_url=BASE, json={})
    assert answer.status_code == 404
    assert "Inloggen lukt niet" in answer.text


def test_the_front_page_discovery_and_health_answer(browser):
    assert "doet DigiD na" in browser.get("/", base_url=BASE).text
    found = browser.get("/.well-known/openid-configuration", base_url=BASE).get_json()
    assert found["issuer"] == BASE
    assert found["authorization_endpoint"] == f"{BASE}/oauth2/authorize"
    assert browser.get("/healthz", base_url=BASE).get_json() == {"status": "ok"}


def test_logging_out_has_pages_too(browser):
    page = browser.get("/oauth2/end_session", base_url=BASE).text
    [address] = re.findall(r'action="([^"]+)"', page)
    assert "U bent uitgelogd" in browser.post(address, base_url=BASE).text


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("base_url", "basis_url"), "basis_url"),
        (("[[clients]]", "[clients]"), "TOML"),
        (('id = "boxtel"', ""), "clients.0.id"),
        (("=", ""), "TOML"),
    ],
)
def test_wrong_settings_are_named(settings_file, change, named):
    settings_file.write_text(settings_file.read_text().replace(*change))
    with pytest.raises(ConfigurationError) as error:
        digid.load_settings(settings_file)
    assert named in str(error.value)


def ask(browser, **more):
    return browser.get("/oauth2/authorize", base_url=BASE, query_string=asking(**more))


def test_one_log_in_serves_the_next_service_too(browser):
    assert "Kies wie u bent" in ask(browser).text
    assert choose(browser, RESIDENT.login).status_code == 302
    again = ask(browser, state="another")
    assert again.status_code == 302
    back = parse_qs(urlsplit(again.location).query)
    assert back["state"] == ["another"]
    assert back["code"]
    assert ask(browser).status_code == 302  # and the one after it


@pytest.mark.parametrize(
    "more",
    [
        {"prompt": "login"},
        {"client_id": "verifier", "redirect_uri": "http://localhost:8110/inloggen/terug"},
    ],
)
def test_a_service_that_asks_anew_or_admits_others_is_not_served_by_it(browser, more):
    choose(browser, RESIDENT.login)
    assert "Kies wie u bent" in ask(browser, **more).text
    assert ask(browser).status_code == 302


def test_a_log_in_is_forgotten_when_it_was_not_used_for_long(browser, monkeypatch):
    choose(browser, RESIDENT.login)
    monkeypatch.setattr(login_visits, "VISIT_SECONDS", 0)
    assert "Kies wie u bent" in ask(browser).text


def test_a_refusal_and_an_unknown_service_are_no_log_in(browser):
    browser.post("/oauth2/authorize", base_url=BASE, query_string=asking(), data={"action": "deny"})
    assert "Kies wie u bent" in ask(browser).text
    choose(browser, RESIDENT.login)
    assert ask(browser, client_id="nobody").status_code == 400
