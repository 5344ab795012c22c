import secrets

import pytest

from holder_demo import keystore
from holder_demo.wallet import Wallet
from tests.holder_demo import simulation


@pytest.fixture
def setting():
    return simulation.setting()


@pytest.fixture
def store(tmp_path):
    """An opened keystore; making a key from a PIN is slow on purpose and tested by itself."""
    (tmp_path / "cards").mkdir(mode=0o700)
    return keystore.Keystore(tmp_path / "cards", secrets.token_bytes(32))


@pytest.fixture
def wallet(setting, store):
    return Wallet(store, setting.network, lambda _now: setting.scheme)


@pytest.fixture
def receive(wallet):
    """Receive and keep the card that a municipality offers, of these configurations."""

    def received(municipality, *configurations):
        if configurations:
            municipality.offered = configurations
        offered = wallet.read_offer(
            wallet.open_offer(municipality.link(), now=simulation.NOW), now=simulation.NOW
        )
        fetched = wallet.fetch(offered, municipality.tx_code, now=simulation.NOW)
        return wallet.store(fetched, now=simulation.NOW)

    return received
