"""Sessions on the server: what the cookie holds, how long they live, how they end."""

from http.cookies import SimpleCookie

from tests.vckit.adapters.flask import service


def _identifier(response) -> str:
    [header] = response.headers.getlist("Set-Cookie")
    return SimpleCookie(header)["service"].value


def test_the_cookie_is_a_random_number_and_the_database_keeps_its_digest(app, browser):
    response = browser("GET", "/log-in")
    identifier = _identifier(response)
    assert len(identifier) == 43
    [row] = service.database_of(app).execute("SELECT * FROM sessions")
    assert identifier not in str(row)
    assert "123456782" not in str(response.headers)
    assert {"HttpOnly", "SameSite=Lax"} <= set(response.headers["Set-Cookie"].split("; "))


def test_a_log_in_gives_another_session_and_ends_the_one_before(app, browser, form_token):
    form_token()
    [before] = service.database_of(app).execute("SELECT id_digest FROM sessions")
    browser("GET", "/log-in")
    [after] = service.database_of(app).execute("SELECT id_digest FROM sessions")
    assert before != after
    assert browser("GET", "/me").text == "123456782"


def test_a_chosen_identifier_is_not_taken_over(app):
    client = app.test_client()
    client.set_cookie("service", "x" * 43)
    response = client.get("/log-in", base_url=service.BASE)
    assert _identifier(response) != "x" * 43


def test_idle_for_15_minutes_ends_it(browser, clock):
    browser("GET", "/log-in")
    clock.now += 899
    assert browser("GET", "/me").text == "123456782"
    clock.now += 899
    assert browser("GET", "/me").text == "123456782"
    clock.now += 900
    assert browser("GET", "/me").text == "nobody"


def test_eight_hours_end_it_however_busy(browser, clock):
    browser("GET", "/log-in")
    for _ in range(40):
        clock.now += 700
        assert browser("GET", "/me").text == "123456782"
    clock.now += 28_800 - 40 * 700
    assert browser("GET", "/me").text == "nobody"


def test_log_out_removes_the_row_and_the_cookie(app, browser):
    browser("GET", "/log-in")
    response = browser("GET", "/log-out")
    assert "service=;" in response.headers["Set-Cookie"]
    assert service.database_of(app).execute("SELECT * FROM sessions") == []
    assert browser("GET", "/me").text == "nobody"


def test_a_slower_request_does_not_bring_an_ended_session_back(app, browser, form_token):
    token = form_token()
    service.database_of(app).execute(
        "CREATE TRIGGER gone BEFORE UPDATE ON sessions BEGIN DELETE FROM sessions; END"
    )
    browser("POST", "/change", data={"csrf_token": token})
    assert service.database_of(app).execute("SELECT * FROM sessions") == []


def test_expired_sessions_are_removed_when_a_new_one_begins(app, clock):
    for _ in range(3):
        app.test_client().get("/log-in", base_url=service.BASE)
    clock.now += 900
    app.test_client().get("/log-in", base_url=service.BASE)
    assert service.database_of(app).execute("SELECT count(*) AS n FROM sessions") == [{"n": 1}]


def test_pages_that_look_into_no_session_write_none(app, browser):
    assert "Set-Cookie" not in browser("GET", "/look/style.css").headers
    assert browser("GET", "/me").text == "nobody"
    assert service.database_of(app).execute("SELECT * FROM sessions") == []


def test_reading_is_written_down_at_most_every_half_minute(app, browser, clock):
    browser("GET", "/log-in")
    first = service.database_of(app).execute("SELECT used_at FROM sessions")
    clock.now += 29
    browser("GET", "/me")
    assert service.database_of(app).execute("SELECT used_at FROM sessions") == first
    clock.now += 1
    browser("GET", "/me")
    assert service.database_of(app).execute("SELECT used_at FROM sessions") != first
