"""Signers: keys behind URIs."""

import pytest

from vckit.errors import ConfigurationError
from vckit.keys import ALGORITHMS, PrivateKey
from vckit.signers import SCHEMES, open_signer


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "key.pem"
    path.touch(mode=0o600)
    path.write_bytes(PrivateKey.generate("ES256").to_pem())
    return path


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_key_file_signs(tmp_path, algorithm):
    key = PrivateKey.generate(algorithm)
    path = tmp_path / "key.pem"
    path.touch(mode=0o600)
    path.write_bytes(key.to_pem())
    signer = open_signer(f"file:{path}")
    assert (signer.algorithm, signer.public_key) == (algorithm, key.public)
    signer.public_key.verify(signer.sign(b"data"), b"data")


def test_a_relative_path_is_below_the_base(key_file):
    assert open_signer("file:key.pem", base=key_file.parent) == open_signer(f"file:{key_file}")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o700, 0o610, 0o4600])
def test_a_file_that_others_can_use_is_refused(key_file, mode):
    key_file.chmod(mode)
    with pytest.raises(ConfigurationError, match="0600"):
        open_signer(f"file:{key_file}")


def test_a_file_that_its_owner_only_reads_is_fine(key_file):
    key_file.chmod(0o400)
    open_signer(f"file:{key_file}")


@pytest.mark.parametrize("uri", ["", "key.pem", "pkcs11:token=x", "FILE:key.pem", "http://a/k"])
def test_an_unknown_scheme_is_refused(uri):
    with pytest.raises(ConfigurationError):
        open_signer(uri)


def test_a_missing_or_broken_file_is_refused_without_its_content(key_file, tmp_path):
    with pytest.raises(ConfigurationError):
        open_signer(f"file:{tmp_path / 'none.pem'}")
    with pytest.raises(ConfigurationError):
        open_signer(f"file:{tmp_path}")
    key_file.write_bytes(b"secret words")
    with pytest.raises(ConfigurationError) as refused:
        open_signer(f"file:{key_file}")
    assert "secret" not in str(refused.value)


def test_the_places_of_keys_stand_in_one_dict():
    assert list(SCHEMES) == ["file", "pkcs11"]
