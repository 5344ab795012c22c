"""docs/api.md, as it stands: every command on that page is run against the running service."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.actors import BOXTEL
from vckit.sealed_pdf import opening
from verifier import description, tokens
from verifier.endpoints.api import PROBLEM_TYPES

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
# What a shell of its own, for every block, must remember of the one before.
_REMEMBER = "declare -p TOKEN CASE REQUEST LINK URL 2>/dev/null > variables; declare -f api > api"
_RECALL = "set -euo pipefail; for each in variables api; do [ -f $each ] && . ./$each; done\n"


class Shell:
    """Somebody who types the blocks one after the other."""

    def __init__(self, world, folder, person):
        self.folder = folder
        config = world.config_path("verifier")
        self.environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "URL": world.url("verifier"),
            "FAMILY_NAME": person.family_name,
            "GIVEN_NAME": person.given_name,
            "BIRTHDATE": person.birthdate,
            "no_proxy": "localhost",
        }
        self.config = config

    def run(self, block):
        typed = block.replace("verifier.toml", str(self.config))
        script = f"{_RECALL}{typed}\nset +e; {_REMEMBER}; true\n"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, (block, done.stdout, done.stderr)
        return done.stdout

    def read(self, name):
        return json.loads((self.folder / name).read_text("utf-8"))


@pytest.mark.services
def test_every_command_of_the_page_does_what_it_says(scene, tmp_path):
    person = scene.world.residents[0]
    resident = scene.resident(0)
    cards = resident.receive(BOXTEL)
    (tmp_path / "opgave.pdf").write_bytes(scene.visit(BOXTEL, person).document())
    shell = Shell(scene.world, tmp_path, person)
    printed = []
    for block in BLOCKS:
        if "until " in block:
            # The link of this moment, as the screen of the counsellor would show it.
            resident.answer(shell.run('api "$REQUEST" | jq -r .link').strip(), *cards)
        printed.append(shell.run(block))
    overview = shell.read("overzicht.json")
    assert overview["person"]["family_name"] == person.family_name
    assert overview["totals"]["outstanding"] > 0
    assert (tmp_path / "controlerapport.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "qr.svg").read_text("utf-8").startswith("<svg")
    assert '"CANCELLED"' in printed[-1]
    assert shell.read("case.json")["id"] in printed[-1]


def test_the_page_names_every_scope_and_every_problem():
    for scope in tokens.SCOPES:
        assert f"| `{scope}` |" in PAGE
    described = set(re.findall(f"{re.escape(PROBLEM_TYPES)}([a-z-]+)", description.raw().decode()))
    assert all(f"`{code}`" in PAGE for code in described)


def test_the_page_names_every_operation():
    for path in description.document()["paths"]:
        last = path.split("/{")[0].split("/")[-1] if path.endswith("}") else path.split("/")[-1]
        assert f"/{last}" in PAGE, path


def test_the_limits_are_those_of_the_code():
    assert opening.MAX_BYTES == 10 * 1024 * 1024
    assert "10 MiB of PDF" in PAGE
