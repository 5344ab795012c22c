"""The commands: what they print as words and JSON, their exit codes, their help."""

import json
import sys

import pytest

from issuer import button, cli
from tests.issuer import town as towns
from tests.issuer.town import ANNA, ANNA_ROWS, BRAM, BRAM_ROWS, HEADER
from vckit.errors import FetchError

COMMANDS = (
    "init",
    "check-config",
    "serve",
    "scheme-entry",
    "import",
    "status",
    "unreachable",
    "tick",
    "offer",
    "records",
    "revoke",
    "withdraw",
    "button",
    "document",
    "desk-log",
)


@pytest.fixture
def run(town, client, monkeypatch, capsys):
    assert client.application  # made before capsys takes the streams
    monkeypatch.setattr("time.time", lambda: float(town.clock.now))

    def command(*arguments):
        capsys.readouterr()
        status = cli.main(["--config", str(town.config_path), *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return command


@pytest.fixture
def run_json(run):
    def command(*arguments):
        status, out, err = run(*arguments, "--json")
        assert status == 0, err
        return json.loads(out)

    return command


@pytest.fixture
def delivery(town):
    path = town.folder / "levering.csv"
    path.write_text(HEADER + ANNA_ROWS + ANNA_ROWS + BRAM_ROWS.replace("75.50", "x"), "utf-8")
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shows_an_example(command, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert f"blauweknop-issuer --config issuer.toml {command}" in capsys.readouterr().out


def test_the_overall_help_names_every_command(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    shown = capsys.readouterr().out
    assert all(command in shown for command in COMMANDS)


def test_without_a_configuration_nothing_is_done(monkeypatch, capsys):
    monkeypatch.delenv("BLAUWEKNOP_ISSUER_CONFIG", raising=False)
    assert cli.main(["status"]) == 2
    assert "--config" in capsys.readouterr().err


def test_init_makes_what_is_absent_and_nothing_over_it(tmp_path, capsys):
    town = towns.build(tmp_path / "nieuw")
    for path in ("issuer.sqlite", "keys/database.key", "keys/credential.pem"):
        (town.folder / path).unlink()
    arguments = ["--config", str(town.config_path), "init", "--json"]
    assert cli.main(arguments) == 0
    made = json.loads(capsys.readouterr().out)["made"]
    assert made == ["database_key", "credentials.signer", "database"]
    for path in ("issuer.sqlite", "keys/database.key", "keys/credential.pem"):
        assert (town.folder / path).stat().st_mode & 0o777 == 0o600
    assert cli.main(arguments) == 2
    assert "exists already" in capsys.readouterr().err


def test_check_config_says_what_is_wrong(town, run):
    assert run("check-config")[0] == 0
    (town.folder / "heffingen.toml").write_text("[file]\nkind = 1\n", "utf-8")
    status, _, err = run("check-config")
    assert status == 2
    assert "source heffingen" in err
    (town.folder / "keys" / "login-secret").unlink()
    assert "login.client_secret_file" in run("check-config")[2]


def test_import_prints_good_repeated_and_refused_rows(run, delivery):
    day = ("--reference-date", "2026-11-11")
    arguments = ("import", "heffingen", str(delivery), *day, "--fewer")
    status, out, _ = run(*arguments)
    assert status == 0
    assert "2 goed, 2 dubbel, 1 geweigerd" in out
    assert "regel 6" in out
    assert "ongewijzigd" in run(*arguments)[1]


def test_import_reports_as_json(run_json, delivery):
    day = ("--reference-date", "2026-11-11")
    report = run_json("import", "heffingen", str(delivery), *day, "--fewer")
    assert (report["report"]["good"], report["report"]["repeated"]) == (2, 2)
    assert [row["line"] for row in report["report"]["refused"]] == [6]


def test_import_check_keeps_nothing(town, run, run_json, delivery):
    arguments = ("import", "heffingen", str(delivery), "--reference-date", "2026-11-11", "--check")
    looked = run_json(*arguments)
    assert looked["first"][0]["line"] == 2
    assert looked["first"][0]["balance_cents"] == 20_000
    assert "balance_cents" in run(*arguments)[1]
    rows = town.stored().database.execute("SELECT reference_date FROM debt_imports")
    assert [row["reference_date"] for row in rows] == ["2026-11-10"]


@pytest.mark.parametrize(
    ("delivered", "status"),
    [
        (("onbekend", HEADER, "2026-11-11"), 2),
        (("heffingen", "verkeerde,kop\n", "2026-11-11"), 1),
        (("heffingen", HEADER + ANNA_ROWS, "2026-11-01"), 1),
        (("heffingen", HEADER + ANNA_ROWS, "2027-11-01"), 1),
    ],
)
def test_an_import_that_cannot_be_done_changes_nothing(town, run, delivered, status):
    source, content, day = delivered
    path = town.folder / "levering.csv"
    path.write_text(content, "utf-8")
    before = town.stored().database.execute("SELECT * FROM debts")
    answer = run("import", source, str(path), "--reference-date", day)
    assert (answer[0], answer[1]) == (status, "")
    assert town.stored().database.execute("SELECT * FROM debts") == before


def test_N10_an_import_that_would_end_many_debts_is_done_when_it_is_confirmed(town, run):
    path = town.folder / "levering.csv"
    path.write_text(HEADER + BRAM_ROWS, "utf-8")
    arguments = ("import", "heffingen", str(path), "--reference-date", "2026-11-11")
    status, out, err = run(*arguments, "--force")
    assert (status, out) == (1, "")
    assert "gives 1 debts, the import before it gave 3" in err
    assert "--fewer" in err
    assert run(*arguments, "--fewer")[0] == 0


@pytest.mark.parametrize("day", ["gisteren", "23-11-2026"])
def test_a_date_that_is_none_is_wrong_use(run, capsys, day):
    with pytest.raises(SystemExit) as ended:
        run("import", "heffingen", "x.csv", "--reference-date", day)
    assert ended.value.code == 2
    assert "a day is written as 2026-11-20" in capsys.readouterr().err


def test_an_offer_is_ready_for_a_wallet(run, run_json, wallet):
    offer = run_json("offer", "--bsn", ANNA.bsn)
    assert offer["link"].startswith("openid-credential-offer://?credential_offer_uri=")
    assert offer["offer"] == wallet.client.get(offer["uri"].removeprefix(towns.URL)).json
    assert offer["tx_code"] is None
    assert wallet.verify(wallet.receive(offer["code"])).claims["geslachtsnaam"] == "de Boer"
    assert run("offer", "--bsn", ANNA.bsn)[1].startswith("openid-credential-offer://")


def test_an_offer_with_a_transaction_code_tells_it_beside_the_link(run, run_json, wallet):
    offer = run_json("offer", "--bsn", ANNA.bsn, "--tx-code")
    assert offer["tx_code"] not in json.dumps(offer["offer"]) + offer["link"]
    assert wallet.redeem(offer["code"], tx_code=offer["tx_code"]).status_code == 200
    assert "transaction code: " in run("offer", "--bsn", ANNA.bsn, "--tx-code")[1]


def test_an_offer_is_made_for_a_kind_of_wallet(run, run_json):
    offered = run_json("offer", "--bsn", ANNA.bsn, "--profile", "altme")["offer"]
    assert offered["credential_configuration_ids"] == [
        "schuldenopgave_vc11",
        "schuldenopgave_jwt_vc",
    ]
    status, _, err = run("offer", "--bsn", ANNA.bsn, "--profile", "onbekend")
    assert status == 1
    assert "the profiles are: all, altme, credo, general" in err


def test_who_is_not_on_the_list_is_offered_by_name(run, run_json, wallet):
    assert run("offer", "--bsn", "000000012")[0] == 1
    names = ("--family-name", "Nieuw", "--birthdate", "2001-01-01")
    offer = run_json("offer", "--bsn", "000000012", *names)
    claims = wallet.verify(wallet.receive(offer["code"])).claims
    assert (claims["geslachtsnaam"], claims["geboortedatum"]) == ("Nieuw", "2001-01-01")
    assert "voornamen" not in claims


def test_a_bsn_can_be_kept_off_the_command_line(run_json, monkeypatch):
    monkeypatch.setattr(sys, "stdin", iter_lines(f"{ANNA.bsn}\n"))
    assert run_json("records", "--bsn", "-") == {"records": []}


def iter_lines(text):
    import io

    return io.StringIO(text)


def test_a_bsn_has_nine_digits(run):
    with pytest.raises(SystemExit) as ended:
        run("records", "--bsn", "12345")
    assert ended.value.code == 2


def test_records_are_listed_and_revoked_at_the_desk(run, run_json, wallet, code):
    text = wallet.receive(code)
    [record] = run_json("records", "--bsn", ANNA.bsn)["records"]
    assert record["configuration"] == "schuldenopgave_sd_jwt"
    assert run_json("revoke", record["record_id"]) == {"revoked": [record["record_id"]]}
    assert wallet.status(text, "revocation") == 1
    assert "withdrawn" in run("records", "--bsn", ANNA.bsn)[1]
    assert run("revoke", record["record_id"])[0] == 1


def test_everything_of_a_person_is_withdrawn_at_once(town, run_json, wallet, offer):
    texts = [wallet.receive(offer().offer.pre_authorized_code) for _ in range(2)]
    assert len(run_json("withdraw", "--bsn", ANNA.bsn)["revoked"]) == 2
    assert {wallet.status(text, "revocation") for text in texts} == {1}
    rows = town.stored().database.execute("SELECT withdrawn_reason FROM records")
    assert {row["withdrawn_reason"] for row in rows} == {"resident"}


def test_a_record_is_withdrawn_only_for_its_own_person(run, run_json, wallet, code):
    wallet.receive(code)
    [record] = run_json("records", "--bsn", ANNA.bsn)["records"]
    assert run("withdraw", "--bsn", "111222333", record["record_id"])[0] == 1
    assert run("withdraw")[0] == 1
    assert "revoked" in run("withdraw", "--bsn", ANNA.bsn, record["record_id"])[1]


def test_the_button_is_printed_as_html(run, run_json):
    status, out, _ = run("button")
    assert (status, out.strip()) == (0, button.snippet(towns.URL).strip())
    assert run_json("button", "--language", "en")["html"] == button.snippet(towns.URL, "en")


def test_a_document_is_made_for_who_is_at_the_desk(run_json, tmp_path):
    file = tmp_path / "opgave.pdf"
    made = run_json("document", "--bsn", ANNA.bsn, "--output", str(file), "--language", "en")
    assert file.read_bytes().startswith(b"%PDF-")
    assert file.stat().st_mode & 0o777 == 0o600
    [record] = run_json("records", "--bsn", ANNA.bsn)["records"]
    assert made == {"file": str(file), "record": record["record_id"]}


def test_a_document_is_never_written_over_a_file(run, run_json, tmp_path):
    file = tmp_path / "opgave.pdf"
    file.write_bytes(b"van iemand anders")
    status, _, err = run("document", "--bsn", ANNA.bsn, "--output", str(file))
    assert (status, "refused" in err) == (1, True)
    assert file.read_bytes() == b"van iemand anders"
    assert run_json("records", "--bsn", ANNA.bsn)["records"] == []


def test_a_document_that_cannot_be_made_leaves_no_file(town, run, tmp_path):
    row = "{bsn},X-{n},2026-01-31,2026-03-31,1.00,0.00,1.00,opgelegd\n"
    town.deliver("".join(row.format(bsn=ANNA.bsn, n=n) for n in range(241)))
    file = tmp_path / "opgave.pdf"
    assert run("document", "--bsn", ANNA.bsn, "--output", str(file))[0] == 1
    assert not file.exists()


def test_what_was_done_at_the_desk_is_told_by_pseudonyms(town, run, run_json):
    services, now = town.services(), town.clock.now
    for subject, person in (("balie-01", ANNA), ("balie-02", BRAM)):
        services.desk.identify(person.bsn, "paspoort", services.keyring.staff(subject), now)
    acts = run_json("desk-log")["acts"]
    assert [act["verb"] for act in acts] == ["identified", "identified"]
    assert acts[0]["happened_at"] == "2026-11-18T12:06:40+01:00"
    assert run_json("desk-log", "--staff", "balie-02")["acts"] == acts[1:]
    assert run_json("desk-log", "--bsn", ANNA.bsn)["acts"] == acts[:1]
    assert run_json("desk-log", "--since", "2026-11-18")["acts"] == acts
    assert run_json("desk-log", "--since", "2026-11-19")["acts"] == []
    printed = run("desk-log")[1]
    assert len(printed.splitlines()) == 2
    assert "balie-0" not in printed
    assert ANNA.bsn not in printed


def test_the_state_of_the_sources_is_told(run, run_json):
    assert run_json("status") == {
        "sources": [
            {
                "code": "heffingen",
                "name": "Heffingen",
                "status": "ok",
                "reference_date": "2026-11-10",
            }
        ]
    }
    assert run("unreachable", "heffingen")[0] == 0
    assert "niet_bereikbaar" in run("status")[1]


def test_serve_becomes_the_server_with_its_limits(town, run, monkeypatch):
    started = []
    monkeypatch.setattr("os.execv", lambda *command: started.append(command))
    run("serve")
    [(program, command)] = started
    assert program == sys.executable
    assert command[1:3] == ["-m", "gunicorn"]
    assert command[command.index("--workers") + 1] == "2"
    assert command[command.index("--bind") + 1] == town.config.address
    assert command[-1] == "issuer:application()"


def test_an_import_of_a_file_needs_its_reference_date(run, delivery):
    status, _, err = run("import", "heffingen", str(delivery))
    assert (status, "--reference-date" in err) == (2, True)


def test_an_import_without_a_file_needs_an_address(run):
    status, _, err = run("import", "heffingen")
    assert (status, "name the file" in err) == (2, True)


def test_an_import_by_address_asks_the_address(town, run, monkeypatch):
    """The origin of the setting may be inside the municipality; nothing answers at this one."""
    settings = towns.SETTINGS.rstrip() + '\naddress = "http://localhost:9/api"\n'
    town.config_path.write_text(settings, "utf-8")
    dialect = (town.folder / "heffingen.toml").read_text("utf-8")
    begin, end = dialect.index("[file]"), dialect.index("[columns]")
    rest = '[file]\nkind = "rest"\n[rest]\nitems = "results"\n'
    (town.folder / "heffingen.toml").write_text(dialect[:begin] + rest + dialect[end:], "utf-8")
    status, out, err = run("import", "heffingen", "--check")
    assert (status, out) == (1, "")
    assert "the source does not answer: there was no valid answer" in err
    monkeypatch.setattr("vckit.adapters.requests.RequestsFetcher.get", _refuse)
    assert run("import", "heffingen")[0] == 1
    assert json.loads(run("status", "--json")[1])["sources"][0]["status"] == "niet_bereikbaar"


def _refuse(*_arguments, **_options):
    raise FetchError("the address is not public")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ('folder = "drop"', "folder of source heffingen"),
        ('address = "https://db.example/x"', "it has a folder and no address"),
        ('address = "https://db.example/x"\nsecret_file = "absent"', "secret_file of source"),
    ],
)
def test_check_config_looks_at_where_sources_are(town, run, more, message):
    town.config_path.write_text(f"{towns.SETTINGS.rstrip()}\n{more}\n", "utf-8")
    status, _, err = run("check-config")
    assert (status, message in err) == (2, True), err


@pytest.mark.parametrize("options", [(), ("--authority",)])
def test_its_own_entry_brings_it_on_a_scheme(town, run, run_json, options):
    entry = run_json("scheme-entry", *options)
    assert entry["naam"] == town.config.organisation.name
    assert (entry["rol"], entry["demo"]) == (["issuer"], True)
    status, out, _ = run("scheme-entry", *options)
    assert (status, json.loads(out)) == (0, entry)
    towns.resign(town, members={"demo": True, "organisaties": [entry]})
    assert run("check-config")[0] == 0
    towns.resign(town, members={"organisaties": [{**entry, "certificaten": ["A" * 43]}]})
    assert run("check-config")[0] == cli.EXIT_USAGE
