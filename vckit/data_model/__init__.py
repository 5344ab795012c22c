"""Verifiable Credentials Data Model 2.0 and 1.1, as far as a debt statement needs them."""

from vckit.data_model.credential import (
    EXPANDED_TYPES,
    TYPES,
    Credential,
    build_v2,
    build_v11,
    issuer_of,
    read,
)
from vckit.data_model.envelope import Envelope, random_id
from vckit.data_model.presentation import build_presentation, credentials_of, holder_of
from vckit.data_model.version import (
    DATA_INTEGRITY_V2,
    ED25519_2020,
    V2,
    V11,
    Version,
    version_of,
    version_of_presentation,
)

__all__ = [
    "DATA_INTEGRITY_V2",
    "ED25519_2020",
    "EXPANDED_TYPES",
    "TYPES",
    "V2",
    "V11",
    "Credential",
    "Envelope",
    "Version",
    "build_presentation",
    "build_v2",
    "build_v11",
    "credentials_of",
    "holder_of",
    "issuer_of",
    "random_id",
    "read",
    "version_of",
    "version_of_presentation",
]
