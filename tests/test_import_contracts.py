"""Each import contract, broken once on purpose in a copy of the tree, is caught."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("contexts", "vckit", "issuer", "verifier", "holder_demo", "scheme_operator")
# The contract, the file that gets a line too much, and that line.
BREACHES = {
    "roles": ("issuer/store/lists.py", "import verifier.findings"),
    "kit": ("vckit/keys.py", "import vckit.jose"),
    "issuer": ("issuer/claims.py", "import issuer.issuance"),
    "verifier": ("verifier/overview.py", "import verifier.asking"),
    "holder": ("holder_demo/cards.py", "import holder_demo.wallet"),
    "operator": ("scheme_operator/drafts.py", "import scheme_operator.commands"),
    "demo": ("holder_demo/wallet.py", "import holder_demo.demo.world"),
    "door-cryptography": ("issuer/keyring.py", "import cryptography"),
    "door-joserfc": ("vckit/oauth.py", "import joserfc"),
    "door-pyld": ("verifier/overview.py", "import pyld"),
    "door-didkit": ("issuer/issuance/__init__.py", "import didkit"),
    "door-requests": ("holder_demo/wallet.py", "import requests"),
    "door-sqlite": ("issuer/store/lists.py", "import sqlcipher3"),
    "door-sqlite-utils": ("verifier/store.py", "import sqlite_utils"),
    "door-flask": ("issuer/issuance/__init__.py", "import flask"),
    "door-pdf": ("verifier/upload.py", "import pikepdf"),
    "door-openpyxl": ("verifier/report.py", "import openpyxl"),
    "door-orjson": ("vckit/strict_json.py", "import orjson"),
    "door-sqlalchemy": ("issuer/debts/register.py", "import sqlalchemy"),
    "door-xlsxwriter": ("verifier/overview.py", "import xlsxwriter"),
    "door-tokens": ("issuer/keyring.py", "import pkcs11"),
    "door-schema": ("issuer/claims.py", "import jsonschema"),
    "door-log-in": ("verifier/endpoints/counsellor.py", "import authlib"),
}


def contracts():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return settings["tool"]["importlinter"]["contracts"]


def test_every_contract_has_its_breach_here():
    assert {one["id"] for one in contracts()} == set(BREACHES)


def checked(tree, contract):
    linter = Path(sys.executable).with_name("lint-imports")
    command = [linter, "--contract", contract, "--no-cache", "--config", "pyproject.toml"]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    copy = tmp_path_factory.mktemp("tree")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


@pytest.mark.services
@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_is_caught_and_without_it_the_contract_is_kept(tree, contract):
    file, line = tree / BREACHES[contract][0], BREACHES[contract][1]
    kept = file.read_text(encoding="utf-8")
    assert checked(tree, contract).returncode == 0
    file.write_text(f"{kept}\n{line}\n", encoding="utf-8")
    broken = checked(tree, contract)
    file.write_text(kept, encoding="utf-8")
    assert broken.returncode == 1
    assert "BROKEN" in broken.stdout


@pytest.mark.services
def test_a_module_in_no_layer_fails(tree):
    stranger = tree / "vckit" / "odds_and_ends.py"
    stranger.write_text("", encoding="utf-8")
    found = checked(tree, "kit")
    stranger.unlink()
    assert "odds_and_ends" in found.stdout
