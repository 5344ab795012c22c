"""Judging a credential whose proof holds: each step gives its reason, and none hides another.

Steps: issuer on the scheme, what was asked, validity, status, schema, invariants, person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from vckit import statement
from vckit.dcql import Candidate, CredentialQuery, check
from vckit.errors import (
    MalformedValueError,
    StatusVerificationError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.formats import Format, ProvenCredential
from verifier import question
from verifier.findings import (
    PRESENTER_MISMATCH,
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
from verifier.issuers import Issuer, IssuerBook
from verifier.person import Person
from verifier.status_book import StatusBook

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


class PresenterMismatchError(VerificationError):
    """It is about another person than the identity credential beside it."""

    reason = PRESENTER_MISMATCH


_REVOCATIONS: Final = {1: RevokedError, 2: SuspendedError}


@dataclass(frozen=True)
class Checks:
    """What the credentials of one response are checked against.

    `formats` are those that can be read at all; `person` is None where the case names nobody,
    `presenter` where no identity credential tells whose response it is. `identity_issuers` are the
    digests of the certificates that may issue one.
    """

    formats: Mapping[str, Format]
    issuers: IssuerBook
    statuses: StatusBook
    person: Person | None
    now: int
    identity_issuers: frozenset[str] = frozenset()
    presenter: Person | None = None


@dataclass(frozen=True)
class Proven:
    """A credential whose proof and, where one is needed, holder binding hold."""

    credential: ProvenCredential
    issuer: Issuer
    basis: Basis

    @property
    def source(self) -> Source:
        """Who stated it."""
        return self.issuer.source


def judge(proven: Proven, query: CredentialQuery | None, checks: Checks) -> Finding:
    """Everything after proof and holder binding; with `query` also whether it was asked for."""
    evidence = _evidence(proven, checks)
    try:
        _require_trusted(proven)
        _require_asked(proven.credential, query)
        proven.credential.validity.check(checks.now)
        status_at = _require_current(proven, checks)
        # From here on also what is of another person tells all: the case may get that one too.
        evidence = _with_breaches(
            _require_readable(evidence, proven), proven, status_at, checks.now
        )
        _require_person(evidence, checks.person)
    except VerificationError as error:
        return Rejected(error.reason, proven.source, proven.basis, evidence)
    return Accepted(evidence)


def _evidence(proven: Proven, checks: Checks) -> Evidence | None:
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
        checked_at=checks.now,
        is_presenters=_is_presenters(credential.claims, checks.presenter),
    )


def _is_presenters(terms: Mapping[str, Any], presenter: Person | None) -> bool | None:
    return presenter.is_same(Person.stated(terms)) if presenter else None


def _require_trusted(proven: Proven) -> None:
    if proven.issuer.organisation is None:
        raise UntrustedIssuerError


def _require_asked(credential: ProvenCredential, query: CredentialQuery | None) -> None:
    """OpenID4VP 1.0 8.6 step 2.2: never rely on the wallet's own matching (rows V10, V13)."""
    if query is not None:
        check(
            query,
            Candidate(credential.digest, credential.format, credential.meta, credential.document),
        )


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
    if evidence.is_presenters is False:
        raise PresenterMismatchError
    if person is not None and not person.is_same(evidence.person):
        raise SubjectMismatchError
