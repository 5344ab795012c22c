"""Checking presentations, step by step; each gives a finding and none hides another.

Steps: parse, issuer on the scheme, proof, holder binding, what was asked, validity, status,
schema, invariants, person.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from vckit import sd_jwt, statement, x509
from vckit.dcql import Candidate, CredentialQuery, check
from vckit.errors import (
    HolderBindingError,
    MalformedValueError,
    OtherRequestError,
    PolicyLimitError,
    StatusVerificationError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.formats import ProvenCredential, UnverifiedIssuer, dc_sd_jwt
from vckit.keys import PublicKey
from vckit.oauth import InvalidRequest
from vckit.sd_jwt import KeyBindingExpectation
from vckit.trust import Organisation, Scheme
from verifier import question
from verifier.findings import (
    REVOKED,
    SUBJECT_MISMATCH,
    SUPERSEDED,
    SUSPENDED,
    Accepted,
    Basis,
    Evidence,
    Finding,
    Rejected,
    Source,
    check_showable,
)
from verifier.person import Person
from verifier.status_book import Issuer, StatusBook

# security.md "Resource budgets": credentials per response.
MAX_PRESENTATIONS: Final = 100
MAX_NAME: Final = 200
UNKNOWN_SOURCE: Final = Source("", None)
_STATUSES: Final = frozenset({"revocation", "refresh"})


class RevokedError(VerificationError):
    """The issuer withdrew it."""

    reason = REVOKED


class SuspendedError(VerificationError):
    """The issuer suspended it."""

    reason = SUSPENDED


class SupersededError(VerificationError):
    """The issuer has a newer statement."""

    reason = SUPERSEDED


class SubjectMismatchError(VerificationError):
    """It is about another person than the case."""

    reason = SUBJECT_MISMATCH


_REVOCATIONS: Final = {1: RevokedError, 2: SuspendedError}


@dataclass(frozen=True)
class Checks:
    """What presentations are checked against; `person` is None where the case names nobody."""

    scheme: Scheme
    statuses: StatusBook
    person: Person | None
    now: int


@dataclass(frozen=True)
class Proven:
    """A credential whose proof and holder binding hold; `organisation` is None off the scheme."""

    credential: ProvenCredential
    organisation: Organisation | None
    issuer: Issuer
    basis: Basis

    @property
    def source(self) -> Source:
        """The name of the scheme, never one that the credential gives (row T11)."""
        if self.organisation is None:
            return Source(self.credential.issuer[:MAX_NAME], None)
        return Source(self.organisation.name, self.organisation.oin)


def check_response(
    presentations: Iterable[tuple[CredentialQuery | None, str]],
    *,
    expected: KeyBindingExpectation,
    checks: Checks,
) -> list[Finding]:
    """One finding for each presentation of one response, each with the query that it answers.

    Raises InvalidRequest for another nonce or audience, and when no presentation has a valid
    proof and holder binding (wire.md "Questions").
    """
    given = list(presentations)
    outcomes = [
        (query, _proven_or_refused(text, expected, checks))
        for query, text in given[:MAX_PRESENTATIONS]
    ]
    if not any(isinstance(outcome, Proven) for _, outcome in outcomes):
        raise InvalidRequest("no presentation has a valid proof and holder binding")
    return [
        *(_judged(outcome, query, checks) for query, outcome in outcomes),
        *(Rejected(PolicyLimitError.reason, UNKNOWN_SOURCE) for _ in given[MAX_PRESENTATIONS:]),
    ]


def check_document(unverified_credential: str, sealed_by: Source, checks: Checks) -> Finding:
    """The finding for the credential of a sealed document, which has no holder (row X20)."""
    try:
        proven = _prove(unverified_credential, None, checks)
        _require_document(proven, sealed_by)
    except VerificationError as error:
        return Rejected(error.reason, sealed_by, "document")
    return judge(proven, None, checks)


def check_held(text: str, checks: Checks) -> Finding:
    """The finding for a credential as its holder keeps it, whose holder is not here to prove it.

    Raises VerificationError when the text is no SD-JWT VC at all.
    """
    unbound = sd_jwt.parse(text).bound_text
    dc_sd_jwt.unverified_issuer(unbound)
    try:
        return judge(_prove(unbound, None, checks), None, checks)
    except VerificationError as error:
        return Rejected(error.reason, UNKNOWN_SOURCE)


def judge(proven: Proven, query: CredentialQuery | None, checks: Checks) -> Finding:
    """Everything after proof and holder binding; with `query` also whether it was asked for."""
    evidence = _evidence(proven, checks.now)
    try:
        _require_trusted(proven)
        _require_asked(proven.credential, query)
        proven.credential.validity.check(checks.now)
        status_at = _require_current(proven, checks)
        accepted = _with_breaches(
            _require_readable(evidence, proven), proven, status_at, checks.now
        )
        _require_person(accepted, checks.person)
    except VerificationError as error:
        return Rejected(error.reason, proven.source, proven.basis, evidence)
    return Accepted(accepted)


def _proven_or_refused(
    text: str, expected: KeyBindingExpectation, checks: Checks
) -> Proven | Rejected:
    try:
        return _prove(text, expected, checks)
    except OtherRequestError as error:
        # Rows V01, V04, V05: made for another request, so nothing of the response is taken.
        raise InvalidRequest("a presentation was made for another request") from error
    except VerificationError as error:
        return Rejected(error.reason, UNKNOWN_SOURCE)


def _judged(outcome: Proven | Rejected, query: CredentialQuery | None, checks: Checks) -> Finding:
    return judge(outcome, query, checks) if isinstance(outcome, Proven) else outcome


def _prove(text: str, expected: KeyBindingExpectation | None, checks: Checks) -> Proven:
    unverified = dc_sd_jwt.unverified_issuer(text)
    organisation, key = _issuer(unverified, checks)
    credential = dc_sd_jwt.verify(text, issuer_key=key, key_binding=expected, now=checks.now)
    basis: Basis = "wallet" if expected else "document"
    return Proven(credential, organisation, Issuer(credential.issuer, key), basis)


def _issuer(unverified: UnverifiedIssuer, checks: Checks) -> tuple[Organisation | None, PublicKey]:
    """Off the scheme the key is only good to tell an untrusted statement from a broken one."""
    try:
        return checks.scheme.issuer(
            unverified.iss, unverified.x5c, kind=question.KIND, now=checks.now
        )
    except UntrustedIssuerError:
        return None, x509.public_key(x509.parse_x5c(unverified.x5c)[0])


def _evidence(proven: Proven, now: int) -> Evidence | None:
    """What may be shown of it: the terms that were asked, if they are a statement at all."""
    credential = proven.credential
    times = credential.validity
    if times.issued_at is None or times.expires is None:
        return None
    try:
        statement.validate(credential.claims)
        check_showable(credential.claims, times.issued_at, times.expires)
    except VerificationError:
        return None
    return Evidence(
        source=proven.source,
        basis=proven.basis,
        digest=credential.digest,
        terms=question.kept(credential.claims),
        issued_at=times.issued_at,
        expires_at=times.expires,
        checked_at=now,
    )


def _require_document(proven: Proven, sealed_by: Source) -> None:
    """Without a holder's proof only what was issued as a document of the sealer counts."""
    if proven.credential.claims.get("document") is not True or proven.credential.holder_key:
        raise HolderBindingError("the credential is bound to a holder")
    if proven.source != sealed_by:
        raise UntrustedIssuerError("seal and credential are of two organisations")


