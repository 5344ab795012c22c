"""The terms of a statement as the subject of a credential, and back to exactly the same terms.

What stands twice for RDF is one for RDF: the signature says nothing about it (row I10). So each
debt is a node with an id of its own, equal ones count once, and one node in two pieces is refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from vckit import statement
from vckit.data_model.status_entry import REFRESH, check_mechanism
from vckit.errors import MalformedValueError
from vckit.status import StatusReference
from vckit.status.bitstring import MEMBER

DEBT_TYPE: Final = "Vordering"
_DEBTS: Final = "vorderingen"
# What the refresh entry of `credentialStatus` says, where that can have two entries.
_REFRESH_URI, _REFRESH_INDEX = "vernieuwing_uri", "vernieuwing_index"
_REFRESH: Final = frozenset({_REFRESH_URI, _REFRESH_INDEX})
_URN: Final = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def subject_of(
    terms: Mapping[str, Any], holder_id: str | None, new_id: Callable[[], str]
) -> dict[str, Any]:
    """The `credentialSubject`; a document has no holder, and all else has one."""
    _check_holder(terms, holder_id)
    subject: dict[str, Any] = {} if holder_id is None else {"id": holder_id}
    subject |= {name: value for name, value in terms.items() if name not in _REFRESH}
    subject[_DEBTS] = [_node(debt, new_id()) for debt in terms[_DEBTS]]
    return subject


def refresh_terms(references: Sequence[StatusReference]) -> dict[str, Any]:
    """The refresh reference as terms of a statement."""
    for each in references:
        if each.purpose == REFRESH:
            check_mechanism(each)
            return {_REFRESH_URI: each.uri, _REFRESH_INDEX: each.index}
    return {}


def take_refresh(terms: dict[str, Any]) -> tuple[StatusReference, ...]:
    """Take those out of valid terms, back into a reference."""
    if _REFRESH_URI not in terms:
        return ()
    uri, index = terms.pop(_REFRESH_URI), terms.pop(_REFRESH_INDEX)
    return (StatusReference(REFRESH, uri, index, MEMBER),)


def terms_of(
    subject: Mapping[str, Any], *, with_refresh: bool = False
) -> tuple[dict[str, Any], str | None]:
    """The terms, valid by their schema, and the holder's id.

    `vernieuwing_*` may only be among them `with_refresh`. Raises MalformedValueError.
    """
    terms = dict(subject)
    holder_id = terms.pop("id") if "id" in terms else None
    if "id" in subject and not isinstance(holder_id, str):
        raise MalformedValueError("the id of the subject is not a string")
    if not with_refresh and not _REFRESH.isdisjoint(terms):
        raise MalformedValueError("the subject says what credentialStatus says")
    if not isinstance(terms.get(_DEBTS), list):
        raise MalformedValueError("the debts are not an array")
    debts = _debts(terms[_DEBTS])
    if any(identifier == terms.get("opgave_kenmerk") for identifier in debts):
        raise MalformedValueError("a debt has the id of its statement")
    terms[_DEBTS] = list(debts.values())
    statement.validate(terms)
    _check_holder(terms, holder_id)
    return terms, holder_id


def _check_holder(terms: Mapping[str, Any], holder_id: str | None) -> None:
    if (holder_id is None) is not (terms.get("document") is True):
        raise MalformedValueError("a document has no holder, and all else has one")


def _node(debt: Mapping[str, Any], identifier: str) -> dict[str, Any]:
    return {"id": identifier, **debt, "type": [DEBT_TYPE, debt["type"]]}


def _debts(nodes: list[Any]) -> dict[str, dict[str, Any]]:
    """Each node once; in two different forms it would be one node for the signature only."""
    found: dict[str, dict[str, Any]] = {}
    for node in nodes:
        identifier, debt = _debt(node)
        if found.setdefault(identifier, debt) != debt:
            raise MalformedValueError("one debt stands there in two forms")
    return found


def _debt(node: object) -> tuple[str, dict[str, Any]]:
    if not isinstance(node, dict):
        raise MalformedValueError("a debt is not an object")
    debt = dict(node)
    identifier, types = debt.pop("id", None), debt.get("type")
    if not isinstance(identifier, str) or not _URN.fullmatch(identifier):
        raise MalformedValueError("a debt has no urn:uuid as its id")
    debt["type"] = _kind(types)
    return identifier, debt


def _kind(types: object) -> Any:
    """In RDF the types of a node have no order."""
    match types:
        case [str(first), str(second)] if DEBT_TYPE in (first, second) and first != second:
            return second if first == DEBT_TYPE else first
    raise MalformedValueError("a debt is not a Vordering of one kind")
