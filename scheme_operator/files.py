"""The operator's files: drafts, signed schemes, entries and keys."""

import json
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vckit import strict_json
from vckit.adapters.private_files import write_private
from vckit.errors import ConfigurationError, KitError, VerificationError
from vckit.keys import PrivateKey, PublicKey
from vckit.trust import MAX_BYTES, unverified_payload

LIMITS = strict_json.Limits(string=MAX_BYTES)


class FileRefusedError(KitError):
    """A file is not what the command needs; the text tells which and why."""


def read(path: Path) -> bytes:
    """The bytes of a file, or of standard input for `-`."""
    if str(path) == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        return path.read_bytes()
    except OSError:
        raise FileRefusedError(f"{path} cannot be read") from None


def read_object(path: Path) -> dict[str, Any]:
    """A JSON object: a draft or an entry."""
    try:
        return strict_json.loads_object(read(path), LIMITS)
    except VerificationError:
        raise FileRefusedError(f"{path} is no JSON object") from None


def is_signed(content: bytes) -> bool:
    """Tell a signed scheme from a draft."""
    try:
        return "signatures" in strict_json.loads_object(content, LIMITS)
    except VerificationError:
        return False


def payload_of(path: Path) -> dict[str, Any]:
    """What a draft or a signed scheme says; nobody vouches for it."""
    content = read(path)
    return unverified_payload(content) if is_signed(content) else read_object(path)


def write_draft(path: Path, payload: Mapping[str, Any]) -> None:
    """Write a draft so that a person can read it."""
    text = json.dumps(payload, ensure_ascii=False, indent=2)
    replace(path, f"{text}\n".encode())


def replace(path: Path, content: bytes) -> None:
    """Write a file whole: who reads it meanwhile sees the one before or this one."""
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        raise FileRefusedError(f"{path} cannot be written") from None


def make_key(path: Path, algorithm: str) -> Path:
    """Make an operator's key (0600) and beside it the public key that services are given."""
    key = PrivateKey.generate(algorithm)
    public = path.with_suffix(".jwk.json")
    if public.exists():
        raise FileRefusedError(f"{public} exists already")
    write_private(path, key.to_pem(), str(path))
    replace(public, strict_json.dumps(key.public.to_jwk()))
    return public


def public_keys(paths: Sequence[Path]) -> list[PublicKey]:
    """The public keys of the operators."""
    return [_public_key(path) for path in paths]


def _public_key(path: Path) -> PublicKey:
    try:
        return PublicKey.from_jwk(read_object(path))
    except (ConfigurationError, VerificationError):
        raise FileRefusedError(f"{path} is no public JWK") from None
