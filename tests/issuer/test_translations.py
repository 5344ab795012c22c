from pathlib import Path

import issuer
from vckit.adapters.flask import catalogue

FOLDER = Path(issuer.__file__).parent


def test_every_sentence_has_its_english():
    assert catalogue.untranslated(FOLDER) == []
    assert catalogue.is_compiled(FOLDER)
