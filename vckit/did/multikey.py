"""Public keys as Multikey text: base58btc of a multicodec prefix and the key (CID 1.0 2.2.2)."""

from typing import Final

from vckit.encoding import base58btc_decode, base58btc_encode
from vckit.errors import (
    CryptographicSecurityError,
    InvalidVerificationMethodError,
    ParsingError,
)
from vckit.keys import EDDSA, ES256, PublicKey

# The varints of the multicodecs 0xed (ed25519-pub) and 0x1200 (p256-pub).
PREFIXES: Final[dict[str, bytes]] = {EDDSA: b"\xed\x01", ES256: b"\x80\x24"}


def encode(key: PublicKey) -> str:
    """Give "z6Mk…" for Ed25519 and "zDn…" for P-256, whose point is compressed."""
    return base58btc_encode(PREFIXES[key.algorithm] + key.compressed)


def decode(text: str) -> PublicKey:
    """Read a Multikey; another base, codec or length raises InvalidVerificationMethodError."""
    try:
        data = base58btc_decode(text)
        for algorithm, prefix in PREFIXES.items():
            if data.startswith(prefix):
                return PublicKey.from_compressed(algorithm, data.removeprefix(prefix))
    except (ParsingError, CryptographicSecurityError):
        raise InvalidVerificationMethodError("The Multikey is malformed or unsafe.") from None
    raise InvalidVerificationMethodError("The Multikey is neither P-256 nor Ed25519.")
