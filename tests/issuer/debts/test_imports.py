"""An import replaces the state of its source, whole or not at all, and says what it did."""

import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date

import pytest

from issuer.debts.csv import CsvSource
from issuer.debts.imports import (
    FewerDebtsError,
    FileRefusedError,
    ImportRefusedError,
    check_file,
    import_file,
)
from issuer.debts.register import Register
from issuer.debts.sources import SOURCES
from tests.issuer.debts.exports import ANNE, BRAM, CEES, HEADER, NOW, REFERENCE, ROOT, Source, row


def account(register, source, bsn, **birth):
    return register.account_of(bsn, [source], **birth)


def balances(register, source, bsn):
    return [debt.balance_cents for debt in account(register, source, bsn).debts]


def status(register, source, bsn, **birth):
    [state] = account(register, source, bsn, **birth).sources
    return state.status


def test_a_source_that_never_delivered_is_unreachable(register, source):
    honden = source()
    [state] = account(register, honden, ANNE).sources
    assert (state.status, state.reference_date, state.name) == ("niet_bereikbaar", None, "Honden")


def test_a_source_without_dialect_is_not_connected(register, export):
    absent = Source("water", "Waterschap", None)
    assert status(register, absent, ANNE) == "niet_aangesloten"
    with pytest.raises(ImportRefusedError, match="not connected"):
        import_file(register, absent, export(row()), REFERENCE, NOW)


def test_a_source_that_fails_later_keeps_what_it_delivered(register, source, export):
    honden = source()
    import_file(register, honden, export(row()), REFERENCE, NOW)
    register.mark_unreachable("honden")
    assert status(register, honden, ANNE) == "niet_bereikbaar"
    assert balances(register, honden, ANNE) == [7500]
    import_file(register, honden, export(row(number="2")), REFERENCE, NOW)
    assert status(register, honden, ANNE) == "ok"


def test_the_same_file_again_makes_a_source_reachable(register, source, export):
    honden, path = source(), export(row())
    import_file(register, honden, path, REFERENCE, NOW)
    register.mark_unreachable("honden")
    assert import_file(register, honden, path, REFERENCE, NOW).unchanged
    assert status(register, honden, ANNE) == "ok"
    assert balances(register, honden, ANNE) == [7500]


def test_N08_the_same_file_again_changes_nothing(register, source, export):
    honden, path = source(), export(row(), row(BRAM, "2", soort="kat"))
    first = import_file(register, honden, path, REFERENCE, NOW)
    register.take_changed()
    again = import_file(register, honden, path, REFERENCE, NOW + 60)
    assert (first.unchanged, again.unchanged) == (False, True)
    assert (again.good, again.refused) == (first.good, first.refused)
    assert register.take_changed() == []
    assert len(register._database.execute("select id from debt_imports")) == 1


def test_the_same_file_in_another_dialect_is_another_import(register, source, export):
    path = export(row())
    import_file(register, source(), path, REFERENCE, NOW)
    described = (
        'type = "gem_hondenbelasting"',
        'type = "gem_hondenbelasting"\ndescription = "Hond"',
    )
    assert not import_file(register, source(described), path, REFERENCE, NOW).unchanged
    assert account(register, source(), ANNE).debts[0].description == "Hond"


def test_N10_an_import_without_a_person_ends_that_persons_debts(register, source, export):
    honden = source()
    import_file(register, honden, export(row(), row(BRAM, "2"), row(CEES, "3")), REFERENCE, NOW)
    everybody = {register.pseudonym(bsn) for bsn in (ANNE, BRAM, CEES)}
    assert set(register.take_changed()) == everybody
    later = export(row(), row(BRAM, "2", betaald="30,00", saldo="70,00"))
    import_file(register, honden, later, date(2026, 11, 21), NOW, fewer=True)
    assert balances(register, honden, CEES) == []
    assert status(register, honden, CEES) == "ok"
    changed = {register.pseudonym(bsn) for bsn in (BRAM, CEES)}
    assert set(register.take_changed()) == changed
    assert register.take_changed() == []


