"""The tick: files are taken once, late and failing sources are told, and nobody is named."""

import fcntl
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from issuer import cli
from issuer.folders import IMPORTED, REFUSED
from issuer.importing import Importing
from issuer.tick import STUCK_SECONDS, tick
from tests.issuer.debts.networks import ADDRESS, Administration
from tests.issuer.town import ANNA, ANNA_ROWS, BRAM_ROWS, DAY, HEADER, SETTINGS, private
from vckit.database import StorageUnavailableError

ROOT = Path(__file__).parents[2]
FOLDER = '\nfolder = "drop"\nevery_days = 7\ngrace_days = 1\n'
ASKED = f'\naddress = "{ADDRESS}"\nsecret_file = "keys/source"\nevery_days = 7\ngrace_days = 1\n'
ROWS = ANNA_ROWS + BRAM_ROWS
REST = ('kind = "csv"\nencoding = "utf-8"\ndelimiter = ","\nheader_row = 1', 'kind = "rest"')


def settings(town, more):
    town.config_path.write_text(SETTINGS.rstrip() + more, "utf-8")


@pytest.fixture
def dropping(town):
    settings(town, FOLDER)
    (town.folder / "drop").mkdir()
    return town


@pytest.fixture
def drop(dropping):
    def make(rows, name, header=HEADER):
        path = dropping.folder / "drop" / name
        path.write_text(header + rows, "utf-8")
        os.utime(path, (dropping.clock.now - 3_600,) * 2)
        return path

    return make


def ticked(town, fetcher=None):
    stored = town.stored()
    importing = Importing(stored.store, stored.register, fetcher)
    return tick(importing, town.config.sources, town.folder / "lock", town.clock.now)


def alerts(done):
    return [(alert.source, alert.alert) for alert in done.alerts]


def in_folder(town, where):
    folder = town.folder / "drop" / where
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def state(town):
    account = town.stored().register.account_of(ANNA.bsn, town.config.sources)
    [source] = account.sources
    return source.status, source.reference_date, sum(debt.balance_cents for debt in account.debts)


def test_a_dropped_file_is_imported_and_put_away(dropping, drop):
    drop(ROWS, "heffingen-2026-11-17.csv")
    done = ticked(dropping)
    assert ([report.good for report in done.reports], done.alerts) == ([3], [])
    assert in_folder(dropping, IMPORTED) == ["heffingen-2026-11-17.csv"]
    assert state(dropping) == ("ok", date(2026, 11, 17), 30_000)


def test_several_files_are_taken_in_the_order_of_their_days(dropping, drop):
    drop(ANNA_ROWS, "a-2026-11-17.csv")
    drop(ROWS, "b-2026-11-16.csv")
    drop(ROWS, "c-2026-11-15.csv")
    assert alerts(ticked(dropping)) == [("heffingen", "fewer")]
    assert state(dropping)[1] == date(2026, 11, 16)
    assert in_folder(dropping, REFUSED) == ["a-2026-11-17.csv"]


def test_a_tick_without_anything_to_do_does_nothing(dropping, drop):
    drop(ROWS, "2026-11-17.csv")
    ticked(dropping)
    before = dropping.stored().database.execute("select * from debts")
    done = ticked(dropping)
    assert (done.reports, done.alerts, done.busy) == ([], [], False)
    assert dropping.stored().database.execute("select * from debts") == before


@pytest.mark.parametrize(
    ("name", "header", "alert"),
    [
        ("2026-11-17.csv", "verkeerde,kop\n", "refused"),
        ("2026-11-19.csv", HEADER, "refused"),
        ("2026-11-01.csv", HEADER, "refused"),
        ("export.csv", HEADER, "undated"),
    ],
)
def test_a_file_that_is_refused_is_put_apart_and_told_once(dropping, drop, name, header, alert):
    drop(ROWS, "2026-11-16.csv")
    ticked(dropping)
    drop(ANNA_ROWS, name, header)
    assert alerts(ticked(dropping)) == [("heffingen", alert)]
    assert in_folder(dropping, REFUSED) == [name]
    assert state(dropping) == ("ok", date(2026, 11, 16), 30_000)
    assert ticked(dropping).alerts == []


@pytest.mark.parametrize(("days", "late"), [(8, False), (9, True)])
def test_a_file_that_is_late_is_told_and_residents_read_so(dropping, drop, days, late):
    drop(ROWS, "2026-11-17.csv")
    dropping.clock.now -= DAY  # the seventeenth, as the file
    ticked(dropping)
    dropping.clock.now += days * DAY
    done = ticked(dropping)
    assert alerts(done) == ([("heffingen", "late")] if late else [])
    status = "niet_bereikbaar" if late else "ok"
    assert state(dropping) == (status, date(2026, 11, 17), 30_000)


def test_a_late_file_that_comes_ends_the_alert(dropping, drop):
    drop(ROWS, "2026-11-17.csv")
    ticked(dropping)
    dropping.clock.now += 30 * DAY
    assert alerts(ticked(dropping)) == [("heffingen", "late")]
    drop(ROWS, "2026-12-17.csv")
    assert ticked(dropping).alerts == []
    assert state(dropping) == ("ok", date(2026, 12, 17), 30_000)


def test_a_source_that_never_delivered_is_late(dropping):
    dropping.stored().database.execute("delete from debt_sources")
    [alert] = ticked(dropping).alerts
    assert (alert.alert, alert.detail, alert.reference_date) == (
        "late",
        "it has never delivered",
        None,
    )


def test_a_source_without_a_rhythm_is_never_late(town):
    town.clock.now += 300 * DAY
    done = ticked(town)
    assert (done.reports, done.alerts) == ([], [])


