"""X.509 certificates: reading them, judging a chain against anchors, making some for the demo."""

from vckit.x509.certificate import (
    DEMO_PREFIX,
    MAX_CHAIN,
    Certificate,
    authority_key_identifier,
    digest,
    dns_names,
    is_of_a_demo,
    load_pem_chain,
    parse_x5c,
    public_key,
    to_pem,
    to_x5c,
    uris,
)
from vckit.x509.chain import anchor_of, verify_chain
from vckit.x509.creation import create_authority, create_leaf, create_root

__all__ = [
    "DEMO_PREFIX",
    "MAX_CHAIN",
    "Certificate",
    "anchor_of",
    "authority_key_identifier",
    "create_authority",
    "create_leaf",
    "create_root",
    "digest",
    "dns_names",
    "is_of_a_demo",
    "load_pem_chain",
    "parse_x5c",
    "public_key",
    "to_pem",
    "to_x5c",
    "uris",
    "verify_chain",
]
