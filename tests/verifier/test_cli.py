"""The commands: what scripts and operators type, and what they get."""

import json
import os
from types import SimpleNamespace

import pytest

from tests.vckit import participants
from tests.vckit.statements import debt
from vckit import strict_json, trust
from vckit.keys import PrivateKey
from verifier import cli, request_command


@pytest.fixture
def run(world, capsys, monkeypatch):
    """Run one command at the world's time: its exit code and what it printed."""
    monkeypatch.setattr(cli, "time", SimpleNamespace(time=world.clock))

    def run(*arguments, config=True):
        named = ("--config", str(world.folder / "verifier.toml")) if config else ()
        code = cli.main([*named, *arguments])
        return code, capsys.readouterr()

    return run


@pytest.fixture
def run_json(run):
    def run_json(*arguments):
        code, printed = run(*arguments, "--json")
        assert code == 0, printed.err
        return json.loads(printed.out)

    return run_json


def test_a_script_asks_and_reads_the_result(office, world, wallet, run_json):
    started = run_json("request", "--response-mode", "direct_post")
    assert started["link"].startswith("openid4vp://?")
    assert started["request_uri"].endswith(started["request"])
    assert run_json("result", started["id"])["state"] == "CREATED"
    asked = wallet.fetch(office.store.request(started["request"], world.now))
    assert asked.response_mode == "direct_post"
    wallet.send(asked, wallet.card(world.boxtel, debt(1)), wallet.card(world.michielsgestel))
    found = run_json("result", started["id"])
    assert (found["state"], found["complete"]) == ("DONE", True)
    assert found["id"] == started["id"]


def test_the_result_can_be_read_by_people(office, world, wallet, run, run_json):
    started = run_json("request", "--family-name", "Nowak", "--given-name", "Anouk",
                       "--birthdate", "1984-01-23")  # fmt: skip
    asked = wallet.fetch(office.store.request(started["request"], world.now))
    credit = debt(2, saldo=-1, hoofdsom=None, opeisbaar_bedrag=0, achterstand_bedrag=0)
    wallet.send(asked, wallet.card(world.boxtel, debt(1), credit, **worlds_person("Nowak")))
    code, printed = run("result", started["id"])
    assert code == 0
    assert "Openstaand (niet compleet, ten minste): € 429,00" in printed.out
    assert "Tegoed, niet verrekend: € 0,01" in printed.out
    assert "nog geen opgave" in printed.out


def worlds_person(name):
    return {"geslachtsnaam": name, "voornamen": "Anouk", "geboortedatum": "1984-01-23"}


def test_some_organisations_can_be_chosen_by_name_or_number(office, run, run_json):
    for wanted in ("Gemeente Boxtel", "00000001001234567000"):
        started = run_json("request", "--organisation", wanted)
        assert started["organisations"] == [
            {"name": "Gemeente Boxtel", "oin": "00000001001234567000"}
        ]
    code, printed = run("request", "--organisation", "Amsterdam")
    assert code == 2
    assert "not on the scheme" in printed.err
    assert office.store.cases_of(request_command.COMMAND_OWNER, 0)


def test_the_question_can_be_asked_under_our_did_and_in_chosen_formats(
    office, world, wallet, run_json
):
    started = run_json(
        "request", "--client-id", "decentralized_identifier",
        "--format", "ldp_vc", "--format", "vc+jwt", "--format", "ldp_vc",
    )  # fmt: skip
    assert started["client_id"] == "decentralized_identifier:did:web:schuldhulp.example"
    asked = wallet.fetch(office.store.request(started["request"], world.now))
    assert [each.format for each in asked.query.credentials] == ["ldp_vc", "vc+jwt"]


def test_a_case_can_be_asked_again_and_given_to_a_counsellor(office, world, run_json):
    started = run_json("request", "--counsellor", "samira")
    again = run_json("request", "--case", started["id"])
    assert again["id"] == started["id"]
    [case] = office.store.cases_of("samira", world.now)
    assert len(office.store.requests_of(case.id, world.now)) == 2


