"""How pages speak: the language of the request."""

from typing import Final

from flask_babel import gettext

from contexts import vocabulary
from vckit.adapters.flask import look
from verifier.wording import Speech


def label(group: str, code: str) -> str:
    """What people read for a code of the vocabulary."""
    return vocabulary.label(group, code, look.language())


SPEECH: Final = Speech(gettext, look.euro, look.datum, label)
