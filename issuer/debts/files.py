"""Files that are handed over: what identifies one, and that it stays the same while it is read."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from issuer.debts.dialect import Dialect
from issuer.debts.origin import Origin
from issuer.debts.table import FileRefusedError, Table

MAXIMUM_BYTES: Final = 1 << 30


class FileChangedError(FileRefusedError):
    """The file is not finished: somebody writes it while it is read. Later it may be good."""


class FileSource(ABC):
    """A source whose delivery is one file; its kinds tell how it becomes a table."""

    def __init__(self, origin: Origin, dialect: Dialect) -> None:
        self._path = origin.required_path()
        self._dialect = dialect
        self._digest = ""

    def digest(self) -> str:
        """SHA-256 of the file in hex; FileRefusedError when it cannot be read or is too large."""
        self._digest = self._digest or digest_of(self._path)
        return self._digest

    def table(self) -> AbstractContextManager[Table]:
        """The file as a table; FileRefusedError when it changed meanwhile or is not as declared."""
        return self._unchanged()

    @contextmanager
    def _unchanged(self) -> Iterator[Table]:
        before = self.digest()
        try:
            with self._opened(self._path, self._dialect) as table:
                yield table
        except OSError:
            raise FileRefusedError("the file cannot be read") from None
        if digest_of(self._path) != before:
            raise FileChangedError("the file changed while it was read")

    @abstractmethod
    def _opened(self, path: Path, dialect: Dialect) -> AbstractContextManager[Table]:
        """The file as a table, whatever happens to it meanwhile."""


def digest_of(path: Path) -> str:
    """SHA-256 of the file and, for a database, of the journal that belongs to it."""
    digest = sha256()
    if path.is_dir():
        raise FileRefusedError("the file is a folder")
    if not path.exists():
        raise FileRefusedError("the file does not exist")
    try:
        if path.stat().st_size > MAXIMUM_BYTES:
            raise FileRefusedError("the file is larger than 1 GiB")
        for part in (path, path.with_name(f"{path.name}-wal")):
            if part == path or part.exists():
                with part.open("rb") as handle:
                    while block := handle.read(1 << 20):
                        digest.update(block)
    except OSError:
        raise FileRefusedError("the file cannot be read") from None
    return digest.hexdigest()