@pytest.mark.parametrize(
    "arguments",
    [
        ["result", "nooit"],
        ["request", "--case", "nooit"],
        ["request", "--family-name", "d'Hondt"],
        ["request", "--prefix", "redirect_uri"],
    ],
)
def test_what_cannot_be_done_is_told(office, run, arguments):
    code, printed = run(*arguments)
    assert code == 2
    assert printed.err.startswith("blauweknop-verifier: ")
    assert printed.out == ""
    assert office


def test_without_a_configuration_it_says_how_to_name_one(run, monkeypatch):
    monkeypatch.delenv("BLAUWEKNOP_VERIFIER_CONFIG", raising=False)
    code, printed = run("check-config", config=False)
    assert code == 2
    assert "--config" in printed.err


def test_the_environment_can_name_the_configuration(world, run, monkeypatch):
    monkeypatch.setenv("BLAUWEKNOP_VERIFIER_CONFIG", str(world.folder / "verifier.toml"))
    assert run("init", config=False)[0] == 0
    code, printed = run("check-config", config=False)
    assert (code, printed.out.splitlines()[-1]) == (0, "database: in order")


def test_check_tells_by_its_exit_code_too(world, run):
    path = world.folder / "brief.txt"
    path.write_text("hallo", "utf-8")
    code, printed = run("check", str(path))
    assert code == 1
    assert "Klopt:  nee" in printed.out
    code, printed = run("check", str(path), "--json")
    assert json.loads(printed.out)["reason"] == "PARSING_ERROR"


class ServingError(Exception):
    """The process would have become another one."""


@pytest.fixture
def become(monkeypatch):
    started = []

    def become(*command):
        started.append(command)
        raise ServingError

    monkeypatch.setattr("os.execv", become)
    monkeypatch.setenv("BLAUWEKNOP_VERIFIER_CONFIG", "")
    return started


@pytest.mark.usefixtures("office")
def test_serve_becomes_gunicorn_with_its_settings(world, run, become):
    with pytest.raises(ServingError):
        run("serve")
    [(_program, command)] = become
    assert command[-1] == "verifier:application()"
    assert command[command.index("--workers") + 1] == "2"
    assert command[command.index("--bind") + 1] == "127.0.0.1:8110"
    assert os.environ["BLAUWEKNOP_VERIFIER_CONFIG"] == str(world.folder / "verifier.toml")


def test_serve_tells_what_is_wrong_before_it_starts(run, become):
    code, printed = run("serve")
    assert (code, become) == (2, [])
    assert "database" in printed.err


@pytest.mark.parametrize("command", ["init", "check-config", "serve", "request", "result", "check"])
def test_every_command_helps_with_an_example(capsys, command):
    with pytest.raises(SystemExit) as end:
        cli.main([command, "--help"])
    assert end.value.code == 0
    assert "example: blauweknop-verifier --config verifier.toml" in " ".join(
        capsys.readouterr().out.split()
    )


PURPOSE = "Schuldhulp: met u een plan maken"


@pytest.mark.parametrize("by", ["leaf", "authority"])
def test_its_own_entry_brings_it_on_a_scheme(world, run, run_json, by):
    assert run("init")[0] == 0
    options = ("--authority",) if by == "authority" else ()
    entry = run_json("scheme-entry", "--purpose", PURPOSE, *options)
    assert (entry["rol"], entry["doel"]) == (["verifier"], PURPOSE)
    assert "demo" not in entry
    operator = PrivateKey.generate("EdDSA")
    (world.folder / "operator.jwk.json").write_bytes(strict_json.dumps(operator.public.to_jwk()))
    path = world.folder / "scheme.json"
    towns = [each.entry() for each in (world.boxtel, world.michielsgestel)]
    for certificates, expected in ((entry["certificaten"], 0), (["A" * 43], 2)):
        payload = participants.scheme_payload(*towns, {**entry, "certificaten": certificates})
        later = {"versie": payload["versie"] + 1 + expected}
        path.write_bytes(trust.sign_scheme({**payload, **later}, [operator]))
        assert run("check-config")[0] == expected
