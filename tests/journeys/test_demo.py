"""The demo as one starts it, from a folder of exports of one's own."""

import os
import shutil
import subprocess

import pytest

from holder_demo.demo.processes import console_script
from tests.journeys.actors import euro
from tests.journeys.conftest import CHANGED, SAMPLE, TAXES, taxes

pytestmark = pytest.mark.services


def demo(data, state):
    """Run the demo until it ends by itself; exit status and what it printed."""
    environment = {**os.environ, "DEMO_DATA": str(data), "DEMO_STATE": str(state), "ONCE": "1"}
    done = subprocess.run(
        [console_script("blauweknop-holder"), "demo"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return done.returncode, done.stdout


def test_the_demo_walks_by_wallet_and_by_document_with_exports_of_ones_own(tmp_path, expected):
    data = shutil.copytree(SAMPLE, tmp_path / "data")
    (data / TAXES).write_bytes(taxes(CHANGED))
    status, printed = demo(data, tmp_path / "state")
    assert status == 0, printed
    truth = expected["residents"][0]
    totals = [line for line in printed.splitlines() if line.strip().startswith("Samen ")]
    assert [euro(truth["outstanding"] + 1_000) in line for line in totals] == [True, True]
    assert "Beide overzichten zijn gelijk." in printed
    assert printed.rstrip().endswith("De demo is geslaagd.")


def test_a_folder_that_lacks_an_export_is_told_and_ends_with_another_status(tmp_path):
    data = shutil.copytree(SAMPLE, tmp_path / "data")
    (data / TAXES).unlink()
    status, printed = demo(data, tmp_path / "state")
    assert status == 1
    assert "De demo is mislukt: " in printed
    assert TAXES in printed
    assert "Traceback" not in printed