def test_a_file_that_is_not_to_blame_stays_for_the_next_tick(dropping, drop, monkeypatch):
    drop(ROWS, "2026-11-17.csv")

    def full(*_arguments, **_options):
        raise StorageUnavailableError("the database cannot be written")

    with monkeypatch.context() as patch:
        patch.setattr(Importing, "run", full)
        assert alerts(ticked(dropping)) == [("heffingen", "failed")]
    assert [report.good for report in ticked(dropping).reports] == [3]


def test_an_absent_folder_is_told_and_the_source_judged(dropping):
    (dropping.folder / "drop").rmdir()
    dropping.clock.now += 30 * DAY
    assert alerts(ticked(dropping)) == [("heffingen", "failed"), ("heffingen", "late")]


def test_while_another_tick_is_at_work_nothing_is_done(dropping, drop):
    drop(ROWS, "2026-11-17.csv")
    with (dropping.folder / "lock").open("a+", encoding="utf-8") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        other.write(str(dropping.clock.now))
        other.flush()
        done = ticked(dropping)
        assert (done.busy, done.reports, done.alerts) == (True, [], [])
        dropping.clock.now += STUCK_SECONDS + 1
        assert alerts(ticked(dropping)) == [("", "stuck")]
    assert [report.good for report in ticked(dropping).reports] == [3]


def test_two_ticks_at_once_import_a_file_once(dropping, drop):
    """Real processes, real clock: a day of now, so the sample's day is today's."""
    today = date.today()  # noqa: DTZ011  what the command itself will take
    path = drop(ROWS, f"{today.isoformat()}.csv")
    os.utime(path, (0, 0))
    command = [sys.executable, "-c", "import sys; from issuer.cli import main; sys.exit(main())"]
    arguments = ["--config", str(dropping.config_path), "tick", "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    both = [
        subprocess.Popen([*command, *arguments], env=environment, stdout=-1, stderr=-1)
        for _ in range(2)
    ]
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    reports = [report for out, _ in told for report in json.loads(out)["reports"]]
    assert [report["good"] for report in reports] == [3]
    assert in_folder(dropping, IMPORTED) == [path.name]


@pytest.fixture
def asked(town):
    """The same administration, asked by http every week."""
    settings(town, ASKED)
    private(town.folder / "keys" / "source", b"geheim\n")
    dialect = (town.folder / "heffingen.toml").read_text("utf-8")
    assert REST[0] in dialect
    rest = '[rest]\nitems = "results"\nnext = "links.next"\n\n[columns]'
    dialect = dialect.replace(*REST).replace("[columns]", rest)
    (town.folder / "heffingen.toml").write_text(dialect, "utf-8")
    return town


def items(*rows):
    names = HEADER.strip().split(",")
    return [
        dict(zip(names, line.split(","), strict=True)) for row in rows for line in row.splitlines()
    ]


def test_a_source_that_is_due_is_asked_and_one_that_is_not_is_not(asked):
    administration = Administration(items(ANNA_ROWS, BRAM_ROWS))
    done = ticked(asked, administration)
    assert ([report.good for report in done.reports], done.alerts) == ([3], [])
    assert administration.asked[0][1] == {"Authorization": "Bearer geheim"}
    asked.clock.now += 6 * DAY
    assert ticked(asked, administration).reports == []
    asked.clock.now += DAY
    assert len(ticked(asked, administration).reports) == 1


def test_a_source_that_fails_keeps_what_it_delivered_and_is_asked_again(asked):
    administration = Administration(items(ANNA_ROWS, BRAM_ROWS))
    ticked(asked, administration)
    asked.clock.now += 7 * DAY
    administration.broken = (2,)
    done = ticked(asked, administration)
    assert alerts(done) == [("heffingen", "unreachable")]
    assert state(asked) == ("niet_bereikbaar", date(2026, 11, 18), 30_000)
    administration.broken = ()
    assert ticked(asked, administration).alerts == []
    assert state(asked) == ("ok", date(2026, 11, 25), 30_000)


def test_a_secret_that_others_can_read_is_told(asked):
    (asked.folder / "keys" / "source").chmod(0o644)
    [alert] = ticked(asked, Administration(items(ANNA_ROWS))).alerts
    assert (alert.alert, "secret_file of source heffingen" in alert.detail) == ("failed", True)


@pytest.fixture
def run(dropping, monkeypatch, capsys):
    monkeypatch.setattr("time.time", lambda: float(dropping.clock.now))

    def command(*arguments):
        capsys.readouterr()
        status = cli.main(["--config", str(dropping.config_path), *arguments])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return command


def test_the_command_tells_what_it_took(run, drop):
    drop(ROWS, "2026-11-17.csv")
    status, out, err = run("tick")
    assert (status, err) == (0, "")
    assert "heffingen: 3 goed" in out


def test_an_alert_is_an_exit_status_and_a_line_of_the_log_without_personal_data(run, drop):
    drop(ANNA_ROWS, f"{ANNA.bsn}-export.csv")
    drop(f"{ANNA.bsn},geen,kop\n", "2026-11-17.csv", header="")
    status, out, err = run("tick", "--json")
    assert status == cli.EXIT_ALERT
    answer = json.loads(out)
    assert [alert["alert"] for alert in answer["alerts"]] == ["undated", "refused"]
    lines = [json.loads(line) for line in err.splitlines()]
    assert [(line["event"], line["source"], line["alert"]) for line in lines] == [
        ("alert", "heffingen", "undated"),
        ("alert", "heffingen", "refused"),
    ]
    assert ANNA.bsn not in out + err
    assert "export.csv" not in out + err
