"""Who takes part, and what each may state or ask: the signed scheme of wire.md.

Bytes in, a value out, no network. A scheme that can't be used is a `SchemeError`, a configuration
error: services keep the last good one or don't start; nothing ever falls back to trusting all.
"""

from vckit.trust.entry import build_entry
from vckit.trust.keeper import Kept, Memory, SchemeKeeper, require_real
from vckit.trust.memory import MIGRATION, DatabaseMemory
from vckit.trust.scheme import (
    ISSUER,
    VERIFIER,
    Document,
    Documents,
    Organisation,
    Scheme,
    SchemeError,
)
from vckit.trust.signed import (
    MAX_BYTES,
    TYP,
    add_signature,
    read_payload,
    sign_scheme,
    unverified_payload,
    verify_scheme,
)

__all__ = [
    "ISSUER",
    "MAX_BYTES",
    "MIGRATION",
    "TYP",
    "VERIFIER",
    "DatabaseMemory",
    "Document",
    "Documents",
    "Kept",
    "Memory",
    "Organisation",
    "Scheme",
    "SchemeError",
    "SchemeKeeper",
    "add_signature",
    "build_entry",
    "read_payload",
    "require_real",
    "sign_scheme",
    "unverified_payload",
    "verify_scheme",
]
