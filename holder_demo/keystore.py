"""A wallet's folder: every record is a file of its own, sealed with a key made from the PIN.

The key is scrypt (RFC 7914) of the PIN; a record is sealed with AES-256-GCM under a fresh nonce,
and its kind and id are authenticated with it, so that files cannot be swapped for each other.
A short PIN resists guessing only as long as nobody copies the folder: this is a demo wallet,
a real one keeps its key in hardware.
"""

import contextlib
import hashlib
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from vckit import encoding, strict_json
from vckit.errors import ConfigurationError, ParsingError

HEADER = "keystore.json"
MINIMUM_PIN = 4
_COST = {"n": 32_768, "r": 8, "p": 1}
_SCRYPT_MEMORY = 67_108_864
_NONCE_BYTES = 12
_CHECK = ("check", "pin")


class WrongPinError(ConfigurationError):
    """The PIN does not open this wallet."""


@dataclass(frozen=True)
class Keystore:
    """An opened wallet folder. Records are JSON objects under a kind and an id."""

    folder: Path
    key: bytes

    def put(self, kind: str, record_id: str, record: Mapping[str, Any]) -> None:
        """Write a record, replacing one of the same kind and id; it is on disk on return."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = AESGCM(self.key).encrypt(nonce, strict_json.dumps(record), _name(kind, record_id))
        _write(self._path(kind, record_id), nonce + sealed)

    def get(self, kind: str, record_id: str) -> dict[str, Any]:
        """Give one record; KeyError when there is none, ConfigurationError when it was damaged."""
        path = self._path(kind, record_id)
        if not path.is_file():
            raise KeyError(record_id)
        return self._open(path.read_bytes(), _name(kind, record_id))

    def ids(self, kind: str) -> list[str]:
        """Give the ids of all records of a kind, sorted."""
        return sorted(path.stem for path in (self.folder / kind).glob("*.sealed"))

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Give all records of a kind."""
        return [self.get(kind, record_id) for record_id in self.ids(kind)]

    def delete(self, kind: str, record_id: str) -> None:
        """Remove a record; one that is not there is no error."""
        self._path(kind, record_id).unlink(missing_ok=True)

    def _path(self, kind: str, record_id: str) -> Path:
        if not (kind.isidentifier() and record_id.isalnum() and record_id.isascii()):
            raise KeyError(record_id)
        return self.folder / kind / f"{record_id}.sealed"

    def _open(self, data: bytes, name: bytes) -> dict[str, Any]:
        try:
            opened = AESGCM(self.key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], name)
        except (InvalidTag, ValueError):
            raise ConfigurationError("a file of the wallet is damaged") from None
        return strict_json.loads_object(opened, _LIMITS)


# A stored card carries its credential as one string, and twice what that says.
_LIMITS = strict_json.Limits(string=8_388_608, members=200_000)


def exists(folder: Path) -> bool:
    """Tell whether the folder holds a wallet."""
    return (folder / HEADER).is_file()


def create(folder: Path, pin: str) -> Keystore:
    """Make a wallet in an empty or new folder; ConfigurationError when one stands there."""
    if exists(folder):
        raise ConfigurationError("the folder already holds a wallet")
    if len(pin) < MINIMUM_PIN:
        raise ConfigurationError("the PIN is too short")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    salt = secrets.token_bytes(16)
    keystore = Keystore(folder, _derive(pin, salt, _COST))
    keystore.put(*_CHECK, {})
    header = {"version": 1, "kdf": "scrypt", **_COST, "salt": encoding.b64url_encode(salt)}
    _write(folder / HEADER, strict_json.dumps(header))
    return keystore


def unlock(folder: Path, pin: str) -> Keystore:
    """Open a wallet; WrongPinError for another PIN, ConfigurationError when there is no wallet."""
    header = _read_header(folder)
    keystore = Keystore(folder, _derive(pin, encoding.b64url_decode(header["salt"]), header))
    try:
        keystore.get(*_CHECK)
    except ConfigurationError:
        raise WrongPinError("the PIN does not open this wallet") from None
    return keystore


def open_or_create(folder: Path, pin: str) -> Keystore:
    """Open the wallet of the folder, or make it there."""
    return unlock(folder, pin) if exists(folder) else create(folder, pin)


def _read_header(folder: Path) -> dict[str, Any]:
    try:
        header = strict_json.loads_object((folder / HEADER).read_bytes())
    except (OSError, ParsingError):
        raise ConfigurationError("the folder holds no wallet that can be read") from None
    if header.get("version") != 1 or header.get("kdf") != "scrypt":
        raise ConfigurationError("the wallet was made by another version")
    return header


def _derive(pin: str, salt: bytes, cost: Mapping[str, Any]) -> bytes:
    return hashlib.scrypt(
        pin.encode(),
        salt=salt,
        n=cost["n"],
        r=cost["r"],
        p=cost["p"],
        maxmem=_SCRYPT_MEMORY,
        dklen=32,
    )


def _name(kind: str, record_id: str) -> bytes:
    return f"{kind}/{record_id}".encode()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")  # opens it 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
