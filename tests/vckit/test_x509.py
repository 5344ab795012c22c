"""Certificates: reading, judging chains against anchors, and making some for the demo."""

import asyncio
import contextlib
import time
import warnings
from datetime import UTC, datetime

import pytest
from cryptography import x509 as raw_x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from vckit import x509
from vckit.encoding import b64_encode, b64url_decode
from vckit.errors import (
    ConfigurationError,
    CryptographicSecurityError,
    MalformedValueError,
    ParsingError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.keys import ALGORITHMS, PrivateKey

NOW = 1_795_500_000  # 24 November 2026
DAY = 86_400
URI = "https://boxtel.example"

CA_KEY, LEAF_KEY = PrivateKey.generate("ES256"), PrivateKey.generate("ES256")
CA = x509.create_authority("Test CA", CA_KEY, now=NOW, days=100)


def leaf_of(authority=CA, authority_key=CA_KEY, public=LEAF_KEY.public, **options):
    options = {"uri": URI, "dns": ("boxtel.example",), "now": NOW, "days": 30} | options
    return x509.create_leaf(
        "Gemeente Boxtel", public, authority=authority, authority_key=authority_key, **options
    )


LEAF = leaf_of()
ANCHORS = {x509.digest(CA)}


def usage(*names):
    every = (
        "digital_signature content_commitment key_encipherment data_encipherment key_agreement"
        " key_cert_sign crl_sign encipher_only decipher_only"
    )
    return raw_x509.KeyUsage(**{name: name in names for name in every.split()})


SIGNING, CERTIFYING = usage("digital_signature"), usage("key_cert_sign")


def made(
    subject,
    public,
    issuer,
    issuer_key,
    *extensions,
    critical=False,
    digest=hashes.SHA256,
    begins=NOW,
    ends=NOW + DAY,
):
    """Any certificate, as an attacker or a careless authority makes it."""
    names = [
        raw_x509.Name([raw_x509.NameAttribute(NameOID.COMMON_NAME, one)])
        for one in (subject, issuer)
    ]
    builder = (
        raw_x509.CertificateBuilder()
        .subject_name(names[0])
        .issuer_name(names[1])
        .public_key(public)
        .serial_number(5)
        .not_valid_before(datetime.fromtimestamp(begins, UTC))
        .not_valid_after(datetime.fromtimestamp(ends, UTC))
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(issuer_key, digest and digest())


def ca(*, path_length=None):
    return raw_x509.BasicConstraints(ca=True, path_length=path_length)


NO_CA = raw_x509.BasicConstraints(ca=False, path_length=None)
ROOT_KEY, SUB_KEY = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))


def chain_of(
    *, root=(), sub=(), leaf=(), sub_extensions=None, leaf_extensions=None, root_extensions=None
):
    """Leaf, sub and root, each with other fields or extensions where a test wants them."""
    root, sub, leaf = dict(root), dict(sub), dict(leaf)
    root_extensions = (ca(), CERTIFYING) if root_extensions is None else root_extensions
    sub_extensions = (ca(), CERTIFYING) if sub_extensions is None else sub_extensions
    leaf_extensions = (NO_CA, SIGNING) if leaf_extensions is None else leaf_extensions
    public = LEAF_KEY.public.raw
    return (
        made("leaf", public, "sub", SUB_KEY, *leaf_extensions, **leaf),
        made("sub", SUB_KEY.public_key(), "root", ROOT_KEY, *sub_extensions, **sub),
        made("root", ROOT_KEY.public_key(), "root", ROOT_KEY, *root_extensions, **root),
    )


def refuse(chain, anchors=None, now=NOW):
    anchors = {x509.digest(chain[-1])} if anchors is None else anchors
    with pytest.raises(UntrustedIssuerError):
        x509.verify_chain(chain, anchors, now)


