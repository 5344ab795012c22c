"""The address of a key in a token: a PKCS #11 URI (RFC 7512), without its scheme.

`token=…;object=…?module-path=/…/module.so&pin-source=file:/…/pin`; `id`, `serial` and
`type=private` may stand there too. The PIN stands in a file, never in the settings.
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from urllib.parse import unquote_to_bytes

from vckit.errors import ConfigurationError

_PATH: Final = frozenset({"token", "serial", "object", "id", "type"})
_QUERY: Final = frozenset({"module-path", "pin-source"})
_OTHERS: Final = 0o077


@dataclass(frozen=True)
class TokenKey:
    """Which key of which token behind which module; None is any."""

    module: str
    token: str | None
    serial: str | None
    label: str | None
    id: bytes | None
    pin_file: Path

    @classmethod
    def parse(cls, rest: str) -> Self:
        """Read what follows `pkcs11:`; anything unclear raises ConfigurationError."""
        path, _, query = rest.partition("?")
        named, how = _attributes(path, ";", _PATH), _attributes(query, "&", _QUERY)
        if how.keys() != _QUERY:
            raise ConfigurationError("A pkcs11: URI needs module-path and pin-source.")
        if not {"token", "serial"} & named.keys() or not {"object", "id"} & named.keys():
            raise ConfigurationError("A pkcs11: URI needs token (or serial) and object (or id).")
        if named.get("type", b"private") != b"private":
            raise ConfigurationError("A pkcs11: URI for signing has type=private, or none.")
        module, pin_file = _file(_text(how["module-path"])), _file(_text(how["pin-source"]))
        if not (module.is_absolute() and pin_file.is_absolute()):
            raise ConfigurationError("module-path and pin-source of a pkcs11: URI are absolute.")
        return cls(
            module=str(module),
            token=_text(named.get("token")),
            serial=_text(named.get("serial")),
            label=_text(named.get("object")),
            id=named.get("id"),
            pin_file=pin_file,
        )

    def pin(self) -> str:
        """The PIN: the one line of its file, which only its owner may read."""
        try:
            with self.pin_file.open("rb") as file:
                mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
                pin = file.read().decode("utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            raise ConfigurationError("The pin-source of a key cannot be read.") from None
        if mode & _OTHERS:
            raise ConfigurationError("The pin-source of a key must have mode 0600.")
        return pin


def _attributes(text: str, separator: str, known: frozenset[str]) -> Mapping[str, bytes]:
    """RFC 7512 2.3: each name once; one that is not understood would change which key is meant."""
    pairs = [part.partition("=") for part in text.split(separator) if part]
    found = {name: unquote_to_bytes(value) for name, _, value in pairs}
    if len(found) != len(pairs) or not found.keys() <= known:
        raise ConfigurationError("A pkcs11: URI has an attribute twice, or one that is unknown.")
    return found


def _text(value: bytes | None) -> str | None:
    try:
        return None if value is None else value.decode("utf-8")
    except UnicodeDecodeError:
        raise ConfigurationError("An attribute of a pkcs11: URI is no UTF-8.") from None


def _file(source: str | None) -> Path:
    return Path((source or "").removeprefix("file://").removeprefix("file:"))
