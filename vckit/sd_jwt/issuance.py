"""Making an SD-JWT (RFC 9901 sections 4.1 and 4.2)."""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from vckit import jose
from vckit.encoding import b64url_encode
from vckit.errors import MalformedValueError
from vckit.sd_jwt.disclosure import (
    DEFAULT_HASH,
    RESERVED_NAMES,
    Disclosure,
    Path,
    create,
    digest,
)
from vckit.signers import Signer

NewSalt = Callable[[], str]
Key = TypeVar("Key", str, int)


def random_salt() -> str:
    """128 bits from the operating system, base64url (RFC 9901 section 9.3)."""
    return b64url_encode(secrets.token_bytes(16))


def issue(
    claims: Mapping[str, Any],
    *,
    disclosable: Collection[Path],
    header: Mapping[str, Any],
    signer: Signer,
    new_salt: NewSalt = random_salt,
) -> str:
    """Sign `claims` with every path of `disclosable` behind a disclosure; ends with `~`.

    Disclosable things inside disclosable things become recursive disclosures (4.2.6). A path that
    is not in `claims`, and a claim with a reserved name, raise MalformedValueError.
    """
    concealment = _Concealment(_by_place(disclosable), new_salt)
    payload = concealment.members(claims, ())
    if any(concealment.unmet.values()):
        raise MalformedValueError("a disclosable path is not in the claims")
    if concealment.disclosures:
        payload["_sd_alg"] = DEFAULT_HASH
    issuer_jwt = jose.sign(header, payload, signer)
    return "~".join([issuer_jwt, *concealment.disclosures, ""])


def _by_place(disclosable: Collection[Path]) -> dict[Path, set[str | int]]:
    """The names or indexes to conceal, by the path of the object or array that they stand in."""
    result: dict[Path, set[str | int]] = {}
    for *place, last in disclosable:
        result.setdefault(tuple(place), set()).add(last)
    return result


@dataclass
class _Concealment:
    """One walk over the claims that replaces disclosable things by digests."""

    unmet: dict[Path, set[str | int]]
    new_salt: NewSalt
    disclosures: list[str] = field(default_factory=list)

    def members(self, claims: Mapping[str, Any], at: Path) -> dict[str, Any]:
        if not RESERVED_NAMES.isdisjoint(claims):
            raise MalformedValueError("a claim has a name that SD-JWT reserves")
        result = {name: self.value(value, (*at, name)) for name, value in claims.items()}
        concealed = self.take(at, result)
        if concealed:
            digests = [self.conceal(create(self.new_salt(), n, result.pop(n))) for n in concealed]
            # 4.2.4.1: the order must not tell the order of the claims.
            result["_sd"] = sorted(digests)
        return result

    def elements(self, values: list[Any], at: Path) -> list[Any]:
        result = [self.value(value, (*at, index)) for index, value in enumerate(values)]
        for index in self.take(at, range(len(result))):
            result[index] = {"...": self.conceal(create(self.new_salt(), None, result[index]))}
        return result

    def value(self, value: Any, at: Path) -> Any:
        if isinstance(value, dict):
            return self.members(value, at)
        return self.elements(value, at) if isinstance(value, list) else value

    def take(self, at: Path, present: Collection[Key]) -> list[Key]:
        """Which of the `present` names or indexes are to be concealed here, in their order."""
        wanted = self.unmet.get(at)
        if not wanted:
            return []
        found = [key for key in present if key in wanted]
        wanted.difference_update(found)
        return found

    def conceal(self, disclosure: Disclosure) -> str:
        self.disclosures.append(disclosure.encoded)
        return digest(disclosure.encoded, DEFAULT_HASH)
