"""What the attacks run against: the world of all tests, and an arena of their own."""

import shutil
import tempfile
from pathlib import Path

import pytest

from tests.attacks.arena import running
from tests.attacks.counsellor import Counsellor
from tests.attacks.issuer_desk import IssuerDesk
from tests.vckit.adapters.loopback import reply, serving


def pytest_collection_modifyitems(items):
    for item in items:
        if "attacks" in item.path.parts:
            item.add_marker(pytest.mark.services)


@pytest.fixture(scope="session")
def boxtel(world):
    return IssuerDesk(world, "boxtel")


@pytest.fixture(scope="session")
def gestel(world):
    return IssuerDesk(world, "sint-michielsgestel")


@pytest.fixture
def listener():
    """A server that nobody has a reason to ask; it counts who does."""
    with serving(reply()) as started:
        yield started


@pytest.fixture(scope="session")
def arena():
    """Verifier and wallet in a world with issuers of our own; see `tests.attacks.arena`."""
    folder = Path(tempfile.mkdtemp(prefix="blauweknop-arena-"))
    with running(folder) as started:
        yield started
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def arena_counsellor(arena):
    return Counsellor(arena.world)


@pytest.fixture
def resident(arena):
    return arena.world.residents[0]


@pytest.fixture
def case(arena_counsellor, resident):
    """A fresh case about the resident."""
    return arena_counsellor.open(resident)
