"""The office and the clock of the app that answers this request."""

from typing import Final

from vckit.adapters.flask.running import Running
from verifier.office import Office

_DESK: Final = Running[Office]("blauweknop_verifier")

install = _DESK.install
office = _DESK.content
now = _DESK.now
