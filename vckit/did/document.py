"""A DID document: which keys a DID has, and what each may be used for (CID 1.0 2 and 3.3).

It is read as plain JSON. Its form is judged when it is read; a verification method of a kind that
is unknown here spoils nothing until somebody asks for that method.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from vckit import strict_json
from vckit.did import moment, multikey
from vckit.did.url import split
from vckit.errors import (
    ConfigurationError,
    InvalidControlledIdentifierDocumentError,
    InvalidControlledIdentifierDocumentIdError,
    InvalidRelationshipError,
    InvalidVerificationMethodError,
    InvalidVerificationMethodUrlError,
    ParsingError,
    VerificationError,
)
from vckit.keys import EDDSA, PublicKey

RELATIONSHIPS: Final = (
    "assertionMethod",
    "authentication",
    "capabilityDelegation",
    "capabilityInvocation",
    "keyAgreement",
)
_MATERIALS: Final = ("publicKeyJwk", "publicKeyMultibase")
_DID_CONTEXT: Final = "https://www.w3.org/ns/did/v1"


@dataclass(frozen=True)
class MethodType:
    """A kind of verification method: its JSON-LD context and where and how it holds its key."""

    context: str
    material: str
    read: Callable[[Any], PublicKey]
    write: Callable[[PublicKey], object]
    algorithms: Collection[str]


_BOTH: Final = tuple(multikey.PREFIXES)
_SECURITY: Final = "https://w3id.org/security/"
METHOD_TYPES: Final[dict[str, MethodType]] = {
    "Multikey": MethodType(
        f"{_SECURITY}multikey/v1", "publicKeyMultibase", multikey.decode, multikey.encode, _BOTH
    ),
    "JsonWebKey": MethodType(
        f"{_SECURITY}jwk/v1", "publicKeyJwk", PublicKey.from_jwk, PublicKey.to_jwk, _BOTH
    ),
    "JsonWebKey2020": MethodType(
        f"{_SECURITY}suites/jws-2020/v1",
        "publicKeyJwk",
        PublicKey.from_jwk,
        PublicKey.to_jwk,
        _BOTH,
    ),
    "Ed25519VerificationKey2020": MethodType(
        f"{_SECURITY}suites/ed25519-2020/v1",
        "publicKeyMultibase",
        multikey.decode,
        multikey.encode,
        (EDDSA,),
    ),
}


@dataclass(frozen=True)
class DidDocument:
    """`methods` are the verification methods by DID URL, `relationships` name them by use."""

    id: str
    methods: Mapping[str, Mapping[str, Any]] = field(repr=False)
    relationships: Mapping[str, frozenset[str]] = field(repr=False)

    def key(self, did_url: str, relationship: str, *, now: int) -> PublicKey:
        """Give the key of one method for one use, e.g. "assertionMethod" (CID 1.0 3.3).

        Raises InvalidVerificationMethodError, also for a method that is revoked or expired at
        `now`, InvalidVerificationMethodUrlError and InvalidRelationshipError.
        """
        did, _ = split(did_url)
        if did != self.id:
            raise InvalidRelationshipError("The verification method is another DID's.")
        if did_url not in self.methods:
            raise InvalidVerificationMethodError("The DID document has no such method.")
        if did_url not in self.relationships.get(relationship, ()):
            raise InvalidRelationshipError("The key may not be used for this purpose.")
        method = self.methods[did_url]
        _check_lifetime(method, now)
        return _read_key(method)


def parse_document(document: Mapping[str, Any] | bytes, expected_did: str) -> DidDocument:
    """Read the document of `expected_did`; every id in it must be absolute (did:web 2.5.1).

    Raises InvalidControlledIdentifierDocumentError, InvalidControlledIdentifierDocumentIdError
    and InvalidVerificationMethodError.
    """
    members = _members(document)
    if members.get("id") != expected_did:
        raise InvalidControlledIdentifierDocumentIdError("The document is another DID's.")
    methods: dict[str, Mapping[str, Any]] = {}
    for method in _array(members, "verificationMethod"):
        _add(methods, _check_form(method), expected_did)
    relationships = {
        name: frozenset(_references(_array(members, name), methods, expected_did))
        for name in RELATIONSHIPS
    }
    return DidDocument(expected_did, methods, relationships)


def build_document(
    did: str,
    methods: Sequence[tuple[str, str, PublicKey]],
    relationships: Collection[str] = ("assertionMethod",),
) -> dict[str, Any]:
    """The did.json of `methods`: fragment, one of METHOD_TYPES, key; all for the same uses."""
    urls = [f"{did}#{fragment}" for fragment, _, _ in methods]
    contexts = [_DID_CONTEXT, *(METHOD_TYPES[kind].context for _, kind, _ in methods)]
    return {
        "@context": list(dict.fromkeys(contexts)),
        "id": did,
        "verificationMethod": [
            _build_method(did, url, kind, key)
            for url, (_, kind, key) in zip(urls, methods, strict=True)
        ],
        **{name: list(urls) for name in relationships},
    }


def _build_method(did: str, url: str, kind: str, key: PublicKey) -> dict[str, Any]:
    form = METHOD_TYPES[kind]
    if key.algorithm not in form.algorithms:
        raise ConfigurationError("This type of verification method is for another kind of key.")
    return {"id": url, "type": kind, "controller": did, form.material: form.write(key)}


def _members(document: Mapping[str, Any] | bytes) -> Mapping[str, Any]:
    if isinstance(document, bytes):
        try:
            return strict_json.loads_object(document)
        except ParsingError:
            raise InvalidControlledIdentifierDocumentError("This is no strict JSON.") from None
    if not isinstance(document, Mapping):
        raise InvalidControlledIdentifierDocumentError("The DID document is not an object.")
    return document


def _array(members: Mapping[str, Any], name: str) -> list[Any]:
    value = members.get(name, [])
    if not isinstance(value, list):
        raise InvalidControlledIdentifierDocumentError("A part of the DID document is no array.")
    return value


def _check_form(method: object) -> Mapping[str, Any]:
    """CID 1.0 2.2: three strings and, of the key, one form only."""
    if not isinstance(method, Mapping):
        raise InvalidVerificationMethodError("A verification method is not an object.")
    if not all(isinstance(method.get(name), str) for name in ("id", "type", "controller")):
        raise InvalidVerificationMethodError("A verification method is incomplete.")
    if all(name in method for name in _MATERIALS):
        # Two readers could take different keys.
        raise InvalidVerificationMethodError("A verification method states its key twice.")
    return method


def _add(methods: dict[str, Mapping[str, Any]], method: Mapping[str, Any], did: str) -> str:
    url: str = method["id"]
    if _did_of(url) != did:
        raise InvalidVerificationMethodError("A verification method is another DID's.")
    if url in methods:
        raise InvalidVerificationMethodError("Two verification methods have the same id.")
    methods[url] = method
    return url


def _did_of(url: str) -> str:
    try:
        return split(url)[0]
    except InvalidVerificationMethodUrlError:
        raise InvalidVerificationMethodError("The id of a method is no absolute URL.") from None


def _references(
    entries: list[Any], methods: dict[str, Mapping[str, Any]], did: str
) -> Iterator[str]:
    """CID 1.0 2.3: each is the id of a method, or a method that is for this use only."""
    for entry in entries:
        if isinstance(entry, str):
            yield entry
            continue
        method = _check_form(entry)
        # A method of another DID counts in the document of that DID only (CID 1.0 3.3).
        if _did_of(method["id"]) == did:
            yield _add(methods, method, did)


def _check_lifetime(method: Mapping[str, Any], now: int) -> None:
    """CID 1.0 2.2: nothing is verified at or after either moment, whenever it was signed."""
    for name in ("revoked", "expires"):
        if name not in method:
            continue
        try:
            ended = moment.parse(method[name]) <= now
        except VerificationError:
            raise InvalidVerificationMethodError("A method has a malformed end.") from None
        if ended:
            raise InvalidVerificationMethodError("The method is revoked or expired.")


def _read_key(method: Mapping[str, Any]) -> PublicKey:
    form = METHOD_TYPES.get(method["type"])
    if form is None or form.material not in method:
        raise InvalidVerificationMethodError("The verification method is of an unknown kind.")
    if method["controller"] != method["id"].partition("#")[0]:
        raise InvalidVerificationMethodError("The verification method has another controller.")
    try:
        key = form.read(method[form.material])
    except VerificationError:
        raise InvalidVerificationMethodError("The key is malformed or unsafe.") from None
    if key.algorithm not in form.algorithms:
        raise InvalidVerificationMethodError("The key is of another kind than its method.")
    return key