def several(count):
    return [row(number=str(number)) for number in range(count)]


@pytest.mark.parametrize("left", [0, 1, 17])
def test_N10_a_file_with_more_than_a_tenth_fewer_debts_needs_a_confirmation(
    register, source, export, left
):
    honden = source()
    import_file(register, honden, export(*several(20)), REFERENCE, NOW)
    with pytest.raises(FewerDebtsError, match=rf"gives {left} debts, .* gave 20"):
        import_file(register, honden, export(*several(left)), REFERENCE, NOW, force=True)
    assert len(balances(register, honden, ANNE)) == 20
    import_file(register, honden, export(*several(left)), REFERENCE, NOW, fewer=True)
    assert len(balances(register, honden, ANNE)) == left


def test_N10_a_tenth_fewer_or_any_number_more_needs_none(register, source, export):
    honden = source()
    for count in (20, 18, 40):
        import_file(register, honden, export(*several(count)), REFERENCE, NOW)
    assert len(balances(register, honden, ANNE)) == 40


def test_N10_refused_rows_do_not_count_as_debts(register, source, export):
    honden = source()
    import_file(register, honden, export(*several(20)), REFERENCE, NOW)
    lines = [*several(10), *[row(number=f"x{number}", soort="kat") for number in range(10)]]
    with pytest.raises(FewerDebtsError):
        import_file(register, honden, export(*lines), REFERENCE, NOW)


def test_a_first_file_without_debts_needs_a_confirmation(register, source, export):
    honden = source()
    with pytest.raises(FewerDebtsError):
        import_file(register, honden, export(), REFERENCE, NOW)
    assert status(register, honden, ANNE) == "niet_bereikbaar"
    import_file(register, honden, export(), REFERENCE, NOW, fewer=True)
    assert status(register, honden, ANNE) == "ok"


def test_N10_somebody_whose_row_is_refused_now_or_no_longer_has_changed(register, source, export):
    honden = source()
    import_file(register, honden, export(row(), row(BRAM, "2")), REFERENCE, NOW)
    register.take_changed()
    import_file(
        register, honden, export(row(), row(BRAM, "2"), row(BRAM, "3", soort="kat")), REFERENCE, NOW
    )
    assert register.take_changed() == [register.pseudonym(BRAM)]
    assert status(register, honden, BRAM) == "onvolledig"
    import_file(register, honden, export(row(), row(BRAM, "2")), REFERENCE, NOW)
    assert register.take_changed() == [register.pseudonym(BRAM)]
    assert status(register, honden, BRAM) == "ok"


def test_an_older_reference_date_is_refused_unless_forced(register, source, export):
    honden = source()
    import_file(register, honden, export(row()), REFERENCE, NOW)
    older, path = date(2026, 11, 19), export(row(BRAM, "2"))
    with pytest.raises(ImportRefusedError, match="later reference date"):
        import_file(register, honden, path, older, NOW)
    assert balances(register, honden, ANNE) == [7500]
    import_file(register, honden, path, older, NOW, force=True)
    assert balances(register, honden, ANNE) == []
    [state] = account(register, honden, ANNE).sources
    assert state.reference_date == older


def test_a_reference_date_of_tomorrow_is_refused(register, source, export):
    import_file(register, source(), export(row()), date(2026, 11, 21), NOW)
    with pytest.raises(ImportRefusedError, match="future"):
        import_file(register, source(), export(row()), date(2026, 11, 22), NOW)


def test_a_refused_file_leaves_the_register_as_it_was(register, source, export):
    honden = source()
    import_file(register, honden, export(row()), REFERENCE, NOW)
    with pytest.raises(FileRefusedError):
        import_file(register, honden, export(row(BRAM), header="x"), REFERENCE, NOW)
    assert balances(register, honden, ANNE) == [7500]


def test_an_absent_file_and_a_folder_are_refused(register, source, tmp_path):
    with pytest.raises(FileRefusedError, match="does not exist"):
        import_file(register, source(), tmp_path / "absent.csv", REFERENCE, NOW)
    with pytest.raises(FileRefusedError, match="is a folder"):
        import_file(register, source(), tmp_path, REFERENCE, NOW)


