"""Our services on https, and the strangers that meet them."""

import json
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from holder_demo.demo import residents
from holder_demo.demo.world import ISSUERS
from tests.interop import secure
from tests.interop.peer import PYTHON, Peer
from tests.journeys.actors import Scene
from vckit import x509


def pytest_collection_modifyitems(items):
    for item in items:
        if "interop" in item.path.parts:
            item.add_marker(pytest.mark.services)


@pytest.fixture(scope="session")
def meeting():
    """The folder, the world and its authority."""
    with tempfile.TemporaryDirectory(prefix="blauweknop-interop-") as name:
        folder = Path(name)
        with secure.running(folder) as (world, authority):
            yield folder, world, authority


@pytest.fixture(scope="session")
def scene(meeting):
    """The desk and the counsellor, by their commands."""
    folder, world, _ = meeting
    return Scene(world, folder / "wallets")


@pytest.fixture(scope="session")
def strangers(meeting):
    """Start a program of peers/ by its name: once, until all tests are done."""
    folder, _, authority = meeting
    environment = {
        "NODE_EXTRA_CA_CERTS": str(authority.certificate),
        "LIB_ASKAR_PATH": str(next(PYTHON.parents[1].glob("lib/*/site-packages/aries_askar"))),
        "CREDO_FOLDER": str(folder / "credo"),
    }
    started = {}
    with ExitStack() as stack:

        def start(name):
            if name not in started:
                peer = Peer.node(name, folder / f"{name}.log", environment)
                started[name] = stack.enter_context(peer)
            return started[name]

        yield start


@pytest.fixture(scope="session")
def authorities(meeting):
    """The authorities behind our organisations' certificates: base64 of DER."""
    _, world, _ = meeting
    chains = [
        world.folder / owner / "keys" / f"{purpose}-chain.pem"
        for owner, purpose in (*((one, "credential") for one in ISSUERS), ("verifier", "request"))
    ]
    return [x509.to_x5c(x509.load_pem_chain(path.read_bytes()))[-1] for path in chains]


@pytest.fixture(scope="session")
def expected():
    """What the sample says of itself."""
    return json.loads((residents.packaged("sample") / "expected.json").read_text("utf-8"))
