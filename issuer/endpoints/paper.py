"""What the code on a printed document leads to: the signed figures, to compare with the paper."""

from typing import Any, Final

import flask

from issuer import paper
from issuer.endpoints import running
from issuer.paper import ForeignPaperError

_NOT_FOUND: Final = 404

blueprint = flask.Blueprint("paper", __name__)


@blueprint.get(f"{paper.PATH}<text>")
def show(text: str) -> Any:
    """The figures that were signed; they are in the address, and nothing of it is kept."""
    services = running.services()
    contact = services.config.contact
    try:
        found = services.checking.paper(text, running.now())
    except ForeignPaperError:
        return flask.render_template("paper_foreign.html", contact=contact), _NOT_FOUND
    return flask.render_template("paper.html", paper=found, told=found.summary, contact=contact)
