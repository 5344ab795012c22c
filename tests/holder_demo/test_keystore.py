"""The sealed folder of a wallet."""

import stat

import pytest

from holder_demo import keystore
from vckit.errors import ConfigurationError

PIN = "1234"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "wallet"


def test_a_record_comes_back_with_the_same_pin_only(folder):
    keystore.create(folder, PIN).put("cards", "abc", {"name": "Jansen", "amount": 12})
    assert keystore.unlock(folder, PIN).get("cards", "abc") == {"name": "Jansen", "amount": 12}
    with pytest.raises(keystore.WrongPinError):
        keystore.unlock(folder, "1235")


def test_nothing_readable_is_on_disk_and_only_the_owner_may_read_it(folder):
    keystore.create(folder, PIN).put("cards", "abc", {"name": "Kanarie-7f3a"})
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert not any(b"Kanarie" in path.read_bytes() for path in files)
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    folders = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}


def test_a_changed_or_swapped_file_is_refused(folder):
    store = keystore.create(folder, PIN)
    store.put("cards", "abc", {"n": 1})
    store.put("cards", "def", {"n": 2})
    first, second = (folder / "cards" / f"{name}.sealed" for name in ("abc", "def"))
    original = first.read_bytes()
    for damaged in (
        second.read_bytes(),
        original[:-1],
        b"",
        bytes([original[0] ^ 1]) + original[1:],
    ):
        first.write_bytes(damaged)
        with pytest.raises(ConfigurationError):
            store.get("cards", "abc")
    first.write_bytes(original)
    assert store.get("cards", "abc") == {"n": 1}


def test_writing_again_replaces_and_leaves_no_other_file(folder):
    store = keystore.create(folder, PIN)
    store.put("cards", "abc", {"n": 1})
    store.put("cards", "abc", {"n": 2})
    assert store.all("cards") == [{"n": 2}]
    assert [path.name for path in (folder / "cards").iterdir()] == ["abc.sealed"]


def test_a_record_that_cannot_be_written_leaves_the_old_one(folder, monkeypatch):
    store = keystore.create(folder, PIN)
    store.put("cards", "abc", {"n": 1})

    def no_space(_descriptor):
        raise OSError("disk full")

    monkeypatch.setattr(keystore.os, "fsync", no_space)
    with pytest.raises(OSError, match="disk full"):
        store.put("cards", "abc", {"n": 2})
    monkeypatch.undo()
    assert store.all("cards") == [{"n": 1}]
    assert [path.name for path in (folder / "cards").iterdir()] == ["abc.sealed"]


def test_deleting_removes_the_file_and_may_be_repeated(folder):
    store = keystore.create(folder, PIN)
    store.put("cards", "abc", {"n": 1})
    store.delete("cards", "abc")
    store.delete("cards", "abc")
    assert store.ids("cards") == []
    with pytest.raises(KeyError):
        store.get("cards", "abc")


@pytest.mark.parametrize("name", ["../abc", "a/b", "", "é"])
def test_a_name_that_leads_elsewhere_is_no_record(folder, name):
    store = keystore.create(folder, PIN)
    with pytest.raises(KeyError):
        store.put("cards", name, {})
    with pytest.raises(KeyError):
        store.get("cards", name)


def test_a_wallet_is_made_once_and_with_a_pin_of_some_length(folder):
    with pytest.raises(ConfigurationError):
        keystore.create(folder, "123")
    assert not keystore.exists(folder)
    keystore.open_or_create(folder, PIN)
    with pytest.raises(ConfigurationError):
        keystore.create(folder, PIN)
    assert keystore.open_or_create(folder, PIN).ids("cards") == []


@pytest.mark.parametrize("header", [b"", b"{}", b'{"version":2,"kdf":"scrypt"}'])
def test_a_folder_of_something_else_is_no_wallet(folder, header):
    folder.mkdir()
    (folder / keystore.HEADER).write_bytes(header)
    with pytest.raises(ConfigurationError):
        keystore.unlock(folder, PIN)
