"""From settings to an office: reads keys, scheme and database, and judges them first."""

import time
from typing import TYPE_CHECKING, Final

from vckit.adapters.private_files import load_key
from vckit.database import Database
from vckit.errors import ConfigurationError, UntrustedIssuerError
from vckit.network import Fetcher
from vckit.signers import Signer
from vckit.trust import DatabaseMemory, Scheme, SchemeKeeper
from vckit.x509 import Certificate
from verifier import identity
from verifier.config import Config

if TYPE_CHECKING:
    from verifier.office import Office

# What seals a PDF (vckit.sealed_pdf).
_SEAL_ALGORITHM: Final = "ES256"


def open_office(config: Config, now: int, fetcher: Fetcher | None = None) -> "Office":
    """Open everything that the use cases need, with the scheme that holds at `now`.

    Without `fetcher` status lists and DID documents are asked over the network.
    """
    # The store and the Fetcher bring Flask and requests along: a command may do without.
    from vckit.adapters.requests import RequestsFetcher  # noqa: PLC0415
    from vckit.adapters.sqlite import open_database  # noqa: PLC0415
    from verifier.instruments import Instruments  # noqa: PLC0415
    from verifier.office import Office  # noqa: PLC0415
    from verifier.status_book import Patience  # noqa: PLC0415
    from verifier.store import MIGRATIONS, Store  # noqa: PLC0415

    key = load_key(config.database_key, "database_key")
    database = open_database(config.database, key, migrations=MIGRATIONS)
    schemes = _open_schemes(config, database, now)
    scheme = schemes.scheme
    signer, chain = open_request_key(config, scheme, now)
    store = Store(database)
    instruments = Instruments.prepare(
        config,
        lambda: schemes.scheme,
        memory=store,
        patience=Patience(config.status.max_age_seconds, config.status.grace_seconds),
        fetcher=fetcher or RequestsFetcher(config.insecure_origins, config.trusted_certificates),
        stopwatch=time.monotonic,
    )
    return Office(
        config=config,
        database=database,
        store=store,
        schemes=schemes,
        signer=signer,
        chain=chain,
        instruments=instruments,
        report_key=open_report_key(config, scheme, now),
    )


def _open_schemes(config: Config, database: Database, now: int) -> SchemeKeeper:
    from vckit.adapters.flask.scheme import create_keeper  # noqa: PLC0415  as above

    def judge(scheme: Scheme, at: int) -> None:
        open_request_key(config, scheme, at)
        open_report_key(config, scheme, at)

    return create_keeper("verifier", config, DatabaseMemory(database), judge).open(now)


def open_request_key(
    config: Config, scheme: Scheme, now: int
) -> tuple[Signer, tuple[Certificate, ...]]:
    """Our key and chain for request objects, which the scheme must know as a verifier's."""
    signer, chain = config.request.open("request")
    try:
        scheme.verifier(chain, now)
    except UntrustedIssuerError as error:
        raise ConfigurationError("the scheme does not know the leaf of request.chain") from error
    if config.request.client_id == "decentralized_identifier":
        identity.trusted_did(config, scheme, now)
    if config.request.client_id == "x509_san_dns":
        identity.certified_host(config, chain[0])
    return signer, chain


def open_report_key(
    config: Config, scheme: Scheme, now: int
) -> tuple[Signer, tuple[Certificate, ...]] | None:
    """The key and chain that seal reports, which the scheme must know as a verifier's too."""
    if config.report is None:
        return None
    signer, chain = config.report.open("report")
    if signer.algorithm != _SEAL_ALGORITHM:
        raise ConfigurationError(f"report.signer must be an {_SEAL_ALGORITHM} key")
    try:
        scheme.verifier(chain, now)
    except UntrustedIssuerError as error:
        raise ConfigurationError("the scheme does not know the leaf of report.chain") from error
    return signer, chain
