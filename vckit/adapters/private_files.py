"""Files that only the service itself may read, on this host's disk (security.md O08, O17, O19)."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from vckit.errors import ConfigurationError

KEY_BYTES: Final = 32
# WAL needs memory that is shared between the processes, thus one host (sqlite.org/wal.html 1).
NETWORK_FILE_SYSTEMS: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs"}
)


def load_key(path: Path) -> bytes:
    """Read a key of 32 raw bytes from a file that only its owner may read."""
    require_private(path, "the database key")
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise ConfigurationError("the database key is not 32 bytes")
    return key


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
