"""Taking an SD-JWT apart, and the holder's side of presenting it (RFC 9901 sections 4 and 7.2)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from vckit import jose
from vckit.errors import MalformedValueError, ParsingError, PolicyLimitError
from vckit.sd_jwt.disclosure import MAX_DISCLOSURES, Disclosure, Path, digest, hash_name
from vckit.sd_jwt.processing import process
from vckit.signers import Signer

KEY_BINDING_TYP: Final = "kb+jwt"


@dataclass(frozen=True)
class UnverifiedSdJwt:
    """The parts of an SD-JWT or SD-JWT+KB, of which nothing is verified."""

    issuer_jwt: str
    disclosures: tuple[str, ...]
    key_binding_jwt: str | None
    unverified_issuer_jwt: jose.UnverifiedJws
    unverified_claims: dict[str, Any]

    @property
    def unverified_header(self) -> dict[str, Any]:
        """The protected header of the issuer-signed JWT."""
        return self.unverified_issuer_jwt.header

    @property
    def bound_text(self) -> str:
        """What a key binding is bound to (4.3.1): all but the KB-JWT, ending with `~`."""
        return "~".join([self.issuer_jwt, *self.disclosures, ""])


def parse(text: str) -> UnverifiedSdJwt:
    """Split the compact form (section 4); the JSON serialisation (section 8) is not taken.

    Wrong grammar raises ParsingError, more than 2,000 disclosures PolicyLimitError.
    """
    issuer_jwt, *disclosures = text.split("~")
    if not disclosures:
        raise ParsingError("an SD-JWT has no tilde")
    key_binding = disclosures.pop()
    if len(disclosures) > MAX_DISCLOSURES:
        raise PolicyLimitError("an SD-JWT has too many disclosures")
    if not all(disclosures):
        raise ParsingError("an SD-JWT has an empty disclosure")
    if key_binding:
        jose.parse(key_binding)
    issuer_jws = _parse_issuer_jwt(issuer_jwt)
    return UnverifiedSdJwt(
        issuer_jwt, tuple(disclosures), key_binding or None, issuer_jws, issuer_jws.claims()
    )


def _parse_issuer_jwt(issuer_jwt: str) -> jose.UnverifiedJws:
    issuer_jws = jose.parse(issuer_jwt)
    # Section 8.1 defines these for the JSON serialisation only, and never protected.
    if not {"disclosures", "kb_jwt"}.isdisjoint(issuer_jws.header):
        raise MalformedValueError("disclosures stand in the header of an SD-JWT")
    return issuer_jws


def disclosures_by_path(text: str) -> dict[Path, Disclosure]:
    """What the holder of an SD-JWT can withhold, by its place in the processed claims."""
    parts = parse(text)
    return process(parts.unverified_claims, parts.disclosures).disclosures


def present(text: str, *, keep: Collection[Path]) -> str:
    """The SD-JWT with only the disclosures on the way to `keep`; paths as in the full claims.

    A path to something inside a disclosure keeps that disclosure too (7.2 step 2). Disclosures
    *below* a kept path stay out unless they are named themselves. No key binding: see `bind`.
    """
    parts = parse(text)
    if parts.key_binding_jwt is not None:
        raise MalformedValueError("a presentation can not be presented again")
    wanted = {path[:length] for path in keep for length in range(1, len(path) + 1)}
    held = process(parts.unverified_claims, parts.disclosures).disclosures
    chosen = [disclosure.encoded for path, disclosure in held.items() if path in wanted]
    return "~".join([parts.issuer_jwt, *chosen, ""])


def bind(presentation: str, *, signer: Signer, audience: str, nonce: str, now: int) -> str:
    """Append a KB-JWT (4.3) over exactly this presentation; `now` in epoch seconds."""
    parts = parse(presentation)
    if parts.key_binding_jwt is not None:
        raise MalformedValueError("a presentation is already bound")
    claims = {
        "iat": now,
        "aud": audience,
        "nonce": nonce,
        "sd_hash": digest(parts.bound_text, hash_name(parts.unverified_claims)),
    }
    return parts.bound_text + jose.sign({"typ": KEY_BINDING_TYP}, claims, signer)
