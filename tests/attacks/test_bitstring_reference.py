"""Where a W3C credential says that its status is told: rows L14, L16 and L17 of security.md."""

from dataclasses import replace

import pytest

from tests.attacks import proving
from tests.attacks.counsellor import respond
from tests.attacks.holder import new_key
from tests.attacks.identity import KINDS, PURPOSES
from tests.attacks.presenting import held

pytestmark = pytest.mark.services

MALFORMED, UNVERIFIED = "MALFORMED_VALUE_ERROR", "STATUS_VERIFICATION_ERROR"


def test_L14_a_statement_without_both_statuses_is_malformed(refused, found, identity, w3c_card):
    key, method = identity.keys["EdDSA"], identity.method("EdDSA")
    both = w3c_card.document["credentialStatus"]
    for entries in (None, both[:1], both[1:], []):
        document = {n: v for n, v in w3c_card.document.items() if n != "credentialStatus"}
        if entries is not None:
            document["credentialStatus"] = entries
        signed = proving.proven(document, key, method)
        found(held(w3c_card, signed), MALFORMED)
    hostile = {
        "one purpose twice": [both[0], both[0] | {"statusListIndex": "5"}, both[1]],
        "a number": [both[0] | {"statusListIndex": 5}, both[1]],
        "below zero": [both[0] | {"statusListIndex": "-1"}, both[1]],
        "two bits": [both[0] | {"statusSize": 2}, both[1]],
    }
    refused(
        {
            name: held(
                w3c_card,
                proving.proven({**w3c_card.document, "credentialStatus": entries}, key, method),
            )
            for name, entries in hostile.items()
        },
        MALFORMED,
    )


@pytest.mark.parametrize("kind", ["eddsa", "jwt_vc"])
def test_L16_a_list_is_asked_at_the_issuers_own_address_only(
    resident, identity, told, listener, kind
):
    url, port = identity.town.url, identity.town.server.port
    elsewhere = listener.origin.removeprefix("http://")
    for uri in (
        f"{listener.origin}/status/revocation",
        "file:///etc/hostname",
        f"http://linden@localhost:{port}/status/revocation",
        f"http://127.0.0.1:{port}/status/revocation",
        f"https://localhost:{port}/status/revocation",
        f"{url}.elders.example/status/revocation",
        f"http://localhost:{port}@{elsewhere}/status",
        "http://169.254.169.254/latest/meta-data",
        "urn:uuid:00000000-0000-4000-8000-000000000001",
    ):
        revocation, refresh = identity.references(5)
        statuses = (replace(revocation, uri=uri), refresh)
        told(UNVERIFIED, identity.card(resident, kind, statuses=statuses))
    assert listener.connections == 0


@pytest.mark.parametrize("kind", KINDS)
def test_L17_asking_a_list_tells_nothing_about_whom(arena_counsellor, resident, identity, kind):
    """Nor is it asked more than once for a response, however many statements are in it."""
    key = new_key()
    cards = [identity.card(resident, kind, holder=key) for _ in range(5)]
    calls = identity.town.server.calls
    calls.clear()
    asked = (case := arena_counsellor.open(resident)).ask()
    entries = [one.present(asked.client_id, asked.nonce) for one in cards]
    assert respond(asked, *entries).status == 200
    assert case.report()["groups"]["verified"]
    lists = [(call.method, call.target) for call in calls if not call.target.endswith("did.json")]
    assert lists == [("GET", identity.list_path(one)) for one in PURPOSES]
    for call in calls:
        assert set(call.headers) <= {
            "Host",
            "Accept",
            "Accept-Encoding",
            "User-Agent",
            "Connection",
        }
        assert call.headers["User-Agent"] == "blauwe-knop"
        assert not call.body
