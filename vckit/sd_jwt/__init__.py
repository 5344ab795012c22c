"""SD-JWT with key binding, after RFC 9901: issue, present, verify. Compact form only."""

from vckit.sd_jwt.disclosure import Disclosure, Path
from vckit.sd_jwt.issuance import issue, random_salt
from vckit.sd_jwt.presentation import UnverifiedSdJwt, bind, disclosures_by_path, parse, present
from vckit.sd_jwt.verification import (
    KeyBindingExpectation,
    ProvenSdJwt,
    Validity,
    verify,
)

__all__ = [
    "Disclosure",
    "KeyBindingExpectation",
    "Path",
    "ProvenSdJwt",
    "UnverifiedSdJwt",
    "Validity",
    "bind",
    "disclosures_by_path",
    "issue",
    "parse",
    "present",
    "random_salt",
    "verify",
]
