"""Where the button of a municipal site leads to, and the button itself for who builds that site."""

import flask

from issuer import button
from issuer.endpoints import running, visitor
from vckit.adapters.flask import look, oidc

blueprint = flask.Blueprint("button", __name__)


@blueprint.get(button.PATH)
def show() -> str:
    """What the button does; once logged in, the button itself."""
    services = running.services()
    shown = {
        "contact": services.config.contact,
        "can_certify": services.certification is not None,
    }
    if oidc.current_person() is None:
        return flask.render_template("button.html", **shown)
    person, acting_name = visitor.subject(), visitor.acting_name()
    return flask.render_template("press.html", person=person, acting_name=acting_name, **shown)


@blueprint.get(f"{button.PATH}/inbouwen")
def build_in() -> str:
    """The HTML to copy; it is the same for everybody."""
    snippet = button.snippet(running.services().config.base_url, look.language())
    return flask.render_template("build_in.html", snippet=snippet)