@pytest.mark.parametrize("authority_algorithm", ALGORITHMS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_leaf_of_a_trusted_authority_is_trusted(authority_algorithm, algorithm):
    authority_key, key = PrivateKey.generate(authority_algorithm), PrivateKey.generate(algorithm)
    authority = x509.create_authority("CA", authority_key, now=NOW, days=10)
    leaf = leaf_of(authority, authority_key, key.public)
    chain = x509.parse_x5c(x509.to_x5c([leaf, authority]))
    assert x509.verify_chain(chain, {x509.digest(authority)}, NOW) == leaf
    assert x509.public_key(leaf) == key.public


def test_a_leaf_that_is_itself_an_anchor_needs_no_authority():
    assert x509.verify_chain([LEAF], {x509.digest(LEAF)}, NOW) == LEAF
    assert x509.anchor_of([LEAF, CA], {x509.digest(LEAF), x509.digest(CA)}) == x509.digest(LEAF)


def test_an_authority_further_up_vouches_through_the_ones_between():
    chain = chain_of()
    for anchor in chain[1:]:
        assert x509.verify_chain(chain, {x509.digest(anchor)}, NOW) == chain[0]
        assert x509.anchor_of(chain, {x509.digest(anchor)}) == x509.digest(anchor)


def test_J05_a_self_signed_leaf_is_refused():
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = made("Gemeente Boxtel", key.public_key(), "Gemeente Boxtel", key, NO_CA, SIGNING)
    refuse([leaf], ANCHORS)
    refuse([leaf, CA], ANCHORS)


def test_J05_a_chain_to_an_unknown_root_is_refused():
    key = PrivateKey.generate("ES256")
    same_name = x509.create_authority("Test CA", key, now=NOW, days=10)
    refuse([leaf_of(same_name, key), same_name], ANCHORS)
    refuse([leaf_of(same_name, key), CA], ANCHORS)
    refuse([leaf_of(same_name, key), same_name, CA], ANCHORS)
    refuse([LEAF, CA], set())
    with pytest.raises(UntrustedIssuerError):
        x509.anchor_of([LEAF, CA], set())


def test_J05_a_leaf_without_its_authority_is_refused():
    refuse([LEAF], ANCHORS)
    refuse([], ANCHORS)
    refuse([LEAF, *[CA] * 5], ANCHORS)


def test_J05_an_authority_is_no_leaf():
    refuse([CA], ANCHORS)
    refuse(chain_of(leaf_extensions=(ca(), usage("digital_signature", "key_cert_sign"))))


def test_a_leaf_must_be_for_digital_signatures():
    refuse(chain_of(leaf_extensions=(NO_CA,)))
    refuse(chain_of(leaf_extensions=(NO_CA, usage("key_agreement"))))
    refuse([chain_of(leaf_extensions=(NO_CA,))[0]])
    chain = chain_of(leaf_extensions=(SIGNING,))
    assert x509.verify_chain(chain, {x509.digest(chain[-1])}, NOW) == chain[0]


@pytest.mark.parametrize(
    "extensions",
    [
        (),
        (CERTIFYING,),
        (NO_CA, CERTIFYING),
        (ca(),),
        (ca(), SIGNING),
    ],
)
def test_an_issuer_must_be_an_authority_that_may_certify(extensions):
    refuse(chain_of(sub_extensions=extensions))
    refuse(chain_of(root_extensions=extensions))


def test_a_leaf_cannot_certify_another():
    forged = leaf_of(LEAF, LEAF_KEY, PrivateKey.generate("ES256").public)
    refuse([forged, LEAF, CA], ANCHORS)


def test_a_path_length_is_kept():
    refuse(chain_of(root_extensions=(ca(path_length=0), CERTIFYING)))
    chain = chain_of(
        root_extensions=(ca(path_length=1), CERTIFYING),
        sub_extensions=(ca(path_length=0), CERTIFYING),
    )
    assert x509.verify_chain(chain, {x509.digest(chain[-1])}, NOW) == chain[0]


@pytest.mark.parametrize("level", ["root", "sub", "leaf"])
def test_every_certificate_must_be_valid_now(level):
    chain = chain_of(**{level: {"begins": NOW - 10, "ends": NOW + 10}, **_earlier(level)})
    anchors = {x509.digest(chain[-1])}
    for moment in (NOW, NOW + 10):
        assert x509.verify_chain(chain, anchors, moment) == chain[0]
    refuse(chain, anchors, NOW + 11)
    refuse(chain, anchors, NOW - 11)


def _earlier(level):
    others = {"root", "sub", "leaf"} - {level}
    return {other: {"begins": NOW - DAY} for other in others}


def test_an_anchored_leaf_must_be_valid_now_too():
    refuse([LEAF], now=NOW + 31 * DAY)
    refuse([LEAF], now=NOW - 1)


def test_an_anchor_that_is_not_above_the_leaf_does_not_help():
    chain, foreign = chain_of(), x509.create_authority("sub", CA_KEY, now=NOW, days=10)
    refuse([chain[0], foreign], {x509.digest(foreign)})
    refuse([chain[0], chain[2]], {x509.digest(chain[2])})
    refuse([chain[0], chain[2], chain[1]], {x509.digest(chain[1])})


def test_the_names_of_a_chain_must_join():
    other_name = made("other", SUB_KEY.public_key(), "root", ROOT_KEY, ca(), CERTIFYING)
    refuse([chain_of()[0], other_name])


def test_an_unknown_critical_extension_is_refused_and_one_that_is_not_critical_ignored():
    strange = raw_x509.UnrecognizedExtension(raw_x509.ObjectIdentifier("1.2.3.4"), b"\5\0")
    constraints = raw_x509.NameConstraints([raw_x509.DNSName("example")], None)
    for extension in (strange, constraints):
        for level in ("leaf", "sub", "root"):
            base = (NO_CA, SIGNING) if level == "leaf" else (ca(), CERTIFYING)
            named = {f"{level}_extensions": (*base, extension)}
            refuse(chain_of(**named, **{level: {"critical": True}}))
            chain = chain_of(**named)
            assert x509.verify_chain(chain, {x509.digest(chain[-1])}, NOW) == chain[0]


def rsa_chain(key, exponent=None, modulus=None):
    public = key.public_key()
    if exponent or modulus:
        numbers = public.public_numbers()
        public = rsa.RSAPublicNumbers(exponent or numbers.e, modulus or numbers.n).public_key()
    authority = made("rsa", public, "rsa", key, ca(), CERTIFYING)
    return made("leaf", LEAF_KEY.public.raw, "rsa", key, NO_CA, SIGNING), authority


def test_J25_authorities_with_unsafe_rsa_keys_are_refused_at_once():
    safe = rsa.generate_private_key(65537, 2048)
    chain = rsa_chain(safe)
    assert x509.verify_chain(chain, {x509.digest(chain[1])}, NOW) == chain[0]
    refuse(rsa_chain(rsa.generate_private_key(65537, 1024)))  # noqa: S505  the weak key is the point
    refuse(rsa_chain(safe, exponent=3))
    begun = time.perf_counter()
    refuse(rsa_chain(safe, modulus=(1 << 16_383) + 1))
    assert time.perf_counter() - begun < 0.1


def test_a_chain_over_a_weak_digest_is_refused():
    key = rsa.generate_private_key(65537, 2048)
    authority = made("rsa", key.public_key(), "rsa", key, ca(), CERTIFYING)
    leaf = _as_sha1(made("leaf", LEAF_KEY.public.raw, "rsa", key, NO_CA, SIGNING))
    refuse([leaf, authority])


def _as_sha1(certificate):
    """The certificate with sha256WithRSAEncryption renamed to sha1WithRSAEncryption."""
    der = certificate.public_bytes(serialization.Encoding.DER)
    sha256, sha1 = bytes.fromhex("2a864886f70d01010b"), bytes.fromhex("2a864886f70d010105")
    return raw_x509.load_der_x509_certificate(der.replace(sha256, sha1))


@pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP521R1()])
def test_keys_of_other_kinds_are_no_keys_of_issuers(curve):
    key = ec.generate_private_key(curve)
    leaf = made("leaf", key.public_key(), "sub", SUB_KEY, NO_CA, SIGNING)
    with pytest.raises(CryptographicSecurityError):
        x509.public_key(leaf)


