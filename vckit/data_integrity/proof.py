"""The proof object of a secured document, whatever suite made it (VC-DI 2.1 and 4.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from vckit.did import moment
from vckit.errors import (
    InvalidChallengeError,
    InvalidDomainError,
    MalformedValueError,
    ProofVerificationError,
)

MEMBER: Final = "proof"
VALUE: Final = "proofValue"
CONTEXT: Final = "@context"
# How far the clock of who signed may be ahead of ours, in seconds.
LEEWAY: Final = 60


@dataclass(frozen=True)
class UnverifiedProof:
    """What a proof says of itself; nothing of it is verified.

    `created` and `expires` are epoch seconds; `domain` has every string that the proof names;
    `value` is the text of `proofValue`.
    """

    type: str
    cryptosuite: str | None
    verification_method: str
    purpose: str
    created: int | None
    expires: int | None
    challenge: str | None
    domain: tuple[str, ...]
    value: str


def new_options(
    document: Mapping[str, Any],
    kind: Mapping[str, str],
    *,
    verification_method: str,
    purpose: str,
    created: int,
    challenge: str | None,
    domain: str | None,
) -> dict[str, Any]:
    """The proof of a document before it is signed (VC-DI 4.2): `kind` is its type and suite.

    Raises MalformedValueError for a document that has a proof already.
    """
    if MEMBER in document:
        raise MalformedValueError("The document has a proof already.")
    expected = {"challenge": challenge, "domain": domain}
    return {
        **kind,
        "created": moment.write(created),
        "verificationMethod": verification_method,
        "proofPurpose": purpose,
        **{name: value for name, value in expected.items() if value is not None},
    }


def unverified_proof(document: Mapping[str, Any]) -> UnverifiedProof:
    """Read the one proof of a document; proof sets and chains are refused.

    Raises ProofVerificationError or MalformedValueError.
    """
    proof = _proof_object(document)
    _refuse_chains(proof)
    if CONTEXT in proof and proof[CONTEXT] != document.get(CONTEXT):
        # The suites put the document's in its place (vc-di-ecdsa 3.2.5): one of both would lie.
        raise ProofVerificationError("The proof has another context than its document.")
    return UnverifiedProof(
        type=_required(proof, "type"),
        cryptosuite=_text(proof, "cryptosuite"),
        verification_method=_required(proof, "verificationMethod"),
        purpose=_required(proof, "proofPurpose"),
        created=_moment(proof, "created"),
        expires=_moment(proof, "expires"),
        challenge=_text(proof, "challenge"),
        domain=_strings(proof.get("domain", [])),
        value=_required(proof, VALUE),
    )


def check_expected(
    proof: UnverifiedProof, *, purpose: str, now: int, challenge: str | None, domain: str | None
) -> None:
    """Purpose, audience, nonce and moment (VC-DI 4.4); None of the last two asks for nothing.

    Raises ProofVerificationError, InvalidDomainError or InvalidChallengeError.
    """
    if proof.purpose != purpose:
        raise ProofVerificationError("The proof was made for another purpose.")
    if domain is not None and set(proof.domain) != {domain}:
        raise InvalidDomainError("The proof was made for another domain.")
    if challenge is not None and proof.challenge != challenge:
        raise InvalidChallengeError("The proof carries another challenge.")
    if proof.created is not None and proof.created > now + LEEWAY:
        raise ProofVerificationError("The proof was made in the future.")
    if proof.expires is not None and proof.expires <= now:
        raise ProofVerificationError("The proof has expired.")


def without_proof(document: Mapping[str, Any]) -> dict[str, Any]:
    """The unsecured document."""
    return {name: value for name, value in document.items() if name != MEMBER}


def options_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The proof options: what the proof says beside its value."""
    return {name: value for name, value in document[MEMBER].items() if name != VALUE}


def _proof_object(document: object) -> Mapping[str, Any]:
    if not isinstance(document, Mapping):
        raise MalformedValueError("The document is not an object.")
    if MEMBER not in document:
        raise ProofVerificationError("The document has no proof.")
    proof = document[MEMBER]
    if not isinstance(proof, Mapping):
        raise ProofVerificationError("The document has not exactly one proof.")
    return proof


def _refuse_chains(proof: Mapping[str, Any]) -> None:
    if MEMBER in proof:
        raise MalformedValueError("A proof stands within a proof.")
    if "previousProof" in proof:
        raise ProofVerificationError("The proof leans on another one.")


def _required(proof: Mapping[str, Any], name: str) -> str:
    value = _text(proof, name)
    if value is None:
        raise ProofVerificationError("A member of the proof is missing.")
    return value


def _text(proof: Mapping[str, Any], name: str) -> str | None:
    if name not in proof:
        return None
    if not isinstance(proof[name], str):
        raise ProofVerificationError("A member of the proof is not a string.")
    return str(proof[name])


def _moment(proof: Mapping[str, Any], name: str) -> int | None:
    return moment.parse(proof[name]) if name in proof else None


def _strings(domain: object) -> tuple[str, ...]:
    """VC-DI 2.1: a string, or an unordered set of strings."""
    listed = [domain] if isinstance(domain, str) else domain
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise MalformedValueError("The domain of the proof is no set of strings.")
    return tuple(listed)
