"""The log-in against a provider that tells the truth, and against ones that do not."""

import base64
import hashlib
from urllib.parse import parse_qs, urlsplit

import flask
import pytest

from tests.vckit.adapters.flask import provider as simulated
from tests.vckit.adapters.flask import service
from tests.vckit.adapters.loopback import serving
from vckit.adapters.flask import oidc
from vckit.adapters.flask.person import LoginError, LoginSettings, Person, read_person
from vckit.adapters.requests import RequestsFetcher

CLAIMS = {
    name: name
    for name in ("bsn", "family_name", "given_name", "birthdate", "represents_bsn", "roles")
}
JAN = {"bsn": "123456782", "family_name": "Jansen", "given_name": "Jan", "birthdate": "1980-02-01"}


def _settings(origin: str, **changes) -> LoginSettings:
    values = {
        "issuer": origin,
        "client_id": "proef",
        "client_secret": "geheim",
        "minimum_acr": simulated.SUBSTANTIAL,
        "claims": CLAIMS,
    }
    return LoginSettings(**{**values, **changes})


@pytest.fixture
def provider():
    made = simulated.Provider(claims=dict(JAN))
    with serving(made.answer) as server:
        made.origin = server.origin
        yield made


@pytest.fixture
def login_app(app, provider):
    app.register_blueprint(
        oidc.login_blueprint(
            _settings(provider.origin),
            fetcher=RequestsFetcher([provider.origin]),
            base_url=service.BASE,
            after_login="/mijn",
        )
    )

    @app.get("/mijn")
    @oidc.login_required
    def mine() -> flask.Response:
        person = oidc.current_person()
        assert person is not None
        return flask.jsonify(person.__dict__)

    return app


@pytest.fixture
def visit(login_app):
    client = login_app.test_client()

    def ask(path: str, method: str = "GET", **options):
        return client.open(
            path, method=method, base_url=service.BASE, headers=service.BROWSER, **options
        )

    return ask


def _log_in(visit, provider, path: str = "/inloggen"):
    answer = provider.authorize(visit(path).headers["Location"])
    return visit(f"/inloggen/terug?{answer}")


def test_a_log_in_makes_a_person_in_a_new_session(visit, provider, login_app):
    visit("/token-of-form")
    [before] = service.database_of(login_app).execute("SELECT id_digest FROM sessions")
    response = _log_in(visit, provider)
    assert (response.status_code, response.headers["Location"]) == (303, "/mijn")
    assert visit("/mijn").json == {
        **JAN,
        "acr": simulated.SUBSTANTIAL,
        "roles": [],
        "acting_bsn": "",
        "acting_name": "",
        "subject": "bewoner-01",
    }
    [after] = service.database_of(login_app).execute("SELECT * FROM sessions")
    assert before["id_digest"] != after["id_digest"]
    assert "access_token" not in after["data"]


def test_the_provider_is_asked_with_pkce_state_nonce_and_level(visit, provider):
    _log_in(visit, provider, "/inloggen?taal=en")
    asked = provider.asked
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == [service.BASE + "/inloggen/terug"]
    assert asked["scope"] == ["openid profile"]
    assert asked["acr_values"] == [simulated.SUBSTANTIAL]
    assert asked["ui_locales"] == ["en"]
    assert len(asked["state"][0]) >= 20
    assert len(asked["nonce"][0]) >= 20
    [token_request] = provider.token_requests
    digest = hashlib.sha256(token_request["code_verifier"][0].encode()).digest()
    assert asked["code_challenge"] == [base64.urlsafe_b64encode(digest).decode().rstrip("=")]
    assert asked["code_challenge_method"] == ["S256"]


def test_who_is_not_logged_in_is_led_there_and_back(visit, provider):
    response = visit("/mijn?a=b")
    assert response.headers["Location"] == "/inloggen?naar=/mijn?a%3Db"
    response = _log_in(visit, provider, response.headers["Location"])
    assert response.headers["Location"] == "/mijn?a=b"


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example", "/\\evil.example", "mijn", "/a\r\nb"]
)
def test_nobody_is_led_to_another_site_after_the_log_in(visit, provider, target):
    answer = provider.authorize(
        visit("/inloggen", query_string={"naar": target}).headers["Location"]
    )
    assert visit(f"/inloggen/terug?{answer}").headers["Location"] == "/mijn"


def test_log_out_needs_a_token_and_ends_the_session(visit, provider):
    _log_in(visit, provider)
    assert visit("/uitloggen", "POST").status_code == 403
    assert visit("/uitloggen").status_code == 405
    token = visit("/token-of-form").text
    assert visit("/uitloggen", "POST", data={"csrf_token": token}).headers["Location"] == "/"
    assert visit("/mijn").status_code == 303


