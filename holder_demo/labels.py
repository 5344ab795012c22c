"""What the pages call the terms and codes of a statement, in the language of the request."""

import json
from datetime import datetime
from functools import cache
from typing import Final

import contexts
from contexts.vocabulary import label
from vckit.adapters.flask import look

_TYPE = "schuldenopgave/1"
# What an identity card calls the terms about a person.
_SAME: Final = {
    "family_name": "geslachtsnaam",
    "given_name": "voornamen",
    "birthdate": "geboortedatum",
}


def term(name: str) -> str:
    """Give the label of a term about the person or of a debt, from the type metadata."""
    name = _SAME.get(name, name)
    return _labels(look.language()).get(name, name)


def stage(code: str) -> str:
    """Give what people read for a stage (`fase`)."""
    return label("fase", code, look.language())


def kind(code: str) -> str:
    """Give what people read for a kind of debt (`type`)."""
    return label("type", code, look.language())


def day(moment: str) -> str:
    """Give the Dutch calendar day of an RFC 3339 moment, as pages write it."""
    return look.datum(datetime.fromisoformat(moment).timestamp())


@cache
def _labels(locale: str) -> dict[str, str]:
    metadata = json.loads(contexts.type_metadata(_TYPE, "https://labels.invalid"))
    return {
        str(claim["path"][-1]): display["label"]
        for claim in metadata["claims"]
        for display in claim["display"]
        if display["lang"] == locale
    }


FILTERS: Final = {"term": term, "stage": stage, "kind": kind, "day": day}
