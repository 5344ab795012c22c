"""The W3C's test suite of RDF Dataset Canonicalization (rdf-canon)."""

import json
import time

import pytest

from tests.vckit.vectors import FOLDER, REASON
from vckit.errors import PolicyLimitError
from vckit.rdf import canonicalize, parse_nquads

SUITE = FOLDER / "rdf-canon" / "tests"
MANIFEST = SUITE / "manifest.jsonld"


def entries(*kinds):
    if not MANIFEST.exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason=REASON))]
    found = json.loads(MANIFEST.read_text())["entries"]
    return [pytest.param(one, id=one["id"][1:]) for one in found if one["type"][5:] in kinds]


def canonical(entry):
    quads = parse_nquads(read(entry["action"]))
    return canonicalize(quads, algorithm=entry.get("hashAlgorithm", "SHA256").lower())


def read(name):
    return (SUITE / name).read_bytes().decode()


@pytest.mark.parametrize("entry", entries("RDFC10EvalTest"))
def test_I16_the_canonical_form_is_that_of_the_suite(entry):
    assert canonical(entry).nquads == read(entry["result"])


@pytest.mark.parametrize("entry", entries("RDFC10MapTest"))
def test_the_labels_are_those_of_the_suite(entry):
    assert canonical(entry).labels == json.loads(read(entry["result"]))


@pytest.mark.parametrize("entry", entries("RDFC10NegativeEvalTest"))
def test_the_poison_graph_is_refused_at_once(entry):
    began = time.monotonic()
    with pytest.raises(PolicyLimitError):
        canonical(entry)
    assert time.monotonic() - began < 1.5


def test_the_suite_is_whole():
    every = entries("RDFC10EvalTest", "RDFC10MapTest", "RDFC10NegativeEvalTest")
    if len(every) > 1:
        assert len(entries("RDFC10EvalTest")) == 64
        assert len(entries("RDFC10NegativeEvalTest")) == 1
