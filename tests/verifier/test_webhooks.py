"""Case software hears when a request changes: signed, at least once, and never where it may not."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.vckit.statements import debt
from tests.verifier.case_software import JOSE, CaseSoftware, judge, register
from tests.verifier.test_api import problem
from tests.verifier.world import replaced
from vckit.errors import FetchError
from vckit.network import Response
from verifier import create_app, notifying
from verifier.config import ApiSettings
from verifier.opening import open_office

ORIGIN = "https://zaaksysteem.example"
URL = f"{ORIGIN}/blauwe-knop?van=1"


class Receiver:
    """The Fetcher on which case software listens: it notes what comes and answers as told."""

    def __init__(self):
        self.calls = []
        self.status = 204

    def post(self, url, *, content, headers, max_bytes):
        assert max_bytes <= 65_536
        self.calls.append((url, content, headers))
        if self.status is None:
            raise FetchError("nobody is there")
        return Response(self.status, b"", "text/plain")

    @property
    def states(self):
        return [json.loads(body)["data"]["state"] for _url, body, _headers in self.calls]


@pytest.fixture
def receiver():
    return Receiver()


@pytest.fixture
def office(world, office):
    allowed = office.config.model_copy(update={"api": ApiSettings(webhook_origins=(ORIGIN,))})
    return open_office(allowed, world.now, world.network)


@pytest.fixture
def token(office, world):
    return register(office, world.now)


@pytest.fixture
def software(client, token):
    return CaseSoftware(client, token[1])


@pytest.fixture
def case(software):
    return software.open(person=JOSE, way="face_to_face", webhook=URL)


@dataclass
class Desk:
    """What happens to requests, and the sending of what is due to the receiver."""

    office: Any
    world: Any
    receiver: Receiver

    def tell(self, origins=(ORIGIN,), seconds=0):
        """Send what is due after a while: how many arrived, and how many did not."""
        self.world.clock.now += seconds
        done = notifying.tell_all(self.office.webhooks, origins, self.receiver, self.world.clock)
        return done.arrived, done.put_off

    def close(self, case, state="DONE"):
        assert self.office.store.close(case["requests"][0]["id"], state, self.world.now, [])

    def request(self, case):
        return self.office.store.request(case["requests"][0]["id"], self.world.now)

    def hand_out(self, case):
        return self.office.store.hand_out(case["requests"][0]["id"], self.world.now)


@pytest.fixture
def desk(office, world, receiver):
    return Desk(office, world, receiver)


def test_a_request_tells_where_it_is_told(case, software):
    assert case["requests"][0]["webhook"] == URL
    path = f"/cases/{case['id']}/requests"
    assert software.post(path, {}).json["webhook"] is None
    assert software.post(path, {"webhook": URL}).json["webhook"] == URL


def test_nothing_is_told_until_something_changes(case, desk, receiver):
    assert desk.tell() == (0, 0)
    assert case
    assert receiver.calls == []


def test_every_change_is_told_once(case, wallet, desk):
    asked = wallet.fetch(desk.request(case))
    assert desk.tell() == (1, 0)
    wallet.send(asked, wallet.card(desk.world.boxtel, debt(1)))
    receiver = desk.receiver
    assert [desk.tell(), desk.tell()] == [(1, 0), (0, 0)]
    assert receiver.states == ["WAITING_FOR_RESPONSE", "DONE"]
    assert len({headers["webhook-id"] for _url, _body, headers in receiver.calls}) == 2


def test_the_message_is_signed_as_standard_webhooks_says(case, token, desk):
    desk.close(case)
    desk.tell()
    [(url, body, headers)] = desk.receiver.calls
    assert url == URL
    key = base64.b64decode(token[0].webhook_secret.removeprefix("whsec_"))
    assert len(key) == 32
    signed = f"{headers['webhook-id']}.{desk.world.now}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["webhook-timestamp"] == str(desk.world.now)
    assert headers["Content-Type"] == "application/json"


def test_the_example_of_the_specification_has_its_signature():
    # github.com/standard-webhooks/standard-webhooks, test vector of its libraries.
    given = notifying.signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1_614_265_330,
        b'{"test": 2432232314}',
    )
    assert given == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_nothing_of_a_person_is_in_it(case, desk, receiver):
    desk.close(case)
    desk.tell()
    [(_url, body, headers)] = receiver.calls
    judge(json.loads(body), {"$ref": "#/components/schemas/RequestChanged"})
    told = json.loads(body)["data"]
    assert told == {
        "case_id": case["id"],
        "request_id": case["requests"][0]["id"],
        "state": "DONE",
    }
    assert not any(value in repr(headers) + body.decode() for value in JOSE.values())


@pytest.mark.parametrize("status", [None, 500, 404, 302, 199])
def test_what_does_not_arrive_is_sent_again_with_the_same_id(case, desk, receiver, status):
    desk.close(case)
    receiver.status = status
    assert desk.tell() == (0, 1)
    assert desk.tell(seconds=4) == (0, 0)
    assert desk.tell(seconds=1) == (0, 1)
    assert desk.tell(seconds=29) == (0, 0)
    receiver.status = 200
    assert desk.tell(seconds=1) == (1, 0)
    assert desk.tell(seconds=10_000) == (0, 0)
    assert len({headers["webhook-id"] for _url, _body, headers in receiver.calls}) == 1
    assert len({headers["webhook-timestamp"] for _url, _body, headers in receiver.calls}) == 3


def test_it_is_tried_every_hour_until_the_case_is_over(case, desk, receiver):
    desk.close(case)
    receiver.status = 503
    for _ in range(9):
        desk.tell(seconds=3_600)
    assert len(receiver.calls) == 9
    desk.office.store.purge(desk.world.now + 12 * 3_600)
    assert desk.tell(seconds=3_600) == (0, 0)


def test_a_newer_state_does_not_wait_for_an_older_one(case, desk, receiver):
    desk.hand_out(case)
    receiver.status = 503
    desk.tell()
    desk.close(case)
    receiver.status = 200
    assert desk.tell() == (1, 0)
    assert desk.tell(seconds=10_000) == (0, 0)
    assert receiver.states == ["WAITING_FOR_RESPONSE", "DONE"]


def test_that_nobody_answered_in_time_is_told_too(case, desk, receiver):
    assert desk.tell(seconds=9 * 3_600) == (1, 0)
    assert receiver.states == ["EXPIRED"]
    assert case


def test_a_receiver_that_is_gone_hears_no_more(case, desk, receiver, software):
    desk.close(case)
    receiver.status = 410
    assert desk.tell() == (0, 1)
    receiver.status = 200
    assert desk.tell(seconds=10_000) == (0, 0)
    assert software.get(f"/cases/{case['id']}").json["requests"][0]["webhook"] is None


def test_an_origin_that_is_no_longer_allowed_is_not_asked(case, desk, receiver):
    desk.close(case)
    assert desk.tell(origins=("https://elders.example",)) == (0, 1)
    assert receiver.calls == []


def test_a_revoked_token_is_told_nothing(case, desk, token):
    desk.close(case)
    desk.office.tokens.revoke(token[0].id, desk.world.now)
    assert desk.tell() == (0, 0)


def test_two_at_work_send_it_once(case, desk, office, world):
    desk.close(case)
    first, second = office.webhooks.take(world.now), office.webhooks.take(world.now)
    assert (first.state, second) == ("DONE", None)
    # The first one died before it could send.
    assert office.webhooks.take(world.now + 59) is None
    again = office.webhooks.take(world.now + 60)
    assert (again.id, again.attempts) == (first.id, 2)


def test_one_that_is_down_holds_nobody_up(software, desk, receiver):
    cases = [software.open(webhook=f"{ORIGIN}/{place}") for place in range(3)]
    desk.close(cases[0])
    receiver.status = 503
    desk.tell()
    for case in cases[1:]:
        desk.close(case)
    receiver.calls.clear()
    desk.tell(seconds=5)
    assert [url.rpartition("/")[2] for url, _body, _headers in receiver.calls][-1] == "0"


@pytest.mark.parametrize(
    "url",
    [
        "https://elders.example/",
        "http://zaaksysteem.example/",
        "https://zaaksysteem.example:8443/",
        "https://zaaksysteem.example@evil.example/",
        "https://zaaksysteem.example.evil.example/",
        "https://zaaksysteem.example#@evil.example/",
        "https://evil.example\\@zaaksysteem.example/",
        "https://ZAAKSYSTEEM.example/",
        "//zaaksysteem.example/",
        "file:///etc/passwd",
        "https://169.254.169.254/latest",
    ],
)
def test_W01_only_an_allowed_origin_is_ever_told(software, url):
    told = problem(software.post("/cases", {"webhook": url}), 422, "content-invalid")
    assert [one["pointer"] for one in told["errors"]] == ["#/webhook"]


def test_without_a_setting_nobody_is_told_anything(office, world):
    without = replaced(office.config, api=ApiSettings())
    client = create_app(without, clock=world.clock, fetcher=world.network).test_client()
    software = CaseSoftware(client, register(office, world.now)[1])
    problem(software.post("/cases", {"webhook": URL}), 422, "content-invalid")
