"""Files that only the service itself may read, on this host's disk (security.md O08, O17, O19)."""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from vckit.errors import ConfigurationError
from vckit.keys import ES256, PrivateKey

KEY_BYTES: Final = 32
# WAL needs memory that is shared between the processes, thus one host (sqlite.org/wal.html 1).
NETWORK_FILE_SYSTEMS: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs"}
)


def load_key(path: Path, what: str) -> bytes:
    """Read a key of 32 raw bytes from a file that only its owner may read.

    `what` names the setting in a ConfigurationError, here and below.
    """
    require_private(path, what)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ConfigurationError(f"{what} is not 32 bytes")
    return key


def write_private(path: Path, data: bytes, what: str) -> None:
    """Make a file, and its folder, for the owner only; ConfigurationError when it exists."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError:
        raise ConfigurationError(f"{what} cannot be written") from None
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


def make_key(path: Path, what: str) -> bool:
    """Make what `load_key` reads where it is absent; tells whether it did."""
    if path.exists():
        return False
    write_private(path, secrets.token_bytes(KEY_BYTES), what)
    return True


def make_signing_key(uri: str, what: str, algorithm: str = ES256) -> bool:
    """Make the key of a `file:` URI where it is absent; tells whether it did.

    Keys that live elsewhere are made where they live.
    """
    scheme, _colon, path = uri.partition(":")
    if scheme != "file" or Path(path).exists():
        return False
    write_private(Path(path), PrivateKey.generate(algorithm).to_pem(), what)
    return True


def require_private(path: Path, what: str) -> None:
    """Refuse (ConfigurationError) a file that is absent, another user's or open to others."""
    try:
        found = path.stat()
    except OSError:
        raise ConfigurationError(f"{what} cannot be found or read") from None
    if found.st_mode & 0o077:
        raise ConfigurationError(f"{what} has a mode wider than 0600")
    if found.st_uid != os.geteuid():
        raise ConfigurationError(f"{what} belongs to another user than the one who runs this")


def require_local(path: Path) -> None:
    """Refuse (ConfigurationError) a database on a network file system."""
    if _file_system(path.resolve()) in NETWORK_FILE_SYSTEMS:
        raise ConfigurationError("the database lies on a network file system")


def _file_system(path: Path) -> str:
    """Type of the deepest mount above `path` (proc(5), mountinfo); "" where it is not told."""
    deepest, kind = -1, ""
    with suppress(OSError):
        for line in Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines():
            before, _, after = line.partition(" - ")
            mount = Path(before.split(" ")[4].replace("\\040", " "))
            if path.is_relative_to(mount) and len(mount.parts) >= deepest:
                deepest, kind = len(mount.parts), after.split(" ")[0]
    return kind
