"""The commands for case software: tokens, and what must be done again and again."""

import json
from types import SimpleNamespace

import pytest

from tests.vckit.adapters.loopback import reply, serving
from tests.verifier.case_software import CaseSoftware
from tests.verifier.wallet import begin
from verifier import cli
from verifier.config import ApiSettings

ADD = ("token", "add", "--name", "Zaaksysteem", "--scopes", "cases:write,cases:read")


class EnoughError(Exception):
    """The command would have gone on for ever."""


class Pauses(list):
    """Every pause of a command; the second one ends it."""

    def sleep(self, seconds):
        self.append(seconds)
        if len(self) == 2:
            raise EnoughError


@pytest.fixture
def pauses():
    return Pauses()


@pytest.fixture
def run(world, client, pauses, capsys, monkeypatch):
    """Run one command at the world's time: its exit code and what it printed."""
    assert client  # Its app logs to where this was before `capsys`.
    monkeypatch.setattr(cli, "time", SimpleNamespace(time=world.clock, sleep=pauses.sleep))

    def run(*arguments):
        code = cli.main(["--config", str(world.folder / "verifier.toml"), *arguments])
        return code, capsys.readouterr()

    return run


@pytest.fixture
def answer(run):
    def answer(*arguments):
        code, printed = run(*arguments, "--json")
        assert code == 0, printed.err
        return json.loads(printed.out)

    return answer


def test_a_token_is_made_and_lets_in(answer, client, world):
    made = answer(*ADD)
    assert made["owner"] == "api:Zaaksysteem"
    assert made["scopes"] == ["cases:write", "cases:read"]
    assert made["expires_at"] == world.now + 365 * 86_400
    assert made["webhook_secret"].startswith("whsec_")
    assert len(made["token"]) == 43
    assert CaseSoftware(client, made["token"]).open()


def test_it_is_shown_once_and_kept_as_a_digest(run, answer, office):
    _code, printed = run(*ADD)
    [shown] = [line.split()[-1] for line in printed.out.splitlines() if line.startswith("token:")]
    assert shown not in repr(office.database.execute("SELECT * FROM api_tokens"))
    listed = run("token", "list")[1].out
    assert "Zaaksysteem" in listed
    assert shown not in listed
    assert "whsec_" not in listed + json.dumps(answer("token", "list"))


def test_two_tokens_share_an_owner_where_that_is_said(answer, client):
    first = answer(*ADD)["token"]
    second = answer(*ADD, "--owner", "Zaaksysteem", "--days", "30")["token"]
    case = CaseSoftware(client, first).open()
    assert CaseSoftware(client, second).get(f"/cases/{case['id']}").status_code == 200


def test_a_revoked_token_lets_nobody_in(run, answer, client):
    made = answer(*ADD)
    assert [run("token", "revoke", made["id"])[0] for _ in range(2)] == [0, 0]
    assert CaseSoftware(client, made["token"]).get("/cases").status_code == 401
    [listed] = answer("token", "list")
    assert listed["revoked_at"]
    assert "revoked" in run("token", "list")[1].out


@pytest.mark.parametrize(
    "arguments",
    [
        ("token", "revoke", "nooit"),
        ("token", "add", "--name", "x", "--scopes", "alles"),
        ("token", "add", "--name", "x", "--scopes", ""),
        ("token", "add", "--name", "x", "--scopes", "cases:read", "--days", "0"),
    ],
)
def test_what_cannot_be_done_is_told(run, arguments):
    code, printed = run(*arguments)
    assert (code, printed.out) == (2, "")
    assert printed.err.startswith("blauweknop-verifier: ")


def test_a_tick_erases_what_is_over(answer, client, world, office):
    CaseSoftware(client, answer(*ADD)["token"]).open()
    world.clock.now += 12 * 3_600
    assert answer("tick") == {"arrived": 0, "put_off": 0}
    assert office.database.execute("SELECT * FROM cases") == []


def test_W02_a_tick_sends_by_the_guarded_way_out(answer, world, office):
    path = world.folder / "verifier.toml"
    with serving(reply(204, b"")) as server:
        settings = f'{path.read_text("utf-8")}\n[api]\nwebhook_origins = ["{server.origin}"]\n'
        path.write_text(settings, "utf-8")
        started = begin(office, world)[1]
        office.webhooks.add(started.id, answer(*ADD)["id"], f"{server.origin}/hier")
        assert office.store.close(started.id, "DONE", world.now, [])
        # Its address is of the inside, and the settings make no exception.
        assert answer("tick") == {"arrived": 0, "put_off": 1}
        assert server.calls == []
        excepted = f'demo = true\ninsecure_origins = ["{server.origin}"]\n'
        path.write_text(excepted + settings, "utf-8")
        world.clock.now += 5
        assert answer("tick") == {"arrived": 1, "put_off": 0}
    [call] = server.calls
    assert (call.method, call.target) == ("POST", "/hier")
    assert json.loads(call.body)["data"]["state"] == "DONE"


def test_a_tick_goes_on_with_a_pause(run, pauses):
    with pytest.raises(EnoughError):
        run("tick", "--every", "7")
    assert pauses == [7, 7]


@pytest.mark.parametrize("command", ["token", "tick"])
def test_every_command_helps_with_an_example(capsys, command):
    with pytest.raises(SystemExit) as end:
        cli.main([command, "--help"])
    assert end.value.code == 0
    assert "example: blauweknop-verifier --config verifier.toml" in " ".join(
        capsys.readouterr().out.split()
    )


def test_origins_are_written_as_origins():
    with pytest.raises(ValueError, match="must be scheme"):
        ApiSettings(webhook_origins=("https://zaaksysteem.example/",))
