"""The Digital Credentials Query Language: OpenID4VP 1.0 sections 6 and 7.

`parse` reads a query, `match` answers it for a wallet, `check` judges an answer for a verifier,
which never relies on the wallet's own matching (6.4.1, 14.9).
"""

from vckit.dcql.matching import (
    Answer,
    Candidate,
    Match,
    check,
    match,
    requested,
    unmet_sets,
)
from vckit.dcql.pointer import Path, Pointer, select
from vckit.dcql.query import (
    FORMATS,
    ClaimsQuery,
    CredentialQuery,
    CredentialSetQuery,
    FormatRules,
    Query,
    TrustedAuthorities,
    parse,
)

__all__ = [
    "FORMATS",
    "Answer",
    "Candidate",
    "ClaimsQuery",
    "CredentialQuery",
    "CredentialSetQuery",
    "FormatRules",
    "Match",
    "Path",
    "Pointer",
    "Query",
    "TrustedAuthorities",
    "check",
    "match",
    "parse",
    "requested",
    "select",
    "unmet_sets",
]
