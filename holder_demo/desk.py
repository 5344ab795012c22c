"""What every page of the wallet works with."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast

import flask

from holder_demo.config import Config
from holder_demo.keystore import Keystore
from holder_demo.sittings import Sitting, Sittings
from holder_demo.wallet import Wallet

SITTING = "sitting"

View = Callable[..., Any]


@dataclass(frozen=True)
class Desk:
    """What the pages work with: settings, sittings, how a wallet is opened, and the time."""

    config: Config
    sittings: Sittings
    open_wallet: Callable[[Config, Keystore], Wallet]
    now: Callable[[], int]

    def sitting(self) -> Sitting:
        """Give the sitting of this request; only behind `opened`."""
        return cast("Sitting", flask.g.sitting)

    def opened(self, view: View) -> View:
        """Let a view run for an opened wallet only; others are led to the PIN."""

        @wraps(view)
        def guarded(*arguments: Any, **names: Any) -> Any:
            token = flask.session.get(SITTING, "")
            flask.g.sitting = self.sittings.find(token, self.now())
            if flask.g.sitting is not None:
                return self._run(view, arguments, names)
            del flask.g.sitting
            request = flask.request
            wish = request.full_path.rstrip("?") if request.method == "GET" else "/"
            return flask.redirect(flask.url_for("wallet.unlock", naar=wish), 303)

        return guarded

    def _run(self, view: View, arguments: tuple[Any, ...], names: dict[str, Any]) -> Any:
        if flask.request.method == "GET":
            return view(*arguments, **names)
        with self.sitting().lock:
            return view(*arguments, **names)

    def waiting(self, decision_id: str, *kinds: type[Any]) -> Any:
        """Give what waits for a decision under this id; HTTP 410 when it does not any more."""
        thing = self.sitting().waiting.get(decision_id)
        if not isinstance(thing, kinds):
            flask.abort(410)
        return thing

    def step(self, decision_id: str, kind: type[Any], page: str) -> Any:
        """As `waiting`; when this step was taken already, lead to where the decision stands."""
        thing = self.sitting().waiting.get(decision_id)
        if thing is not None and not isinstance(thing, kind):
            flask.abort(flask.redirect(flask.url_for(page, decision_id=decision_id), 303))
        return self.waiting(decision_id, kind)
