"""From settings to an office: reads keys, scheme and database, and judges them first."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from vckit import strict_json
from vckit.adapters.private_files import load_key
from vckit.errors import ConfigurationError, UntrustedIssuerError, VerificationError
from vckit.keys import PublicKey
from vckit.network import Fetcher
from vckit.signers import Signer, open_signer
from vckit.trust import Scheme, verify_scheme
from vckit.x509 import Certificate, load_pem_chain, public_key
from verifier.config import Config, SchemeSettings

if TYPE_CHECKING:
    from verifier.office import Office


def open_office(config: Config, now: int, fetcher: Fetcher | None = None) -> "Office":
    """Open everything that the use cases need, with the scheme that holds at `now`.

    Without `fetcher` status lists are asked over the network.
    """
    # The store and the Fetcher bring Flask and requests along: a command may do without.
    from vckit.adapters.requests import RequestsFetcher  # noqa: PLC0415
    from vckit.adapters.sqlite import open_database  # noqa: PLC0415
    from verifier.office import Office  # noqa: PLC0415
    from verifier.store import MIGRATIONS, Store  # noqa: PLC0415

    scheme = read_scheme(config.scheme, now)
    signer, chain = open_request_key(config, scheme, now)
    key = load_key(config.database_key, "database_key")
    database = open_database(config.database, key, migrations=MIGRATIONS)
    return Office(
        config=config,
        database=database,
        store=Store(database),
        scheme=scheme,
        signer=signer,
        chain=chain,
        fetcher=fetcher or RequestsFetcher(config.insecure_origins, config.trusted_certificates),
        stopwatch=time.monotonic,
    )


def read_scheme(settings: SchemeSettings, now: int) -> Scheme:
    """The verified scheme; SchemeError or ConfigurationError, and then nothing starts."""
    return verify_scheme(
        _read(settings.file, "scheme.file"),
        operator_keys=tuple(_operator_keys(settings.operator_keys)),
        threshold=settings.threshold,
        now=now,
    )


def open_request_key(
    config: Config, scheme: Scheme, now: int
) -> tuple[Signer, tuple[Certificate, ...]]:
    """Our key and chain for request objects, which the scheme must know as a verifier's."""
    signer = open_signer(config.request.signer)
    chain = _chain(_read(config.request.chain, "request.chain"))
    if public_key(chain[0]) != signer.public_key:
        raise ConfigurationError("request.chain does not belong to request.signer")
    try:
        scheme.verifier(chain, now)
    except UntrustedIssuerError as error:
        raise ConfigurationError("the scheme does not know the leaf of request.chain") from error
    return signer, chain


def _chain(pem: bytes) -> tuple[Certificate, ...]:
    try:
        return tuple(load_pem_chain(pem))
    except VerificationError as error:
        raise ConfigurationError("request.chain holds no certificates") from error


def _operator_keys(paths: Iterable[Path]) -> Iterable[PublicKey]:
    for path in paths:
        try:
            yield PublicKey.from_jwk(strict_json.loads_object(_read(path, "scheme.operator_keys")))
        except VerificationError as error:
            raise ConfigurationError("a key of scheme.operator_keys is no public JWK") from error


def _read(path: Path, setting: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"the file of {setting} cannot be read") from error
