"""Drop folders: what is a finished file, which day its name tells, where it goes."""

import os
from datetime import date

import pytest

from issuer import folders
from vckit.errors import ConfigurationError

NOW = 1_795_000_000
DAY = date(2026, 11, 20)


@pytest.fixture
def drop(tmp_path):
    def make(name, age=3_600, content="x"):
        path = tmp_path / name
        path.write_text(content, "utf-8")
        os.utime(path, (NOW - age, NOW - age))
        return path

    return make


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("belastingen-2026-11-20.csv", DAY),
        ("20261120_export.xlsx", DAY),
        ("export 2026-11-20 (peildatum 20261120).csv", DAY),
        ("export.csv", None),
        ("2026-11-20_2026-11-21.csv", None),
        ("2026-02-30.csv", None),
        ("2026-1120.csv", None),
        ("1202611201.csv", None),
        ("123456782.csv", None),
    ],
)
def test_a_name_tells_one_day_or_none(name, day):
    assert folders.told_day(name) == day


def test_finished_files_wait_the_oldest_day_first(drop, tmp_path):
    drop("b-2026-11-20.csv")
    drop("a-2026-11-21.csv")
    drop("c-2026-11-19.csv")
    found = [each.path.name for each in folders.waiting(tmp_path, NOW)]
    assert found == ["c-2026-11-19.csv", "b-2026-11-20.csv", "a-2026-11-21.csv"]


@pytest.mark.parametrize(
    "name", [".2026-11-20.csv", "2026-11-20.csv.part", "2026-11-20.TMP", "~2026-11-20.xlsx"]
)
def test_hidden_and_unfinished_files_are_left_alone(drop, tmp_path, name):
    drop(name)
    assert folders.waiting(tmp_path, NOW) == []


@pytest.mark.parametrize(("age", "count"), [(0, 0), (59, 0), (60, 1), (-3_600, 1)])
def test_a_file_that_was_just_written_to_waits(drop, tmp_path, age, count):
    drop("2026-11-20.csv", age)
    assert len(folders.waiting(tmp_path, NOW)) == count


def test_links_and_folders_are_no_delivery(drop, tmp_path):
    real = drop("real-2026-11-20.csv")
    (tmp_path / "link-2026-11-20.csv").symlink_to(real)
    (tmp_path / "folder-2026-11-20").mkdir()
    assert [each.path for each in folders.waiting(tmp_path, NOW)] == [real]


def test_an_absent_folder_is_our_own_fault(tmp_path):
    with pytest.raises(ConfigurationError, match="folder"):
        folders.waiting(tmp_path / "absent", NOW)


def test_what_was_put_away_is_never_overwritten(drop, tmp_path):
    for content in ("first", "second", "third"):
        folders.put_away(drop("2026-11-20.csv", content=content), folders.IMPORTED)
    kept = sorted(path.read_text("utf-8") for path in (tmp_path / folders.IMPORTED).iterdir())
    assert kept == ["first", "second", "third"]
    assert folders.waiting(tmp_path, NOW) == []


def test_a_file_that_somebody_else_put_away_is_no_failure(tmp_path):
    folders.put_away(tmp_path / "2026-11-20.csv", folders.IMPORTED)
