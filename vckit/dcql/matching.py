"""Selecting claims and credentials (OpenID4VP 1.0 section 6.4), and judging what was selected."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vckit.dcql.pointer import Path, resolve, select
from vckit.dcql.query import (
    FORMATS,
    ClaimsQuery,
    CredentialQuery,
    CredentialSetQuery,
    Query,
    TrustedAuthorities,
)
from vckit.errors import ClaimsMissingError, NotRequestedError


@dataclass(frozen=True)
class Candidate:
    """A credential as DCQL sees it; `key` is the caller's own name for it.

    `meta` is the format's ({"vct": …} or {"types": […]}) and `claims` what paths apply to, for a
    W3C credential the whole of it (ProvenCredential has both: `meta`, `document`).
    `trusted_authorities` gives for a type such as "aki" the values that its certificates bear.
    """

    key: str
    format: str
    meta: Mapping[str, Any]
    claims: Mapping[str, Any]
    trusted_authorities: Mapping[str, Collection[str]] = field(default_factory=dict)
    holder_bound: bool = True


@dataclass(frozen=True)
class Match:
    """A candidate that answers a credential query, and the paths to disclose for it.

    A path names one selected element; what can be disclosed apart inside it is not selected.
    """

    candidate: Candidate
    disclose: tuple[Path, ...]


@dataclass(frozen=True)
class Answer:
    """What a wallet could return: per query id every match, and whether that is enough.

    `met` is false when a required set can't be satisfied: then nothing may be returned (6.4.2).
    """

    query: Query
    matches: Mapping[str, tuple[Match, ...]]
    met: bool

    def selection(self) -> dict[str, tuple[Match, ...]]:
        """Give what to return without further choice of the person: {query id: matches}.

        Of each set, required or not, the first option that can be satisfied; of a query without
        `multiple` the first match. Empty when a required set can't be satisfied.
        """
        if not self.met:
            return {}
        ids = {one for one_set in self.query.sets() for one in self._satisfied(one_set)}
        return {
            one.id: self.matches[one.id] if one.multiple else self.matches[one.id][:1]
            for one in self.query.credentials
            if one.id in ids
        }

    def _satisfied(self, one_set: CredentialSetQuery) -> tuple[str, ...]:
        answered = {one for one, found in self.matches.items() if found}
        return next((option for option in one_set.options if answered.issuperset(option)), ())


def match(query: Query, candidates: Iterable[Candidate]) -> Answer:
    """Find for each credential query the candidates that satisfy it, as a wallet must (6.4)."""
    held = list(candidates)
    matches = {
        credential.id: tuple(
            found for one in held if (found := _match_one(credential, one)) is not None
        )
        for credential in query.credentials
    }
    answered = [one for one, found in matches.items() if found]
    return Answer(query, matches, met=not unmet_sets(query, answered))


def unmet_sets(query: Query, answered: Collection[str]) -> tuple[CredentialSetQuery, ...]:
    """Give the required sets that these query ids do not satisfy (section 8.6, last step)."""
    return tuple(
        one_set
        for one_set in query.sets()
        if one_set.required and not any(set(one) <= set(answered) for one in one_set.options)
    )


def check(credential_query: CredentialQuery, candidate: Candidate) -> tuple[ClaimsQuery, ...]:
    """Judge a verified presentation against what was asked (section 8.6 step 2.2).

    Gives the claims of the most wanted option that it satisfies. Raises NotRequestedError for
    another format or type, ClaimsMissingError when no option is satisfied. Trusted authorities
    are not judged here: trust is the verifier's own business (section 6.1.1).
    """
    if not _is_of_kind(credential_query, candidate):
        raise NotRequestedError("The credential is not of the requested kind.")
    for option in credential_query.options():
        if _disclosures(option, candidate.claims) is not None:
            return option
    raise ClaimsMissingError("A requested claim is missing or has another value.")


def requested(credential_query: CredentialQuery, claims: Mapping[str, Any]) -> tuple[Path, ...]:
    """Give every path in `claims` that the query asks for in any of its options.

    What was disclosed beyond these and can be withheld was not asked for.
    """
    return _distinct(
        path for claim in credential_query.claims for path in select(claims, claim.path)
    )


def _match_one(credential: CredentialQuery, candidate: Candidate) -> Match | None:
    if not _is_of_kind(credential, candidate) or not _is_bound(credential, candidate):
        return None
    if not _is_authorised(credential.trusted_authorities, candidate):
        return None
    for option in credential.options():
        disclose = _disclosures(option, candidate.claims)
        if disclose is not None:
            return Match(candidate, disclose)
    return None


def _is_of_kind(credential: CredentialQuery, candidate: Candidate) -> bool:
    rules = FORMATS.get(credential.format)
    if rules is None or candidate.format != credential.format:
        return False
    return rules.meets(credential.meta, candidate.meta)


def _is_bound(credential: CredentialQuery, candidate: Candidate) -> bool:
    # B.3: without a cnf claim it can't be returned where holder binding is required.
    return candidate.holder_bound or not credential.require_cryptographic_holder_binding


def _is_authorised(authorities: Sequence[TrustedAuthorities], candidate: Candidate) -> bool:
    # 6.1.1: one value of one entry is enough; a type that we can't judge matches nothing.
    return not authorities or any(
        value in candidate.trusted_authorities.get(one.type, ())
        for one in authorities
        for value in one.values
    )


def _disclosures(
    option: Sequence[ClaimsQuery], claims: Mapping[str, Any]
) -> tuple[Path, ...] | None:
    """Give the paths that answer every claim of an option, or None when one has no answer."""
    found = [_answer(claim, claims) for claim in option]
    if not all(found):
        return None
    return _distinct(path for paths in found for path in paths)


def _answer(claim: ClaimsQuery, claims: Mapping[str, Any]) -> list[Path]:
    return [path for path, value in resolve(claims, claim.path) if _is_wanted(claim, value)]


def _is_wanted(claim: ClaimsQuery, value: object) -> bool:
    # 6.3: type and value match exactly, so 1 is not true.
    return claim.values is None or any(
        type(wanted) is type(value) and wanted == value for wanted in claim.values
    )


def _distinct(paths: Iterable[Path]) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(paths))
