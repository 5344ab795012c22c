"""What the world and the resident can ask: one module for each group of endpoints."""

from typing import Final

import flask

from issuer.endpoints import (
    button,
    checking,
    credential,
    debts,
    desk,
    document,
    documents,
    metadata,
    nonce,
    notification,
    offer,
    paper,
    records,
    returning,
    status,
    token,
    wallet,
)

BLUEPRINTS: Final[tuple[flask.Blueprint, ...]] = (
    metadata.blueprint,
    token.blueprint,
    nonce.blueprint,
    credential.blueprint,
    notification.blueprint,
    offer.blueprint,
    status.blueprint,
    documents.blueprint,
    debts.blueprint,
    wallet.blueprint,
    records.blueprint,
    returning.blueprint,
    document.blueprint,
    button.blueprint,
    checking.blueprint,
    paper.blueprint,
    desk.blueprint,
)
