"""A world's folder, as far as it needs no running service."""

import json

import pytest

from holder_demo.demo import cli, ports, residents, world
from holder_demo.demo.processes import ServiceError
from holder_demo.demo.world import World

SAMPLE = residents.packaged("sample")


@pytest.fixture
def made(tmp_path):
    return World(tmp_path, SAMPLE, dict(ports.USUAL), residents.people(SAMPLE))


def test_addresses_and_files_of_every_service(made, tmp_path):
    assert made.url("boxtel") == "http://localhost:8101"
    assert set(made.urls) == set(ports.SERVICES)
    assert made.config_path("verifier") == tmp_path / "verifier" / "verifier.toml"


def test_people_by_what_they_are(made):
    assert made.person("999291415") == made.residents[0]
    assert made.representative.represents_bsn == "999291415"
    assert made.counsellor.roles == ("counsellor",)
    with pytest.raises(KeyError):
        made.person("000000000")


def test_nothing_has_died_that_was_never_started(made):
    assert made.died() == []


@pytest.mark.parametrize("content", ["", "[]", "{"])
def test_a_folder_that_says_nothing_remembers_nothing(tmp_path, content):
    (tmp_path / world.WORLD_FILE).write_text(content)
    assert world.remembered(tmp_path) == {}


def test_an_earlier_world_is_removed_but_not_its_lock(tmp_path):
    (tmp_path / "boxtel").mkdir()
    for name in (world.WORLD_FILE, world.KEPT):
        (tmp_path / name).touch()
    world._empty(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [world.KEPT]


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "boxtel").mkdir()
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(ServiceError, match=r"holiday\.jpg"):
        world._empty(tmp_path)
    assert (tmp_path / "boxtel").is_dir()


def test_the_ports_of_the_world_that_stands_there_are_kept_while_free(tmp_path, monkeypatch):
    kept = {name: port + 1000 for name, port in ports.USUAL.items()}
    (tmp_path / world.WORLD_FILE).write_text(json.dumps({"stated": {"ports": kept}}))
    monkeypatch.setattr(ports, "is_free", lambda _port: True)
    assert cli._ports(tmp_path) == kept
    monkeypatch.setattr(ports, "is_free", lambda port: port != kept["boxtel"])
    assert cli._ports(tmp_path) == ports.USUAL


def test_one_demo_at_a_time_from_one_folder(tmp_path):
    with (
        cli._locked(tmp_path),
        pytest.raises(ServiceError, match="er draait al een demo"),
        cli._locked(tmp_path),
    ):
        pass
    with cli._locked(tmp_path):
        pass


def test_what_the_demo_was_told_by_its_environment(monkeypatch, tmp_path):
    monkeypatch.setenv(cli.DATA_VARIABLE, str(tmp_path))
    monkeypatch.setenv(cli.STATE_VARIABLE, str(tmp_path / "state"))
    monkeypatch.setenv(cli.ONCE_VARIABLE, "1")
    options = cli._parser().parse_args([])
    assert (options.data, options.state, options.once) == (tmp_path, tmp_path / "state", True)
    monkeypatch.setenv(cli.ONCE_VARIABLE, "0")
    assert not cli._parser().parse_args([]).once


def test_data_that_is_not_there_ends_the_demo_with_an_error(tmp_path, capsys):
    arguments = ["--data", str(tmp_path), "--state", str(tmp_path / "state"), "--once"]
    assert cli.main(arguments) == 1
    assert "boxtel/belastingen.csv" in capsys.readouterr().out
