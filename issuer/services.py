"""What the endpoints and commands of one organisation work with, opened from its configuration."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final

import contexts
from issuer import claims
from issuer.certification import Certification
from issuer.config import Config, Document
from issuer.configurations import ids
from issuer.configurations.keys import Keys, open_keys
from issuer.configurations.making import (
    BITSTRING_LIST,
    CONFIGURATIONS,
    TOKEN_LIST,
    Letterhead,
)
from issuer.configurations.profiles import open_profiles
from issuer.debts.register import Register
from issuer.desk import Desk
from issuer.issuance import Issuance, Rules, Workshop
from issuer.keyring import Keyring
from issuer.offers import Offering
from issuer.own_document import Checking
from issuer.publication import Publication
from issuer.publication.form import BitstringForm, Form, TokenForm
from issuer.store import Store
from issuer.stored import Stored, open_stored
from vckit import statement
from vckit.adapters.flask.scheme import create_keeper
from vckit.adapters.requests import RequestsFetcher
from vckit.adapters.sqlite import SqliteDatabase
from vckit.errors import ConfigurationError, FetchError, KitError
from vckit.formats import dc_sd_jwt, open_formats
from vckit.keys import EDDSA, ES256
from vckit.sealed_pdf.stamping import TimeStampAuthority
from vckit.trust import DatabaseMemory, Scheme, SchemeKeeper

STATEMENT_TYPE: Final = "schuldenopgave/1"


@dataclass(frozen=True)
class Services:
    """Everything of one organisation that is running, made from `scheme`; see `renewed`."""

    config: Config
    database: SqliteDatabase
    store: Store
    keyring: Keyring
    register: Register
    schemes: SchemeKeeper
    scheme: Scheme
    offering: Offering
    publication: Publication
    issuance: Issuance
    certification: Certification | None
    desk: Desk
    checking: Checking


def open_services(config: Config, now: int, alarm: Callable[[KitError], None]) -> Services:
    """Open everything and check that what we would sign is trusted; ConfigurationError if not."""
    stored = open_stored(config)
    memory = DatabaseMemory(stored.database)

    def judge(scheme: Scheme, at: int) -> None:
        open_keys(config, scheme, at)

    schemes = create_keeper("issuer", config, memory, judge).open(now)
    return _join(config, stored, schemes, now, alarm)


def renewed(services: Services, now: int) -> Services:
    """The same from the scheme in force now; where that leaves us out, with what was made before.

    A newer scheme is then waited for; the keeper sounds the alarm (`left_out`).
    """
    if services.schemes.scheme is services.scheme:
        return services
    stored = Stored(services.database, services.store, services.keyring, services.register)
    alarm = services.publication.alarm
    try:
        return _join(services.config, stored, services.schemes, now, alarm)
    except ConfigurationError:
        return replace(services, scheme=services.schemes.scheme)


def _join(
    config: Config,
    stored: Stored,
    schemes: SchemeKeeper,
    now: int,
    alarm: Callable[[KitError], None],
) -> Services:
    scheme = schemes.scheme
    profiles = open_profiles(config)
    keys = open_keys(config, scheme, now)
    publication = _publication(config, stored.store, keys, alarm)
    workshop = Workshop(
        keyring=stored.keyring,
        register=stored.register,
        publication=publication,
        rules=_rules(config),
        letterhead=_letterhead(config, scheme, keys),
        signers=keys.signers,
    )
    given = {name: CONFIGURATIONS[name] for name in ids.enabled(config)}
    issuance = Issuance(stored.store, workshop, profiles, given)
    certification = _certification(config, issuance)
    return Services(
        config=config,
        database=stored.database,
        store=stored.store,
        keyring=stored.keyring,
        register=stored.register,
        schemes=schemes,
        scheme=scheme,
        offering=Offering(stored.store, stored.keyring, config.base_url, profiles),
        publication=publication,
        issuance=issuance,
        certification=certification,
        desk=Desk(stored.store, stored.keyring, config.desk.persons_file, certification),
        checking=_checking(config, scheme, workshop.letterhead, stored.store),
    )


def _publication(
    config: Config, store: Store, keys: Keys, alarm: Callable[[KitError], None]
) -> Publication:
    return Publication(
        store=store,
        base_url=config.base_url,
        forms=_forms(config, keys),
        ttl_seconds=config.status.ttl_seconds,
        expires_seconds=config.status.expires_seconds,
        alarm=alarm,
    )


def _forms(config: Config, keys: Keys) -> dict[str, Form]:
    """Tokens for SD-JWT VCs, credentials for W3C formats."""
    ttl_seconds, linked = config.status.ttl_seconds, keys.linked
    forms: dict[str, Form] = {TOKEN_LIST: TokenForm(keys.signers[ES256], keys.chain, ttl_seconds)}
    if linked is None:
        return forms
    forms[BITSTRING_LIST] = BitstringForm(
        linked.identity, keys.signers[EDDSA], linked.json_ld, ttl_seconds
    )
    return forms


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


def _letterhead(config: Config, scheme: Scheme, keys: Keys) -> Letterhead:
    linked = keys.linked
    return Letterhead(
        base_url=config.base_url,
        vct=scheme.vct(statement.TYPE),
        vct_integrity=_vct_integrity(scheme),
        chain=keys.chain,
        formats=open_formats(linked.json_ld, linked.context_url)
        if linked
        else {dc_sd_jwt.FORMAT: dc_sd_jwt.DcSdJwt()},
        linked=linked,
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
    return Certification(issuance, signer, chain, _authority(config, config.document))


def _checking(config: Config, scheme: Scheme, letterhead: Letterhead, store: Store) -> Checking:
    """What judges documents; the stamps of our own time-stamp authority are believed."""
    stamping = config.document.time_stamp if config.document else None
    trusted = stamping.certificates if stamping else None
    return Checking(scheme, letterhead, store.records, trusted)


def _authority(config: Config, settings: Document) -> TimeStampAuthority | None:
    if settings.time_stamp is None:
        return None
    fetcher = RequestsFetcher(config.insecure_origins, config.trusted_certificates)
    try:
        fetcher.origin_of(settings.time_stamp.url)
    except FetchError:
        raise ConfigurationError("document.time_stamp.url is not https") from None
    return settings.time_stamp.open("document.time_stamp", fetcher)