@pytest.mark.parametrize("curve", [ec.SECP384R1(), ec.SECP521R1()])
def test_an_authority_may_have_a_larger_curve(curve):
    key = ec.generate_private_key(curve)
    authority = made("sub", key.public_key(), "sub", key, ca(), CERTIFYING, digest=hashes.SHA384)
    leaf = made("leaf", LEAF_KEY.public.raw, "sub", key, NO_CA, SIGNING, digest=hashes.SHA384)
    assert x509.verify_chain([leaf, authority], {x509.digest(authority)}, NOW) == leaf


def test_an_authority_with_a_key_of_another_kind_is_refused():
    key = ed448.Ed448PrivateKey.generate()
    authority = made("sub", key.public_key(), "sub", key, ca(), CERTIFYING, digest=None)
    leaf = made("leaf", LEAF_KEY.public.raw, "sub", key, NO_CA, SIGNING, digest=None)
    refuse([leaf, authority])


def test_names_and_identifiers_are_read():
    assert x509.uris(LEAF) == (URI,)
    assert x509.dns_names(LEAF) == ("boxtel.example",)
    identifier = CA.extensions.get_extension_for_class(raw_x509.SubjectKeyIdentifier).value
    assert b64url_decode(x509.authority_key_identifier(LEAF)) == identifier.digest
    der = LEAF.public_bytes(serialization.Encoding.DER)
    assert b64url_decode(x509.digest(LEAF)) == LEAF.fingerprint(hashes.SHA256())
    assert x509.to_x5c([LEAF]) == [b64_encode(der)]


