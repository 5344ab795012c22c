"""Making certificates for the demo and the tests; a municipality gets its own from an authority."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID

from vckit.keys import ES256, PrivateKey, PublicKey
from vckit.x509.certificate import Certificate

_DAY = 86_400
_NAME_LENGTH = 64  # RFC 5280 appendix A, ub-common-name
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


def create_root(name: str, key: PrivateKey, *, now: int, days: int) -> Certificate:
    """Make a self-signed root that may certify authorities, valid from `now`."""
    subject = _name(name)
    builder = _builder(subject, subject, key.public, now, now + days * _DAY)
    return _signed(_as_authority(builder, path_length=1), key)


def create_authority(
    name: str,
    key: PrivateKey,
    *,
    now: int,
    days: int,
    root: tuple[Certificate, PrivateKey] | None = None,
) -> Certificate:
    """Make an authority that may certify leaves only, valid from `now`; without `root` self-signed.

    Chains leave a self-signed certificate out (HAIP 6.1.1), so one that travels needs a root.
    """
    subject = _name(name)
    issuer, signing_key = (root[0].subject, root[1]) if root else (subject, key)
    builder = _builder(subject, issuer, key.public, now, now + days * _DAY)
    if root:
        builder = builder.add_extension(_authority_identifier(root[0]), critical=False)
    return _signed(_as_authority(builder, path_length=0), signing_key)


def _as_authority(builder: x509.CertificateBuilder, *, path_length: int) -> x509.CertificateBuilder:
    constraints = x509.BasicConstraints(ca=True, path_length=path_length)
    usage = _usage("key_cert_sign", "crl_sign")
    return builder.add_extension(constraints, critical=True).add_extension(usage, critical=True)


def create_leaf(  # noqa: PLR0913  each argument is a field of the certificate
    name: str,
    public_key: PublicKey,
    *,
    authority: Certificate,
    authority_key: PrivateKey,
    uri: str | None = None,
    dns: Sequence[str] = (),
    now: int,
    days: int,
    seal: bool = False,
    purposes: Sequence[str] = (),
) -> Certificate:
    """Make a certificate for signing, valid from `now` but not longer than its authority.

    A `seal` may also sign documents (contentCommitment, once nonRepudiation); `purposes` are the
    dotted object identifiers of the extended key usage, none for any.
    """
    end = min(now + days * _DAY, int(authority.not_valid_after_utc.timestamp()))
    builder = _builder(_name(name), authority.subject, public_key, now, end)
    builder = builder.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    usages = ("digital_signature", "content_commitment") if seal else ("digital_signature",)
    builder = builder.add_extension(_usage(*usages), critical=True)
    builder = builder.add_extension(_authority_identifier(authority), critical=False)
    if names := [*_uri(uri), *map(x509.DNSName, dns)]:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if purposes:
        identifiers = map(x509.ObjectIdentifier, purposes)
        builder = builder.add_extension(x509.ExtendedKeyUsage(identifiers), critical=False)
    return _signed(builder, authority_key)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: PublicKey, now: int, end: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.raw)
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.fromtimestamp(now, UTC))
        .not_valid_after(datetime.fromtimestamp(end, UTC))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.raw), critical=False)
    )


def _signed(builder: x509.CertificateBuilder, key: PrivateKey) -> Certificate:
    if key.algorithm == ES256:
        return builder.sign(key.raw, hashes.SHA256(), ecdsa_deterministic=True)
    return builder.sign(key.raw, None)


def _name(name: str) -> x509.Name:
    short = name[:_NAME_LENGTH]
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "NL"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, short),
            x509.NameAttribute(NameOID.COMMON_NAME, short),
        ]
    )


def _uri(uri: str | None) -> list[x509.GeneralName]:
    return [x509.UniformResourceIdentifier(uri)] if uri else []


def _authority_identifier(authority: Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = authority.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier.value)


def _usage(*usages: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in usages for name in _USAGES})
