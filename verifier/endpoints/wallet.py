"""What wallets speak to: the request object and the response URI (OpenID4VP 1.0, 5.10 and 8)."""

from typing import Final

import flask

from vckit.adapters.flask import (
    json_response,
    limit_body,
    protocol_endpoint,
    strict_form_lists,
)
from vckit.errors import ConfigurationError
from vckit.openid4vp.request import MEDIA_TYPE, WalletPost, parse_wallet_post
from verifier import asking, identity, receiving
from verifier.endpoints import desk

RESPONSE_LIMIT: Final = 8 * 1024 * 1024

blueprint = flask.Blueprint("wallet", __name__)


@blueprint.get(identity.DOCUMENT_PATH)
@protocol_endpoint
def did_document() -> flask.Response:
    """Our DID document (did:web 2.5.2), for wallets that know us by our DID."""
    office = desk.office()
    try:
        document = identity.document(office.config, office.signer.public_key)
    except ConfigurationError:
        flask.abort(404)
    response = json_response(document, media_type="application/did+json")
    response.headers["Cache-Control"] = "public, max-age=600"
    return response


_REQUEST: Final = f"{asking.REQUEST_PATH}/<request_id>"
_WITH_TICKET: Final = f"{_REQUEST}/<ticket>"


@blueprint.get(_REQUEST)
@blueprint.get(_WITH_TICKET)
@protocol_endpoint
def get_request(request_id: str, ticket: str = "") -> flask.Response:
    """The request object, for wallets that tell nothing."""
    return _request_object(request_id, ticket, WalletPost())


@blueprint.post(_REQUEST)
@blueprint.post(_WITH_TICKET)
@protocol_endpoint
def post_request(request_id: str, ticket: str = "") -> flask.Response:
    """The request object with the wallet's nonce, for what it can do (5.10)."""
    return _request_object(request_id, ticket, parse_wallet_post(strict_form_lists()))


@blueprint.post(f"{asking.RESPONSE_PATH}/<request_id>")
@protocol_endpoint
@limit_body(RESPONSE_LIMIT)
def respond(request_id: str) -> flask.Response:
    """The wallet's answer; there is one response URI for each request."""
    return json_response(
        receiving.receive(desk.office(), request_id, strict_form_lists, desk.now())
    )


def _request_object(request_id: str, ticket: str, wallet: WalletPost) -> flask.Response:
    signed = asking.fetch(desk.office(), request_id, ticket=ticket, wallet=wallet, now=desk.now())
    response = flask.Response(signed, content_type=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response