def test_a_certificate_without_names_has_none():
    bare = chain_of()[0]
    assert (x509.uris(bare), x509.dns_names(bare)) == ((), ())
    with pytest.raises(MalformedValueError):
        x509.authority_key_identifier(bare)


def test_pem_files_hold_a_chain():
    assert x509.load_pem_chain(x509.to_pem([LEAF, CA])) == (LEAF, CA)
    for content in (b"", b"text", LEAF_KEY.to_pem()):
        with pytest.raises(ConfigurationError):
            x509.load_pem_chain(content)


def test_J25_a_chain_of_five_is_read_and_six_refused():
    assert len(x509.parse_x5c(x509.to_x5c([LEAF, *[CA] * 4]))) == 5
    for count in (5, 499):
        with pytest.raises(MalformedValueError):
            x509.parse_x5c(x509.to_x5c([LEAF, *[CA] * count]))


GOOD = x509.to_x5c([LEAF])[0]


@pytest.mark.parametrize("x5c", [None, [], {}, GOOD, [None], [5], [GOOD, b"MII"], [["MII"]]])
def test_an_x5c_of_another_shape_is_refused(x5c):
    with pytest.raises(MalformedValueError):
        x509.parse_x5c(x5c)


DER = LEAF.public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize(
    "one",
    [
        "",
        "MII",
        GOOD + "\n",
        " " + GOOD,
        GOOD.rstrip("=") + "===",
        GOOD.replace("+", "-").replace("/", "_") + "_",
        "-----BEGIN CERTIFICATE-----" + GOOD,
        b64_encode(DER + b"\0"),
        b64_encode(DER[:-1]),
        b64_encode(b"\x30\x80" + DER[4:] + b"\0\0"),
        b64_encode(x509.to_pem([LEAF])),
        b64_encode(b"\0" * 100),
    ],
)
def test_J11_what_is_no_canonical_base64_of_der_is_refused(one):
    with pytest.raises(ParsingError):
        x509.parse_x5c([one])


@pytest.mark.parametrize("filtering", ["error", "ignore"])
@pytest.mark.parametrize("number", [b"\x80", b"\x00"])
def test_a_serial_number_that_is_not_positive_is_refused(number, filtering):
    good = chain_of()[0].public_bytes(serialization.Encoding.DER)
    version = b"\xa0\x03\x02\x01\x02\x02\x01"  # and what begins the serial number
    changed = b64_encode(good.replace(version + b"\x05", version + number))
    with warnings.catch_warnings():
        warnings.simplefilter(filtering)
        with pytest.raises(ParsingError):
            x509.parse_x5c([changed])


def test_a_certificate_larger_than_a_header_is_refused():
    with pytest.raises(MalformedValueError):
        x509.parse_x5c([b64_encode(b"\0" * 20_000)])


def test_a_signature_with_unused_bits_is_refused_though_its_octets_hold():
    leaf = next(one for one in iter(leaf_of, None) if one.signature[-1] % 2 == 0)
    changed = bytearray(leaf.public_bytes(serialization.Encoding.DER))
    place = len(changed) - len(leaf.signature) - 1
    assert x509.parse_x5c([b64_encode(bytes(changed))]) == (leaf,)
    changed[place] = 1
    with pytest.raises(ParsingError):
        x509.parse_x5c([b64_encode(bytes(changed))])


@settings(max_examples=300)
@given(st.integers(0, len(DER) - 1), st.integers(1, 255))
def test_a_changed_certificate_gives_an_error_of_ours_and_never_trust(position, flipped):
    changed = bytearray(DER)
    changed[position] ^= flipped
    with contextlib.suppress(VerificationError):
        chain = x509.parse_x5c([b64_encode(bytes(changed)), *x509.to_x5c([CA])])
        for read in (x509.uris, x509.dns_names, x509.public_key, x509.authority_key_identifier):
            with contextlib.suppress(VerificationError):
                read(chain[0])
        with contextlib.suppress(VerificationError):  # whoever lists it may trust it
            x509.verify_chain(chain, {x509.digest(chain[0])}, NOW)
        refuse(chain, ANCHORS)


