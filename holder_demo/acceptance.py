"""Receiving a card by OpenID4VCI 1.0, in the steps in which a person decides about it.

A link is read without contacting anyone; only an issuer of the scheme is then asked for its offer
and, after the person agrees, for the credential, which is verified before anybody may store it.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from holder_demo.cards import Card, make_card
from holder_demo.checking import KIND, verify_received
from vckit import oauth
from vckit.errors import (
    FetchError,
    KitError,
    MalformedValueError,
    NotRequestedError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.formats import dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.network import Fetcher, Response
from vckit.openid4vci import credential, key_proof, metadata, notification, offer, token
from vckit.trust import Organisation, Scheme

JSON = "application/json"
_MAX_OFFER = 65_536
_MAX_METADATA = 262_144
_MAX_CREDENTIAL = 4_194_304
_OK = 200

NewKey = Callable[[], PrivateKey]


class RefusedError(KitError):
    """The other party said no; `code` is the error code of its answer, or "" without one."""

    def __init__(self, code: str) -> None:
        super().__init__("The other party refused.")
        self.code = code


@dataclass(frozen=True)
class Contact:
    """What a link says before anyone is contacted: whose it is, and the offer or its address."""

    organisation: Organisation
    address: str | None
    offer: offer.CredentialOffer | None


@dataclass(frozen=True)
class Offered:
    """An offer of an issuer of the scheme, and where to go with it."""

    organisation: Organisation
    offer: offer.CredentialOffer
    metadata: metadata.IssuerMetadata
    token_endpoint: str
    configuration_id: str

    @property
    def needs_tx_code(self) -> bool:
        """Whether the person was given a transaction code to type."""
        return self.offer.tx_code is not None


@dataclass(frozen=True)
class Receipt:
    """How to tell the issuer what became of a credential."""

    access_token: str
    endpoint: str | None
    notification_id: str | None


@dataclass(frozen=True)
class Received:
    """A verified card that nobody stored yet."""

    card: Card
    receipt: Receipt


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


def read_offer(contact: Contact, *, fetcher: Fetcher, scheme: Scheme, now: int) -> Offered:
    """Fetch the offer and its issuer's metadata; nothing of the offer is used up by that."""
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
    return Offered(organisation, read, found, endpoint, _choose(read, found, scheme))


def fetch_card(
    offered: Offered,
    tx_code: str | None,
    *,
    fetcher: Fetcher,
    scheme: Scheme,
    now: int,
    new_key: NewKey = lambda: PrivateKey.generate("ES256"),
) -> Received:
    """Redeem the offer and verify what comes, bound to a key that was made for it alone.

    Raises RefusedError when the issuer refuses, a VerificationError when the credential does not
    hold; the issuer is then told so (security.md H11).
    """
    key = new_key()
    access_token = _redeem(offered, tx_code, fetcher)
    answer = _request(offered, key, access_token, fetcher, now)
    receipt = Receipt(access_token, offered.metadata.notification_endpoint, answer.notification_id)
    try:
        return Received(_verified_card(answer, offered, key, scheme, now), receipt)
    except VerificationError:
        notify(receipt, notification.FAILURE, fetcher=fetcher)
        raise


def notify(receipt: Receipt, event: str, *, fetcher: Fetcher) -> bool:
    """Tell the issuer what became of the credential (section 11); tells whether it heard.

    A wallet goes on when the issuer does not: the event is for the issuer's own books.
    """
    if receipt.endpoint is None or receipt.notification_id is None:
        return False
    try:
        answer = fetcher.post(
            receipt.endpoint,
            json=notification.request_body(receipt.notification_id, event),
            headers=_bearer(receipt.access_token),
        )
    except FetchError:
        return False
    return answer.status // 100 == _OK // 100


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
    return fetcher.get(url, accept=JSON, max_bytes=max_bytes).body


def _choose(read: offer.CredentialOffer, found: metadata.IssuerMetadata, scheme: Scheme) -> str:
    """Pick the first offered configuration of a format and type that this wallet holds."""
    wanted = {"format": dc_sd_jwt.FORMAT, "vct": scheme.vct(KIND)}
    for configuration_id in read.configuration_ids:
        published = found.configurations.get(configuration_id, {})
        if {name: published.get(name) for name in wanted} == wanted:
            return configuration_id
    raise NotRequestedError("The offer holds nothing that this wallet can keep.")


def _redeem(offered: Offered, tx_code: str | None, fetcher: Fetcher) -> str:
    form = token.request_form(
        offered.offer.pre_authorized_code, tx_code if offered.needs_tx_code else None
    )
    answer = fetcher.post(offered.token_endpoint, form=form)
    return token.parse_response(_accepted(answer)).access_token


def _request(
    offered: Offered, key: PrivateKey, access_token: str, fetcher: Fetcher, now: int
) -> credential.CredentialResponse:
    if offered.metadata.nonce_endpoint is None:
        raise MalformedValueError("The issuer publishes no nonce endpoint.")
    nonce_answer = _accepted(fetcher.post(offered.metadata.nonce_endpoint, form={}))
    proof = key_proof.create(
        key,
        audience=offered.offer.credential_issuer,
        nonce=key_proof.parse_nonce_response(nonce_answer),
        now=now,
    )
    answer = fetcher.post(
        offered.metadata.credential_endpoint,
        json=credential.request_body(offered.configuration_id, [proof]),
        headers=_bearer(access_token),
        max_bytes=_MAX_CREDENTIAL,
    )
    return credential.parse_response(_accepted(answer))


def _verified_card(
    answer: credential.CredentialResponse,
    offered: Offered,
    key: PrivateKey,
    scheme: Scheme,
    now: int,
) -> Card:
    if len(answer.unverified_credentials) != 1:
        raise NotRequestedError("The issuer sent another number of credentials than was asked.")
    text = answer.unverified_credentials[0]
    organisation, proven = verify_received(
        text,
        issuer=offered.offer.credential_issuer,
        holder_key=key.public,
        scheme=scheme,
        now=now,
    )
    return make_card(
        secrets.token_hex(8),
        text,
        key=key,
        proven=proven,
        organisation=organisation.name,
        now=now,
    )


def _bearer(access_token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token}"}


def _accepted(answer: Response) -> bytes:
    if answer.status != _OK:
        raise RefusedError(oauth.unverified_error_code(answer.body))
    return answer.body
