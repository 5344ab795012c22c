"""The services and the clock of the app that answers this request."""

from typing import Final

from issuer.services import Services
from vckit.adapters.flask.running import Running

_RUNNING: Final = Running[Services]("blauweknop_issuer")

install = _RUNNING.install
services = _RUNNING.content
now = _RUNNING.now
