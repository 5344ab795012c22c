"""The credential formats, each one module, all with the same doings (`Format`).

`open_formats(json_ld: JsonLd, context_url: str) -> Mapping[str, Format]` gives every format by its
name; `context_url` is where the scheme publishes our context. A `Format` opens presentations and
held texts, verifies and presents. A credential is a text in every format: where `ENTRY_TYPE` is
dict that text is a JSON object, which stands in a credential response as the object itself.

Issuing is a function of the format's module, since each needs other things:

    dc_sd_jwt.issue(terms, *, vct, vct_integrity, issuer, chain, signer, holder_key, revocation,
                    issued_at, expires, new_salt) -> str
    ldp_vc.issue(terms, envelope: Envelope, *, cryptosuite: str, signer: Signer,
                 verification_method: str, json_ld: JsonLd) -> str
    ldp_vc.issue_vc11(terms, envelope: Envelope, *,
                      sign: Callable[[dict[str, Any]], Mapping[str, Any]]) -> str
    jwt_vc_json.issue(terms, envelope: Envelope, *, signer: Signer, verification_method: str) -> str
    vc_jwt.issue(terms, envelope: Envelope, *, signer: Signer, verification_method: str) -> str

`Envelope(issuer: str, holder_id: str | None, statuses: tuple[StatusReference, ...],
issued_at: int, expires: int, schema_url: str, context_url: str | None, new_id: Callable[[], str])`
of `vckit.data_model` is what a W3C credential says beside the terms: the issuer's DID; the DID of
its holder, None for a document (`document: true`); a revocation and a refresh reference with
mechanism "BitstringStatusListEntry"; epoch seconds; where schema and context are published, for
the context None to write it inline (data model 1.1 always does); `new_id` gives the urn:uuid of
each debt, in order. The terms may hold `vernieuwing_*`, which are left out: the refresh reference
says it. Equal arguments sign equal bytes, so that what will be signed can be known before.

`issuer` must be the DID of `verification_method`. `sign` of `issue_vc11` gets the finished data
model 1.1 document with [credentials/v1, our inline object, ed25519-2020/v1] and gives it back with
its proof.
"""

from collections.abc import Callable, Mapping
from typing import Final

from vckit.formats import dc_sd_jwt, jwt_vc_json, ldp_vc, vc_jwt
from vckit.formats.credential import (
    Format,
    ProvenCredential,
    UnverifiedCredential,
    UnverifiedIssuer,
)
from vckit.rdf import JsonLd

# By name: what opens the format, given the JSON-LD processor and the URL of our context.
FORMATS: Final[dict[str, Callable[[JsonLd, str], Format]]] = {
    dc_sd_jwt.FORMAT: dc_sd_jwt.open_format,
    ldp_vc.FORMAT: ldp_vc.open_format,
    jwt_vc_json.FORMAT: jwt_vc_json.open_format,
    vc_jwt.FORMAT: vc_jwt.open_format,
}


def open_formats(json_ld: JsonLd, context_url: str) -> Mapping[str, Format]:
    """Every format by its name."""
    return {name: opened(json_ld, context_url) for name, opened in FORMATS.items()}


__all__ = [
    "FORMATS",
    "Format",
    "ProvenCredential",
    "UnverifiedCredential",
    "UnverifiedIssuer",
    "open_formats",
]
