"""The public page "Klopt dit document?": no log-in, and nothing of the file is kept."""

from collections.abc import Mapping
from typing import Any, Final

import flask

from issuer.certification import CHECK_PATH
from issuer.document.debts import rows
from issuer.document.words import Language, Words
from issuer.endpoints import running
from issuer.own_document import OwnDocument, UnsoundDocumentError
from issuer.paper import is_disputed
from vckit.adapters.flask import limit_body, look, only_file
from vckit.errors import UntrustedIssuerError
from vckit.sealed_pdf.opening import STATUSES, RefusedFileError

# 10 MiB for the file, and what a form needs around it.
BODY_LIMIT: Final = 10 * 1024 * 1024 + 16 * 1024
_UNSOUND: Final = 422

blueprint = flask.Blueprint("checking", __name__)


@blueprint.get(CHECK_PATH)
def show() -> str:
    """Where a file is chosen."""
    return _form()


@blueprint.post(CHECK_PATH)
@limit_body(BODY_LIMIT)
def check() -> Any:
    """What the file is, whether it holds, and what it states."""
    try:
        found = running.services().checking.document(only_file(), running.now())
    except RefusedFileError as error:
        return _form(error.reason), error.status
    except (UntrustedIssuerError, UnsoundDocumentError) as error:
        reason = "unsound" if isinstance(error, UnsoundDocumentError) else error.reason
        return _form(reason), _UNSOUND
    if isinstance(found, OwnDocument):
        return _own_page(found)
    elsewhere = f"{found.address}{CHECK_PATH}"
    return flask.render_template("document_elsewhere.html", seal=found, address=elsewhere)


@blueprint.errorhandler(413)
def too_large(_error: Exception) -> Any:
    """The form again, for a file that was too large to be read at all."""
    return _form("too_large"), STATUSES["too_large"]


def _form(reason: str = "") -> str:
    contact = running.services().config.contact
    return flask.render_template("document_check.html", reason=reason, contact=contact)


def _own_page(document: OwnDocument) -> str:
    """What is stated, in the words and in the order of the pages, so that it can be compared."""
    debts, words = document.terms["vorderingen"], Words(_language())
    return flask.render_template(
        "document_ours.html",
        document=document,
        terms=document.terms,
        told=document.summary,
        rows=[_row(row) for row in rows(document.terms, words)],
        say=words.say,
        disputed=sum(max(debt["saldo"], 0) for debt in debts if is_disputed(debt)),
        contact=running.services().config.contact,
    )


def _row(row: Mapping[str, Any]) -> dict[str, str]:
    """A line of the document's table as one of ours."""
    return {
        "what": ", ".join(filter(None, (row["what"], row["described"], row["reference"]))),
        "due_date": ", ".join((row["due_date"], " ".join(row["overdue"]))).rstrip(", "),
        "stage": ", ".join(row["stage"]),
        "call": ", ".join(row["call"]),
        "balance": row["balance"],
        "due": row["due"],
    }


def _language() -> Language:
    return "en" if look.language() == "en" else "nl"
