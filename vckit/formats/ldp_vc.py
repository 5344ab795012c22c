"""The format `ldp_vc`: a JSON-LD credential with a Data Integrity proof inside.

Data model 2.0 with a `DataIntegrityProof`, and 1.1 with the older Ed25519Signature2020 for wallets
that know nothing else. The JSON is judged beside the RDF that is signed: see `data_model`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from vckit import data_integrity, data_model, jcs, strict_json
from vckit.data_integrity import PROOF_TYPES, VerifyProof
from vckit.data_model import (
    DATA_INTEGRITY_V2,
    ED25519_2020,
    EXPANDED_TYPES,
    V2,
    V11,
    Envelope,
    Version,
)
from vckit.encoding import sha256_b64url
from vckit.errors import MalformedValueError, ProofVerificationError
from vckit.formats.binding import (
    check_age,
    check_named,
    check_signer,
    holder_method,
    presenter_key,
    proven,
)
from vckit.formats.credential import ProvenCredential, UnverifiedCredential, UnverifiedIssuer
from vckit.keys import EDDSA, ES256, PublicKey
from vckit.rdf import JsonLd
from vckit.sd_jwt import KeyBindingExpectation, Path
from vckit.signers import Signer

FORMAT: Final = "ldp_vc"
ISSUING: Final = "assertionMethod"
PRESENTING: Final = "authentication"
# By version, so that no document of 2.0 can choose an older type of proof.
_PROOF_TYPES: Final = {
    V2.name: ("DataIntegrityProof",),
    V11.name: ("DataIntegrityProof", "Ed25519Signature2020"),
}
_PROOF: Final = "proof"
_VALUE: Final = "proofValue"
# What a holder signs with, by the algorithm of the key.
_CRYPTOSUITES: Final = {EDDSA: "eddsa-rdfc-2022", ES256: "ecdsa-rdfc-2019"}


def issue(
    terms: Mapping[str, Any],
    envelope: Envelope,
    *,
    cryptosuite: str,
    signer: Signer,
    verification_method: str,
    json_ld: JsonLd,
) -> str:
    """A debt statement of data model 2.0 as a JSON text; see `vckit.formats`."""
    secured = data_integrity.add_proof(
        data_model.build_v2(terms, envelope),
        cryptosuite=cryptosuite,
        signer=signer,
        verification_method=verification_method,
        purpose=ISSUING,
        created=envelope.issued_at,
        json_ld=json_ld,
    )
    return strict_json.dumps(secured).decode()


def issue_vc11(
    terms: Mapping[str, Any],
    envelope: Envelope,
    *,
    sign: Callable[[dict[str, Any]], Mapping[str, Any]],
) -> str:
    """A debt statement of data model 1.1 as a JSON text, to which `sign` adds the proof."""
    return strict_json.dumps(sign(data_model.build_v11(terms, envelope, ED25519_2020))).decode()


@dataclass(frozen=True)
class LdpVc:
    """The `Format`; a presentation is an object with the holder's proof and the credentials."""

    FORMAT: ClassVar[str] = FORMAT
    ENTRY_TYPE: ClassVar[type] = dict

    json_ld: JsonLd
    context_url: str

    def open_presentation(
        self, presentation: Any, *, expected: KeyBindingExpectation, now: int
    ) -> tuple[UnverifiedCredential, ...]:
        """Every credential of the presentation, whose proof covers them all."""
        secured = _object(presentation)
        version = data_model.version_of_presentation(secured, bare=False)
        credentials = data_model.credentials_of(secured)
        for credential in credentials:
            data_model.version_of(_object(credential), self.context_url)
            data_model.issuer_of(credential)  # Row I40: malformed where it is null, not dropped.
        proof = data_integrity.unverified_proof(secured)
        key = presenter_key(proof.verification_method)
        _suite(version, proof.type)(
            secured,
            key=key,
            purpose=PRESENTING,
            json_ld=self.json_ld,
            now=now,
            challenge=expected.nonce,
            domain=expected.audience,
        )
        check_age(proof.created, expected, now)
        check_named(data_model.holder_of(secured), key)
        return tuple(_opened(credential, key) for credential in credentials)

    def open_held(self, text: str) -> UnverifiedCredential:
        """A credential with no presenter."""
        return _opened(strict_json.loads_object(text), None)

    def verify(
        self, unverified: UnverifiedCredential, *, issuer_key: PublicKey, now: int
    ) -> ProvenCredential:
        """The issuer's proof, what the document says, the holder."""
        check_signer(unverified)
        version = data_model.version_of(unverified.content, self.context_url)
        proof = data_integrity.unverified_proof(unverified.content)
        document = _suite(version, proof.type)(
            unverified.content, key=issuer_key, purpose=ISSUING, json_ld=self.json_ld, now=now
        )
        credential = data_model.read(document, context_url=self.context_url)
        return proven(unverified, credential, document=document, types=EXPANDED_TYPES)

    def present(
        self,
        text: str,
        *,
        keep: Collection[Path],  # noqa: ARG002  nothing can be withheld
        signer: Signer,
        audience: str,
        nonce: str,
        now: int,
    ) -> dict[str, Any]:
        """The whole credential with a proof of its holder, in the data model that it has."""
        held = strict_json.loads_object(text)
        holder_id, method = holder_method(held.get("credentialSubject"), signer)
        version = data_model.version_of(held, self.context_url)
        contexts = [V2.base] if version is V2 else [V11.base, DATA_INTEGRITY_V2]
        return data_integrity.add_proof(
            data_model.build_presentation(contexts, [held], holder=holder_id),
            cryptosuite=_CRYPTOSUITES[signer.algorithm],
            signer=signer,
            verification_method=method,
            purpose=PRESENTING,
            created=now,
            json_ld=self.json_ld,
            challenge=nonce,
            domain=audience,
        )


def open_format(json_ld: JsonLd, context_url: str) -> LdpVc:
    """The format over one JSON-LD processor."""
    return LdpVc(json_ld, context_url)


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MalformedValueError("a credential or presentation of this format is an object")
    return value


def _suite(version: Version, proof_type: str) -> VerifyProof:
    if proof_type not in _PROOF_TYPES[version.name]:
        raise ProofVerificationError("the proof is of a type that its data model does not have")
    return PROOF_TYPES[proof_type]


def _opened(credential: dict[str, Any], presenter: PublicKey | None) -> UnverifiedCredential:
    issuer = data_model.issuer_of(credential)
    method = data_integrity.unverified_proof(credential).verification_method
    return UnverifiedCredential(
        format=FORMAT,
        issuer=UnverifiedIssuer(issuer, None, method),
        content=credential,
        digest=_digest(credential, issuer),
        presenter=presenter,
    )


def _digest(credential: dict[str, Any], issuer: str) -> str:
    """Over what is signed, in a form that every re-serialisation has in common.

    Arrays are sets here, in any order; the name of an issuer is not its own (row I40); of one
    signature there are two spellings in ECDSA.
    """
    proof = {name: value for name, value in credential[_PROOF].items() if name != _VALUE}
    return sha256_b64url(
        jcs.canonicalize(_as_sets({**credential, "issuer": issuer, _PROOF: proof}))
    )


def _as_sets(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _as_sets(member) for name, member in value.items()}
    if not isinstance(value, list):
        return value
    elements = {jcs.canonicalize(element): element for element in map(_as_sets, value)}
    return [elements[form] for form in sorted(elements)]
