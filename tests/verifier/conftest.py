import pytest

from tests.verifier import scene as scenes
from tests.verifier import world as worlds
from tests.verifier.browser import Browser
from tests.verifier.wallet import Wallet
from verifier import create_app
from verifier.installation import initialise
from verifier.opening import open_office


@pytest.fixture
def world(tmp_path):
    return worlds.build(tmp_path)


@pytest.fixture
def office(world):
    list(initialise(world.config))
    return open_office(world.config, world.now, world.network)


@pytest.fixture
def app(world, office):
    return create_app(office.config, clock=world.clock, fetcher=world.network)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture
def wallet(world, client):
    return Wallet(world, client)


@pytest.fixture
def browser(client):
    return Browser(client).log_in()


@pytest.fixture
def scene(office, world, app, client, wallet):
    return scenes.begun(office, world, app, client, wallet)
