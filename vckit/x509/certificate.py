"""Reading certificates: keys, names, identifiers, and the two forms in which chains travel."""

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.oid import NameOID

from vckit.encoding import b64_decode, b64_encode, b64url_encode, sha256_b64url
from vckit.errors import (
    ConfigurationError,
    CryptographicSecurityError,
    MalformedValueError,
    ParsingError,
    UntrustedIssuerError,
)
from vckit.keys import PublicKey

Certificate = x509.Certificate
Extension = TypeVar("Extension", bound=x509.ExtensionType)

MAX_CHAIN = 5
MAX_CERTIFICATE = 8_192  # octets of DER, as much as a header may have

# How the authorities of a demo are called (row T13).
DEMO_PREFIX = "Demo-"

# Whatever the library raises for what it cannot read; its warning counts where warnings are errors.
_UNREADABLE = (
    ValueError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
    CryptographyDeprecationWarning,
)


@lru_cache(maxsize=512)
def digest(certificate: Certificate) -> str:
    """Give the base64url SHA-256 of the DER, as the scheme lists it."""
    return sha256_b64url(der(certificate))


def public_key(certificate: Certificate) -> PublicKey:
    """Give the certified key; one of another kind raises CryptographicSecurityError."""
    try:
        return PublicKey.from_raw(certificate.public_key())
    except (ValueError, UnsupportedAlgorithm):
        raise CryptographicSecurityError("The key of the certificate cannot be read.") from None


def uris(certificate: Certificate) -> tuple[str, ...]:
    """Give the URIs of the subject alternative name."""
    names = extension(certificate, x509.SubjectAlternativeName)
    return tuple(names.get_values_for_type(x509.UniformResourceIdentifier)) if names else ()


def dns_names(certificate: Certificate) -> tuple[str, ...]:
    """Give the DNS names of the subject alternative name."""
    names = extension(certificate, x509.SubjectAlternativeName)
    return tuple(names.get_values_for_type(x509.DNSName)) if names else ()


def is_of_a_demo(certificate: Certificate) -> bool:
    """Tell whether an authority of a demo made it."""
    names = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    return any(str(name.value).startswith(DEMO_PREFIX) for name in names)


def authority_key_identifier(certificate: Certificate) -> str:
    """Give the key identifier of the issuer in base64url (OpenID4VP 6.1.1.1)."""
    found = extension(certificate, x509.AuthorityKeyIdentifier)
    if found is None or found.key_identifier is None:
        raise MalformedValueError("The certificate names no authority key.")
    return b64url_encode(found.key_identifier)


def parse_x5c(x5c: object) -> tuple[Certificate, ...]:
    """Read an `x5c` header (RFC 7515 4.1.6): 1 to 5 strings of standard base64 of DER, leaf first.

    MalformedValueError for another shape, ParsingError for what is no certificate.
    """
    if not isinstance(x5c, list) or not all(isinstance(one, str) for one in x5c):
        raise MalformedValueError("The x5c header is no list of strings.")
    if not 1 <= len(x5c) <= MAX_CHAIN:
        raise MalformedValueError("The x5c header holds no chain of 1 to 5 certificates.")
    if max(map(len, x5c)) > MAX_CERTIFICATE * 4 // 3 + 4:
        raise MalformedValueError("A certificate of the x5c header is too large.")
    return tuple(_load(b64_decode(one)) for one in x5c)


def to_x5c(chain: Sequence[Certificate]) -> list[str]:
    """Give the `x5c` header of a chain."""
    return [b64_encode(der(one)) for one in chain]


def load_pem_chain(pem: bytes) -> tuple[Certificate, ...]:
    """Read our own chain, leaf first; else ConfigurationError."""
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except ValueError:
        raise ConfigurationError("A certificate file holds no PEM certificates.") from None


def to_pem(chain: Sequence[Certificate]) -> bytes:
    """Give the PEM of a chain."""
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain)


def der(certificate: Certificate) -> bytes:
    """Give the DER encoding."""
    return certificate.public_bytes(serialization.Encoding.DER)


def extensions(certificate: Certificate) -> x509.Extensions:
    """Give all extensions; malformed ones raise UntrustedIssuerError."""
    try:
        return certificate.extensions
    except _UNREADABLE:
        raise UntrustedIssuerError("The extensions of a certificate cannot be read.") from None


def extension(certificate: Certificate, kind: type[Extension]) -> Extension | None:
    """Give the extension of this kind, None when there is none."""
    for found in extensions(certificate):
        if isinstance(found.value, kind):
            return found.value
    return None


@lru_cache(maxsize=512)
def _load(data: bytes) -> Certificate:
    """Read DER; remembered, since a few issuers sign everything and certificates never change."""
    try:
        certificate = x509.load_der_x509_certificate(data)
    except _UNREADABLE:
        raise ParsingError("This is no certificate.") from None
    # RFC 5280 4.1.2.2: the library only warns about a serial number that is not positive.
    if certificate.serial_number <= 0 or der(certificate) != data:
        raise ParsingError("The certificate is not as RFC 5280 encodes it.")
    # RFC 5280 4.1.1.3: the library reads a BIT STRING with unused bits as if it had none, so the
    # same signature would stand in two certificates.
    if not data.endswith(b"\0" + certificate.signature):
        raise ParsingError("The signature of the certificate is no whole octets.")
    return certificate
