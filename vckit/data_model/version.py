"""The two versions of the data model, told apart by `@context`: a closed set of lists, no others.

wire.md "The scheme": a context that is not one of these could give a signed term another meaning.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import contexts
from vckit.errors import MalformedValueError

CREDENTIALS_V2: Final = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS_V1: Final = "https://www.w3.org/2018/credentials/v1"
ED25519_2020: Final = "https://w3id.org/security/suites/ed25519-2020/v1"
DATA_INTEGRITY_V1: Final = "https://w3id.org/security/data-integrity/v1"
DATA_INTEGRITY_V2: Final = "https://w3id.org/security/data-integrity/v2"
CONTEXT: Final = "@context"


@dataclass(frozen=True)
class Version:
    """A version of the data model: its first context, our own document, its names for times.

    `ignored` are members that the version defines and that a debt statement has no use for: they
    are signed, and never fetched, shown or acted upon (row I34). `presentations` are the lists of
    a presentation with a Data Integrity proof.
    """

    name: str
    base: str
    own: str
    since: str
    until: str
    ignored: frozenset[str]
    presentations: tuple[list[str], ...]


V2: Final = Version(
    name="2.0",
    base=CREDENTIALS_V2,
    own="context/v1",
    since="validFrom",
    until="validUntil",
    ignored=frozenset(
        {
            "name",
            "description",
            "termsOfUse",
            "evidence",
            "refreshService",
            "renderMethod",
            "relatedResource",
            "confidenceMethod",
        }
    ),
    presentations=([CREDENTIALS_V2],),
)
V11: Final = Version(
    name="1.1",
    base=CREDENTIALS_V1,
    own="context/v1-1.1",
    since="issuanceDate",
    until="expirationDate",
    ignored=frozenset({"termsOfUse", "evidence", "refreshService"}),
    presentations=(
        [CREDENTIALS_V1, ED25519_2020],
        [CREDENTIALS_V1, DATA_INTEGRITY_V2],
        [CREDENTIALS_V1, DATA_INTEGRITY_V1],
    ),
)


@cache
def _shipped(key: str) -> dict[str, Any]:
    inline: dict[str, Any] = json.loads(contexts.own(key))[CONTEXT]
    return inline


def inline(version: Version) -> dict[str, Any]:
    """Our context as an object; a copy, since whoever gets it may write into it."""
    return json.loads(json.dumps(_shipped(version.own)))  # type: ignore[no-any-return]  # an object


def version_of(document: Mapping[str, Any], context_url: str) -> Version:
    """The version whose `@context` this is, compared deeply; MalformedValueError for any other."""
    given = document.get(CONTEXT)
    if given in ([V2.base, context_url], [V2.base, _shipped(V2.own)]):
        return V2
    of_v11 = [V11.base, _shipped(V11.own)]
    if given in (of_v11, [*of_v11, ED25519_2020]):
        return V11
    raise MalformedValueError("the @context is none of the known lists")


def version_of_presentation(document: Mapping[str, Any], *, bare: bool) -> Version:
    """The version of a presentation; `bare` ones have no proof inside, so the first context only.

    MalformedValueError for any other `@context`.
    """
    given = document.get(CONTEXT)
    for version in (V2, V11):
        if given in ([[version.base]] if bare else version.presentations):
            return version
    raise MalformedValueError("the @context of the presentation is none of the known lists")
