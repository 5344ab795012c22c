"""Telling case software that a request changed: a signed POST that names it and its state.

Signed as Standard Webhooks 1.0 says, so that ready-made libraries verify it. There is nothing of a
person in it: who wants to know more asks the API.
"""

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from vckit import strict_json
from vckit.errors import FetchError
from vckit.network import Fetcher
from verifier.tokens import SECRET_PREFIX
from verifier.webhooks import Due, Webhooks

TYPE: Final = "request.changed"
_ANSWER_BYTES: Final = 65_536
_GONE: Final = 410
# In one go; the next go takes the rest.
_MOST: Final = 200


@dataclass(frozen=True)
class Told:
    """How many messages arrived and how many did not."""

    arrived: int = 0
    put_off: int = 0


def tell_all(
    webhooks: Webhooks, origins: Collection[str], fetcher: Fetcher, clock: Callable[[], float]
) -> Told:
    """Send everything that is due, each at most once now, and put off what does not arrive.

    `origins` are those of the settings now: what goes elsewhere is not sent any more.
    """
    outcomes: list[bool] = []
    while len(outcomes) < _MOST:
        due = webhooks.take(int(clock()))
        if due is None:
            break
        outcomes.append(_tell(webhooks, due, origins, fetcher, int(clock())))
    return Told(arrived=sum(outcomes), put_off=len(outcomes) - sum(outcomes))


def origin(url: str) -> str:
    """The origin of a URL that `vckit.oauth.endpoint_url` let through."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Standard Webhooks 1.0, "Signature scheme": HMAC-SHA256 over id, time and body."""
    key = b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return f"v1,{b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"


def _tell(
    webhooks: Webhooks, due: Due, origins: Collection[str], fetcher: Fetcher, now: int
) -> bool:
    status = _send(due, fetcher, now) if origin(due.url) in origins else _GONE
    if status == _GONE:
        webhooks.remove(due)
    elif status is not None and 200 <= status < 300:  # noqa: PLR2004  RFC 9110 15.3
        webhooks.told(due)
        return True
    else:
        webhooks.put_off(due, now)
    return False


def _send(due: Due, fetcher: Fetcher, now: int) -> int | None:
    """The HTTP status, None where nobody answered; what else the answer says is not read."""
    told = {"request_id": due.request_id, "case_id": due.case_id, "state": due.state}
    body = strict_json.dumps({"type": TYPE, "data": told})
    headers = {
        "Content-Type": "application/json",
        "webhook-id": due.id,
        "webhook-timestamp": str(now),
        "webhook-signature": signature(due.secret, due.id, now, body),
    }
    try:
        answer = fetcher.post(due.url, content=body, headers=headers, max_bytes=_ANSWER_BYTES)
    except FetchError:
        return None
    return answer.status
