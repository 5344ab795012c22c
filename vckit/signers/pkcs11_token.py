"""Keys that never leave their token (PKCS #11): an HSM, a smart card, or SoftHSM.

A session belongs to the process that opened it (PKCS #11 2.40, 2.5.3): a worker that was forked
opens its own. What fails is tried once more with a new session, since tokens get restarted.
"""

import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import pkcs11
from pkcs11 import Attribute, KeyType, Mechanism, ObjectClass
from pkcs11.exceptions import PKCS11Error, UserAlreadyLoggedIn

from vckit.encoding import b64url_encode
from vckit.errors import ConfigurationError, KitError
from vckit.keys import EDDSA, ES256, PublicKey
from vckit.signers.pkcs11_uri import TokenKey

_SIZE: Final = 32
# Before each new attempt, in seconds: workers that start together can be in each other's way.
_PAUSES: Final = (0, 0.1, 0.5)
_P256: Final = bytes.fromhex("06082a8648ce3d030107")  # the OID, DER (RFC 5480 2.1.1.1)
_POINT: Final = b"\x04\x41\x04"  # OCTET STRING of an uncompressed point (PKCS #11 2.40, 2.3.3)
_EDWARDS: Final = b"\x04\x20"  # OCTET STRING of 32 octets


class TokenError(KitError):
    """The token does not sign now; nothing was signed."""


class _Modules:
    """The modules of this process: loaded once, and begun anew after a fork or a failure."""

    def __init__(self) -> None:
        self.lock: Final = threading.RLock()
        self._begun: dict[str, int] = {}

    def begun(self, path: str, *, anew: bool = False) -> Any:
        """The module, initialised in this very process."""
        module = pkcs11.lib(path)
        inherited = self._begun.get(path, os.getpid()) != os.getpid()
        if inherited or anew:
            _begin_anew(module)
        self._begun[path] = os.getpid()
        return module


def _begin_anew(module: Any) -> None:
    # In a forked process nothing was begun yet; then there is nothing to end.
    with suppress(PKCS11Error):
        module.finalize()
    module.initialize()


_MODULES: Final = _Modules()


@dataclass
class _Connection:
    """The private key in a session of one process."""

    process: int
    key: Any


@dataclass
class TokenSigner:
    """The Signer of one key in a token."""

    public_key: PublicKey
    _where: TokenKey
    _connection: _Connection = field(repr=False)

    @classmethod
    def open(cls, where: TokenKey) -> "TokenSigner":
        """Find the key; ConfigurationError tells what of its address is wrong."""
        for pause in _PAUSES[:-1]:
            time.sleep(pause)
            with suppress(ConfigurationError):
                return cls._found(where)
        time.sleep(_PAUSES[-1])
        return cls._found(where)

    @classmethod
    def _found(cls, where: TokenKey) -> "TokenSigner":
        with _MODULES.lock:
            session = _session(where)
            public = _public_key(session, where)
            return cls(public, where, _Connection(os.getpid(), _private_key(session, where)))

    @property
    def algorithm(self) -> str:
        """Give "ES256" or "EdDSA"."""
        return self.public_key.algorithm

    def sign(self, data: bytes) -> bytes:
        """Give the JWS form of the signature: 64 octets. Raises TokenError."""
        with _MODULES.lock:
            if self._connection.process == os.getpid():
                with suppress(PKCS11Error):
                    return self._signed(data)
            for pause in _PAUSES:
                time.sleep(pause)
                with suppress(PKCS11Error, ConfigurationError):
                    # First a new session alone: beginning anew ends those of other keys.
                    return self._signed_by_new_session(data, anew=pause > 0)
        raise TokenError("The token does not sign now.")

    def _signed_by_new_session(self, data: bytes, *, anew: bool) -> bytes:
        key = _private_key(_session(self._where, anew=anew), self._where)
        self._connection = _Connection(os.getpid(), key)
        return self._signed(data)

    def _signed(self, data: bytes) -> bytes:
        key = self._connection.key
        if self.algorithm == EDDSA:
            signature = key.sign(data, mechanism=Mechanism.EDDSA)
        else:
            signature = key.sign(sha256(data).digest(), mechanism=Mechanism.ECDSA)
        return bytes(signature)


def open_key(rest: str, _base: Path) -> TokenSigner:
    """The signer of a PKCS #11 URI without its scheme; ConfigurationError."""
    return TokenSigner.open(TokenKey.parse(rest))


def _session(where: TokenKey, *, anew: bool = False) -> Any:
    try:
        token = _token(_MODULES.begun(where.module, anew=anew), where)
        try:
            return token.open(user_pin=where.pin())
        except UserAlreadyLoggedIn:
            # Log-in is of a process and a token, not of a session (PKCS #11 2.40, 2.5.4).
            return token.open()
    except PKCS11Error:
        raise ConfigurationError("The token cannot be opened: see its module and PIN.") from None


def _token(module: Any, where: TokenKey) -> Any:
    serial = where.serial.encode() if where.serial is not None else None
    found = list(module.get_tokens(token_label=where.token, token_serial=serial))
    if len(found) != 1:
        raise ConfigurationError("There must be one token of that name.")
    return found[0]


def _private_key(session: Any, where: TokenKey) -> Any:
    return _only(session, where, ObjectClass.PRIVATE_KEY)


def _public_key(session: Any, where: TokenKey) -> PublicKey:
    """The key beside the private one, in the only two kinds that sign here."""
    found = _only(session, where, ObjectClass.PUBLIC_KEY)
    kind, point = found[Attribute.KEY_TYPE], bytes(found[Attribute.EC_POINT])
    if kind == KeyType.EC and bytes(found[Attribute.EC_PARAMS]) == _P256:
        return _p256(point)
    if kind == KeyType.EC_EDWARDS and point.startswith(_EDWARDS):
        x = b64url_encode(point.removeprefix(_EDWARDS))
        return PublicKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": x, "alg": EDDSA})
    raise ConfigurationError("The key in the token is neither P-256 nor Ed25519.")


def _p256(point: bytes) -> PublicKey:
    octets = point.removeprefix(_POINT)
    x, y = b64url_encode(octets[:_SIZE]), b64url_encode(octets[_SIZE:])
    return PublicKey.from_jwk({"kty": "EC", "crv": "P-256", "x": x, "y": y, "alg": ES256})


def _only(session: Any, where: TokenKey, kind: ObjectClass) -> Any:
    wanted = {Attribute.CLASS: kind, Attribute.LABEL: where.label, Attribute.ID: where.id}
    template = {name: value for name, value in wanted.items() if value is not None}
    found = list(session.get_objects(template))
    if len(found) != 1:
        raise ConfigurationError("There must be one key of that name in the token.")
    return found[0]
