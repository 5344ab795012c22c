"""Keys and secrets on disk: for their owner only, never written over."""

import stat

import pytest

from vckit.adapters.private_files import load_key, make_key, make_signing_key, write_private
from vckit.errors import ConfigurationError
from vckit.signers import open_signer

KEY = bytes(range(32))


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_O17_a_key_file_is_private_and_32_bytes(tmp_path):
    file = tmp_path / "index.key"
    write_private(file, KEY, "index_key")
    assert load_key(file, "index_key") == KEY
    file.chmod(0o640)
    with pytest.raises(ConfigurationError, match="index_key has a mode wider than 0600"):
        load_key(file, "index_key")
    file.chmod(0o600)
    file.write_bytes(KEY[:-1])
    with pytest.raises(ConfigurationError, match="index_key is not 32 bytes"):
        load_key(file, "index_key")
    with pytest.raises(ConfigurationError, match="index_key cannot be found"):
        load_key(tmp_path / "absent", "index_key")


def test_O17_a_private_file_is_made_for_its_owner_with_its_folder(tmp_path):
    file = tmp_path / "keys" / "secret"
    write_private(file, b"geheim", "a secret")
    assert (mode(file), mode(file.parent)) == (0o600, 0o700)
    assert file.read_bytes() == b"geheim"


def test_a_private_file_is_never_written_over(tmp_path):
    file = tmp_path / "secret"
    write_private(file, b"geheim", "a secret")
    with pytest.raises(ConfigurationError, match="a secret cannot be written"):
        write_private(file, b"anders", "a secret")
    assert file.read_bytes() == b"geheim"


def test_a_key_is_made_once(tmp_path):
    file = tmp_path / "database.key"
    assert make_key(file, "database_key")
    made = load_key(file, "database_key")
    assert not make_key(file, "database_key")
    assert load_key(file, "database_key") == made


def test_a_signing_key_is_made_once_and_only_in_a_file(tmp_path):
    uri = f"file:{tmp_path / 'seal.pem'}"
    assert make_signing_key(uri, "document.signer")
    made = open_signer(uri).public_key
    assert not make_signing_key(uri, "document.signer")
    assert open_signer(uri).public_key == made
    assert not make_signing_key("pkcs11:token=zegel", "document.signer")
