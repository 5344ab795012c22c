"""The signature in the seal: a CMS container in the one form that PAdES B-B asks for.

RFC 5652, RFC 5035 and ETSI EN 319 142-1. What the signature does not cover has one form only,
so that no byte of a file can change unseen. Only ever run in the child.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from asn1crypto import algos, cms, tsp

from vckit.errors import KitError
from vckit.sealed_pdf.refusal import Refused
from vckit.sealed_pdf.structure import SealEntry
from vckit.x509 import MAX_CHAIN, parse_x5c, public_key

_CHANGED: Final = "changed_after_sealing"
_OTHER: Final = "other_seal"
_MOMENT: Final = re.compile(r"D:([0-9]{14})(?:Z|\+00'00'?)")
_TIME_STAMP: Final = "signature_time_stamp_token"
_SIGNED_ATTRIBUTES: Final = ["content_type", "message_digest", "signing_certificate_v2"]


@dataclass(frozen=True)
class Seal:
    """A seal that holds. `token` is what a time-stamp authority signed over `signature`."""

    x5c: list[str]
    sealed_at: int
    signature: bytes
    token: cms.ContentInfo | None


def verified(document: bytes, entry: SealEntry) -> Seal:
    """The seal, if it holds over every byte of the document; else Refused."""
    covered = _covered(document, entry)
    signed = cms.ContentInfo.load(entry.contents)["content"]
    signer, token = _only_signer(signed)
    chain = _chain(signed, signer)
    x5c = [b64encode(certificate.dump()).decode("ascii") for certificate in chain]
    _check_written(document, entry, _rebuilt(chain, signer, token))
    _check_attributes(signer, chain[0], sha256(covered).digest())
    _check_signature(signer, x5c)
    return Seal(x5c, _moment(entry.moment), signer["signature"].native, token)


def _covered(document: bytes, entry: SealEntry) -> bytes:
    """All but what stands between the brackets of the signature (ISO 32000-1, 12.8.1)."""
    try:
        begin, start, end, rest = entry.byte_range
    except ValueError as error:
        raise Refused(_OTHER) from error
    if begin != 0 or not 0 < start < end or end + rest != len(document) or rest < 0:
        raise Refused(_CHANGED)
    return document[:start] + document[end:]


def _only_signer(signed: Any) -> tuple[Any, cms.ContentInfo | None]:
    if not isinstance(signed, cms.SignedData) or len(signed["signer_infos"]) != 1:
        raise Refused(_OTHER)
    signer = signed["signer_infos"][0]
    if signer["sid"].name != "issuer_and_serial_number":
        raise Refused(_OTHER)
    return signer, _token(signer)


def _rebuilt(chain: Sequence[Any], signer: Any, token: cms.ContentInfo | None) -> bytes:
    """The container as it must be written, from the parts of it that are signed or judged."""
    outside = () if token is None else (_time_stamped(token),)
    signer_info = _der(
        _SEQUENCE,
        _VERSION_1,
        _der(
            _SEQUENCE, chain[0].issuer.dump(), chain[0]["tbs_certificate"]["serial_number"].dump()
        ),
        _SHA256,
        signer["signed_attrs"].dump(),
        _ECDSA_SHA256,
        _der(_OCTET_STRING, signer["signature"].native),
        *outside,
    )
    certificates = sorted(each.dump() for each in chain)
    signed = _der(
        _SEQUENCE,
        _VERSION_1,
        _der(_SET, _SHA256),
        _der(_SEQUENCE, _DATA),
        _der(_CONTEXT_0, *certificates),
        _der(_SET, signer_info),
    )
    return _der(_SEQUENCE, _SIGNED_DATA, _der(_CONTEXT_0, signed))


def _time_stamped(token: cms.ContentInfo) -> bytes:
    return _der(_CONTEXT_1, _der(_SEQUENCE, _TIME_STAMP_TOKEN, _der(_SET, token.dump())))


def _check_written(document: bytes, entry: SealEntry, container: bytes) -> None:
    """Between the brackets stand the container, in one way only, and zeros."""
    _, start, end, _ = entry.byte_range
    written = container.hex().ljust(end - start - 2, "0")
    if document[start:end] not in {f"<{written}>".encode(), f"<{written.upper()}>".encode()}:
        raise Refused(_CHANGED)


def _der(tag: int, *parts: bytes) -> bytes:
    """One value in DER (X.690 8.1.3, 10.1)."""
    body = b"".join(parts)
    if len(body) < 128:  # noqa: PLR2004  the short form
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(length)]) + length + body


_SEQUENCE, _SET, _OCTET_STRING, _CONTEXT_0, _CONTEXT_1 = 0x30, 0x31, 0x04, 0xA0, 0xA1
_VERSION_1: Final = bytes.fromhex("020101")
_SIGNED_DATA: Final = bytes.fromhex("06092a864886f70d010702")
_DATA: Final = bytes.fromhex("06092a864886f70d010701")
_TIME_STAMP_TOKEN: Final = bytes.fromhex("060b2a864886f70d010910020e")
# With NULL as its parameters, and without any (RFC 5754 2 and 3.3): as our own seals have them.
_SHA256: Final = bytes.fromhex("300d06096086480165030402010500")
_ECDSA_SHA256: Final = bytes.fromhex("300a06082a8648ce3d040302")


def _chain(signed: Any, signer: Any) -> list[Any]:
    """The signer's certificate and its issuers, leaf first; any other in there is one too many."""
    others = [each.chosen for each in signed["certificates"]]
    if not all(each.name == "certificate" for each in signed["certificates"]):
        raise Refused(_OTHER)
    sid = signer["sid"].chosen
    named = (sid["issuer"].dump(), sid["serial_number"].native)
    chain = [each for each in others if (each.issuer.dump(), each.serial_number) == named]
    if len(chain) != 1:
        raise Refused(_OTHER)
    others.remove(chain[0])
    while issuers := [each for each in others if each.subject == chain[-1].issuer]:
        others.remove(issuers[0])
        chain.append(issuers[0])
    if others or len(chain) > MAX_CHAIN:
        raise Refused(_OTHER)
    return chain


