"""A person at a browser without JavaScript."""

import threading

import flask
import pytest
from werkzeug.serving import make_server

from holder_demo.demo.browser import Browser, StuckError, expect_ok, log_in
from holder_demo.persons import Person

PERSON = Person("bewoner-01", "resident", "Jansen", "Piet", "999291415", "1974-08-21")

PAGE = """<!doctype html>
<a href="/elsewhere">verder</a> <a href="openid4vp://?a=b&amp;c=d">wallet</a>
<form method="post" action="/take" enctype="multipart/form-data">
  <input type="hidden" name="csrf_token" value="t&amp;1">
  <input name="name" value="old"><input type="checkbox" name="box" value="1" checked>
  <input type="checkbox" name="box" value="2" checked><input type="checkbox" name="box" value="3">
  <select name="kind"><option value="a">A</option><option value="b" selected>B</option></select>
  <textarea name="text">x &lt; y</textarea>
  <input type="file" name="file"><button name="go" value="1">Ga</button>
</form>
<form action="/search"><input name="q"></form>
<form method="post"><input name="here"></form>
"""
LOGIN = """<form method="post" action="/oauth2/authorize?state=s">
<button name="sub" value="bewoner-01"><span>Piet</span> Jansen</button></form>"""


@pytest.fixture(scope="module")
def site():
    app = flask.Flask("site")
    app.add_url_rule("/page", "page", lambda: PAGE)
    app.add_url_rule("/private", "private", lambda: flask.redirect("/oauth2/authorize?state=s"))
    app.add_url_rule("/broken", "broken", lambda: ("no", 500))

    @app.get("/search")
    def search():
        return flask.request.args.to_dict()

    @app.post("/take")
    def take():
        form = {name: flask.request.form.getlist(name) for name in flask.request.form}
        return form | {"file": flask.request.files["file"].read().decode()}

    @app.route("/oauth2/authorize", methods=["GET", "POST"])
    def authorize():
        if flask.request.method == "GET":
            return LOGIN
        return flask.redirect(f"/welcome/{flask.request.form['sub']}")

    app.add_url_rule("/welcome/<who>", "welcome", lambda who: f"hello {who}")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_form_is_sent_with_what_it_held_and_what_was_filled_in(site):
    browser = Browser()
    form = browser.open(f"{site}/page").form(action="/take", name="go")
    sent = browser.submit(form, {"name": "new"}, {"file": ("a.txt", b"content", "text/plain")})
    assert flask.json.loads(sent.body) == {
        "csrf_token": ["t&1"],
        "name": ["new"],
        "box": ["1", "2"],
        "kind": ["b"],
        "text": ["x < y"],
        "file": "content",
    }


def test_a_form_without_method_asks_and_one_without_action_comes_back_here(site):
    browser = Browser()
    page = browser.open(f"{site}/page")
    found = browser.submit(page.form(action="/search"), {"q": "iets"})
    assert flask.json.loads(found.body) == {"q": "iets"}
    assert page.form(name="here").action == f"{site}/page"


def test_links_are_found_by_their_start_or_the_end_of_their_path(site):
    page = Browser().open(f"{site}/page")
    assert page.link(path="/elsewhere") == f"{site}/elsewhere"
    assert page.link(start="openid4vp:") == "openid4vp://?a=b&c=d"


def test_what_is_not_on_the_page_is_told(site):
    page = Browser().open(f"{site}/page")
    with pytest.raises(StuckError, match=r"/page: no form /nothing"):
        page.form(action="/nothing")
    with pytest.raises(StuckError, match=r"/page: no link mailto:"):
        page.link(start="mailto:")
    with pytest.raises(StuckError, match="HTTP 500"):
        expect_ok(Browser().open(f"{site}/broken"))


def test_logging_in_leads_through_the_stand_in_and_back(site):
    page = log_in(Browser().session, f"{site}/private", PERSON)
    assert page.url == f"{site}/welcome/bewoner-01"


def test_logging_in_as_somebody_who_is_not_offered_is_told(site):
    stranger = Person("bewoner-99", "resident", "X", "Y")
    with pytest.raises(StuckError):
        log_in(Browser().session, f"{site}/private", stranger)
    with pytest.raises(StuckError):
        log_in(Browser().session, f"{site}/page", PERSON)
