"""Published vectors; tests that need them are skipped where the folder is absent."""

import json
import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("VECTORS_DIR", Path(__file__).parents[3] / "shared" / "vectors"))
REASON = "the folder of published vectors is absent (VECTORS_DIR)"

needed = pytest.mark.skipif(not FOLDER.is_dir(), reason=REASON)


def wycheproof(name):
    """Every (group, test) of a Wycheproof file; none when the folder is absent."""
    file = FOLDER / "wycheproof" / f"{name}.json"
    if not file.exists():
        return []
    groups = json.loads(file.read_text())["testGroups"]
    return [(group, test) for group in groups for test in group["tests"]]


def cases(*names, member=None):
    """The same of several files as parameters named after the vector; those with `member` only."""
    found = [
        pytest.param(group, test, id=f"{name}-{test['tcId']}-{test['comment']}")
        for name in names
        for group, test in wycheproof(name)
        if member is None or member in test
    ]
    return found or [pytest.param(None, None, marks=pytest.mark.skip(reason=REASON))]
