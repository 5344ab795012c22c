"""Disclosures and their digests (RFC 9901 sections 4.1.1 and 4.2)."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vckit import strict_json
from vckit.encoding import b64url_decode, b64url_encode
from vckit.errors import MalformedValueError, PolicyLimitError

Path = tuple[str | int, ...]

# The hash names of 4.1.1 that we take; the default where a payload names none is sha-256.
HASHES: Final[dict[str, Callable[[bytes], "hashlib._Hash"]]] = {
    "sha-256": hashlib.sha256,
    "sha-384": hashlib.sha384,
    "sha-512": hashlib.sha512,
}
DEFAULT_HASH: Final = "sha-256"
MAX_DISCLOSURES: Final = 2_000
MAX_DISCLOSURE_CHARACTERS: Final = 131_072
MAX_DEPTH: Final = 32
# Names that only carry digests (4.1 rule 7) or the hash algorithm (4.1.1).
RESERVED_NAMES: Final = frozenset({"_sd", "...", "_sd_alg"})


@dataclass(frozen=True)
class Disclosure:
    """Salt, claim name (None for an array element) and value, with the text that is hashed."""

    encoded: str
    salt: str
    name: str | None
    value: Any


def hash_name(claims: Mapping[str, Any]) -> str:
    """The `_sd_alg` of a payload (4.1.1); an unknown one raises MalformedValueError."""
    name = claims.get("_sd_alg", DEFAULT_HASH)
    if not isinstance(name, str) or name not in HASHES:
        raise MalformedValueError("_sd_alg names no supported hash algorithm")
    return name


def digest(text: str, algorithm: str) -> str:
    """Base64url digest over the US-ASCII bytes of an encoded disclosure or SD-JWT (4.2.3)."""
    return b64url_encode(HASHES[algorithm](text.encode("ascii")).digest())


def parse(encoded: str) -> Disclosure:
    """Read one disclosure of two (4.2.2) or three (4.2.1) elements."""
    if len(encoded) > MAX_DISCLOSURE_CHARACTERS:
        raise PolicyLimitError("a disclosure is too long")
    elements = strict_json.loads(b64url_decode(encoded))
    if not isinstance(elements, list) or len(elements) not in {2, 3}:
        raise MalformedValueError("a disclosure is not an array of two or three elements")
    salt, *middle, value = elements
    if not all(isinstance(text, str) for text in (salt, *middle)):
        raise MalformedValueError("salt and claim name of a disclosure are strings")
    return Disclosure(encoded, salt, middle[0] if middle else None, value)


def create(salt: str, name: str | None, value: object) -> Disclosure:
    """Make the disclosure of an object property, or of an array element when `name` is None."""
    elements = [salt, value] if name is None else [salt, name, value]
    return Disclosure(b64url_encode(strict_json.dumps(elements)), salt, name, value)
