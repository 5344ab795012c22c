"""What didkit says of a credential of data model 1.1: a second opinion that decides nothing."""

from collections.abc import Mapping
from typing import Final

from vckit.data_integrity import didkit_child
from vckit.data_integrity.didkit_child import Child
from vckit.did import DidDocument
from vckit.errors import VerificationError
from vckit.formats import UnverifiedCredential
from verifier.judging import Checks

AGREES: Final = "agrees"
DISAGREES: Final = "disagrees"
UNAVAILABLE: Final = "unavailable"
SENTENCES: Final[Mapping[str, str]] = {
    AGREES: "tweede controle (didkit): akkoord",
    DISAGREES: "tweede controle (didkit): niet akkoord",
    UNAVAILABLE: "tweede controle niet beschikbaar",
}


def ask(unverified: UnverifiedCredential, checks: Checks, child: Child) -> str | None:
    """AGREES, DISAGREES or UNAVAILABLE; None for what didkit does not know.

    didkit judges the proof alone, under the DID document that we resolved: it fetches nothing.
    """
    if not _is_known(unverified.content):
        return None
    try:
        didkit_child.verify(
            unverified.content, issuer=_document(unverified.issuer.iss, checks), child=child
        )
    except didkit_child.NotAgreedError:
        return DISAGREES
    except didkit_child.UnavailableError:
        return UNAVAILABLE
    return AGREES


def _is_known(content: object) -> bool:
    proof = content.get("proof") if isinstance(content, Mapping) else None
    return isinstance(proof, Mapping) and proof.get("type") == didkit_child.PROOF_TYPE


def _document(iss: str, checks: Checks) -> DidDocument | None:
    try:
        return checks.issuers.document(iss)
    except VerificationError:
        return None
