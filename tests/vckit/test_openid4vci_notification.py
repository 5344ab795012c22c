"""The notification endpoint: OpenID4VCI 1.0 section 11, row P26 of security.md."""

import json

import pytest

from vckit.openid4vci import notification


def parse(**members):
    body = {**notification.request_body("note-1", notification.ACCEPTED), **members}
    return notification.parse(json.dumps(body).encode())


@pytest.mark.parametrize("event", notification.EVENTS)
def test_an_issuer_reads_what_a_wallet_sends(event):
    body = json.dumps(notification.request_body("note-1", event)).encode()
    assert notification.parse(body) == notification.Notification("note-1", event)


def test_unknown_members_are_ignored_and_a_description_is_not_kept():
    text = "Could not store the Credential. Out of storage."
    assert parse(event_description=text, later=1) == parse()


@pytest.mark.parametrize(
    "members",
    [
        {"notification_id": None},
        {"notification_id": ""},
        {"notification_id": 1},
        {"event": None},
        {"event": "credential_stolen"},
        {"event": "CREDENTIAL_ACCEPTED"},
        {"event": ["credential_accepted"]},
        {"event_description": 1},
        {"event_description": "é"},
        {"event_description": 'een "aanhaling"'},
        {"event_description": "\\"},
        {"event_description": "<b>vet</b>"},
        {"event_description": "a\nb"},
        {"event_description": "x" * 1025},
    ],
)
def test_P26_a_malformed_notification_is_an_invalid_notification_request(members):
    with pytest.raises(notification.InvalidNotificationRequest) as caught:
        parse(**members)
    assert (caught.value.code, caught.value.status) == ("invalid_notification_request", 400)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b'{"notification_id":"a","notification_id":"b","event":"credential_accepted"}',
    ],
)
def test_P26_a_body_that_is_no_strict_object_is_refused(body):
    with pytest.raises(notification.InvalidNotificationRequest):
        notification.parse(body)


def test_P26_an_unknown_id_has_a_code_of_its_own():
    assert notification.InvalidNotificationId.code == "invalid_notification_id"
