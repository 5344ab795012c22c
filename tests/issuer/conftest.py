import shutil

import pytest

from issuer.configurations.profiles import open_profiles
from issuer.offers import Offering
from tests.issuer import town as towns
from tests.issuer.wallet import Wallet


@pytest.fixture(scope="session")
def built_town(tmp_path_factory):
    """Made once; every test works on a copy."""
    town = towns.build(tmp_path_factory.mktemp("proef") / "town")
    town.deliver(towns.ANNA_ROWS + towns.BRAM_ROWS)
    return town.folder


@pytest.fixture
def town(built_town, tmp_path):
    folder = tmp_path / "town"
    shutil.copytree(built_town, folder)
    return towns.Town(folder)


@pytest.fixture
def client(town):
    return town.app().test_client()


@pytest.fixture
def wallet(town, client):
    return Wallet(town, client)


@pytest.fixture
def offering(town):
    stored = town.stored()
    return Offering(stored.store, stored.keyring, towns.URL, open_profiles(town.config))


@pytest.fixture
def offer(town, offering):
    """Make an offer at the desk."""

    def make(person=towns.ANNA, *, profile="general", with_code=False):
        chosen = offering.profile(profile)
        return offering.at_desk(person, chosen, town.clock.now, with_code=with_code)

    return make


@pytest.fixture
def code(offer):
    """A fresh code, without a transaction code, for Anna."""
    return offer().offer.pre_authorized_code
