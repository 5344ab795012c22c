"""The receipt of what a resident shared: who got what, until when, and the way to withdraw it."""

from typing import Any, Final

import flask
from flask_babel import gettext as _

from vckit.adapters.flask import look
from verifier import collecting
from verifier.collecting import Visit
from verifier.endpoints import desk, device
from verifier.endpoints.collecting import LIST_PATH, PATH, about
from verifier.share_book import Share

_OWN: Final = f"{LIST_PATH}/bewijs/<share_id>"
_ANYWHERE: Final = f"{PATH}/bewijs/<token>"

blueprint = flask.Blueprint("receipts", __name__)


@blueprint.get(_OWN)
def show(link_id: str, share_id: str) -> str:
    """For the device that shared it."""
    here = device.here(link_id)
    return _page(_of_device(here, share_id), here=here)


@blueprint.post(f"{_OWN}/intrekken")
def withdraw(link_id: str, share_id: str) -> Any:
    """Withdraw what this device shared."""
    here = device.here(link_id)
    collecting.withdraw(desk.office(), _of_device(here, share_id), desk.now())
    address = flask.url_for("receipts.show", link_id=link_id, share_id=share_id)
    return flask.redirect(address, 303)


@blueprint.post(f"{_OWN}/bewaar")
def keep(link_id: str, share_id: str) -> flask.Response:
    """The receipt as a file, with a link of its own that works on any device."""
    here = device.here(link_id)
    given = _of_device(here, share_id)
    token = collecting.new_receipt(desk.office(), given)
    address = flask.url_for("receipts.show_anywhere", token=token)
    response = flask.Response(
        _as_text(given, f"{desk.office().config.base_url}{address}"),
        content_type="text/plain; charset=utf-8",
    )
    response.headers.set("Content-Disposition", "attachment", filename="bewijs-van-delen.txt")
    return response


@blueprint.get(_ANYWHERE)
def show_anywhere(token: str) -> str:
    """For whoever has the link of the receipt."""
    return _page(_of_token(token), token=token)


@blueprint.post(f"{_ANYWHERE}/intrekken")
def withdraw_anywhere(token: str) -> Any:
    """Withdraw what the receipt is of."""
    collecting.withdraw(desk.office(), _of_token(token), desk.now())
    return flask.redirect(flask.url_for("receipts.show_anywhere", token=token), 303)


def _of_device(here: Visit, share_id: str) -> Share:
    for each in collecting.shares(desk.office(), here):
        if each.id == share_id:
            return each
    raise device.NoVisitError


def _of_token(token: str) -> Share:
    given = desk.office().sharing.share_of_receipt(token)
    if given is None or given.shared_at is None or _until(given) is None:
        raise device.NoVisitError
    return given


def _until(given: Share) -> int | None:
    case = desk.office().store.case(given.case_id, desk.now())
    return case.expires_at if case else None


def _page(given: Share, here: Visit | None = None, token: str = "") -> str:
    office = desk.office()
    return flask.render_template(
        "verzamel/receipt.html",
        given=given,
        sources=collecting.given_sources(office, given),
        **about(_until(given) or 0, here),
        token=token,
    )


def _as_text(given: Share, address: str) -> str:
    facts = about(_until(given) or 0)
    names = ", ".join(collecting.given_sources(desk.office(), given))
    lines = [
        _("Bewijs van delen"),
        "",
        _("Gedeeld met: %(name)s", name=facts["verifier"]),
        _("Waarvoor: %(purpose)s", purpose=facts["purpose"] or "-"),
        _("Gedeeld op: %(moment)s", moment=look.tijdstip(given.shared_at or 0)),
        _("Wat: uw naam, uw geboortedatum en uw schulden bij: %(names)s", names=names),
        _("Wordt gewist op: %(moment)s", moment=look.tijdstip(facts["until"])),
        "",
        _("Bekijken of intrekken: %(address)s", address=address),
        _("Wie deze link heeft, kan het delen intrekken. Bewaar hem goed."),
    ]
    return "\n".join(lines) + "\n"
