"""Putting disclosures back where their digests stand (RFC 9901 section 7.1 steps 3 to 5)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from vckit.errors import CryptographicSecurityError, MalformedValueError, PolicyLimitError
from vckit.sd_jwt.disclosure import (
    MAX_DEPTH,
    RESERVED_NAMES,
    Disclosure,
    Path,
    digest,
    hash_name,
    parse,
)


@dataclass(frozen=True)
class Processed:
    """The processed payload, and which disclosure stands at which path of it."""

    claims: dict[str, Any]
    disclosures: dict[Path, Disclosure]


def process(
    payload: Mapping[str, Any],
    disclosures: Sequence[str],
    *,
    never_disclosable: Collection[str] = (),
) -> Processed:
    """Section 7.1 steps 3, 4 and 5 over a payload; nothing of `payload` is changed.

    Wrong shapes raise MalformedValueError, disclosures that do not belong to the payload
    CryptographicSecurityError, too much nesting PolicyLimitError.
    """
    algorithm = hash_name(payload)
    if len(set(disclosures)) != len(disclosures):
        raise CryptographicSecurityError("a disclosure is sent more than once")
    # Step 3.a.
    unmet = {digest(encoded, algorithm): parse(encoded) for encoded in disclosures}
    restoration = _Restoration(unmet, frozenset(never_disclosable))
    top = {name: value for name, value in payload.items() if name != "_sd_alg"}  # Step 3.f.
    claims = restoration.members(top, ())
    # Step 5.
    if restoration.unmet:
        raise CryptographicSecurityError("a disclosure is referenced by no digest")
    return Processed(claims, restoration.met)


@dataclass
class _Restoration:
    unmet: dict[str, Disclosure]
    never_disclosable: frozenset[str]
    met: dict[Path, Disclosure] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def value(self, value: Any, at: Path) -> Any:
        """What stands at `at`, restored; a string or number is what it is."""
        if not isinstance(value, dict | list):
            return value
        if len(at) > MAX_DEPTH:
            raise PolicyLimitError("an SD-JWT is nested too deeply")
        return self.members(value, at) if isinstance(value, dict) else self.elements(value, at)

    def members(self, value: Mapping[str, Any], at: Path) -> dict[str, Any]:
        # 4.1 rule 7 and 4.1.1: `...` stands in array elements, `_sd_alg` at the top.
        if "..." in value or "_sd_alg" in value:
            raise MalformedValueError("a reserved name stands where it does not belong")
        plain = dict(value)
        plain.pop("_sd", None)  # Step 3.e.
        for name, member in plain.items():
            if isinstance(member, dict | list):
                plain[name] = self.value(member, (*at, name))
        for found in _digests(value):
            self.insert(plain, found, at)
        return plain

    def insert(self, members: dict[str, Any], found: str, at: Path) -> None:
        """Step 3.c.ii, for one digest of an `_sd` array."""
        disclosure = self.take(found)
        if disclosure is None:
            return
        name = disclosure.name
        if name is None:  # 3.c.ii.1
            raise MalformedValueError("the disclosure of a property has no name")
        if name in RESERVED_NAMES:  # 3.c.ii.2
            raise MalformedValueError("a disclosure has a reserved name")
        if name in members:  # 3.c.ii.3
            raise MalformedValueError("a disclosure repeats a claim that is already there")
        members[name] = self.restore(disclosure, (*at, name))  # 3.c.ii.4 and 5

    def elements(self, values: list[Any], at: Path) -> list[Any]:
        """Step 3.c.iii, and 3.d: an element whose digest meets no disclosure is left out."""
        result: list[Any] = []
        for value in values:
            path = (*at, len(result))
            if not (isinstance(value, dict) and "..." in value):
                result.append(self.value(value, path))
                continue
            disclosure = self.take(_element_digest(value))
            if disclosure is None:
                continue
            if disclosure.name is not None:  # 3.c.iii.1
                raise MalformedValueError("the disclosure of an array element has a name")
            result.append(self.restore(disclosure, path))  # 3.c.iii.2 and 3
        return result

    def restore(self, disclosure: Disclosure, at: Path) -> Any:
        # SD-JWT VC, Registered JWT Claims: these, "including any of their sub-claims".
        if at[0] in self.never_disclosable:
            raise MalformedValueError("a claim that must be in the clear is in a disclosure")
        self.met[at] = disclosure
        return self.value(disclosure.value, at)

    def take(self, found: str) -> Disclosure | None:
        """Step 3.c.i, and step 4: no digest twice, decoys included."""
        if found in self.seen:
            raise MalformedValueError("a digest stands more than once in an SD-JWT")
        self.seen.add(found)
        return self.unmet.pop(found, None)


def _digests(value: Mapping[str, Any]) -> list[str]:
    """Step 3.b.i."""
    found = value.get("_sd", [])
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        raise MalformedValueError("_sd is not an array of strings")
    return found


def _element_digest(value: Mapping[str, Any]) -> str:
    """Step 3.b.ii."""
    found = value["..."]
    if len(value) != 1 or not isinstance(found, str):
        raise MalformedValueError("an array element's digest is not alone or not a string")
    return found
