"""Where a private key lives: a key URI is opened once and signs from then on.

Adding a place is one function and one line in SCHEMES.
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from vckit.errors import ConfigurationError
from vckit.keys import PrivateKey, PublicKey
from vckit.published import require_secret

_OTHERS = 0o7777 & ~0o600  # whatever more than read and write for the owner


class Signer(Protocol):
    """Signs with one key and one algorithm, wherever the key is."""

    @property
    def algorithm(self) -> str:
        """Give "ES256" or "EdDSA"."""
        ...

    @property
    def public_key(self) -> PublicKey:
        """Give the key that verifies."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Give the JWS form of the signature: 64 octets."""
        ...


def open_signer(uri: str, *, base: Path | None = None) -> Signer:
    """Open `scheme:rest`, e.g. "file:keys/seal.pem" below `base`; else ConfigurationError."""
    scheme, colon, rest = uri.partition(":")
    if not colon or scheme not in SCHEMES:
        raise ConfigurationError("A key URI begins with one of: " + ", ".join(SCHEMES) + ".")
    return SCHEMES[scheme](rest, base or Path())


def _open_file(path: str, base: Path) -> Signer:
    """Read a PEM that only its owner can read."""
    try:
        with (base / path).open("rb") as file:
            mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
            pem = file.read()
    except OSError:
        raise ConfigurationError("A key file cannot be read.") from None
    if mode & _OTHERS:
        raise ConfigurationError("A key file must have mode 0600.")
    key = PrivateKey.from_pem(pem)
    require_secret(key.public_key)
    return key


def _open_token(rest: str, base: Path) -> Signer:
    """A key in a token: the library is there only where `hsm` was installed."""
    try:
        from vckit.signers import pkcs11_token  # noqa: PLC0415
    except ModuleNotFoundError:
        raise ConfigurationError("For pkcs11: keys, install blauwe-knop[hsm].") from None
    return pkcs11_token.open_key(rest, base)


SCHEMES: dict[str, Callable[[str, Path], Signer]] = {"file": _open_file, "pkcs11": _open_token}
