"""What every test may lean on: the running services, made once."""

import shutil
import tempfile
from pathlib import Path

import pytest

from holder_demo.demo.world import World


def pytest_collection_modifyitems(items):
    """Tests of the running services share one world, so they run in one process."""
    for item in items:
        if item.get_closest_marker("services") or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group("world"))


@pytest.fixture(scope="session")
def world():
    """All services with the sample's exports, each a process of its own, issuers with two workers.

    Whoever stops a service or changes what others read starts it again or uses another resident.
    """
    folder = Path(tempfile.mkdtemp(prefix="blauweknop-"))
    with World.create(folder) as running:
        yield running.start()
    shutil.rmtree(folder)