def _require_trusted(proven: Proven) -> None:
    if proven.organisation is None:
        raise UntrustedIssuerError


def _require_asked(credential: ProvenCredential, query: CredentialQuery | None) -> None:
    """OpenID4VP 1.0 8.6 step 2.2: never rely on the wallet's own matching (rows V10, V13)."""
    if query is not None:
        meta = {"vct": credential.type}
        check(query, Candidate(credential.digest, credential.format, meta, credential.claims))


def _require_current(proven: Proven, checks: Checks) -> int:
    """Both kinds of status must be told; gives when the older of their lists was issued."""
    references = {each.purpose: each for each in proven.credential.statuses}
    if references.keys() != _STATUSES:
        raise MalformedValueError("the credential does not have both kinds of status")
    status, revocations = checks.statuses.status(
        references["revocation"], proven.issuer, checks.now
    )
    if status:
        raise _REVOCATIONS.get(status, StatusVerificationError)
    status, refreshes = checks.statuses.status(references["refresh"], proven.issuer, checks.now)
    if status:
        raise SupersededError
    return min(revocations.issued_at, refreshes.issued_at)


def _require_readable(evidence: Evidence | None, proven: Proven) -> Evidence:
    if evidence is None:
        statement.validate(proven.credential.claims)
        raise MalformedValueError("the statement lacks a time or a term of the person")
    return evidence


def _with_breaches(evidence: Evidence, proven: Proven, status_at: int, now: int) -> Evidence:
    breaches = statement.breaches(proven.credential.claims, issued_at=evidence.issued_at, now=now)
    return replace(evidence, status_at=status_at, breaches=tuple(breaches))


def _require_person(evidence: Evidence, person: Person | None) -> None:
    if person is not None and not person.is_same(evidence.person):
        raise SubjectMismatchError
