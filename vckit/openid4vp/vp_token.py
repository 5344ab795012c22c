"""The VP token: OpenID4VP 1.0 section 8.1."""

from typing import Any

from vckit import dcql
from vckit.oauth import InvalidRequest

# How a presentation of each format is written (Appendix B).
ENTRY_TYPES: dict[str, type] = {
    "dc+sd-jwt": str,
    "jwt_vc_json": str,
    "vc+jwt": str,
    "ldp_vc": dict,
}


def parse(value: object, query: dcql.Query) -> dict[str, list[Any]]:
    """Read a VP token: {query id: presentations}, none verified yet.

    A presentation is a string or, of `ldp_vc`, a JSON object. Keys are ids of `query`, values
    non-empty arrays, with one entry where `multiple` is not set. Whether enough was answered is
    another question (`dcql.unmet_sets`). Raises InvalidRequest.
    """
    if not isinstance(value, dict) or not value:
        raise InvalidRequest("The VP token is no object with presentations.")
    return {query_id: _presentations(query_id, given, query) for query_id, given in value.items()}


def _presentations(query_id: str, given: object, query: dcql.Query) -> list[Any]:
    asked = query.credential(query_id)
    if asked is None:
        raise InvalidRequest("The VP token answers what was not asked.")
    if not isinstance(given, list) or not given:
        raise InvalidRequest("The VP token's entries are no arrays of presentations.")
    if len(given) > 1 and not asked.multiple:
        raise InvalidRequest("The VP token has several presentations where one was asked.")
    entry_type = ENTRY_TYPES.get(asked.format)
    if entry_type is None or not all(isinstance(one, entry_type) for one in given):
        raise InvalidRequest("A presentation is not written as its format is.")
    return given
