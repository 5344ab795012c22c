"""The public page "Klopt dit document?": no log-in, and nothing of the file is kept."""

from collections.abc import Mapping
from typing import Any, Final

import flask
from flask_babel import gettext as _

import contexts.vocabulary
from issuer.certification import CHECK_PATH
from issuer.endpoints import running
from issuer.own_document import OwnDocument, UnsoundDocumentError
from issuer.paper import is_disputed
from vckit.adapters.flask import limit_body, look
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
        found = running.services().checking.document(_only_file(), running.now())
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


def _only_file() -> bytes:
    """The bytes of the one file; no file is read as an empty one, which is no PDF."""
    given = flask.request.files.items(multi=True)
    files = [file for _field, file in given if file.filename]
    if len(files) > 1:
        flask.abort(400)
    return files[0].read() if files else b""


def _form(reason: str = "") -> str:
    contact = running.services().config.contact
    return flask.render_template("document_check.html", reason=reason, contact=contact)


def _own_page(document: OwnDocument) -> str:
    debts = document.terms["vorderingen"]
    return flask.render_template(
        "document_ours.html",
        document=document,
        terms=document.terms,
        told=document.summary,
        rows=[_row(debt) for debt in debts],
        disputed=sum(max(debt["saldo"], 0) for debt in debts if is_disputed(debt)),
        contact=running.services().config.contact,
        word=word,
    )


def _row(debt: Mapping[str, Any]) -> dict[str, str]:
    """One debt as its line on the pages of the document."""
    flags = [word("markering", flag) for flag in debt.get("markeringen", ())]
    stage = [word("fase", debt["fase"])] if debt.get("fase") else []
    due = debt.get("vervaldatum")
    return {
        "what": debt.get("omschrijving") or word("type", debt["type"]),
        "reference": debt["vordering_kenmerk"],
        "due": look.datum(due) if due else _("niet bekend"),
        "stage": ", ".join(dict.fromkeys([*stage, *flags])),
        "balance": look.euro(debt["saldo"]),
    }


def word(group: str, code: str) -> str:
    """What people read for a code, in the language of the page."""
    return contexts.vocabulary.label(group, code, look.language())
