"""Opening a wallet: its PIN, and an opened keystore with the network and scheme of the settings."""

import getpass
import os
import sys

from holder_demo.config import Config
from holder_demo.keystore import Keystore
from holder_demo.wallet import Wallet
from vckit.adapters.requests import RequestsFetcher
from vckit.errors import ConfigurationError
from vckit.trust import Scheme

PIN_VARIABLE = "BLAUWEKNOP_WALLET_PIN"


def open_wallet(settings: Config, store: Keystore) -> Wallet:
    """Give the wallet that the command line and the pages work with."""

    def read_scheme(now: int, minimum_version: int) -> Scheme:
        return settings.scheme.load(now, minimum_version=minimum_version)

    fetcher = RequestsFetcher(settings.insecure_origins, settings.trusted_certificates)
    return Wallet(store, fetcher, read_scheme, settings.insecure_origins)


def typed_pin() -> str:
    """The PIN of the environment, or asked for at a terminal; ConfigurationError without either."""
    pin = os.environ.get(PIN_VARIABLE)
    if not pin and sys.stdin.isatty():
        pin = getpass.getpass("PIN: ")
    if not pin:
        raise ConfigurationError(f"the wallet opens with its PIN: type it, or set {PIN_VARIABLE}")
    return pin
