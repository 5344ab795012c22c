"""What programs and people are told when something is refused or fails."""

import json
import re

import flask
import pytest

from tests.vckit.adapters.flask import service


def _error(response) -> dict[str, str]:
    assert response.mimetype == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    return json.loads(response.data)


def test_a_protocol_error_has_its_code_and_status(program):
    response = program("GET", "/protocol/grant")
    assert response.status_code == 400
    assert _error(response) == {
        "error": "invalid_grant",
        "error_description": "the code is unknown",
    }


@pytest.mark.parametrize(
    ("name", "status", "members", "challenge"),
    [
        ("missing", 401, {}, "Bearer"),
        ("token", 401, {"error": "invalid_token"}, 'Bearer error="invalid_token"'),
        ("scope", 403, {"error": "insufficient_scope"}, 'Bearer error="insufficient_scope"'),
        ("client", 401, {"error": "invalid_client"}, "Basic"),
    ],
)
def test_a_refused_client_is_challenged(program, name, status, members, challenge):
    response = program("GET", f"/protocol/{name}")
    assert (response.status_code, _error(response)) == (status, members)
    assert response.headers["WWW-Authenticate"] == challenge


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/token", 405, "invalid_request"),
        ("/protocol/absent", 404, "not_found"),
        ("/nowhere", 404, "not_found"),
        ("/protocol/bug", 500, "server_error"),
        ("/protocol/setting", 500, "server_error"),
        ("/protocol/storage", 503, "temporarily_unavailable"),
        ("/protocol/fetch", 503, "temporarily_unavailable"),
    ],
)
def test_whatever_is_refused_a_program_gets_json(program, path, status, code):
    response = program("GET", path)
    assert (response.status_code, _error(response)) == (status, {"error": code})
    assert ("Retry-After" in response.headers) == (status == 503)


def test_a_browser_at_a_protocol_endpoint_gets_json_too(browser):
    response = browser("GET", "/token")
    assert (response.status_code, response.mimetype) == (405, "application/json")
    assert set(response.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/nowhere", 404, "Deze pagina bestaat niet"),
        ("/change", 405, "Deze aanvraag klopt niet"),
        ("/raise/grant", 400, "Deze aanvraag klopt niet"),
        ("/raise/bug", 500, "Er ging iets mis bij ons"),
        ("/raise/storage", 503, "Het lukt nu even niet"),
    ],
)
def test_a_person_is_told_what_happened_that_nothing_is_lost_and_what_to_do(
    browser, path, status, heading
):
    response = browser("GET", path)
    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert f"<h1>{heading}</h1>" in response.text
    assert "Er is niets verloren." in response.text
    assert re.search(
        rf"Nummer van deze melding:\s*<code>{response.headers['X-Request-ID']}", response.text
    )


def test_a_person_is_told_in_their_language(browser):
    response = browser("GET", "/nowhere", headers={"Accept-Language": "en-GB"})
    assert "<h1>This page does not exist</h1>" in response.text
    assert "Nothing is lost." in response.text


def test_X25_a_failure_shows_nothing_of_itself_and_the_log_no_message(browser, capfd):
    response = browser("GET", "/raise/bug")
    written = response.text + capfd.readouterr().err
    for secret in ("123456782", "Kanarie", "ValueError('", "Traceback", 'service.py"'):
        assert secret not in response.text
    assert "Kanarie" not in written
    assert "123456782" not in written


@pytest.mark.parametrize(
    "path", ["/console", "/.git/config", "/.env", "/look/../look.py", "/static/../service.py"]
)
def test_X25_what_does_not_belong_outside_is_not_there(browser, path):
    assert browser("GET", path).status_code == 404


def test_a_session_that_cannot_be_saved_is_unavailable(app, browser, form_token):
    token = form_token()
    database = service.database_of(app)
    database.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON sessions BEGIN SELECT RAISE(FAIL, 'x'); END"
    )
    assert browser("POST", "/change", data={"csrf_token": token}).status_code == 500
    database.execute("DROP TRIGGER full")
    app.extensions["database"].execute("PRAGMA query_only = ON")
    response = browser("POST", "/change", data={"csrf_token": token})
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    database.execute("PRAGMA query_only = OFF")
    assert browser("POST", "/change", data={"csrf_token": token}).status_code == 200


def test_an_answer_that_a_view_aborts_with_is_given_as_it_is(app, browser):
    @app.get("/aborts")
    def aborts() -> None:
        flask.abort(flask.Response("own", 410))

    response = browser("GET", "/aborts")
    assert (response.status_code, response.text) == (410, "own")


def test_an_address_without_its_slash_is_led_to_the_one_with_it(app, browser):
    @app.get("/map/")
    def folder() -> str:
        return "map"

    assert browser("GET", "/map").headers["Location"] == "http://localhost:8101/map/"
