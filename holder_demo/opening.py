"""Joining an opened keystore with the network and the scheme of the settings."""

from holder_demo.config import Config
from holder_demo.keystore import Keystore
from holder_demo.wallet import Wallet
from vckit.adapters.requests import RequestsFetcher
from vckit.trust import Scheme


def open_wallet(settings: Config, store: Keystore) -> Wallet:
    """Give the wallet that the command line and the pages work with."""

    def read_scheme(now: int, minimum_version: int) -> Scheme:
        return settings.scheme.load(now, minimum_version=minimum_version)

    fetcher = RequestsFetcher(settings.insecure_origins, settings.trusted_certificates)
    return Wallet(store, fetcher, read_scheme, settings.insecure_origins)
