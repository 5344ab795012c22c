"""What the pages call the terms and codes of a statement, in the language of the request."""

import json
from functools import cache

import contexts
from contexts.vocabulary import label
from vckit.adapters.flask.look import language

_TYPE = "schuldenopgave/1"


def term(name: str) -> str:
    """Give the label of a term about the person or of a debt, from the type metadata."""
    return _labels(language()).get(name, name)


def stage(code: str) -> str:
    """Give what people read for a stage (`fase`)."""
    return label("fase", code, language())


def kind(code: str) -> str:
    """Give what people read for a kind of debt (`type`)."""
    return label("type", code, language())


@cache
def _labels(locale: str) -> dict[str, str]:
    metadata = json.loads(contexts.type_metadata(_TYPE, "https://labels.invalid"))
    return {
        str(claim["path"][-1]): display["label"]
        for claim in metadata["claims"]
        for display in claim["display"]
        if display["lang"] == locale
    }
