"""Bitstring Status List 1.0: the statuses of credentials in a credential of its own.

Bits count from the most significant one of each byte (section 3.4), the opposite of the Token
Status List. Our store keeps them the other way, so each byte is turned round on its way out and in.
"""

import gzip
import zlib
from collections.abc import Mapping
from typing import Any, Final

from vckit import data_integrity, did, strict_json
from vckit.did import moment
from vckit.encoding import b64url_decode, b64url_encode
from vckit.errors import (
    MalformedValueError,
    ParsingError,
    StatusListLengthError,
    StatusRetrievalError,
    StatusVerificationError,
    VerificationError,
)
from vckit.keys import PublicKey
from vckit.rdf import JsonLd
from vckit.signers import Signer
from vckit.status.reference import ListIssuer, StatusReference
from vckit.status.token_status_list import (
    LEEWAY,
    MAX_INFLATED,
    MINIMUM_ENTRIES,
    StatusList,
    VerifiedStatusList,
)

MEMBER: Final = "BitstringStatusListEntry"
CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
MEDIA_TYPE: Final = "application/vc"
# Section 4: any type that a credential with an embedded proof is served as.
ACCEPTED: Final[frozenset[str]] = frozenset(
    {MEDIA_TYPE, "application/vc+ld+json", "application/ld+json", "application/json"}
)
CRYPTOSUITE: Final = "eddsa-rdfc-2022"
PURPOSE: Final = "assertionMethod"
_LIMITS: Final = strict_json.Limits(string=1_048_576)
_TYPES: Final = ("VerifiableCredential", "BitstringStatusListCredential")
_SUBJECT_TYPE: Final = "BitstringStatusList"
_MULTIBASE: Final = "u"
_GZIP: Final = 16 + zlib.MAX_WBITS
_TURNED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_MEMBERS: Final = frozenset(
    {"@context", "id", "type", "issuer", "validFrom", "validUntil", "credentialSubject"}
)
_SUBJECT_MEMBERS: Final = frozenset({"id", "type", "statusPurpose", "encodedList", "ttl"})


def encode(data: bytes | bytearray) -> str:
    """`encodedList` of one bit for each entry, `data` packed with the first in the lowest bit."""
    turned = bytes(data).translate(_TURNED)
    return _MULTIBASE + b64url_encode(gzip.compress(turned, mtime=0))


def decode(encoded: object) -> StatusList:
    """The list, packed as `encode` takes it; one gzip member of at most 16 MiB and nothing else."""
    if not isinstance(encoded, str) or encoded[:1] != _MULTIBASE:
        raise MalformedValueError("the encodedList is no multibase of base64url")
    try:
        compressed = b64url_decode(encoded[1:])
    except ParsingError:
        raise MalformedValueError("the encodedList is no multibase of base64url") from None
    return StatusList(1, _inflate(compressed).translate(_TURNED))


def issue(  # noqa: PLR0913  each is one stated member of the list
    *,
    uri: str,
    purpose: str,
    data: bytes | bytearray,
    issuer_did: str,
    verification_method: str,
    signer: Signer,
    issued_at: int,
    expires: int,
    json_ld: JsonLd,
    ttl: int | None = None,
) -> str:
    """The list as a JSON text, `data` packed with the first entry in the lowest bit.

    Times in epoch seconds, `ttl` in seconds. The key must be an Ed25519 one.
    """
    document = {
        "@context": [CONTEXT],
        "id": uri,
        "type": list(_TYPES),
        "issuer": issuer_did,
        "validFrom": moment.write(issued_at),
        "validUntil": moment.write(expires),
        "credentialSubject": _new_subject(uri, purpose, data, ttl),
    }
    secured = data_integrity.add_proof(
        document,
        cryptosuite=CRYPTOSUITE,
        signer=signer,
        verification_method=verification_method,
        purpose=PURPOSE,
        created=issued_at,
        json_ld=json_ld,
    )
    return strict_json.dumps(secured).decode()


def _new_subject(
    uri: str, purpose: str, data: bytes | bytearray, ttl: int | None
) -> dict[str, str | int]:
    subject: dict[str, str | int] = {
        "id": f"{uri}#list",
        "type": _SUBJECT_TYPE,
        "statusPurpose": purpose,
        "encodedList": encode(data),
    }
    # Section 2.2: milliseconds.
    return subject if ttl is None else {**subject, "ttl": ttl * 1_000}


def judge(
    text: str,
    reference: StatusReference,
    *,
    issuer: ListIssuer,
    json_ld: JsonLd,
    now: int,
) -> VerifiedStatusList:
    """See `StatusMechanism`: the list's key is looked up among the methods of the issuer's DID."""
    key = issuer.key
    if issuer.method_key is not None:
        key = _named_key(unverified_verification_method(text), issuer)
    return verify(
        text,
        uri=reference.uri,
        purpose=reference.purpose,
        issuer_did=issuer.id,
        key=key,
        now=now,
        json_ld=json_ld,
    )


