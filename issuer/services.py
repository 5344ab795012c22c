"""What the endpoints and commands of one organisation work with, opened from its configuration."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import contexts
from issuer import claims
from issuer.certification import Certification
from issuer.config import Config
from issuer.configurations import ids
from issuer.configurations.making import CONFIGURATIONS, Letterhead
from issuer.configurations.profiles import open_profiles
from issuer.debts.register import Register
from issuer.issuance import Issuance, Rules, Workshop
from issuer.keyring import Keyring
from issuer.offers import Offering
from issuer.publication import Publication
from issuer.publication.form import TOKEN, TokenForm
from issuer.store import Store
from issuer.stored import open_stored
from vckit import statement, x509
from vckit.adapters.sqlite import SqliteDatabase
from vckit.errors import ConfigurationError, KitError, UntrustedIssuerError
from vckit.formats import dc_sd_jwt
from vckit.signers import Signer
from vckit.trust import Scheme

STATEMENT_TYPE: Final = "schuldenopgave/1"


@dataclass(frozen=True)
class Services:
    """Everything of one organisation that is running."""

    config: Config
    database: SqliteDatabase
    store: Store
    keyring: Keyring
    register: Register
    scheme: Scheme
    offering: Offering
    publication: Publication
    issuance: Issuance
    certification: Certification | None


def open_services(config: Config, now: int, alarm: Callable[[KitError], None]) -> Services:
    """Open everything and check that what we would sign is trusted; ConfigurationError if not."""
    stored = open_stored(config)
    scheme = config.scheme.load(now)
    profiles = open_profiles(config)
    signer, chain = open_credential_key(config, scheme, now)
    publication = _publication(config, stored.store, signer, chain, alarm)
    workshop = Workshop(
        keyring=stored.keyring,
        register=stored.register,
        publication=publication,
        rules=_rules(config),
        letterhead=_letterhead(config, scheme, chain),
        signers={signer.algorithm: signer},
    )
    configurations = {name: CONFIGURATIONS[name] for name in ids.enabled(config)}
    issuance = Issuance(stored.store, workshop, profiles, configurations)
    return Services(
        config=config,
        database=stored.database,
        store=stored.store,
        keyring=stored.keyring,
        register=stored.register,
        scheme=scheme,
        offering=Offering(stored.store, stored.keyring, config.base_url, profiles),
        publication=publication,
        issuance=issuance,
        certification=_certification(config, issuance),
    )


def _publication(
    config: Config,
    store: Store,
    signer: Signer,
    chain: tuple[x509.Certificate, ...],
    alarm: Callable[[KitError], None],
) -> Publication:
    ttl_seconds = config.status.ttl_seconds
    return Publication(
        store=store,
        base_url=config.base_url,
        forms={TOKEN: TokenForm(signer, chain, ttl_seconds)},
        ttl_seconds=ttl_seconds,
        expires_seconds=config.status.expires_seconds,
        alarm=alarm,
    )


def _rules(config: Config) -> Rules:
    with_bsn = config.credentials.bsn_legal_basis is not None
    return Rules(
        issuer=claims.Issuer(
            organisation=config.organisation, contact=config.contact, with_bsn=with_bsn
        ),
        sources=config.sources,
        days=config.credentials.days,
        document_days=config.document.days if config.document else config.credentials.days,
    )


def _letterhead(config: Config, scheme: Scheme, chain: tuple[x509.Certificate, ...]) -> Letterhead:
    return Letterhead(
        base_url=config.base_url,
        vct=scheme.vct(statement.TYPE),
        vct_integrity=_vct_integrity(scheme),
        chain=chain,
        formats={dc_sd_jwt.FORMAT: dc_sd_jwt.DcSdJwt()},
        linked=None,
    )


def _vct_integrity(scheme: Scheme) -> str:
    """`vct#integrity` of the type metadata that we serve (SD-JWT VC, W3C SRI notation)."""
    metadata = contexts.type_metadata(STATEMENT_TYPE, scheme.base_url)
    return f"sha256-{b64encode(sha256(metadata).digest()).decode()}"


def _certification(config: Config, issuance: Issuance) -> Certification | None:
    """What seals documents, where the configuration has a seal."""
    if config.document is None:
        return None
    signer, chain = config.document.open("document")
    return Certification(issuance, signer, chain)


def open_credential_key(
    config: Config, scheme: Scheme, now: int
) -> tuple[Signer, tuple[x509.Certificate, ...]]:
    """The signing key with its chain, if together they speak for this organisation now (T16)."""
    signer, chain = config.credentials.open("credentials")
    _require_trusted(config, scheme, chain, now)
    return signer, chain


def _require_trusted(
    config: Config, scheme: Scheme, chain: tuple[x509.Certificate, ...], now: int
) -> None:
    try:
        organisation, _ = scheme.issuer(
            config.base_url, x509.to_x5c(chain), kind=statement.TYPE, now=now
        )
    except UntrustedIssuerError as error:
        raise ConfigurationError(f"the scheme does not trust this issuer: {error}") from None
    if (organisation.oin, organisation.name) != (config.organisation.oin, config.organisation.name):
        raise ConfigurationError("organisation.name or .oin differs from the scheme")
