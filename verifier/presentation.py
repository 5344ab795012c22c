"""Checking presentations: opened, proven, then judged; each credential gives a finding of its own.

An identity credential comes first: it tells whose response it is, and gives a finding if it fails.

What is a finding and what breaks the whole response is told in wire.md "Questions".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from vckit.dcql import CredentialQuery
from vckit.errors import (
    HolderBindingError,
    NotRequestedError,
    OtherRequestError,
    PolicyLimitError,
    UntrustedIssuerError,
    VerificationError,
)
from vckit.formats import UnverifiedCredential
from vckit.oauth import InvalidRequest
from vckit.sd_jwt import KeyBindingExpectation
from verifier import identity_card
from verifier.findings import ATTACHMENTS_DIFFER, Accepted, Basis, Finding, Rejected, Source
from verifier.issuers import Issuer
from verifier.judging import Checks, Proven, judge
from verifier.question import IDENTITY

# A query and what answers it.
Presented = tuple[CredentialQuery, Any]
# security.md "Resource budgets": credentials per response.
MAX_CREDENTIALS: Final = 100
UNKNOWN_SOURCE: Final = Source("", None)


class AttachmentsDifferError(VerificationError):
    """The credentials of one document do not state the same."""

    reason = ATTACHMENTS_DIFFER


@dataclass(frozen=True)
class Broken:
    """A presentation or credential that proves nothing."""

    reason: str


# Rejected: the presentation holds, but whether its credential does can't be told.
Outcome = Proven | Rejected | Broken


def check_response(
    presentations: Iterable[Presented],
    *,
    expected: KeyBindingExpectation,
    checks: Checks,
) -> list[Finding]:
    """One finding for each credential of one response, each with the query that it answers.

    Raises InvalidRequest for another nonce or audience, and when no presentation of a statement
    has a valid proof and holder binding.
    """
    identities, given = _apart(presentations)
    refused, checks = _presented_by(identities, expected, checks)
    opened = [
        (query, each)
        for query, presentation in given[:MAX_CREDENTIALS]
        for each in _opened(query, presentation, expected, checks)
    ]
    outcomes = [(query, _outcome(each, checks)) for query, each in opened[:MAX_CREDENTIALS]]
    if all(isinstance(outcome, Broken) for _, outcome in outcomes):
        raise InvalidRequest("no presentation has a valid proof and holder binding")
    found = [*refused, *(_finding(outcome, query, checks) for query, outcome in outcomes)]
    if max(len(given), len(opened)) > MAX_CREDENTIALS:
        found.append(Rejected(PolicyLimitError.reason, UNKNOWN_SOURCE))
    return found


def check_document(
    carried: Sequence[UnverifiedCredential], sealed_by: Source, checks: Checks
) -> Finding:
    """The finding for the credentials of a sealed document, which have no holder (row X20).

    The first is the statement. A second one states it in another format, with a status of its own:
    both must hold, or whoever reads the one would be told something else by the other (row X13).
    """
    try:
        first, *others = [_carried(each, sealed_by, checks) for each in carried]
        if any(_stated(each) != _stated(first) for each in others):
            raise AttachmentsDifferError
    except VerificationError as error:
        return Rejected(error.reason, sealed_by, "document")
    found = judge(first, None, checks)
    for each in others:
        found = _agreed(found, judge(each, None, checks))
    return found


def _carried(unverified: UnverifiedCredential, sealed_by: Source, checks: Checks) -> Proven:
    issuer = checks.issuers.find(unverified.issuer)
    proven = _proven(unverified, issuer, "document", checks)
    _require_document(proven, sealed_by)
    return proven


def _stated(proven: Proven) -> Mapping[str, Any]:
    """What it says, without where its own entry for newer statements is."""
    claims = proven.credential.claims
    return {term: claims[term] for term in claims if not term.startswith("vernieuwing_")}


def _agreed(found: Finding, other: Finding) -> Finding:
    """One withdrawn, or not to be checked, is the document withdrawn, or not to be checked."""
    if isinstance(found, Accepted) and isinstance(other, Rejected):
        return Rejected(other.reason, found.evidence.source, "document", found.evidence)
    return found


def check_held(unverified: UnverifiedCredential, checks: Checks) -> Finding:
    """The finding for a credential as its holder keeps it, whose holder is not here to prove it."""
    try:
        issuer = checks.issuers.find(unverified.issuer)
    except VerificationError as error:
        return Rejected(error.reason, checks.issuers.source(unverified.issuer), "document")
    try:
        return judge(_proven(unverified, issuer, "document", checks), None, checks)
    except VerificationError as error:
        return Rejected(error.reason, UNKNOWN_SOURCE, "document")


def _apart(presentations: Iterable[Presented]) -> tuple[list[Presented], list[Presented]]:
    """Identity credentials and statements."""
    given = list(presentations)
    identities = [each for each in given if each[0].id == IDENTITY]
    return identities, [each for each in given if each[0].id != IDENTITY]


def _presented_by(
    presentations: Iterable[Presented],
    expected: KeyBindingExpectation,
    checks: Checks,
) -> tuple[list[Rejected], Checks]:
    """What was refused of identity credentials, and the checks with the person of one that holds.

    Of one query there is one answer at most (`vp_token.parse`).
    """
    refused: list[Rejected] = []
    for query, presentation in presentations:
        try:
            presenter = identity_card.verify_person(
                presentation,
                query,
                issuers=checks.identity_issuers,
                expected=expected,
                now=checks.now,
            )
            checks = replace(checks, presenter=presenter)
        except OtherRequestError as error:
            raise _made_for_another() from error
        except VerificationError as error:
            refused.append(Rejected(error.reason, UNKNOWN_SOURCE, "identity"))
    return refused, checks


def _opened(
    query: CredentialQuery, presentation: Any, expected: KeyBindingExpectation, checks: Checks
) -> Iterator[UnverifiedCredential | Broken]:
    try:
        chosen = checks.formats.get(query.format)
        if chosen is None:
            raise NotRequestedError
        yield from chosen.open_presentation(presentation, expected=expected, now=checks.now)
    except OtherRequestError as error:
        raise _made_for_another() from error
    except VerificationError as error:
        yield Broken(error.reason)


def _outcome(opened: UnverifiedCredential | Broken, checks: Checks) -> Outcome:
    if isinstance(opened, Broken):
        return opened
    try:
        issuer = checks.issuers.find(opened.issuer)
    except VerificationError as error:
        if opened.presenter is None:
            return Broken(error.reason)
        return Rejected(error.reason, checks.issuers.source(opened.issuer))
    try:
        return _proven(opened, issuer, "wallet", checks)
    except OtherRequestError as error:
        raise _made_for_another() from error
    except VerificationError as error:
        return Broken(error.reason)


def _proven(
    unverified: UnverifiedCredential, issuer: Issuer, basis: Basis, checks: Checks
) -> Proven:
    known = checks.formats[unverified.format]
    credential = known.verify(unverified, issuer_key=issuer.key, now=checks.now)
    return Proven(credential, issuer, basis)


def _finding(outcome: Outcome, query: CredentialQuery, checks: Checks) -> Finding:
    match outcome:
        case Proven():
            return judge(outcome, query, checks)
        case Broken(reason):
            return Rejected(reason, UNKNOWN_SOURCE)
    return outcome


def _made_for_another() -> InvalidRequest:
    """Rows V01, V04, V05, I26: made for another request, so nothing of the response is taken."""
    return InvalidRequest("a presentation was made for another request")


def _require_document(proven: Proven, sealed_by: Source) -> None:
    """Without a holder's proof only what was issued as a document of the sealer counts."""
    if proven.credential.claims.get("document") is not True or proven.credential.holder_key:
        raise HolderBindingError("the credential is bound to a holder")
    if proven.source != sealed_by:
        raise UntrustedIssuerError("seal and credential are of two organisations")
