"""docs/municipality.md describes every key of a dialect and every reason, and no other."""

import re
from typing import get_args

from pydantic import BaseModel

from issuer.config import Source
from issuer.debts import codes
from issuer.debts.dialect import Dialect
from issuer.debts.events import TYPES
from issuer.debts.report import REASONS
from issuer.debts.sections import Answers, Flags
from issuer.debts.shapes import ENCODINGS
from issuer.debts.sources import SOURCES
from tests.issuer.debts.exports import ROOT

PAGE = (ROOT / "docs" / "municipality.md").read_text(encoding="utf-8")
# Told by the standard itself.
OF_FCID = (
    "FinancieleVerplichtingOpgelegd",
    "BetalingsverplichtingOpgelegd",
    "BetalingsverplichtingIngetrokken",
    "BetalingVerwerkt",
    "FinancieleVerplichtingKwijtgescholden",
)
FIRST_CELLS = re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)


def sections_in(annotation):
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [section for each in get_args(annotation) for section in sections_in(each)]


def keys(section, path=""):
    for name, field in section.model_fields.items():
        here = f"{path}{name}"
        step = ".WORD" if "dict[" in str(field.annotation) else ""
        inner = sections_in(field.annotation)
        if section is Flags or section is Answers:
            yield from (
                f"{path[:-1]}.{section.__name__[:-1].upper()}.{key}"
                for key in ("column", "yes", "no")
            )
        elif inner:
            yield from keys(inner[0], f"{here}{step}.")
        else:
            yield f"{here}{step}"


def test_every_key_is_described_and_no_other():
    described = {cell for cell in FIRST_CELLS if "." in cell}
    assert described == set(keys(Dialect))


def test_every_flag_and_answer_is_named():
    for section in (Flags, Answers):
        for name in section.model_fields:
            assert f"`{section.__name__.lower()}.{name}`" in PAGE


def test_every_code_that_a_dialect_may_map_to_is_named():
    for code in (
        *codes.TYPES,
        *codes.CATEGORIES,
        *codes.STAGES,
        *codes.RANKS,
        *codes.HANDLERS,
        *codes.TRANSFERS,
        *ENCODINGS,
    ):
        assert f"`{code}`" in PAGE


def test_every_reason_of_a_refusal_is_told_with_its_text():
    told = re.findall(r"^\| `([a-z_]+)` \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    assert told == [(code, *texts) for code, texts in REASONS.items()]


def test_every_kind_of_source_has_an_example():
    for kind in SOURCES:
        assert f'kind = "{kind}"' in PAGE
    assert 'kind = "python:' in PAGE


def test_every_setting_of_a_source_is_told():
    for name in Source.model_fields:
        assert f"`{name}`" in PAGE


def test_every_event_is_named():
    told = PAGE.partition("(`fcid`)")[2]
    for name in set(TYPES) - set(OF_FCID):
        assert f"`{name}`" in told