def test_who_logged_out_is_asked_again_who_it_is(visit, provider):
    """Where one log-in at the provider serves many services, the next person is another one."""
    assert "prompt=" not in visit("/inloggen").headers["Location"]
    _log_in(visit, provider)
    visit("/uitloggen", "POST", data={"csrf_token": visit("/token-of-form").text})
    assert "prompt=login" in visit("/inloggen").headers["Location"]
    assert "prompt=" not in visit("/inloggen").headers["Location"]


def _assert_refused(response, visit) -> None:
    assert response.status_code == 400
    assert "<h1>Inloggen is niet gelukt</h1>" in response.text
    assert visit("/mijn").status_code == 303


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "another"},
        {"exp": 1_700_000_000},
        {"nonce": "another"},
        {"acr": "http://eidas.europa.eu/LoA/low"},
        {"acr": "something of my own"},
        {"bsn": ""},
        {"bsn": "12345678a"},
        {"bsn": 123456782},
        {"represents_bsn": "1"},
    ],
    ids=str,
)
def test_a_claim_that_does_not_hold_is_no_log_in(visit, provider, claims):
    provider.claims |= claims
    _assert_refused(_log_in(visit, provider), visit)


def test_a_token_signed_by_another_key_is_no_log_in(visit, provider):
    provider.signing_key = simulated.OTHER_KEY
    _assert_refused(_log_in(visit, provider), visit)


def test_an_answer_without_id_token_is_no_log_in(visit, provider):
    provider.without_id_token = True
    _assert_refused(_log_in(visit, provider), visit)


def test_an_answer_that_was_not_asked_for_is_no_log_in(visit, provider):
    answer = provider.authorize(visit("/inloggen").headers["Location"])
    code = parse_qs(answer)["code"][0]
    for wrong in ("", f"code={code}", f"code={code}&state=another"):
        _assert_refused(visit(f"/inloggen/terug?{wrong}"), visit)


def test_an_answer_is_taken_once(visit, provider):
    answer = provider.authorize(visit("/inloggen").headers["Location"])
    assert visit(f"/inloggen/terug?{answer}").status_code == 303
    assert visit(f"/inloggen/terug?{answer}").status_code == 400
    assert len(provider.token_requests) == 1


def test_who_cancels_is_told_so(visit):
    visit("/inloggen")
    response = visit("/inloggen/terug?error=access_denied&state=x")
    assert response.status_code == 400
    assert "<h1>U bent niet ingelogd</h1>" in response.text
    assert 'href="/inloggen"' in response.text


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": "https://evil.example"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://evil.example/authorize"},
    ],
    ids=str,
)
def test_a_provider_that_describes_another_is_not_used(visit, provider, discovery):
    provider.discovery = discovery
    assert visit("/inloggen").status_code == 503
    provider.discovery = {}
    assert visit("/inloggen").status_code == 302


def test_a_token_endpoint_elsewhere_is_not_asked(visit, provider):
    with serving(provider.answer) as internal:
        provider.discovery = {"token_endpoint": internal.origin + "/token"}
        response = _log_in(visit, provider)
    assert response.status_code == 503
    assert internal.connections == 0


def test_keys_elsewhere_are_not_asked(visit, provider):
    with serving(provider.answer) as internal:
        provider.discovery = {"jwks_uri": internal.origin + "/jwks"}
        assert _log_in(visit, provider).status_code == 503
    assert internal.connections == 0


def test_a_provider_that_is_down_is_told_as_such(app):
    settings = _settings("http://localhost:1")
    fetcher = RequestsFetcher(["http://localhost:1"])
    app.register_blueprint(oidc.login_blueprint(settings, fetcher=fetcher, base_url=service.BASE))
    response = app.test_client().get("/inloggen", base_url=service.BASE, headers=service.BROWSER)
    assert response.status_code == 503
    assert "Het lukt nu even niet" in response.text


def test_the_session_cookie_survives_the_way_back_from_the_provider(visit):
    location = urlsplit(visit("/inloggen").headers["Location"])
    assert location.path == "/authorize"


JUNK = [[], "text", 7, {}, {"keys": 7}, {"error": "x"}, {"id_token": "a.b.c"}]


@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_junk_for_a_description_is_a_provider_that_does_not_work(visit, provider, junk):
    provider.junk = {"/.well-known/openid-configuration": junk}
    assert visit("/inloggen").status_code == 503


@pytest.mark.parametrize("path", ["/token", "/jwks", "/userinfo"])
@pytest.mark.parametrize("junk", JUNK, ids=str)
def test_junk_anywhere_else_is_no_log_in(visit, provider, path, junk):
    provider.junk = {path: junk}
    _assert_refused(_log_in(visit, provider), visit)


