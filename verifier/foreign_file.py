"""A file that somebody wants to know about, read while what opens it is already starting.

Imports nothing that is slow: the child and the command load at the same time.
"""

from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen
from typing import Final, Self

from vckit.errors import ConfigurationError
from vckit.sealed_pdf import kinds, opening
from vckit.sealed_pdf.opening import Opened

MAX_BYTES: Final = opening.MAX_BYTES


@dataclass(frozen=True)
class ForeignFile:
    """Its bytes, and for a PDF the process that waits to open it."""

    content: bytes
    _child: Popen[bytes] | None = field(default=None, repr=False)

    @classmethod
    def read(cls, path: Path) -> Self:
        """The file at `path`; ConfigurationError where it can't be read or is too large."""
        try:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise ConfigurationError("the file cannot be read") from error
        if len(content) > MAX_BYTES:
            raise ConfigurationError("the file is larger than 10 MiB")
        is_pdf = kinds.kind_of(content) == kinds.PDF
        return cls(content, opening.start_child() if is_pdf else None)

    @property
    def kind(self) -> str:
        """What it seems to be; see `vckit.sealed_pdf.kinds`."""
        return kinds.kind_of(self.content)

    def opened(self, time_stamp_certificates: Path | None) -> Opened:
        """The PDF that it is, once; see `opening.open_sealed`."""
        return opening.open_sealed(
            self.content, time_stamp_certificates=time_stamp_certificates, child=self._child
        )

    def close(self) -> None:
        """End what was started for it and not used."""
        if self._child is not None:
            self._child.kill()
            self._child.communicate()
