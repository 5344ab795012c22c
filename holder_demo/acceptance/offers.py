"""Reading an offer: first the link alone, then its issuer's own words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from holder_demo.checking import KIND, is_known_format
from vckit import oauth
from vckit.errors import MalformedValueError, NotRequestedError, UntrustedIssuerError
from vckit.formats import dc_sd_jwt
from vckit.network import Fetcher
from vckit.openid4vci import metadata, offer
from vckit.trust import Organisation, Scheme

_JSON: Final = "application/json"
_MAX_OFFER: Final = 65_536
_MAX_METADATA: Final = 262_144
_STATEMENT: Final = "Schuldenopgave"


@dataclass(frozen=True)
class Contact:
    """What a link says before anyone is contacted: whose it is, and the offer or its address."""

    organisation: Organisation
    address: str | None
    offer: offer.CredentialOffer | None


@dataclass(frozen=True)
class Offered:
    """An offer of an issuer of the scheme, and where to go with it.

    `configuration_ids` are those of its credentials that the wallet will ask for.
    """

    organisation: Organisation
    offer: offer.CredentialOffer
    metadata: metadata.IssuerMetadata
    token_endpoint: str
    configuration_ids: tuple[str, ...]

    @property
    def needs_tx_code(self) -> bool:
        """Whether the person was given a transaction code to type."""
        return self.offer.tx_code is not None


def open_link(link: str, *, scheme: Scheme, now: int) -> Contact:
    """Read an offer link without any contact (security.md H01).

    Raises MalformedValueError or ParsingError for what is no offer, UntrustedIssuerError when
    the scheme knows no issuer at that address.
    """
    found = offer.parse_link(link.strip())
    if isinstance(found, str):
        return Contact(_organisation_at(found, scheme, now), found, None)
    read = offer.parse(found)
    return Contact(_organisation_of(read.credential_issuer, scheme, now), None, read)


def read_offer(
    contact: Contact,
    *,
    fetcher: Fetcher,
    scheme: Scheme,
    now: int,
    configurations: Collection[str] = (),
) -> Offered:
    """Fetch the offer and its issuer's metadata; nothing of the offer is used up by that.

    Of its credentials those of `configurations` are chosen, else the first one that fits. Raises
    NotRequestedError for what this wallet can't keep.
    """
    read = contact.offer or _fetch_offer(contact, fetcher)
    organisation = _organisation_of(read.credential_issuer, scheme, now)
    if organisation != contact.organisation:
        raise UntrustedIssuerError("The offer is of another organisation than its address.")
    issuer = read.credential_issuer
    address = metadata.well_known_url(issuer)
    found = metadata.parse_issuer(_get(fetcher, address, _MAX_METADATA), issuer)
    server = metadata.well_known_url(found.authorization_server, metadata.AUTHORIZATION_SERVER)
    endpoint = oauth.parse_authorization_server(
        _get(fetcher, server, _MAX_METADATA), found.authorization_server
    ).token_endpoint
    chosen = _choose(read, found, scheme, configurations)
    return Offered(organisation, read, found, endpoint, chosen)


def _organisation_at(address: str, scheme: Scheme, now: int) -> Organisation:
    for organisation in scheme.issuers(now):
        if _origin(address) in {_origin(issuer) for issuer in organisation.issuers}:
            return organisation
    raise UntrustedIssuerError("The scheme knows no issuer at this address.")


def _organisation_of(issuer: str, scheme: Scheme, now: int) -> Organisation:
    for organisation in scheme.issuers(now):
        if issuer in organisation.issuers:
            return organisation
    raise UntrustedIssuerError("The scheme does not know this issuer.")


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _fetch_offer(contact: Contact, fetcher: Fetcher) -> offer.CredentialOffer:
    if contact.address is None:
        raise MalformedValueError("The link carries no offer.")
    return offer.parse(_get(fetcher, contact.address, _MAX_OFFER))


def _get(fetcher: Fetcher, url: str, max_bytes: int) -> bytes:
    return fetcher.get(url, accept=_JSON, max_bytes=max_bytes).body


def _choose(
    read: offer.CredentialOffer,
    found: metadata.IssuerMetadata,
    scheme: Scheme,
    wanted: Collection[str],
) -> tuple[str, ...]:
    held = [
        one
        for one in read.configuration_ids
        if _can_be_kept(found.configurations.get(one, {}), scheme)
    ]
    chosen = tuple(dict.fromkeys(wanted)) or tuple(held[:1])
    if not chosen or not set(chosen) <= set(held):
        raise NotRequestedError("The offer holds nothing that this wallet can keep.")
    return chosen


def _can_be_kept(published: Mapping[str, Any], scheme: Scheme) -> bool:
    """Whether the wallet knows the format and the type is a statement of debts."""
    if published.get("format") == dc_sd_jwt.FORMAT:
        return bool(published.get("vct") == scheme.vct(KIND))
    match published.get("credential_definition"):
        case {"type": [*types]}:
            return _STATEMENT in types and is_known_format(published.get("format"))
    return False
