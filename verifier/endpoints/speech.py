"""How pages speak: the language of the request."""

from typing import Final

from flask_babel import gettext

from vckit.adapters.flask import look
from verifier.wording import Speech

SPEECH: Final = Speech(gettext, look.euro, look.datum)