def _named_key(verification_method: str, issuer: ListIssuer) -> PublicKey:
    if issuer.method_key is None or did.split(verification_method)[0] != issuer.id:
        raise StatusVerificationError("the status list is not signed by the issuer")
    try:
        return issuer.method_key(verification_method)
    except VerificationError as error:
        raise StatusVerificationError("the status list is not signed by the issuer") from error


def unverified_verification_method(text: str) -> str:
    """The DID URL of the method that the list says it is signed by."""
    proof = data_integrity.unverified_proof(_document(text))
    did.split(proof.verification_method)
    return proof.verification_method


def verify(
    text: str,
    *,
    uri: str,
    purpose: str,
    issuer_did: str,
    key: PublicKey,
    now: int,
    json_ld: JsonLd,
) -> VerifiedStatusList:
    """Section 3.2 steps 4 to 9, for the list at `uri` of the *credential's* issuer.

    Nobody else may tell; `key` is the one of the list's verification method.

    Raises StatusVerificationError, StatusListLengthError, StatusRetrievalError when it has expired
    (so there is none now), MalformedValueError for what stands in the list.
    """
    secured = _document(text)
    document = _signed(secured, issuer_did, key, now, json_ld)
    subject = _subject(document, uri)
    purposes = subject["statusPurpose"]
    if purpose not in (purposes if isinstance(purposes, list) else [purposes]):
        raise StatusVerificationError("the status list is of another purpose")
    issued_at = _issued_at(secured, now)
    expires = _expires(document, now)
    found = decode(subject["encodedList"])
    if found.size < MINIMUM_ENTRIES:
        raise StatusListLengthError("the status list is too short to hide in")
    return VerifiedStatusList(found, issued_at, expires, _ttl(subject))


def _document(text: str) -> dict[str, Any]:
    try:
        return strict_json.loads_object(text, _LIMITS)
    except ParsingError as error:
        raise StatusVerificationError("the status list is no JSON object") from error


def _signed(
    secured: dict[str, Any], issuer_did: str, key: PublicKey, now: int, json_ld: JsonLd
) -> dict[str, Any]:
    """The list without its proof, of exactly the one context that is known for lists."""
    if secured.get("@context") != [CONTEXT] or secured.get("issuer") != issuer_did:
        raise StatusVerificationError("the status list is not of the credential's issuer")
    try:
        signed_by = did.split(data_integrity.unverified_proof(secured).verification_method)[0]
        document = data_integrity.verify_proof(
            secured, key=key, purpose=PURPOSE, json_ld=json_ld, now=now
        )
    except VerificationError as error:
        raise StatusVerificationError("the status list is not signed by the issuer") from error
    if signed_by != issuer_did:
        raise StatusVerificationError("the status list is not signed by the issuer")
    return document


def _subject(document: Mapping[str, Any], uri: str) -> dict[str, Any]:
    """Section 2.2, and only what a list has."""
    if document.get("id") != uri:
        raise StatusVerificationError("the status list is another one than was asked")
    types, subject = document.get("type"), document.get("credentialSubject")
    if not isinstance(types, list) or types not in (list(_TYPES), list(reversed(_TYPES))):
        raise MalformedValueError("this is no status list")
    if not isinstance(subject, dict) or subject.get("type") not in (_SUBJECT_TYPE, [_SUBJECT_TYPE]):
        raise MalformedValueError("a status list carries no list")
    if not (_MEMBERS.issuperset(document) and _SUBJECT_MEMBERS.issuperset(subject)):
        raise MalformedValueError("a status list has other members")
    if not {"statusPurpose", "encodedList"} <= subject.keys():
        raise MalformedValueError("a status list has no purpose or no list")
    return subject


def _issued_at(secured: Mapping[str, Any], now: int) -> int:
    """`validFrom`, else when the proof was made: without either, an old list could not be told."""
    proof = secured["proof"]
    issued_at = moment.parse(secured.get("validFrom", proof.get("created")))
    if issued_at > now + LEEWAY:
        raise StatusVerificationError("the status list is of the future")
    return issued_at


def _expires(document: Mapping[str, Any], now: int) -> int | None:
    if "validUntil" not in document:
        return None
    expires = moment.parse(document["validUntil"])
    if expires <= now:
        raise StatusRetrievalError("the status list has expired")
    return expires


def _ttl(subject: Mapping[str, Any]) -> int | None:
    ttl = subject.get("ttl")
    if ttl is None:
        return None
    if isinstance(ttl, bool) or not isinstance(ttl, int) or ttl <= 0:
        raise MalformedValueError("the ttl of the status list is not a positive number")
    return ttl // 1_000


def _inflate(compressed: bytes) -> bytes:
    """RFC 1952, never more than 16 MiB of it; a second member or anything behind it is refused."""
    stream = zlib.decompressobj(_GZIP)
    try:
        data = stream.decompress(compressed, MAX_INFLATED)
    except zlib.error:
        raise MalformedValueError("the encodedList is not gzip") from None
    if not stream.eof or stream.unused_data or stream.unconsumed_tail:
        raise MalformedValueError("the encodedList is cut off, too large or has data behind it")
    return data
