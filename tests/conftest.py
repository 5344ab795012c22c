"""What every test may lean on: the running services, made once."""

import shutil
import tempfile
from pathlib import Path

import pytest

from holder_demo.demo.world import World


@pytest.fixture(scope="session")
def world():
    """All services with the sample's exports, each a process of its own, issuers with two workers.

    Whoever stops a service or changes what others read starts it again or uses another resident.
    """
    folder = Path(tempfile.mkdtemp(prefix="blauweknop-"))
    with World.create(folder) as running:
        yield running.start()
    shutil.rmtree(folder)
