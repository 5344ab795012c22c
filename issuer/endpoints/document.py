"""The Blauwe Knop: one press gives the sealed document, also to who acts for somebody else."""

from collections.abc import Callable
from typing import Any, Final

import flask
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from issuer.document import Language
from issuer.endpoints import running, visitor
from vckit.adapters.flask import oidc
from vckit.openid4vci.credential import CredentialRequestDenied
from vckit.sealed_pdf.stamping import TimeStampError

LANGUAGES: Final[tuple[Language, ...]] = ("nl", "en")
# Why a document can't be made now.
REFUSALS: Final = (CredentialRequestDenied, TimeStampError)

blueprint = flask.Blueprint("document", __name__)


@blueprint.post("/document")
@oidc.login_required
def make() -> Any:
    """A new sealed PDF of the person whose data is shown."""
    person, now = visitor.subject(), running.now()
    certification = running.services().certification
    if certification is None:
        raise NotFound
    return answer(lambda language: certification.make(person, now, language).pdf)


def answer(make_pdf: Callable[[Language], bytes]) -> Any:
    """What `make_pdf` gives in the language of the form, under a name that tells nothing of whom.

    Where the debts do not fit in one document, a page tells whom to call; where the moment can't
    be stamped now, to come back later.
    """
    wish = flask.request.form.get("taal", "")
    language = next((one for one in LANGUAGES if one == wish), LANGUAGES[0])
    try:
        pdf = make_pdf(language)
    except REFUSALS as error:
        return explain(error)
    response = flask.Response(pdf, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=_file_name())
    response.headers["Cache-Control"] = "no-store"
    return response


def explain(error: Exception) -> tuple[str, int]:
    """The page for one of REFUSALS."""
    return _explain_later() if isinstance(error, TimeStampError) else _explain()


def _explain() -> tuple[str, int]:
    contact = running.services().config.contact
    advice = _("Dit past niet in één document. Bel %(name)s: %(phone)s.")
    page = flask.render_template(
        "error.html",
        happened=_("Het document kan nu niet worden gemaakt"),
        advice=advice % {"name": contact.name, "phone": contact.phone},
        action=(_("Terug"), flask.url_for("debts.show")),
    )
    return page, 422


def _explain_later() -> tuple[str, int]:
    page = flask.render_template(
        "error.html",
        happened=_("Het document kan nu niet worden gemaakt"),
        advice=_("Wie het tijdstip vastlegt, is nu niet bereikbaar. Probeer het later opnieuw."),
        action=(_("Terug"), flask.url_for("debts.show")),
    )
    return page, 503


def _file_name() -> str:
    code = running.services().config.organisation.municipality_code
    return f"schuldenopgave-{code}.pdf"
