"""A debt statement as a credential of data model 2.0 or 1.1: built, and read strictly.

Reading judges the document as it was received, never its RDF, of which the JSON could say more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vckit.data_model.envelope import Envelope
from vckit.data_model.status_entry import entries_of, lone_entry_of, references_of
from vckit.data_model.subject import refresh_terms, subject_of, take_refresh, terms_of
from vckit.data_model.version import CONTEXT, V2, V11, Version, inline, version_of
from vckit.did import moment, url
from vckit.errors import InvalidVerificationMethodUrlError, MalformedValueError
from vckit.sd_jwt import Validity
from vckit.status import StatusReference

TYPES: Final = ("VerifiableCredential", "Schuldenopgave")
EXPANDED_TYPES: Final = (
    "https://www.w3.org/2018/credentials#VerifiableCredential",
    "https://w3id.org/blauwe-knop/v1#Schuldenopgave",
)
SCHEMA_TYPE: Final = "JsonSchema"
_MEMBERS: Final = frozenset(
    {CONTEXT, "id", "type", "issuer", "credentialSubject", "credentialStatus", "credentialSchema"}
)


@dataclass(frozen=True)
class Credential:
    """What a credential says; `terms` are the statement's, `holder_id` is None for a document."""

    version: Version
    issuer: str
    holder_id: str | None
    terms: dict[str, Any]
    validity: Validity
    statuses: tuple[StatusReference, ...]


def build_v2(terms: Mapping[str, Any], envelope: Envelope) -> dict[str, Any]:
    """The credential of data model 2.0, without a proof."""
    return _build(V2, [V2.base, envelope.context_url or inline(V2)], terms, envelope)


def build_v11(terms: Mapping[str, Any], envelope: Envelope, *suites: str) -> dict[str, Any]:
    """The credential of data model 1.1, with the contexts of the proof `suites` behind ours.

    It has one status entry, so the refresh reference stands in the terms, as in SD-JWT VCs.
    """
    document = _build(V11, [V11.base, inline(V11), *suites], terms, envelope)
    document["credentialStatus"] = lone_entry_of(envelope.statuses)
    document["credentialSubject"] |= refresh_terms(envelope.statuses)
    return document


def _build(
    version: Version, contexts: list[Any], terms: Mapping[str, Any], envelope: Envelope
) -> dict[str, Any]:
    return {
        CONTEXT: contexts,
        "id": terms["opgave_kenmerk"],
        "type": list(TYPES),
        "issuer": envelope.issuer,
        version.since: moment.write(envelope.issued_at),
        version.until: moment.write(envelope.expires),
        "credentialStatus": entries_of(envelope.statuses),
        "credentialSchema": {"id": envelope.schema_url, "type": SCHEMA_TYPE},
        "credentialSubject": subject_of(terms, envelope.holder_id, envelope.new_id),
    }


def read(document: Mapping[str, Any], *, context_url: str) -> Credential:
    """What an unsecured document says, with its schema kept; MalformedValueError.

    The term `opgave_kenmerk` is the id of the credential, so it must be the same.
    """
    version = version_of(document, context_url)
    _check_members(document, version)
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict):
        raise MalformedValueError("the credentialSubject is not one object")
    terms, holder_id = terms_of(subject, with_refresh=version is V11)
    refresh = take_refresh(terms)
    if document.get("id") != terms["opgave_kenmerk"]:
        raise MalformedValueError("the credential has another id than its statement")
    return Credential(
        version=version,
        issuer=issuer_of(document),
        holder_id=holder_id,
        terms=terms,
        validity=_validity(document, version),
        statuses=references_of(document.get("credentialStatus", []), refresh),
    )


def issuer_of(document: Mapping[str, Any]) -> str:
    """The DID in `issuer`, which may be an object: its name and image are never shown (row I40)."""
    issuer = document.get("issuer")
    identifier = issuer.get("id") if isinstance(issuer, dict) else issuer
    try:
        url.method(identifier)
    except InvalidVerificationMethodUrlError:
        raise MalformedValueError("the issuer is no DID") from None
    return str(identifier)


def _check_members(document: Mapping[str, Any], version: Version) -> None:
    known = _MEMBERS | {version.since, version.until} | version.ignored
    if not known.issuperset(document):
        raise MalformedValueError("the credential has a member that its data model does not know")
    types = document.get("type")
    if not isinstance(types, list) or types not in (list(TYPES), list(reversed(TYPES))):
        raise MalformedValueError("the credential is of another type")
    if "credentialSchema" in document:
        _check_schemas(document["credentialSchema"])


def _check_schemas(schemas: object) -> None:
    """Data model 2.0 section 4.11: each with a type and an id, here never fetched."""
    for schema in schemas if isinstance(schemas, list) else [schemas]:
        match schema:
            case {"id": str(), "type": str()}:
                continue
        raise MalformedValueError("a credentialSchema has no id or no type")


def _validity(document: Mapping[str, Any], version: Version) -> Validity:
    since = moment.parse(document.get(version.since))
    until = moment.parse(document[version.until]) if version.until in document else None
    if until is not None and until <= since:
        raise MalformedValueError("the validity ends before it begins")
    return Validity(since, since, until)
