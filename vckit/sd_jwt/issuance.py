"""Making an SD-JWT (RFC 9901 sections 4.1 and 4.2)."""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

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
    concealment = _Concealment(frozenset(disclosable), new_salt)
    payload = concealment.members(claims, ())
    if concealment.unmet():
        raise MalformedValueError("a disclosable path is not in the claims")
    if concealment.disclosures:
        payload["_sd_alg"] = DEFAULT_HASH
    issuer_jwt = jose.sign(header, payload, signer)
    return "~".join([issuer_jwt, *concealment.disclosures, ""])


@dataclass
class _Concealment:
    """One walk over the claims that replaces disclosable things by digests."""

    disclosable: frozenset[Path]
    new_salt: NewSalt
    disclosures: list[str] = field(default_factory=list)
    met: set[Path] = field(default_factory=set)

    def unmet(self) -> frozenset[Path]:
        return self.disclosable - self.met

    def members(self, claims: Mapping[str, Any], at: Path) -> dict[str, Any]:
        if not RESERVED_NAMES.isdisjoint(claims):
            raise MalformedValueError("a claim has a name that SD-JWT reserves")
        result: dict[str, Any] = {}
        digests: list[str] = []
        for name, value in claims.items():
            concealed = self.value(value, (*at, name))
            if (*at, name) in self.disclosable:
                digests.append(self.conceal(name, concealed, (*at, name)))
            else:
                result[name] = concealed
        if digests:
            # 4.2.4.1: the order must not tell the order of the claims.
            result["_sd"] = sorted(digests)
        return result

    def elements(self, values: list[Any], at: Path) -> list[Any]:
        return [self.element(value, (*at, index)) for index, value in enumerate(values)]

    def element(self, value: object, at: Path) -> Any:
        concealed = self.value(value, at)
        if at not in self.disclosable:
            return concealed
        return {"...": self.conceal(None, concealed, at)}

    def value(self, value: object, at: Path) -> Any:
        if isinstance(value, Mapping):
            return self.members(value, at)
        return self.elements(value, at) if isinstance(value, list) else value

    def conceal(self, name: str | None, value: object, at: Path) -> str:
        disclosure: Disclosure = create(self.new_salt(), name, value)
        self.met.add(at)
        self.disclosures.append(disclosure.encoded)
        return digest(disclosure.encoded, DEFAULT_HASH)
