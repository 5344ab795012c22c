"""The parts of a DCQL query, read strictly: OpenID4VP 1.0 sections 6 to 6.3.

Unknown properties are ignored (section 6); everything known must be exactly of its kind.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StrictBool,
    StrictInt,
    StrictStr,
    StringConstraints,
    ValidationError,
)

from vckit.dcql.pointer import Pointer
from vckit.errors import MalformedValueError

_Id = Annotated[str, Strict(), StringConstraints(pattern=r"^[A-Za-z0-9_-]+$", max_length=256)]
_Text = Annotated[str, Strict(), StringConstraints(min_length=1)]
_Component = StrictStr | Annotated[int, Strict(), Field(ge=0)] | None
_Value = StrictBool | StrictInt | StrictStr


@dataclass(frozen=True)
class FormatRules:
    """What a credential format adds to DCQL: how its `meta` is read and matched (Appendix B).

    `reads` tells whether a query's `meta` is well formed; `meets` whether a credential's own
    `meta` meets it.
    """

    reads: Callable[[Mapping[str, Any]], bool]
    meets: Callable[[Mapping[str, Any], Mapping[str, Any]], bool]


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, str) for one in value)


def _are_type_values(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_texts, value))


def _has_types(asked: Mapping[str, Any], meta: Mapping[str, Any]) -> bool:
    # B.1.1: every type of one alternative, in any order, whatever other types there are.
    return any(set(meta.get("types", ())).issuperset(types) for types in asked["type_values"])


_W3C = FormatRules(
    reads=lambda meta: _are_type_values(meta.get("type_values")),
    meets=_has_types,
)

# Appendix B.3.5: vct_values is required; a credential's meta is {"vct": its type}. B.1.1:
# type_values is required; meta is {"types": its types}: fully expanded, and for JWTs, whose
# context nobody need apply, as they are written too. "vc+jwt" is our own extension (wire.md).
FORMATS: dict[str, FormatRules] = {
    "dc+sd-jwt": FormatRules(
        reads=lambda meta: _is_texts(meta.get("vct_values")),
        meets=lambda asked, meta: meta.get("vct") in asked["vct_values"],
    ),
    "ldp_vc": _W3C,
    "jwt_vc_json": _W3C,
    "vc+jwt": _W3C,
}


@dataclass(frozen=True)
class ClaimsQuery:
    """Section 6.3: a pointer to a claim, and the values it may have (None: any)."""

    path: Pointer
    id: str | None = None
    values: tuple[str | int | bool, ...] | None = None


@dataclass(frozen=True)
class TrustedAuthorities:
    """Section 6.1.1: a type such as "aki" and the values of which one must fit."""

    type: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class CredentialQuery:
    """Section 6.1: one kind of credential and what is asked of it."""

    id: str
    format: str
    meta: Mapping[str, Any]
    multiple: bool = False
    claims: tuple[ClaimsQuery, ...] = ()
    claim_sets: tuple[tuple[str, ...], ...] = ()
    trusted_authorities: tuple[TrustedAuthorities, ...] = ()
    require_cryptographic_holder_binding: bool = True

    def options(self) -> tuple[tuple[ClaimsQuery, ...], ...]:
        """Give the combinations of claims that satisfy it, most wanted first (section 6.4.1)."""
        if not self.claim_sets:
            return (self.claims,)
        by_id = {claim.id: claim for claim in self.claims}
        return tuple(tuple(by_id[one] for one in option) for option in self.claim_sets)


@dataclass(frozen=True)
class CredentialSetQuery:
    """Section 6.2: sets of query ids of which one set satisfies."""

    options: tuple[tuple[str, ...], ...]
    required: bool = True


@dataclass(frozen=True)
class Query:
    """A whole DCQL query."""

    credentials: tuple[CredentialQuery, ...]
    credential_sets: tuple[CredentialSetQuery, ...] = ()

    def credential(self, query_id: str) -> CredentialQuery | None:
        """Give the credential query of this id."""
        return next((one for one in self.credentials if one.id == query_id), None)

    def sets(self) -> tuple[CredentialSetQuery, ...]:
        """Give the sets to satisfy; without any, every credential is asked (section 6.4.2)."""
        if self.credential_sets:
            return self.credential_sets
        return (CredentialSetQuery(options=(tuple(one.id for one in self.credentials),)),)


class _Claims(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: _Id | None = None
    path: tuple[_Component, ...] = Field(min_length=1, max_length=32)
    values: tuple[_Value, ...] | None = Field(None, min_length=1)

    def value(self) -> ClaimsQuery:
        return ClaimsQuery(self.path, self.id, self.values)


class _Authorities(BaseModel):
    model_config = ConfigDict(extra="ignore")

    type: _Text
    values: tuple[_Text, ...] = Field(min_length=1)

    def value(self) -> TrustedAuthorities:
        return TrustedAuthorities(self.type, self.values)


class _Credential(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: _Id
    format: _Text
    meta: dict[str, Any]
    multiple: StrictBool = False
    claims: tuple[_Claims, ...] | None = Field(None, min_length=1)
    claim_sets: tuple[tuple[_Id, ...], ...] | None = Field(None, min_length=1)
    trusted_authorities: tuple[_Authorities, ...] | None = Field(None, min_length=1)
    require_cryptographic_holder_binding: StrictBool = True

    def value(self) -> CredentialQuery:
        return CredentialQuery(
            id=self.id,
            format=self.format,
            meta=self.meta,
            multiple=self.multiple,
            claims=tuple(one.value() for one in self.claims or ()),
            claim_sets=self.claim_sets or (),
            trusted_authorities=tuple(one.value() for one in self.trusted_authorities or ()),
            require_cryptographic_holder_binding=self.require_cryptographic_holder_binding,
        )


class _CredentialSet(BaseModel):
    model_config = ConfigDict(extra="ignore")

    options: tuple[Annotated[tuple[_Id, ...], Field(min_length=1)], ...] = Field(min_length=1)
    required: StrictBool = True

    def value(self) -> CredentialSetQuery:
        return CredentialSetQuery(self.options, self.required)


class _Query(BaseModel):
    model_config = ConfigDict(extra="ignore")

    credentials: tuple[_Credential, ...] = Field(min_length=1)
    credential_sets: tuple[_CredentialSet, ...] | None = Field(None, min_length=1)

    def value(self) -> Query:
        return Query(
            credentials=tuple(one.value() for one in self.credentials),
            credential_sets=tuple(one.value() for one in self.credential_sets or ()),
        )


def parse(query: object) -> Query:
    """Read a DCQL query given as a JSON value; raises MalformedValueError."""
    try:
        read = _Query.model_validate(query).value()
    except ValidationError:
        raise MalformedValueError("The DCQL query is malformed.") from None
    for credential in read.credentials:
        _check_credential(credential)
    ids = [one.id for one in read.credentials]
    _check_unique(ids)
    for one_set in read.credential_sets:
        for option in one_set.options:
            _check_known(option, ids)
    return read


def _check_credential(credential: CredentialQuery) -> None:
    rules = FORMATS.get(credential.format)
    if rules is not None and not rules.reads(credential.meta):
        raise MalformedValueError("The DCQL query lacks what its format asks of meta.")
    ids = [claim.id for claim in credential.claims if claim.id is not None]
    _check_unique(ids)
    # 6.3: ids are required once claim_sets is there; 6.4.1: never claim_sets without claims.
    if credential.claim_sets and len(ids) != len(credential.claims):
        raise MalformedValueError("A claim of the DCQL query lacks its id.")
    for option in credential.claim_sets:
        _check_known(option, ids)


def _check_unique(ids: Sequence[str]) -> None:
    if len(set(ids)) != len(ids):
        raise MalformedValueError("An id occurs twice in the DCQL query.")


def _check_known(option: Iterable[str], ids: Sequence[str]) -> None:
    if not set(option) <= set(ids):
        raise MalformedValueError("The DCQL query names an id that it does not have.")
