"""Where organisations send a resident back to, with a document or without.

A document comes in a form of the organisation's page, which brings no cookie of ours. So it waits
for the browser that brought it: that one alone gets the code, and only the device that was sent
off with this state may use it (the response code of OpenID4VP 13.3, turned round).
"""

from typing import Any, Final

import flask

from vckit.adapters.flask import from_other_sites, limit_body
from vckit.encoding import b64url_decode
from vckit.errors import ParsingError
from vckit.sealed_pdf.opening import MAX_BYTES, RefusedFileError
from verifier import collecting, wording
from verifier.documents import EvidenceRefusedError
from verifier.endpoints import collecting as pages
from verifier.endpoints import desk, device
from verifier.endpoints.speech import SPEECH

STATE_PATH: Final = f"{pages.PATH}/terug/<state>"
# A file of the largest size in base64, and the names around it.
HAND_OVER_LIMIT: Final = MAX_BYTES * 4 // 3 + 16 * 1024
_UNPROCESSABLE: Final = 422

blueprint = flask.Blueprint("collecting_return", __name__)


@blueprint.get(STATE_PATH)
def back(state: str) -> Any:
    """Back without anything: on with the list."""
    here = device.here(state.partition(".")[0])
    return flask.redirect(flask.url_for("collecting.show", link_id=here.link.id), 303)


@blueprint.post(STATE_PATH)
@from_other_sites
@limit_body(HAND_OVER_LIMIT)
def take(state: str) -> Any:
    """Judge the document that an organisation's page sends; nobody has it yet."""
    office, now = desk.office(), desk.now()
    arriving = collecting.returned(office, state, now)
    if arriving is None:
        raise device.NoVisitError
    try:
        code = collecting.hand_over(office, arriving, _document(), now)
    except (RefusedFileError, EvidenceRefusedError, collecting.TooMuchError) as error:
        return _refused(state, pages.refusal(error))
    address = flask.url_for("collecting_return.collect", link_id=arriving.link.id, code=code)
    return flask.redirect(address, 303)


@blueprint.errorhandler(413)
def too_large(_error: Exception) -> Any:
    """For a document that was too large to be read at all."""
    state = (flask.request.view_args or {})["state"]
    return _refused(state, wording.refusal("too_large", SPEECH), 413)


@blueprint.get(f"{pages.PATH}/aangekomen/<link_id>/<code>")
def collect(link_id: str, code: str) -> Any:
    """Let the device have what its browser just brought; for any other the code is then void."""
    office, here = desk.office(), device.find(link_id)
    claimed = office.collecting.claim(link_id, here.device if here else "", code, desk.now())
    if here is None:
        raise device.NoVisitError
    if claimed:
        device.collected_now(here)
    return flask.redirect(flask.url_for("collecting.show", link_id=link_id), 303)


def _document() -> bytes:
    try:
        return b64url_decode(flask.request.form.get("document", ""))
    except ParsingError as error:
        raise RefusedFileError("not_a_pdf") from error


def _refused(state: str, sentence: str, status: int = _UNPROCESSABLE) -> Any:
    page = flask.render_template("verzamel/refused.html", state=state, problem=sentence)
    return page, status