def test_a_file_that_may_not_be_read_is_refused(register, source, export, monkeypatch):
    path = export(row())
    opened = type(path).open

    def guarded(file, *arguments, **options):
        if file == path:
            raise PermissionError
        return opened(file, *arguments, **options)

    monkeypatch.setattr(type(path), "open", guarded)
    with pytest.raises(FileRefusedError, match="cannot be read"):
        import_file(register, source(), path, REFERENCE, NOW)


def test_progress_is_told_while_rows_are_read_and_debts_written(register, source, export):
    told = []
    import_file(
        register,
        source(),
        export(*several(2_500)),
        REFERENCE,
        NOW,
        progress=lambda read, written: told.append((read, written)),
    )
    assert told == [(1_000, 0), (2_000, 0), (2_500, 1_000), (2_500, 2_000)]


def test_a_file_that_is_too_large_is_refused(register, source, export, monkeypatch):
    monkeypatch.setattr("issuer.debts.files.MAXIMUM_BYTES", 10)
    with pytest.raises(FileRefusedError, match="larger"):
        import_file(register, source(), export(row()), REFERENCE, NOW)


def test_a_file_that_changes_while_it_is_read_is_refused(register, source, export, monkeypatch):
    path = export(row())

    class Growing(CsvSource):
        @contextmanager
        def _opened(self, file, dialect):
            with super()._opened(file, dialect) as table:
                yield table
            export(row(), row(BRAM, "2"))

    monkeypatch.setitem(SOURCES, "csv", Growing)
    with pytest.raises(FileRefusedError, match="changed while"):
        import_file(register, source(), path, REFERENCE, NOW)


def test_a_file_that_vanishes_before_it_is_read_is_refused(source, export, monkeypatch):
    class Vanishing(CsvSource):
        def _opened(self, file, dialect):
            file.unlink()
            return super()._opened(file, dialect)

    monkeypatch.setitem(SOURCES, "csv", Vanishing)
    with pytest.raises(FileRefusedError, match="cannot be read"):
        check_file(source(), export(row()), REFERENCE)


def test_N08_the_same_file_imported_by_two_at_once_is_imported_once(register, source, export):
    honden, path = source(), export(*[row(number=str(number)) for number in range(500)])
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(import_file, register, honden, path, REFERENCE, NOW) for _ in range(8)]
    assert sorted(job.result().unchanged for job in jobs) == [False] + [True] * 7
    assert len(balances(register, honden, ANNE)) == 500


def test_two_sources_of_one_person_stand_side_by_side(register, source, export):
    honden, katten = source(), source(code="katten")
    import_file(register, honden, export(row()), REFERENCE, NOW)
    import_file(
        register, katten, export(row(betaald="0,00", saldo="100,00")), date(2026, 11, 1), NOW
    )
    found = register.account_of(ANNE, [katten, honden])
    assert [(debt.source, debt.balance_cents) for debt in found.debts] == [
        ("katten", 10000),
        ("honden", 7500),
    ]
    assert found.reference_dates() == {"katten": date(2026, 11, 1), "honden": REFERENCE}


def test_a_conflict_makes_the_source_incomplete_for_both(register, source, export):
    honden = source()
    import_file(register, honden, export(row(ANNE), row(BRAM), row(CEES, "2")), REFERENCE, NOW)
    assert [status(register, honden, bsn) for bsn in (ANNE, BRAM, CEES)] == [
        "onvolledig",
        "onvolledig",
        "ok",
    ]


