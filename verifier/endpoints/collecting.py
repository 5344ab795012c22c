"""Verzamel, the resident's pages: who is asked, how far it is, and what to share."""

from typing import Any, Final

import flask

from vckit.adapters.flask import limit_body, only_file
from vckit.adapters.flask.headers import allow_forms_to
from vckit.sealed_pdf.opening import RefusedFileError
from verifier import collecting, collecting_progress, wording
from verifier.collecting import Visit
from verifier.documents import EvidenceRefusedError
from verifier.endpoints import desk, device
from verifier.endpoints.speech import SPEECH
from verifier.endpoints.uploads import BODY_LIMIT

PATH: Final = "/verzamel"
LIST_PATH: Final = f"{PATH}/lijst/<link_id>"
_UNPROCESSABLE: Final = 422

blueprint = flask.Blueprint("collecting", __name__)


@blueprint.get(f"{PATH}/<token>")
def begin(token: str) -> Any:
    """The counsellor's link: let this device in. The link itself stays out of every later page."""
    admitted = collecting.admit(desk.office(), token, desk.now())
    if admitted is None:
        raise device.NoVisitError
    here, kept = admitted
    answer = flask.make_response(_to_list(here))
    if device.find(here.link.id) is None:
        device.keep(answer, here, kept)
    return answer


@blueprint.get(LIST_PATH)
def show(link_id: str) -> str:
    """The organisations, and how far the resident is."""
    return page(device.here(link_id))


@blueprint.post(f"{LIST_PATH}/document")
@limit_body(BODY_LIMIT)
def add_document(link_id: str) -> Any:
    """Check a document of the resident's own and keep what it says for this device."""
    here = device.here(link_id)
    try:
        collecting.add(desk.office(), here, only_file(), desk.now())
    except (RefusedFileError, EvidenceRefusedError, collecting.TooMuchError) as error:
        return page(here, refusal(error)), _UNPROCESSABLE
    device.collected_now(here)
    return _to_list(here)


@blueprint.errorhandler(413)
def too_large(_error: Exception) -> Any:
    """The list again, for a file that was too large to be read at all."""
    here = device.here((flask.request.view_args or {})["link_id"])
    return page(here, wording.refusal("too_large", SPEECH)), 413


@blueprint.get(f"{LIST_PATH}/delen")
def ask_consent(link_id: str) -> Any:
    """Who gets what, until when: the last look before sharing."""
    here = device.here(link_id)
    ready = collecting_progress.ready(desk.office(), here)
    if not ready:
        return _to_list(here)
    return flask.render_template(
        "verzamel/consent.html", ready=ready, **about(here.case.expires_at, here)
    )


@blueprint.post(f"{LIST_PATH}/delen")
def share(link_id: str) -> Any:
    """Give the counsellor what the resident ticked."""
    here = device.here(link_id)
    given = collecting.share(desk.office(), here, flask.request.form.getlist("opgave"), desk.now())
    if given is None:
        return _to_list(here)
    return flask.redirect(
        flask.url_for("receipts.show", link_id=here.link.id, share_id=given.id), 303
    )


@blueprint.post(f"{LIST_PATH}/stop")
def stop(link_id: str) -> Any:
    """Forget this device and what it did not share; what was shared stays shared."""
    here = device.here(link_id)
    desk.office().collecting.drop(here.link.id, here.device)
    answer = flask.make_response(
        flask.render_template("verzamel/stopped.html", **about(here.case.expires_at, here))
    )
    device.forget(answer, here)
    return answer


def page(here: Visit, problem: str = "") -> str:
    """The list, with what was wrong with what was just brought."""
    office, now = desk.office(), desk.now()
    allow_forms_to(*(each.request_endpoint for each in office.config.wallets))
    return flask.render_template(
        "verzamel/list.html",
        stops=collecting_progress.stops(office, here, now),
        ready=collecting_progress.ready(office, here),
        shares=collecting.shares(office, here),
        wallets=[each.name for each in office.config.wallets],
        problem=problem,
        come_back=_come_back(here),
        **about(here.case.expires_at, here),
    )


def refusal(error: Exception) -> str:
    """What people read when a document is not taken."""
    if isinstance(error, RefusedFileError):
        return wording.refusal(error.reason, SPEECH)
    if isinstance(error, EvidenceRefusedError):
        return wording.disproof(error.reason, SPEECH)
    return wording.refusal("attachment", SPEECH)


def _come_back(here: Visit) -> str:
    """Where an organisation sends the resident back."""
    path = flask.url_for("collecting_return.back", state=here.state)
    return f"{desk.office().config.base_url}{path}"


def about(until: int, here: Visit | None = None) -> dict[str, Any]:
    """What every page here says with; amounts are for who collected them just now."""
    office = desk.office()
    ours = office.scheme.verifier(office.chain, desk.now())
    return {
        "here": here,
        "until": until,
        "purpose": ours.purpose,
        "verifier": ours.name,
        "shows_amounts": here is not None and device.is_live(here),
    }


def _to_list(here: Visit) -> Any:
    return flask.redirect(flask.url_for("collecting.show", link_id=here.link.id), 303)
