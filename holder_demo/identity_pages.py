"""The pages on which a person gets an identity card: choose at the stand-in, then keep it here."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import flask

from holder_demo import receiving_pages
from holder_demo.desk import Desk
from holder_demo.identity import PAGE_PATH
from vckit.errors import KitError


@dataclass(frozen=True)
class Begun:
    """A person left for the stand-in to choose who to be."""


def add(wallet: flask.Blueprint, desk: Desk) -> None:
    """Add the pages of the identity card."""

    @wallet.post(PAGE_PATH)
    @desk.opened
    def get_identity() -> Any:
        giver = desk.sitting().wallet.identity_giver
        if giver is None:
            flask.abort(404)
        decision_id = desk.sitting().put(Begun())
        back = f"{desk.config.base_url}{PAGE_PATH}/{decision_id}"
        return flask.redirect(f"{giver.url}{PAGE_PATH}?{urlencode({'terug': back})}", 303)

    @wallet.get(f"{PAGE_PATH}/<decision_id>")
    @desk.opened
    def chosen(decision_id: str) -> Any:
        """Back from the stand-in: nothing is asked of it before the person says so."""
        desk.waiting(decision_id, Begun)
        code = flask.request.args.get("code", "")
        return flask.render_template("wallet/identity.html", decision_id=decision_id, code=code)

    @wallet.post(f"{PAGE_PATH}/<decision_id>")
    @desk.opened
    def keep_identity(decision_id: str) -> Any:
        begun = desk.sitting().waiting.pop(decision_id, None)
        if not isinstance(begun, Begun):  # the second of two clicks
            return flask.redirect(flask.url_for("wallet.home"), 303)
        try:
            opened = desk.sitting().wallet
            opened.get_identity(flask.request.form.get("code", ""), now=desk.now())
        except KitError as error:
            return receiving_pages.stop(error)
        return flask.redirect(flask.url_for("wallet.home"), 303)

    @wallet.post(f"{PAGE_PATH}/verwijderen")
    @desk.opened
    def delete_identity() -> Any:
        desk.sitting().wallet.delete_identity(now=desk.now())
        return flask.redirect(flask.url_for("wallet.home"), 303)
