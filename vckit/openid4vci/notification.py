"""The notification endpoint: OpenID4VCI 1.0 section 11."""
# ruff: noqa: N818  the classes bear the names of the specification's codes

import re
from dataclasses import dataclass
from typing import Any

from vckit import strict_json
from vckit.errors import ProtocolError, VerificationError

ACCEPTED = "credential_accepted"
FAILURE = "credential_failure"
DELETED = "credential_deleted"
EVENTS = (ACCEPTED, FAILURE, DELETED)

# 11.1 allows %x20-21 / %x23-5B / %x5D-7E; angle brackets are refused as well (P26), since no
# description needs them and no page may ever show them as markup.
_DESCRIPTION = re.compile(r"[\x20\x21\x23-\x3b\x3d\x3f-\x5b\x5d-\x7e]{0,1024}")


class InvalidNotificationId(ProtocolError):
    """11.3: the notification id is unknown."""

    code = "invalid_notification_id"


class InvalidNotificationRequest(ProtocolError):
    """11.3: a parameter is missing, unsupported, repeated or malformed."""

    code = "invalid_notification_request"


@dataclass(frozen=True)
class Notification:
    """What a wallet tells of the credentials of one response; its description is not kept."""

    notification_id: str
    event: str


def parse(body: bytes) -> Notification:
    """Read a notification request; unknown members are ignored.

    Raises InvalidNotificationRequest; whether the id exists and is the token's own is the
    issuer's to judge (InvalidNotificationId).
    """
    try:
        members = strict_json.loads_object(body)
    except VerificationError:
        raise InvalidNotificationRequest("The body is not a JSON object.") from None
    notification_id, event = members.get("notification_id"), members.get("event")
    if not isinstance(notification_id, str) or not notification_id:
        raise InvalidNotificationRequest("The notification id is missing.")
    if event not in EVENTS:
        raise InvalidNotificationRequest("The event is unknown.")
    _check_description(members.get("event_description", ""))
    return Notification(notification_id, event)


def request_body(notification_id: str, event: str) -> dict[str, Any]:
    """Give the JSON that a wallet sends (section 11.1)."""
    return {"notification_id": notification_id, "event": event}


def _check_description(description: object) -> None:
    if not isinstance(description, str) or _DESCRIPTION.fullmatch(description) is None:
        raise InvalidNotificationRequest("The event's description is malformed.")
