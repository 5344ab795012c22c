"""RFC 9457: what programs read below the prefix of an API, and nowhere else."""

import pytest

from vckit.adapters.flask import problems
from vckit.errors import ProblemError

TYPES = "https://example.org/problems#"


class TakenError(ProblemError):
    code, status, title = "taken", 409, "It is taken"


@pytest.fixture
def app(app):
    problems.install(app, prefix="/protocol", types=TYPES)

    @app.get("/protocol/taken/<how>")
    @app.get("/elsewhere/<how>")
    def taken(how):
        raise {
            "plain": TakenError(),
            "told": TakenError("by somebody", errors=[{"pointer": "#/a"}], reason=""),
        }[how]

    return app


@pytest.mark.parametrize(
    ("path", "status", "code", "title"),
    [
        ("missing", 401, "token-missing", "Unauthorized"),
        ("token", 401, "invalid-token", "Unauthorized"),
        ("scope", 403, "insufficient-scope", "Forbidden"),
        ("absent", 404, "not-found", "Not Found"),
        ("bug", 500, "server-error", "Internal Server Error"),
        ("setting", 500, "server-error", "Internal Server Error"),
        ("storage", 503, "unavailable", "Service Unavailable"),
    ],
)
def test_what_is_refused_or_fails_is_a_problem(program, path, status, code, title):
    given = program("GET", f"/protocol/{path}")
    assert given.status_code == status
    assert given.content_type == problems.MEDIA_TYPE
    assert given.headers["Cache-Control"] == "no-store"
    assert given.json == {"type": TYPES + code, "title": title, "status": status}
    assert ("WWW-Authenticate" in given.headers) == (status in {401, 403})
    assert ("Retry-After" in given.headers) == (status == 503)


def test_a_code_of_another_specification_keeps_its_sentence(program):
    assert program("GET", "/protocol/grant").json == {
        "type": f"{TYPES}invalid-grant",
        "title": "Bad Request",
        "status": 400,
        "detail": "the code is unknown",
    }


def test_a_problem_of_our_own_has_its_title_and_members(program):
    plain = {"type": f"{TYPES}taken", "title": "It is taken", "status": 409}
    assert program("GET", "/protocol/taken/plain").json == plain
    told = {"detail": "by somebody", "errors": [{"pointer": "#/a"}]}
    assert program("GET", "/protocol/taken/told").json == {**plain, **told}


@pytest.mark.parametrize("path", ["/protocol", "/protocol/", "/protocol/no/where"])
def test_a_path_that_there_is_not_is_a_problem_for_browsers_too(browser, path):
    given = browser("GET", path)
    assert (given.status_code, given.content_type) == (404, problems.MEDIA_TYPE)


def test_another_method_tells_which_there_are(program):
    given = program("POST", "/protocol/grant")
    assert (given.status_code, given.json["type"]) == (405, f"{TYPES}method-not-allowed")
    assert "GET" in given.headers["Allow"]


def test_another_host_is_a_problem(app):
    given = app.test_client().get("/protocol/grant", base_url="http://elders.example")
    assert (given.status_code, given.json["type"]) == (400, f"{TYPES}bad-request")


@pytest.mark.parametrize("path", ["/protocolled", "/elsewhere/plain"])
def test_outside_the_prefix_nothing_changes(browser, program, path):
    assert browser("GET", path).mimetype == "text/html"
    assert program("GET", path).content_type != problems.MEDIA_TYPE
