"""Redeeming an offer: the issuer gives the credentials, which are verified at once."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from holder_demo.acceptance.offers import Offered
from holder_demo.cards import Card, make_card
from holder_demo.checking import Judge, verify_received
from vckit import oauth
from vckit.did import jwk as did_jwk
from vckit.errors import (
    FetchError,
    KitError,
    MalformedValueError,
    NotRequestedError,
    VerificationError,
)
from vckit.keys import PrivateKey
from vckit.network import Fetcher, Response
from vckit.openid4vci import credential, key_proof, notification, token

_MAX_CREDENTIAL = 4_194_304
_OK = 200

NewKey = Callable[[], PrivateKey]


class RefusedError(KitError):
    """The other party said no; `code` is the error code of its answer, or "" without one."""

    def __init__(self, code: str) -> None:
        super().__init__("The other party refused.")
        self.code = code


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


def fetch_cards(
    offered: Offered,
    tx_code: str | None,
    *,
    fetcher: Fetcher,
    judge: Judge,
    new_key: NewKey = lambda: PrivateKey.generate("ES256"),
) -> tuple[Received, ...]:
    """Redeem the offer and verify what comes, each bound to a key that was made for it alone.

    Raises RefusedError when the issuer refuses, a VerificationError when a credential does not
    hold; the issuer is then told so (security.md H11), and none of the others is kept.
    """
    access_token = _redeem(offered, tx_code, fetcher)
    received: list[Received] = []
    try:
        for configuration_id in offered.configuration_ids:
            order = _Order(offered, configuration_id, access_token)
            received.append(_fetch(order, new_key(), fetcher, judge))
    except KitError:
        for one in received:
            notify(one.receipt, notification.DELETED, fetcher=fetcher)
        raise
    return tuple(received)


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


@dataclass(frozen=True)
class _Order:
    """One credential of an offer that was redeemed."""

    offered: Offered
    configuration_id: str
    access_token: str

    @property
    def published(self) -> Mapping[str, Any]:
        return self.offered.metadata.configurations[self.configuration_id]

    def kid(self, key: PrivateKey) -> str | None:
        """The name of the key by DID, where the issuer binds to nothing else (12.2.4)."""
        methods = _texts(self.published.get("cryptographic_binding_methods_supported"))
        is_by_did = "did:jwk" in methods and "jwk" not in methods
        return f"{did_jwk.of(key.public)}#{did_jwk.FRAGMENT}" if is_by_did else None


def _texts(value: object) -> Sequence[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _fetch(order: _Order, key: PrivateKey, fetcher: Fetcher, judge: Judge) -> Received:
    answer = _request(order, key, fetcher, judge.now)
    endpoint = order.offered.metadata.notification_endpoint
    receipt = Receipt(order.access_token, endpoint, answer.notification_id)
    try:
        return Received(_verified_card(answer, order, key, judge), receipt)
    except VerificationError:
        notify(receipt, notification.FAILURE, fetcher=fetcher)
        raise


def _redeem(offered: Offered, tx_code: str | None, fetcher: Fetcher) -> str:
    form = token.request_form(
        offered.offer.pre_authorized_code, tx_code if offered.needs_tx_code else None
    )
    answer = fetcher.post(offered.token_endpoint, form=form)
    return token.parse_response(_accepted(answer)).access_token


def _request(
    order: _Order, key: PrivateKey, fetcher: Fetcher, now: int
) -> credential.CredentialResponse:
    published = order.offered.metadata
    if published.nonce_endpoint is None:
        raise MalformedValueError("The issuer publishes no nonce endpoint.")
    nonce_answer = _accepted(fetcher.post(published.nonce_endpoint, form={}))
    proof = key_proof.create(
        key,
        audience=order.offered.offer.credential_issuer,
        nonce=key_proof.parse_nonce_response(nonce_answer),
        now=now,
        kid=order.kid(key),
    )
    answer = fetcher.post(
        published.credential_endpoint,
        json=credential.request_body(order.configuration_id, [proof]),
        headers=_bearer(order.access_token),
        max_bytes=_MAX_CREDENTIAL,
    )
    return credential.parse_response(_accepted(answer))


def _verified_card(
    answer: credential.CredentialResponse, order: _Order, key: PrivateKey, judge: Judge
) -> Card:
    if len(answer.unverified_credentials) != 1:
        raise NotRequestedError("The issuer sent another number of credentials than was asked.")
    text = answer.unverified_credentials[0]
    organisation, proven = verify_received(
        text,
        credential_format=order.published["format"],
        issuer=order.offered.offer.credential_issuer,
        holder_key=key.public,
        judge=judge,
    )
    return make_card(
        secrets.token_hex(8),
        text,
        key=key,
        proven=proven,
        organisation=organisation.name,
        now=judge.now,
        configuration=order.configuration_id,
    )


def _bearer(access_token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {access_token}"}


def _accepted(answer: Response) -> bytes:
    if answer.status != _OK:
        raise RefusedError(oauth.unverified_error_code(answer.body))
    return answer.body
