"""The API for case software as it runs, two workers: row 9 of its issue, and hostile callers."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from holder_demo.demo.world import World
from tests.attacks import memory
from tests.attacks.exchange import refusal, send
from tests.vckit.adapters.loopback import reply, serving
from verifier import tokens
from verifier.notifying import signature

PROBLEM = "application/problem+json"
HOOKS = Path(__file__).with_name("schemathesis_hooks.py")
# Valid data may still meet a case that is gone, a key of before or a document that proves nothing.
SETTINGS = f"""
hooks = "{HOOKS}"
[checks.positive_data_acceptance]
expected-statuses = ["2xx", 304, 404, 409, 415, 422]
"""
SECONDS = 45
CANARY = "Kanarie-7f3a"
JSON = {"Content-Type": "application/json"}


class Quarters:
    """A verifier of its own with case software beside it; `receiver` hears its webhooks."""

    def __init__(self, world, receiver):
        self.world, self.receiver = world, receiver
        self.url = f"{world.url('verifier')}/api/v1"
        self.registered = self.register("Zaaksysteem")

    def register(self, name, *scopes):
        wanted = ("--scopes", ",".join(scopes or tokens.SCOPES))
        return self.world.verifier_json("token", "add", "--name", name, *wanted)

    def call(self, method, path, *, bearer=None, headers=None, **given):
        bearer = bearer or self.registered["token"]
        sent = {"Authorization": f"Bearer {bearer}", **(headers or {})}
        return send(method, f"{self.url}{path}", headers=sent, **given)

    def open(self, **content):
        answer = self.call("POST", "/cases", json=content)
        assert answer.status == 201, answer.body
        return json.loads(answer.body)


@pytest.fixture(scope="module")
def quarters():
    folder = Path(tempfile.mkdtemp(prefix="blauweknop-api-"))
    with serving(reply(204, b"")) as receiver, World.create(folder, import_data=False) as world:
        path = world.config_path("verifier")
        text = path.read_text("utf-8").replace(
            "insecure_origins = [", f'insecure_origins = ["{receiver.origin}", ', 1
        )
        settings = f'{text}\n[api]\nwebhook_origins = ["{receiver.origin}"]\n'
        path.write_text(settings, "utf-8")
        yield Quarters(world.start("verifier"), receiver)
        log = world.services["verifier"].log.read_text("utf-8")
    shutil.rmtree(folder)
    assert '"status": 500' not in log
    assert "Traceback" not in log
    assert CANARY not in log


def test_schemathesis_finds_no_5xx_and_no_undocumented_answer(quarters, tmp_path):
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(SETTINGS, "utf-8")
    organisations = json.loads(quarters.call("GET", "/organisations").body)["organisations"]
    known = {
        "oins": [one["oin"] for one in organisations],
        "webhooks": [f"{quarters.receiver.origin}/hier"],
    }
    verifier = quarters.world.services["verifier"]
    before = memory.resident(verifier)
    run = subprocess.run(
        [
            Path(sys.executable).with_name("schemathesis"),
            *("--config-file", settings, "run", f"{quarters.url}/openapi.json"),
            *("--header", f"Authorization: Bearer {quarters.registered['token']}"),
            *("--max-examples", "15", "--max-time", str(SECONDS), "--request-timeout", "10"),
            *("--generation-database", "none", "--no-color", "--warnings", "off"),
        ],
        cwd=tmp_path,
        env={**os.environ, "BLAUWEKNOP_ATTACKS_KNOWN": json.dumps(known)},
        capture_output=True,
        text=True,
        timeout=SECONDS * 4,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-8_000:] + run.stderr[-2_000:]
    for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}" in run.stdout
    after = memory.resident(verifier)
    grown = [now - then for now, then in zip(after, before, strict=True)]
    assert max(grown) < memory.LIMIT, grown


HOSTILE = {
    "deep": (400, b'{"person":' + b"[" * 15_000),
    "digits": (400, b'{"x":' + b"1" * 20_000 + b"}"),
    "surrogate": (400, rb'{"x":"\ud800"}'),
    "utf-16": (400, f'{{"x":"{CANARY}"}}'.encode("utf-16")),
    "byte order mark": (400, b"\xef\xbb\xbf{}"),
    "not a number": (400, b'{"x":NaN}'),
    "twice": (400, b'{"formats":["ldp_vc"],"formats":["dc+sd-jwt"]}'),
    "an array": (422, b"[]"),
    "a name": (422, json.dumps({"person": CANARY}).encode()),
    "a member": (422, json.dumps({CANARY: 1}).encode()),
    "a member inside": (422, json.dumps({"person": {CANARY: CANARY}}).encode()),
    "prototype": (422, b'{"__proto__":{"x":1}}'),
    "too large": (413, b"{}".ljust(32 * 1024 + 1)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_J26_a_hostile_body_is_refused_and_nothing_of_it_comes_back(quarters, name):
    status, body = HOSTILE[name]
    answer = quarters.call("POST", "/cases", data=body, headers=JSON)
    told = refusal(answer, status, PROBLEM)
    assert told["status"] == status
    assert CANARY.encode() not in answer.body
    assert quarters.open()


@pytest.mark.parametrize(
    "path",
    [
        "/cases/..%2F..%2Fzaken",
        "/cases/%00",
        f"/cases/{CANARY}",
        "/cases/' OR 1=1 --",
        f"/cases/{'0' * 3_000}",
        f"/{CANARY}",
    ],
)
def test_X25_a_hostile_path_is_a_problem_too(quarters, path):
    answer = quarters.call("GET", path)
    refusal(answer, 404, PROBLEM)
    assert CANARY.encode() not in answer.body


def test_V37_nobody_else_s_token_finds_a_case(quarters):
    case = quarters.open(
        person={"family_name": CANARY, "given_name": "A", "birthdate": "1980-01-01"}
    )
    other = quarters.register("Ander")["token"]
    request = case["requests"][0]["id"]
    never = quarters.call("GET", f"/cases/{'0' * 32}", bearer=other)
    for method, path in (
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/overview"),
        ("GET", "/files/controlerapport.pdf"),
        ("GET", f"/requests/{request}"),
        ("POST", f"/requests/{request}/cancel"),
    ):
        answer = quarters.call(method, f"/cases/{case['id']}{path}", bearer=other)
        assert refusal(answer, 404, PROBLEM) == json.loads(never.body)
    assert quarters.call("GET", f"/cases/{case['id']}").status == 200


@pytest.mark.parametrize("bearer", ["x", "A" * 43, "A" * 5_000, "eyJhbGciOiJub25lIn0.e30."])
def test_an_unknown_token_is_told_nothing(quarters, bearer):
    for path in ("/cases", f"/cases/{'0' * 32}", "/organisations"):
        answer = quarters.call("GET", path, bearer=bearer)
        assert refusal(answer, 401, PROBLEM)["type"].endswith("#invalid-token")
        assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_a_revoked_token_ends_in_every_worker_at_once(quarters):
    made = quarters.register("Kort")
    assert quarters.call("GET", "/cases", bearer=made["token"]).status == 200
    quarters.world.verifier_json("token", "revoke", made["id"])
    for _ in range(10):
        assert quarters.call("GET", "/cases", bearer=made["token"]).status == 401


@pytest.mark.parametrize("path", ["/cases", "/organisations", "/openapi.json"])
def test_V38_a_foreign_page_gets_no_leave(quarters, path):
    origin = {"Origin": "https://elders.example", "Access-Control-Request-Method": "GET"}
    for method in ("OPTIONS", "GET"):
        answer = quarters.call(method, path, headers=origin)
        assert not [name for name in answer.headers if name.lower().startswith("access-control")]
        assert "no-store" in answer.headers["Cache-Control"]


def test_the_same_key_from_all_sides_makes_one_case(quarters):
    owner = quarters.register("Dubbel")["token"]
    headers = {"Idempotency-Key": "a" * 32}

    def ask(_):
        return quarters.call("POST", "/cases", bearer=owner, headers=headers, json={})

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, range(40)))
    assert {answer.status for answer in answers} == {201}
    assert len({json.loads(answer.body)["id"] for answer in answers}) == 1
    listed = json.loads(quarters.call("GET", "/cases", bearer=owner).body)
    assert len(listed["cases"]) == 1


def test_a_webhook_arrives_signed_and_once(quarters):
    url = f"{quarters.receiver.origin}/zaak"
    case = quarters.open(webhook=url)
    request = case["requests"][0]["id"]
    assert quarters.call("POST", f"/cases/{case['id']}/requests/{request}/cancel").status == 200
    for _ in range(2):
        quarters.world.verifier_json("tick")
    [call] = [one for one in quarters.receiver.calls if request in one.body.decode()]
    assert (call.method, call.target) == ("POST", "/zaak")
    headers = {name.lower(): value for name, value in call.headers.items()}
    sent_at = int(headers["webhook-timestamp"])
    assert abs(sent_at - time.time()) < 60
    secret = quarters.registered["webhook_secret"]
    expected = signature(secret, headers["webhook-id"], sent_at, call.body)
    assert headers["webhook-signature"] == expected
    assert json.loads(call.body)["data"]["state"] == "CANCELLED"
