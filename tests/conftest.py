"""What every test may lean on: the running services, made once."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

from holder_demo.demo.world import World

# How long an example takes says how busy the machine is.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session")
def world():
    """All services with the sample's exports, each a process of its own, issuers with two workers.

    Whoever stops a service or changes what others read starts it again or uses another resident.
    """
    folder = Path(tempfile.mkdtemp(prefix="blauweknop-"))
    with World.create(folder) as running:
        yield running.start()
    shutil.rmtree(folder)


def pytest_collection_modifyitems(items):
    """Tests of a folder share what runs, and keep their order (`--dist loadgroup`)."""
    here = Path(__file__).parent
    for item in items:
        item.add_marker(pytest.mark.xdist_group(item.path.relative_to(here).parts[0]))
