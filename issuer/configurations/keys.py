"""The keys of an organisation, opened only if together they speak for it on the scheme (T16)."""

from collections.abc import Mapping
from dataclasses import dataclass

import contexts
from issuer.config import Config, W3c
from issuer.configurations.identity import Identity, open_identity
from issuer.configurations.making import Linked
from issuer.configurations.pen import require_private
from vckit import statement, x509
from vckit.encoding import sha256_b64url
from vckit.errors import ConfigurationError, KitError, UntrustedIssuerError
from vckit.keys import EDDSA
from vckit.rdf import JsonLd
from vckit.signers import Signer, open_signer
from vckit.trust import Organisation, Scheme

_CONTEXT = "context/v1"


@dataclass(frozen=True)
class Keys:
    """One signer for each algorithm; `chain` is of the ES256 one, leaf first.

    `linked` is what W3C formats are issued with, where they are given.
    """

    signers: Mapping[str, Signer]
    chain: tuple[x509.Certificate, ...]
    linked: Linked | None


def open_keys(config: Config, scheme: Scheme, now: int) -> Keys:
    """Everything that signs statements; ConfigurationError names what the scheme lacks."""
    signer, chain = config.credentials.open("credentials")
    organisation = _require_trusted(config, scheme, chain, now)
    signers = {signer.algorithm: signer}
    if config.w3c is None:
        return Keys(signers, chain, None)
    second = _open_second(config.w3c)
    identity = open_identity(config.base_url, signer.public_key, second.public_key)
    if identity.did not in organisation.dids:
        raise ConfigurationError(f"the scheme lacks the DID of this organisation: {identity.did}")
    linked = _open_linked(scheme, identity)
    return Keys(signers | {second.algorithm: second}, chain, linked)


def _require_trusted(
    config: Config, scheme: Scheme, chain: tuple[x509.Certificate, ...], now: int
) -> Organisation:
    try:
        organisation, _ = scheme.issuer(
            config.base_url, x509.to_x5c(chain), kind=statement.TYPE, now=now
        )
    except UntrustedIssuerError as error:
        raise ConfigurationError(f"the scheme does not trust this issuer: {error}") from None
    if (organisation.oin, organisation.name) != (config.organisation.oin, config.organisation.name):
        raise ConfigurationError("organisation.name or .oin differs from the scheme")
    return organisation


def _open_second(settings: W3c) -> Signer:
    try:
        signer = open_signer(settings.signer)
    except KitError as error:
        raise ConfigurationError(f"w3c.signer: {error}") from None
    if signer.algorithm != EDDSA:
        raise ConfigurationError("w3c.signer is no Ed25519 key")
    if settings.legacy_vc11:
        require_private(signer)
    return signer


def _open_linked(scheme: Scheme, identity: Identity) -> Linked:
    context = scheme.documents.context
    if context.sha256 != sha256_b64url(contexts.own(_CONTEXT)):
        raise ConfigurationError("the scheme publishes another context than the one shipped here")
    return Linked(
        identity=identity,
        context_url=context.url,
        schema_url=scheme.schema_url(statement.TYPE),
        json_ld=JsonLd({context.url: _CONTEXT}),
    )
