"""Whether an anchor of the trust list vouches for the leaf of a chain.

This follows RFC 5280 6.1 as far as short chains of issuing certificates need it; a critical
extension that is not understood is a refusal.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import ExtensionOID

from vckit.errors import UntrustedIssuerError
from vckit.x509.certificate import MAX_CHAIN, Certificate, digest, extension, extensions

_RSA_BITS = range(2048, 4097)
_RSA_EXPONENT = 65537
_DIGESTS = ("sha256", "sha384", "sha512")
_UNDERSTOOD = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
    }
)


def anchor_of(chain: Sequence[Certificate], anchors: Collection[str]) -> str:
    """Give the digest of the chain's first trusted certificate, else UntrustedIssuerError."""
    for certificate in chain:
        if (found := digest(certificate)) in anchors:
            return found
    raise UntrustedIssuerError("No certificate of the chain is trusted.")


def verify_chain(chain: Sequence[Certificate], anchors: Collection[str], now: int) -> Certificate:
    """Give the leaf that an anchor vouches for, else UntrustedIssuerError.

    `anchors` are `digest`s of trusted leaves and issuing authorities; every certificate from the
    leaf up to the first anchor must hold at `now` (RFC 5280 6.1.3 and 6.1.4).
    """
    if not 1 <= len(chain) <= MAX_CHAIN:
        raise UntrustedIssuerError("There is no chain of 1 to 5 certificates.")
    depth = [digest(one) for one in chain].index(anchor_of(chain, anchors))
    _check_leaf(chain[0], now)
    for below in range(depth):
        _check_authority(chain[below + 1], now, intermediates=below)
        _check_issued(chain[below], chain[below + 1])
    return chain[0]


def _check_leaf(leaf: Certificate, now: int) -> None:
    _check_moment(leaf, now)
    constraints = extension(leaf, x509.BasicConstraints)
    if constraints is not None and constraints.ca:
        raise UntrustedIssuerError("The leaf is the certificate of an authority.")
    usage = extension(leaf, x509.KeyUsage)
    if usage is None or not usage.digital_signature:
        raise UntrustedIssuerError("The leaf is not for digital signatures.")


def _check_authority(certificate: Certificate, now: int, *, intermediates: int) -> None:
    """RFC 5280 6.1.4 (k) to (n): it may certify, with so many authorities below it."""
    _check_moment(certificate, now)
    constraints = extension(certificate, x509.BasicConstraints)
    if constraints is None or not constraints.ca:
        raise UntrustedIssuerError("An issuer in the chain is no authority.")
    if constraints.path_length is not None and constraints.path_length < intermediates:
        raise UntrustedIssuerError("The chain is longer than an authority allows.")
    usage = extension(certificate, x509.KeyUsage)
    if usage is None or not usage.key_cert_sign:
        raise UntrustedIssuerError("An issuer in the chain may not sign certificates.")


def _check_moment(certificate: Certificate, now: int) -> None:
    """RFC 5280 6.1.3 (a)(2), and 4.2: an unknown critical extension is a refusal."""
    begins = certificate.not_valid_before_utc.timestamp()
    if not begins <= now <= certificate.not_valid_after_utc.timestamp():
        raise UntrustedIssuerError("A certificate of the chain is not valid now.")
    if any(one.critical and one.oid not in _UNDERSTOOD for one in extensions(certificate)):
        raise UntrustedIssuerError("A certificate has an unknown critical extension.")


@lru_cache(maxsize=512)
def _check_issued(certificate: Certificate, issuer: Certificate) -> None:
    """RFC 5280 6.1.3 (a)(1) and (4). Remembered: two certificates never change; a refusal is not.

    Keys are judged first, since the chain is a stranger's until its anchor is reached.
    """
    try:
        _check_digest(certificate)
        _check_authority_key(issuer)
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, UnsupportedAlgorithm, TypeError, ValueError):
        raise UntrustedIssuerError("A certificate is not signed by the next one.") from None


def _check_digest(certificate: Certificate) -> None:
    algorithm = certificate.signature_hash_algorithm
    if algorithm is not None and algorithm.name not in _DIGESTS:
        raise UntrustedIssuerError("A certificate is signed over a weak digest.")


def _check_authority_key(issuer: Certificate) -> None:
    key = issuer.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        if key.key_size not in _RSA_BITS or key.public_numbers().e != _RSA_EXPONENT:
            raise UntrustedIssuerError("The key of an authority has an unsafe size or exponent.")
    elif not isinstance(key, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey):
        raise UntrustedIssuerError("The key of an authority is of an unknown kind.")
