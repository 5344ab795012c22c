"""Opening a wallet: its PIN, and an opened keystore with the network and scheme of the settings."""

import getpass
import os
import sys

from holder_demo.config import Config
from holder_demo.identity import Giver
from holder_demo.keystore import Keystore
from holder_demo.wallet import Wallet
from vckit.adapters.flask.scheme import create_keeper
from vckit.adapters.requests import RequestsFetcher
from vckit.errors import ConfigurationError
from vckit.trust import Kept, Scheme

PIN_VARIABLE = "BLAUWEKNOP_WALLET_PIN"


_SCHEME = "scheme"


class KeystoreMemory:
    """The newest scheme that a wallet found good, sealed in its own folder."""

    def __init__(self, store: Keystore) -> None:
        self._store = store

    def newest(self) -> Kept | None:
        """Give the newest that was kept."""
        try:
            record = self._store.get(_SCHEME, _SCHEME)
        except KeyError:
            return None
        # A wallet of an earlier version knows the number only.
        return Kept(int(record["version"]), str(record.get("content", "")).encode())

    def keep(self, kept: Kept) -> None:
        """Keep it, unless a newer one is kept already."""
        before = self.newest()
        if before is None or before.version <= kept.version:
            record = {"version": kept.version, "content": kept.content.decode()}
            self._store.put(_SCHEME, _SCHEME, record)


def open_wallet(settings: Config, store: Keystore) -> Wallet:
    """Give the wallet that the command line and the pages work with."""
    schemes = create_keeper("wallet", settings, KeystoreMemory(store))

    def read_scheme(now: int) -> Scheme:
        schemes.refresh(now)
        schemes.require_current(now)
        return schemes.scheme

    fetcher = RequestsFetcher(settings.insecure_origins, settings.trusted_certificates)
    source = settings.identity
    return Wallet(
        store,
        fetcher,
        read_scheme,
        settings.insecure_origins,
        lambda: schemes.trouble,
        Giver(source.url, source.name) if source else None,
    )


def typed_pin() -> str:
    """The PIN of the environment, or asked for at a terminal; ConfigurationError without either."""
    pin = os.environ.get(PIN_VARIABLE)
    if not pin and sys.stdin.isatty():
        pin = getpass.getpass("PIN: ")
    if not pin:
        raise ConfigurationError(f"the wallet opens with its PIN: type it, or set {PIN_VARIABLE}")
    return pin
