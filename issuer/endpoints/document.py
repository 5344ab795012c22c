"""The Blauwe Knop: one press gives the sealed document, also to who acts for somebody else."""

import flask
from werkzeug.exceptions import NotFound

from issuer.endpoints import running, visitor
from vckit.adapters.flask import oidc

blueprint = flask.Blueprint("document", __name__)


@blueprint.post("/document")
@oidc.login_required
def make() -> flask.Response:
    """A new sealed PDF; its file name tells the organisation and nothing about the person."""
    services, now = running.services(), running.now()
    if services.certification is None:
        raise NotFound
    sealed = services.certification.make(visitor.subject(), now)
    response = flask.Response(sealed, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=_file_name())
    response.headers["Cache-Control"] = "no-store"
    return response


def _file_name() -> str:
    code = running.services().config.organisation.municipality_code
    return f"schuldenopgave-{code}.pdf"
