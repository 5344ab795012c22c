"""The wallet on the command line, against parties on real sockets of this machine."""

import json
import re
import threading
from urllib.parse import parse_qsl

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from holder_demo import cli, opening
from tests.holder_demo import simulation
from tests.vckit import participants
from vckit import strict_json, trust
from vckit.errors import FetchError

PIN = "1234"


class Gateway:
    """Serves the simulated parties over HTTP, each on a port of its own."""

    def __init__(self):
        self.network = None
        self.servers = [make_server("127.0.0.1", 0, self.answer, threaded=True) for _ in range(3)]
        self.urls = tuple(f"http://localhost:{server.server_port}" for server in self.servers)
        self.threads = [
            threading.Thread(target=one.serve_forever, args=(0.05,)) for one in self.servers
        ]
        for thread in self.threads:
            thread.start()

    def answer(self, environ, start_response):
        request = Request(environ)
        body = request.get_data(as_text=True)
        given = {
            "form": dict(parse_qsl(body)),
            "json": strict_json.loads(body) if request.mimetype == "application/json" else None,
            "headers": dict(request.headers),
        }
        try:
            found = self.network._ask(request.method, request.base_url, given)
            answer = Response(found.body, found.status, content_type=found.media_type or None)
        except FetchError:
            answer = Response(status=404)
        return answer(environ, start_response)

    def close(self):
        for server, thread in zip(self.servers, self.threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture
def setting(monkeypatch):
    # The command reads the clock itself.
    monkeypatch.setattr(cli.time, "time", lambda: float(simulation.NOW))
    gateway = Gateway()
    made = simulation.setting(urls=gateway.urls)
    gateway.network = made.network
    yield made
    gateway.close()


@pytest.fixture
def folder(setting, tmp_path, monkeypatch):
    """A wallet's folder with its settings."""
    parties = (setting.boxtel, setting.other, setting.counsellor)
    payload = participants.scheme_payload(*(party.entry() for party in parties))
    signed = trust.sign_scheme(payload, [setting.operator])
    (tmp_path / "scheme.json").write_bytes(signed)
    operator = setting.operator.public.to_jwk()
    (tmp_path / "operator.jwk.json").write_bytes(strict_json.dumps(operator))
    (tmp_path / "wallet.toml").write_text(
        f"""
base_url = "http://localhost:8120"
demo = true
insecure_origins = {json.dumps([party.url for party in parties])}
[scheme]
file = "scheme.json"
operator_keys = ["operator.jwk.json"]
""",
        "utf-8",
    )
    monkeypatch.setenv(opening.PIN_VARIABLE, PIN)
    return tmp_path


@pytest.fixture
def run(folder, capsys):
    def command(*arguments, status=0):
        assert cli.main(["--wallet", str(folder), *arguments]) == status
        return capsys.readouterr()

    return command


def test_accept_list_show_present_history_delete(run, setting):
    accepted = json.loads(run("accept", setting.boxtel.link(), "--json").out)
    assert (accepted["organisation"], accepted["outstanding"]) == ("Gemeente Boxtel", 43_000)
    assert accepted["person"] == "J. d. 1974"
    [listed] = json.loads(run("list", "--status", "--json").out)
    assert (listed["id"], listed["status"]) == (accepted["id"], "valid")
    shown = json.loads(run("show", listed["id"], "--json").out)
    assert shown["claims"]["geslachtsnaam"] == "d'Hondt"
    exported = run("export", listed["id"]).out.strip()
    assert exported == json.loads(run("export", listed["id"], "--json").out)["credential"]
    assert exported.endswith("~")
    link = setting.counsellor.link()
    sent = json.loads(run("present", link, "--without", "V2", "--yes", "--json").out)
    assert (sent["verifier"], sent["purpose"][:12]) == ("Schuldhulp Proef", "Een overzich")
    [share] = sent["sent"]
    assert (share["debts"], share["withheld_debts"]) == (1, 1)
    assert len(setting.counsellor.presentations()["rijk"]) == 1
    assert "Gemeente Boxtel" in run("history").out
    run("delete", listed["id"])
    assert json.loads(run("list", "--json").out) == []


def test_the_overview_joins_all_cards_and_says_what_is_missing(run, setting):
    run("accept", setting.boxtel.link())
    [found] = json.loads(run("overview", "--json").out)
    assert (found["complete"], found["outstanding"]) == (False, 43_000)
    states = [each["state"] for each in found["organisations"]]
    assert states == ["counted", "missing"]
    run("accept", setting.other.link())
    [found] = json.loads(run("overview", "--json").out)
    assert (found["outstanding"], found["claims"]) == (85_900, 3)
    told = run("overview").out
    assert "outstanding: EUR 859.00" in told
    assert "oldest_reference_date: 2026-11-21" in told


def test_a_transaction_code_that_is_needed_is_asked_for(run, setting):
    setting.boxtel.tx_code = simulation.TX_CODE
    assert "--tx-code" in run("accept", setting.boxtel.link(), status=cli.EXIT_USAGE).err
    refused = run("accept", setting.boxtel.link(), "--tx-code", "1", "--json", status=1)
    assert json.loads(refused.out)["error"] == "invalid_grant"
    run("accept", setting.boxtel.link(), "--tx-code", simulation.TX_CODE)


def test_a_card_can_be_picked_by_hand_even_when_it_was_withdrawn(run, setting):
    card = json.loads(run("accept", setting.boxtel.link(), "--json").out)["id"]
    setting.boxtel.withdraw()
    link = setting.counsellor.link()
    assert json.loads(run("present", link, "--yes", "--json", status=1).out)["sent"] == []
    assert setting.counsellor.answers[-1].error == "access_denied"
    picked = run("present", link, "--yes", "--card", card, "--json")
    assert len(json.loads(picked.out)["sent"]) == 1
    assert "no card" in run("present", link, "--yes", "--card", "abc", status=1).err


def test_no_is_an_answer(run, setting):
    run("accept", setting.boxtel.link())
    run("present", setting.counsellor.link(), "--decline")
    assert setting.counsellor.answers[-1].error == "access_denied"


@pytest.mark.parametrize(("typed", "status"), [("ja", 0), ("", 1), ("nee", 1)])
def test_without_yes_the_person_is_asked(run, setting, monkeypatch, typed, status):
    run("accept", setting.boxtel.link())
    monkeypatch.setattr("builtins.input", lambda _question: typed)
    told = run("present", setting.counsellor.link(), status=status).out
    assert "Schuldhulp Proef" in told
    assert hasattr(setting.counsellor.answers[-1], "vp_token") is (status == 0)


def test_h10_a_stranger_gets_nothing_by_yes_alone(run, setting, folder):
    run("accept", setting.boxtel.link())
    known = participants.scheme_payload(setting.boxtel.entry(), versie=4)
    (folder / "scheme.json").write_bytes(trust.sign_scheme(known, [setting.operator]))
    link = setting.counsellor.link()
    assert "WARNING" in run("present", link, "--yes", status=1).err
    assert setting.counsellor.answers[-1].error == "access_denied"
    run("present", link, "--yes", "--trust-stranger")
    assert len(setting.counsellor.presentations()["rijk"]) == 1


def test_T05_an_older_scheme_than_one_seen_before_changes_nothing(run, setting, folder):
    """The older one knows the verifier, the newer one that was seen does not."""
    run("accept", setting.boxtel.link())
    newer = participants.scheme_payload(setting.boxtel.entry(), versie=9)
    (folder / "scheme.json").write_bytes(trust.sign_scheme(newer, [setting.operator]))
    run("present", setting.counsellor.link(), "--yes", status=1)
    entries = [setting.boxtel.entry(), setting.counsellor.entry()]
    for version, told in ((8, "older"), (9, "other_content")):
        offered = participants.scheme_payload(*entries, versie=version)
        (folder / "scheme.json").write_bytes(trust.sign_scheme(offered, [setting.operator]))
        heard = run("present", setting.counsellor.link(), "--yes", status=1).err
        assert "WARNING: nobody of the scheme asks this" in heard
        assert f'"reason": "{told}"' in heard
    offered = participants.scheme_payload(*entries, versie=10)
    (folder / "scheme.json").write_bytes(trust.sign_scheme(offered, [setting.operator]))
    run("present", setting.counsellor.link(), "--yes")


def test_T05_a_wallet_that_never_saw_a_good_scheme_does_nothing(run, setting, folder):
    (folder / "scheme.json").write_bytes(b"{}")
    heard = run("accept", setting.boxtel.link(), status=cli.EXIT_USAGE).err
    assert "not signed as its operators sign" in heard


def test_a_wrong_pin_opens_nothing(run, setting, monkeypatch):
    run("accept", setting.boxtel.link())
    monkeypatch.setenv(opening.PIN_VARIABLE, "9999")
    assert "PIN" in run("list", status=cli.EXIT_USAGE).err


def test_the_settings_may_stand_elsewhere(run, setting, folder, tmp_path):
    run("accept", setting.boxtel.link())
    cards = tmp_path / "elsewhere"
    status = cli.main(
        ["--config", str(folder / "wallet.toml"), "--wallet", str(cards), "list", "--json"]
    )
    assert status == 0
    assert (cards / "keystore.json").is_file()


def test_without_terminal_and_variable_it_says_how_the_pin_is_given(run, monkeypatch):
    monkeypatch.delenv(opening.PIN_VARIABLE)
    assert opening.PIN_VARIABLE in run("list", status=cli.EXIT_USAGE).err


def test_an_empty_wallet_says_that_nothing_answers(run, setting):
    assert run("list").out == "none\n"
    assert "No card" in run("present", setting.counsellor.link(), "--yes", status=1).err


def test_without_answer_nothing_is_sent(run, setting, monkeypatch):
    def nobody(_question):
        raise EOFError

    run("accept", setting.boxtel.link())
    monkeypatch.setattr("builtins.input", nobody)
    run("present", setting.counsellor.link(), status=1)
    assert setting.counsellor.answers[-1].error == "access_denied"


def test_people_read_times_and_euros(run, setting):
    told = run("accept", setting.boxtel.link()).out
    assert "outstanding: EUR " in told
    assert "obtained_at: 2026-" in told
    assert re.search(r"reference_date: 2026-\d\d-\d\d\n", told)


def test_without_settings_it_says_which_option_is_missing(capsys, monkeypatch):
    monkeypatch.setenv(opening.PIN_VARIABLE, PIN)
    monkeypatch.delenv(cli.CONFIG_VARIABLE, raising=False)
    assert cli.main(["list"]) == cli.EXIT_USAGE
    assert "--config" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        "",
        "accept",
        "list",
        "show",
        "export",
        "delete",
        "history",
        "present",
        "serve",
        "digid",
        "demo",
    ],
)
def test_every_command_helps_with_an_example(capsys, command):
    with pytest.raises(SystemExit) as ended:
        cli.main([*command.split(), "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert "usage: blauweknop-holder" in told
    assert "example" in told.lower()


def test_several_cards_of_one_offer_can_be_taken(run, setting):
    setting.boxtel.offered = (simulation.CONFIGURATION, *simulation.W3C)
    wanted = ["schuldenopgave_jwt_vc", "schuldenopgave_ldp_eddsa"]
    asked = [part for one in wanted for part in ("--configuration", one)]
    taken = json.loads(run("accept", setting.boxtel.link(), *asked, "--json").out)["cards"]
    assert [one["configuration"] for one in taken] == wanted
    assert [one["format"] for one in taken] == ["jwt_vc_json", "ldp_vc"]
    statuses = [one["status"] for one in json.loads(run("list", "--status", "--json").out)]
    assert statuses == ["valid", "valid"]
    refused = run("accept", setting.boxtel.link(), "--configuration", "x", "--json", status=1)
    assert json.loads(refused.out)["error"] == "not_requested"


def test_a_card_that_goes_whole_stays_home_when_a_part_is_kept_back(run, setting):
    setting.boxtel.offered = ("schuldenopgave_ldp_ecdsa",)
    run("accept", setting.boxtel.link())
    setting.counsellor.query = {"credentials": [simulation.w3c_query("ldp_vc")]}
    link = setting.counsellor.link()
    kept = run("present", link, "--without", "voornamen", "--yes", status=1)
    assert "only be shared whole" in kept.err
    assert setting.counsellor.answers[-1].error == "access_denied"
    [sent] = json.loads(run("present", link, "--yes", "--json").out)["sent"]
    assert (sent["whole"], sent["debts"], sent["format"]) == (True, 2, "ldp_vc")


def test_a_verifier_by_did_is_named_from_the_scheme(run, setting):
    run("accept", setting.boxtel.link())
    setting.counsellor.by_did = True
    sent = json.loads(run("present", setting.counsellor.link(), "--yes", "--json").out)
    assert sent["verifier"] == "Schuldhulp Proef"
    assert sent["client_id"].startswith("decentralized_identifier:did:web:localhost%3A")