CA_DER = CA.public_bytes(serialization.Encoding.DER)


@settings(max_examples=300)
@given(st.integers(0, len(CA_DER) - 1), st.integers(1, 255))
def test_a_changed_authority_gives_an_error_of_ours(position, flipped):
    changed = bytearray(CA_DER)
    changed[position] ^= flipped
    with contextlib.suppress(VerificationError):
        chain = x509.parse_x5c([*x509.to_x5c([LEAF]), b64_encode(bytes(changed))])
        refuse(chain, ANCHORS)
        x509.verify_chain(chain, {x509.digest(chain[1])}, NOW)


def extension(certificate, kind):
    return certificate.extensions.get_extension_for_class(kind)


def test_a_leaf_is_made_for_signing_and_a_seal_for_documents_as_well():
    plain, seal = LEAF, leaf_of(seal=True)
    for certificate in (plain, seal):
        found = extension(certificate, raw_x509.KeyUsage)
        assert found.critical
        assert found.value.digital_signature
        assert found.value.content_commitment is (certificate is seal)
        assert not found.value.key_cert_sign
        assert not extension(certificate, raw_x509.BasicConstraints).value.ca
    with pytest.raises(raw_x509.ExtensionNotFound):
        extension(plain, raw_x509.ExtendedKeyUsage)
    own = extension(plain, raw_x509.SubjectKeyIdentifier).value
    assert own == raw_x509.SubjectKeyIdentifier.from_public_key(LEAF_KEY.public.raw)


def test_purposes_are_stated_where_asked():
    oid = ExtendedKeyUsageOID.CLIENT_AUTH.dotted_string
    stated = extension(leaf_of(purposes=[oid]), raw_x509.ExtendedKeyUsage).value
    assert list(stated) == [ExtendedKeyUsageOID.CLIENT_AUTH]


def test_a_leaf_without_names_has_no_alternative_name():
    leaf = leaf_of(uri=None, dns=())
    assert x509.uris(leaf) == ()
    with pytest.raises(raw_x509.ExtensionNotFound):
        extension(leaf, raw_x509.SubjectAlternativeName)


def test_a_leaf_does_not_outlive_its_authority():
    assert leaf_of(days=1_000).not_valid_after_utc == CA.not_valid_after_utc
    assert LEAF.not_valid_after_utc.timestamp() == NOW + 30 * DAY


def test_names_longer_than_a_certificate_holds_are_cut():
    authority = x509.create_authority("Gemeente " + "x" * 100, CA_KEY, now=NOW, days=1)
    (common,) = authority.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    assert len(common.value) == 64


def validated_by_pyhanko(leaf, usages):
    from asn1crypto import x509 as asn1_x509
    from pyhanko_certvalidator import CertificateValidator, ValidationContext

    root, end = (
        asn1_x509.Certificate.load(one.public_bytes(serialization.Encoding.DER))
        for one in (CA, leaf)
    )
    context = ValidationContext(
        trust_roots=[root], moment=datetime.fromtimestamp(NOW + 5, UTC), allow_fetching=False
    )
    validator = CertificateValidator(end, validation_context=context)
    return asyncio.run(validator.async_validate_usage(usages))


def test_a_seal_stands_the_path_validation_of_pades_and_a_plain_leaf_does_not():
    from pyhanko_certvalidator.errors import InvalidCertificateError

    assert len(validated_by_pyhanko(leaf_of(seal=True), {"non_repudiation"})) == 2
    with pytest.raises(InvalidCertificateError):
        validated_by_pyhanko(LEAF, {"non_repudiation"})


def test_an_authority_under_a_root_travels_without_it():
    root_key, key = PrivateKey.generate("ES256"), PrivateKey.generate("ES256")
    root = x509.create_root("Stam", root_key, now=NOW, days=10)
    authority = x509.create_authority("Uitgever", key, now=NOW, days=10, root=(root, root_key))
    holder = PrivateKey.generate("ES256").public
    leaf = x509.create_leaf("Wie", holder, authority=authority, authority_key=key, now=NOW, days=5)
    assert x509.verify_chain((leaf, authority), {x509.digest(authority)}, NOW) == leaf
    assert x509.verify_chain((leaf, authority, root), {x509.digest(root)}, NOW) == leaf
    assert authority.issuer != authority.subject
