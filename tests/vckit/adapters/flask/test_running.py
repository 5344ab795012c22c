"""What an app works with belongs to that app: several organisations run in one process."""

import flask

from vckit.adapters.flask.running import Running

RUNNING = Running[str]("proef")


def test_each_app_has_its_own_content_and_clock():
    apps = {}
    for name, time in (("boxtel", 1.9), ("haaren", 7.0)):
        apps[name] = flask.Flask(name)
        RUNNING.install(apps[name], name, lambda time=time: time)
    with apps["boxtel"].app_context():
        assert (RUNNING.content(), RUNNING.now()) == ("boxtel", 1)
    with apps["haaren"].app_context():
        assert (RUNNING.content(), RUNNING.now()) == ("haaren", 7)


def test_two_kinds_of_content_live_beside_each_other():
    app, other = flask.Flask("proef"), Running[int]("other")
    RUNNING.install(app, "a", lambda: 0.0)
    other.install(app, 5, lambda: 1.0)
    with app.app_context():
        assert (RUNNING.content(), other.content()) == ("a", 5)
