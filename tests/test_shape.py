"""The size budgets of the house: alarms that keep rooms small enough to read at once."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("contexts", "vckit", "issuer", "verifier", "holder_demo", "scheme_operator", "bench")
MODULE_LINES = 300
FUNCTION_LINES = 40
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def name(path):
    return str(path.relative_to(ROOT))


def test_there_is_something_to_measure():
    assert len(MODULES) > 100


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_module_stays_within_its_budgets(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MODULE_LINES
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(ast.parse(text)) if isinstance(node, functions)]
    lengths = {one.name: one.end_lineno - one.lineno + 1 for one in found}
    assert {one: lines for one, lines in lengths.items() if lines > FUNCTION_LINES} == {}
