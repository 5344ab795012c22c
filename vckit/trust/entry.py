"""An organisation's own entry for a scheme, made where its keys are and added by the operator."""

from collections.abc import Collection, Sequence
from typing import Any

from vckit import x509
from vckit.errors import ConfigurationError


def build_entry(
    members: dict[str, Any],
    chains: Sequence[Sequence[x509.Certificate]],
    *,
    base_url: str,
    by_authority: bool,
    demo: bool,
) -> dict[str, Any]:
    """The entry as JSON (wire.md "The scheme"): `members` of the role, and what all roles have.

    `chains` are of every key that speaks for it, leaf first. Trusted is each leaf, or with
    `by_authority` the authority above it, whose leafs must then name `base_url` as URI.
    `demo` marks keys that are nothing for real debts. ConfigurationError without an authority.
    """
    certificates = [_anchor(chain, by_authority=by_authority) for chain in chains]
    entry = {**members, "certificaten": list(dict.fromkeys(certificates)), "start_url": base_url}
    if by_authority:
        _require_named(chains, base_url)
        entry["uitgevers"] = [base_url]
    return {**entry, "demo": True} if demo else entry


def _anchor(chain: Sequence[x509.Certificate], *, by_authority: bool) -> str:
    if not by_authority:
        return x509.digest(chain[0])
    if len(chain) == 1:
        raise ConfigurationError("a chain has no certificate of an authority")
    return x509.digest(chain[1])


def _require_named(chains: Collection[Sequence[x509.Certificate]], base_url: str) -> None:
    if any(base_url not in x509.uris(chain[0]) for chain in chains):
        raise ConfigurationError("a certificate does not name base_url as URI: leave --authority")
