"""What a case brought, for case software: documents go in, the overview and the files come out."""

from typing import ClassVar

import flask

from vckit.adapters.flask import json_response, limit_body
from vckit.errors import ProblemError
from vckit.sealed_pdf.opening import MAX_BYTES, RefusedFileError
from verifier import exporting, upload, wording
from verifier.casework import case_report
from verifier.documents import EvidenceRefusedError, add_document
from verifier.endpoints import api, api_answers, api_entry, desk
from verifier.findings import Finding
from verifier.store import Case
from verifier.tokens import CASES_WRITE, OVERVIEW_READ, REPORT_READ
from verifier.wording import DUTCH

blueprint = flask.Blueprint("api_results", __name__)


class DocumentRefusedError(ProblemError):
    """A document that is not taken: `reason` is the code, `detail` a sentence for people."""

    code: ClassVar[str] = "document-refused"
    title: ClassVar[str] = "The document is refused"

    def __init__(self, status: int, reason: str) -> None:
        known = reason if reason in upload.REASONS else "attachment"
        super().__init__(wording.refusal(known, DUTCH), reason=reason)
        self.status = status  # type: ignore[misc]  # UP(n, r) of security.md: by the reason


class UnknownFileError(ProblemError):
    """There is no file of that name here."""

    code, status, title = "file-not-found", 404, "There is no such file"


@blueprint.post(f"{api.CASE}/documents")
@limit_body(MAX_BYTES)
@api.needs(CASES_WRITE)
def add(case_id: str) -> flask.Response:
    """Check a sealed document and add what it says to the case."""
    mine = api.own(case_id)
    api_entry.no_parameters()
    return json_response(api_answers.finding(_added(mine, api_entry.document())), 201)


@blueprint.get(f"{api.CASE}/overview")
@api.needs(OVERVIEW_READ)
def overview(case_id: str) -> flask.Response:
    """The overview as it stands now."""
    mine, subject = api.own(case_id), api_entry.subject()
    report = case_report(desk.office(), mine, desk.now(), DUTCH, subject if mine.partner else None)
    return json_response(report)


@blueprint.get(f"{api.CASE}/files/<name>")
@api.needs(REPORT_READ)
def file(case_id: str, name: str) -> flask.Response:
    """One file of the case, made now."""
    mine, subject = api.own(case_id), api_entry.subject()
    office = desk.office()
    content = exporting.content_of(office, mine, desk.now(), subject if mine.partner else None)
    made = exporting.file(office, name, content)
    if made is None:
        raise UnknownFileError
    response = flask.Response(made.content, content_type=made.media_type)
    response.headers.set("Content-Disposition", "attachment", filename=made.name(content))
    return response


def _added(case: Case, document: bytes) -> Finding:
    office, now = desk.office(), desk.now()
    try:
        return add_document(office, case, document, now)
    except (RefusedFileError, EvidenceRefusedError) as error:
        raise DocumentRefusedError(error.status, error.reason) from error
