"""What is checked of a credential before a person may keep it."""

from typing import Final

from holder_demo.checking.judge import KIND, Judge
from vckit import statement
from vckit.errors import (
    CryptographicSecurityError,
    HolderBindingError,
    MalformedValueError,
    NotRequestedError,
    UntrustedIssuerError,
)
from vckit.formats import ProvenCredential
from vckit.keys import PublicKey
from vckit.trust import Organisation, Scheme

STATEMENT_TYPE: Final = "https://w3id.org/blauwe-knop/v1#Schuldenopgave"


def verify_received(
    text: str, *, credential_format: str, issuer: str, holder_key: PublicKey, judge: Judge
) -> tuple[Organisation, ProvenCredential]:
    """Verify a credential as its holder and against the scheme.

    It must come from exactly the `issuer` that offered it, be bound to exactly our key, carry no
    key binding of its own, hold now, and be a valid statement. Raises a VerificationError.
    """
    opened = judge.format(credential_format)
    # RFC 9901 7.2: what a holder receives is an SD-JWT, never an SD-JWT+KB.
    unverified = opened.open_held(text)
    if unverified.issuer.x5c is not None and unverified.issuer.iss != issuer:
        raise UntrustedIssuerError("The credential is from another issuer than the offer.")
    organisation, key = judge.issuer(unverified.issuer)
    if issuer not in organisation.issuers:
        raise UntrustedIssuerError("The credential is from another organisation than the offer.")
    proven = opened.verify(unverified, issuer_key=key, now=judge.now)
    proven.validity.check(judge.now)
    _check_ours(proven, holder_key)
    if not _is_statement(proven, judge.scheme):
        raise NotRequestedError("The credential is of another type than was offered.")
    statement.validate(proven.claims)
    _check_speaks_for_itself(proven, organisation)
    return organisation, proven


def _is_statement(proven: ProvenCredential, scheme: Scheme) -> bool:
    types = proven.meta.get("types", ())
    return proven.meta.get("vct") == scheme.vct(KIND) or STATEMENT_TYPE in types


def _check_ours(proven: ProvenCredential, holder_key: PublicKey) -> None:
    if proven.holder_key is None or proven.holder_key != holder_key:
        raise HolderBindingError("The credential is bound to another key than ours.")
    if not any(status.purpose == "revocation" for status in proven.statuses):
        raise MalformedValueError("The credential names no status list.")


def _check_speaks_for_itself(proven: ProvenCredential, organisation: Organisation) -> None:
    """The statement must name the organisation whose key signed it."""
    if proven.claims["aangeleverd_door"].get("oin") != organisation.oin:
        raise UntrustedIssuerError("The statement names another organisation than its issuer.")
    digests = proven.claims["vordering_digests"]
    if sorted(map(statement.debt_digest, proven.claims["vorderingen"])) != sorted(digests):
        raise CryptographicSecurityError("The statement does not carry the debts that it counts.")