def test_N04_a_row_with_another_birth_date_is_held_back(register, source, export):
    born = source(('bsn = "bsn"', 'bsn = "bsn"\nbirth_date = "geboren"'))
    lines = row() + ";21-08-1974", row(BRAM, "2") + ";00-00-1984"
    import_file(register, born, export(*lines, header=HEADER + ";geboren"), REFERENCE, NOW)
    assert len(account(register, born, ANNE, birthdate="1974-08-21").debts) == 1
    assert status(register, born, ANNE, birthdate="1974-08-21") == "ok"
    assert account(register, born, ANNE, birthdate="1974-08-22").debts == ()
    assert status(register, born, ANNE, birthdate="1974-08-22") == "onvolledig"
    # Where one side does not know the day there is nothing to compare.
    assert status(register, born, BRAM, birthdate="1984-01-23") == "ok"
    assert status(register, born, ANNE, birthdate="1974-00-00") == "ok"


def test_N13_one_resident_with_thousands_of_debts_is_imported(register, source, export):
    honden = source()
    lines = [row(number=str(number)) for number in range(5_000)]
    assert import_file(register, honden, export(*lines), REFERENCE, NOW).good == 5_000
    assert sum(balances(register, honden, ANNE)) == 5_000 * 7_500


def test_a_check_writes_nothing_and_shows_the_first_rows(source, export):
    lines = [row(number=str(number)) for number in range(1, 9)]
    check = check_file(source(), export(*lines), REFERENCE, first=2)
    assert [(line, debt.debt_number) for line, debt in check.first] == [(2, "1"), (3, "2")]
    assert check.report.good == 8


def test_rows_that_are_packed_away_come_back_as_they_were(register, source, export):
    """More rows than one pack holds, with a conflict and a repeat across packs."""
    honden = source()
    lines = [row(number=str(number)) for number in range(2_500)]
    lines += [row(number="3"), row(BRAM, "4"), row(CEES, "x")]
    report = import_file(register, honden, export(*lines), REFERENCE, NOW)
    assert (report.good, report.repeated) == (2_500, 1)
    assert [refusal.line for refusal in report.refused] == [6, 2503]
    numbers = {debt.debt_number for debt in account(register, honden, ANNE).debts}
    assert numbers == {str(number) for number in range(2_500)} - {"4"}


class _Failing(Register):
    """Fails after the rows were written, before the end of the transaction."""

    def _mark_changes(self, now, before, made):
        super()._mark_changes(now, before, made)
        raise OSError("disk full")


def test_N08_a_failure_in_the_middle_leaves_the_state_before(register, source, export):
    honden = source()
    import_file(register, honden, export(row()), REFERENCE, NOW)
    register.take_changed()
    failing = _Failing(register._database, register.pseudonym)
    with pytest.raises(OSError, match="disk full"):
        import_file(failing, honden, export(row(BRAM, "2")), REFERENCE, NOW)
    assert balances(register, honden, ANNE) == [7500]
    assert balances(register, honden, BRAM) == []
    assert register.take_changed() == []
    import_file(register, honden, export(row(BRAM, "2")), REFERENCE, NOW)
    assert balances(register, honden, BRAM) == [7500]


KILLED = """
    import os, signal, sys
    from pathlib import Path
    from issuer.debts.imports import import_file
    from issuer.debts.register import MIGRATIONS, Register
    from tests.issuer.debts.exports import NOW, REFERENCE, Source, pseudonym
    from vckit.adapters.sqlite import open_database

    class Killed(Register):
        def _mark_changes(self, now, before, made):
            os.kill(os.getpid(), signal.SIGKILL)

    database, dialect, path = map(Path, sys.argv[1:])
    register = Killed(open_database(database, b"k" * 32, migrations=MIGRATIONS), pseudonym)
    import_file(register, Source("honden", "Honden", dialect), path, REFERENCE, NOW)
"""


def test_N08_a_killed_import_leaves_the_state_before(register, source, export):
    honden = source()
    import_file(register, honden, export(row()), REFERENCE, NOW)
    path = export(row(BRAM, "2"))
    database = register._database._path
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(KILLED), database, honden.dialect, path],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert balances(register, honden, ANNE) == [7500]
    assert balances(register, honden, BRAM) == []
    import_file(register, honden, path, REFERENCE, NOW)
    assert balances(register, honden, BRAM) == [7500]