def _check_attributes(signer: Any, certificate: Any, digest: bytes) -> None:
    """EN 319 142-1 6.3: what is signed is this document, by this very certificate."""
    attributes = {each["type"].native: each["values"] for each in signer["signed_attrs"]}
    alone = all(len(values) == 1 for values in attributes.values())
    if sorted(attributes) != _SIGNED_ATTRIBUTES or len(signer["signed_attrs"]) != len(attributes):
        raise Refused(_OTHER)
    if not alone or attributes["content_type"][0].native != "data":
        raise Refused(_OTHER)
    if attributes["message_digest"][0].native != digest:
        raise Refused(_CHANGED)
    known: tsp.ESSCertIDv2 = attributes["signing_certificate_v2"][0]["certs"][0]
    algorithm = known["hash_algorithm"]["algorithm"].native
    if (algorithm, known["cert_hash"].native) != ("sha256", sha256(certificate.dump()).digest()):
        raise Refused(_OTHER)


def _check_signature(signer: Any, x5c: Sequence[str]) -> None:
    # RFC 5652 5.4: over the attributes as a SET OF, not as they are tagged here.
    data = bytes([_SET]) + signer["signed_attrs"].dump()[1:]
    try:
        raw = algos.DSASignature.load(signer["signature"].native, strict=True).to_p1363()
        key = public_key(parse_x5c(list(x5c))[0])
        key.verify(raw, data)
    except (KitError, ValueError, OverflowError) as error:
        raise Refused(_CHANGED) from error


def _token(signer: Any) -> cms.ContentInfo | None:
    """The time stamp: the only attribute that may stand outside the signature, and only once."""
    outside = signer["unsigned_attrs"]
    if outside.native is None:
        return None
    if len(outside) != 1 or outside[0]["type"].native != _TIME_STAMP:
        raise Refused(_OTHER)
    if len(outside[0]["values"]) != 1:
        raise Refused(_OTHER)
    return outside[0]["values"][0]


def _moment(written: str) -> int:
    """/M in epoch seconds (ISO 32000-1, 7.9.4); the seal covers it."""
    found = _MOMENT.fullmatch(written)
    if found is None:
        raise Refused(_OTHER)
    moment = datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    return int(moment.timestamp())
