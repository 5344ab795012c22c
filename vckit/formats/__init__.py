"""The credential formats, each one module."""

from typing import Final

from vckit.formats import dc_sd_jwt
from vckit.formats.credential import Format, ProvenCredential, UnverifiedIssuer

FORMATS: Final[dict[str, Format]] = {
    dc_sd_jwt.FORMAT: dc_sd_jwt,
}

__all__ = ["FORMATS", "Format", "ProvenCredential", "UnverifiedIssuer"]
