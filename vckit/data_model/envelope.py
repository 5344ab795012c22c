"""What a W3C credential says beside the terms of the statement."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass

from vckit.status import StatusReference


def random_id() -> str:
    """A fresh urn:uuid."""
    return uuid.uuid4().urn


@dataclass(frozen=True)
class Envelope:
    """Issuer and holder as DIDs, without a holder for a document; times in epoch seconds.

    `statuses` are one reference of purpose revocation and one of purpose refresh. `schema_url` and
    `context_url` are where the scheme publishes them; with None for the context it is written
    inline, as data model 1.1 always does. `new_id` gives the urn:uuid of each debt, in order.
    """

    issuer: str
    holder_id: str | None
    statuses: tuple[StatusReference, ...]
    issued_at: int
    expires: int
    schema_url: str
    context_url: str | None
    new_id: Callable[[], str] = random_id
