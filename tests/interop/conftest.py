"""Our services on https, and the strangers that meet them."""

import json
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

import contexts
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
    """Our services and an organisation elsewhere; see `tests.interop.secure`."""
    made = tempfile.TemporaryDirectory(prefix="blauweknop-interop-")
    with made as name, secure.running(Path(name)) as met:
        yield met


@pytest.fixture(scope="session")
def scene(meeting):
    """The desk and the counsellor, by their commands."""
    return Scene(meeting.world, meeting.folder / "wallets")


@pytest.fixture(scope="session")
def authorities(meeting):
    """The authorities behind the certificates of all organisations: base64 of DER."""
    chains = [
        meeting.world.folder / owner / "keys" / f"{purpose}-chain.pem"
        for owner, purpose in (*((one, "credential") for one in ISSUERS), ("verifier", "request"))
    ]
    ours = [x509.load_pem_chain(path.read_bytes())[-1] for path in chains]
    return x509.to_x5c([*ours, meeting.elsewhere.town.authority])


@pytest.fixture(scope="session")
def strangers(meeting, authorities):
    """Start a program of peers/ by its name: once, until all tests are done."""
    folder = meeting.folder
    environment = {
        "NODE_EXTRA_CA_CERTS": str(meeting.authority.certificate),
        "LIB_ASKAR_PATH": str(next(PYTHON.parents[1].glob("lib/*/site-packages/aries_askar"))),
        "CREDO_FOLDER": str(folder / "credo"),
    }
    started = {}
    with ExitStack() as stack:

        def start(name):
            if name not in started:
                peer = Peer.start(name, folder / f"{name}.log", environment)
                started[name] = stack.enter_context(peer)
                peer.call("trust", authorities=authorities, contexts=contexts_of(meeting))
            return started[name]

        yield start


def contexts_of(meeting):
    """What the scheme publishes, for those who are told what a context says."""
    url = f"{meeting.world.url('boxtel')}/contexts/v1"
    return {url: json.loads(contexts.own("context/v1"))}


@pytest.fixture(scope="session")
def expected():
    """What the sample says of itself."""
    return json.loads((residents.packaged("sample") / "expected.json").read_text("utf-8"))