# Userinfo


def test_claims_that_the_token_lacks_are_asked_at_userinfo(visit, provider):
    provider.claims = {"bsn": "123456782"}
    provider.userinfo = {"sub": "bewoner-01", "family_name": "Jansen", "bsn": "999990019"}
    _log_in(visit, provider)
    person = visit("/mijn").json
    assert (person["bsn"], person["family_name"]) == ("123456782", "Jansen")


def test_a_provider_without_userinfo_is_not_asked_for_it(visit, provider):
    provider.discovery = {"userinfo_endpoint": None}
    assert _log_in(visit, provider).status_code == 303
    assert visit("/mijn").json["family_name"] == "Jansen"


def test_userinfo_about_somebody_else_is_no_log_in(visit, provider):
    provider.claims = {"bsn": "123456782"}
    provider.userinfo = {"sub": "bewoner-02", "family_name": "Jansen"}
    _assert_refused(_log_in(visit, provider), visit)


def test_userinfo_cannot_raise_the_level(visit, provider):
    provider.claims = {"bsn": "123456782", "acr": None}
    provider.userinfo = {"sub": "bewoner-01", "acr": simulated.SUBSTANTIAL}
    _assert_refused(_log_in(visit, provider), visit)


# From claims to a person


def _person(stated, /, **changes) -> Person:
    base = {"acr": simulated.SUBSTANTIAL, "sub": "s"}
    return read_person(base | stated, _settings("https://login.example", **changes))


def test_somebody_who_acts_for_another_sees_the_others_data_under_their_own_name():
    person = _person(JAN | {"represents_bsn": "999990019"})
    assert (person.bsn, person.acting_bsn, person.acting_name) == (
        "999990019",
        "123456782",
        "Jan Jansen",
    )
    assert (person.family_name, person.given_name, person.birthdate) == ("", "", "")


def test_names_of_the_represented_are_taken_where_the_provider_states_them():
    claims = {**CLAIMS, "represents_family_name": "machtiging.naam"}
    person = _person(
        JAN | {"represents_bsn": "999990019", "machtiging": {"naam": "Smit"}}, claims=claims
    )
    assert (person.family_name, person.acting_name) == ("Smit", "Jan Jansen")


def test_a_claim_path_steps_into_objects_and_prefers_a_whole_name():
    claims = {"bsn": "urn.bsn"}
    assert _person({"urn.bsn": "123456782", "urn": {"bsn": "x"}}, claims=claims).bsn == "123456782"
    assert _person({"urn": {"bsn": "123456782"}}, claims=claims).bsn == "123456782"


@pytest.mark.parametrize(
    ("acr", "minimum", "reaches"),
    [
        ("http://eidas.europa.eu/LoA/high", "http://eidas.europa.eu/LoA/substantial", True),
        ("http://eidas.europa.eu/LoA/low", "http://eidas.europa.eu/LoA/substantial", False),
        ("", "http://eidas.europa.eu/LoA/low", False),
        ("own", "own", True),
        ("other", "own", False),
        ("http://eidas.europa.eu/LoA/high", "own", False),
        ("", "", True),
    ],
)
def test_the_level_of_assurance_is_at_least_the_minimum(acr, minimum, reaches):
    if reaches:
        assert _person(JAN | {"acr": acr}, minimum_acr=minimum).acr == acr
    else:
        with pytest.raises(LoginError, match="level of assurance"):
            _person(JAN | {"acr": acr}, minimum_acr=minimum)


def test_a_role_that_is_required_must_be_there():
    options = {"required": (), "required_role": "counsellor"}
    for roles in (["x", "counsellor"], "counsellor"):
        assert "counsellor" in _person({"roles": roles}, **options).roles
    for roles in ([], ["counsellors"], "counsellors", None, {"counsellor": True}, [7]):
        with pytest.raises(LoginError, match="required role"):
            _person({"roles": roles}, **options)


def test_of_staff_nothing_is_required_but_their_role():
    options = {"required": ("bsn",), "staff_role": "balie"}
    person = _person({"roles": ["balie"], "bsn": None}, **options)
    assert (person.bsn, person.roles) == ("", ("balie",))
    for roles in ([], ["balies"], "", None):
        with pytest.raises(LoginError, match="required claim"):
            _person({"roles": roles, "bsn": None}, **options)


def test_without_a_role_of_staff_everybody_is_a_resident():
    for roles in (["balie"], [""], ""):
        with pytest.raises(LoginError, match="required claim"):
            _person({"roles": roles, "bsn": None}, required=("bsn",))


def test_the_secret_is_not_shown_with_the_settings():
    assert "geheim" not in repr(_settings("https://login.example"))
