"""Client identifiers and their prefixes: OpenID4VP 1.0 section 5.9."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from vckit import x509
from vckit.errors import MalformedValueError, UntrustedIssuerError
from vckit.keys import PublicKey
from vckit.trust import Organisation

Chain = Sequence[x509.Certificate]
# Judges a certificate chain: an organisation of the scheme; None where the wallet will warn that
# it knows nobody of that certificate; UntrustedIssuerError where it stops at once.
Trust = Callable[[Chain], Organisation | None]


@dataclass(frozen=True)
class Verifier:
    """Who signed a request: the organisation of the scheme if it is known, and its key."""

    organisation: Organisation | None
    key: PublicKey


# Gives who a DID is and its key of a DID URL, both by DID resolution of the wallet's own: it
# decides which DIDs it resolves at all. Raises a VerificationError.
ResolveDid = Callable[[str, str], Verifier]


@dataclass(frozen=True)
class Judges:
    """What a wallet judges signers with; without `resolve_did` it takes no DID for one."""

    trust: Trust
    resolve_did: ResolveDid | None = None


Resolve = Callable[[str, Mapping[str, Any], Judges], Verifier]


def _anywhere(_identifier: str, _response_uri: str) -> bool:
    return True


@dataclass(frozen=True)
class Prefix:
    """How a wallet treats a prefix: `resolve` finds the signer, None where nothing is signed.

    `resolve` takes the identifier without its prefix, the unverified JOSE header, and the judges.
    `covers` tells whether who has the identifier may be answered at a response URI.
    """

    resolve: Resolve | None
    covers: Callable[[str, str], bool] = _anywhere


def x509_hash_client_id(leaf: x509.Certificate) -> str:
    """Give the client id of whoever signs with this certificate (5.9.3, HAIP 5)."""
    return f"x509_hash:{x509.digest(leaf)}"


def x509_san_dns_client_id(leaf: x509.Certificate, host: str) -> str:
    """Give the client id of whoever signs with this certificate and answers at `host` (5.9.3).

    Raises MalformedValueError where the certificate does not name it.
    """
    if host not in x509.dns_names(leaf):
        raise MalformedValueError("The certificate does not name the host.")
    return f"x509_san_dns:{host}"


def decentralized_identifier_client_id(did: str) -> str:
    """Give the client id of whoever signs with a key of this DID (5.9.3)."""
    return f"decentralized_identifier:{did}"


def redirect_uri_client_id(uri: str) -> str:
    """Give the client id of an unsigned request that is answered at `uri` (5.9.3)."""
    return f"redirect_uri:{uri}"


def split(client_id: str) -> tuple[Prefix, str]:
    """Give the prefix's rules and the identifier without it.

    5.9.1: the prefix ends at the first colon. 5.9.2: what has none would be a pre-registered
    client, and there are none. Raises MalformedValueError; `origin` is reserved and unknown here.
    """
    name, colon, identifier = client_id.partition(":")
    if not colon or not identifier or name not in PREFIXES:
        raise MalformedValueError("The client identifier's prefix is not supported.")
    return PREFIXES[name], identifier


def _resolve_x509_hash(identifier: str, header: Mapping[str, Any], judges: Judges) -> Verifier:
    # 5.9.3: the hash of the leaf, the leaf's key, and a chain that the wallet trusts.
    chain = x509.parse_x5c(header.get("x5c"))
    if x509.digest(chain[0]) != identifier:
        raise UntrustedIssuerError("The certificate is not the client identifier's.")
    return Verifier(judges.trust(chain), x509.public_key(chain[0]))


def _resolve_x509_san_dns(identifier: str, header: Mapping[str, Any], judges: Judges) -> Verifier:
    # 5.9.3: a DNS name of the leaf, as it is written there: no wildcard stands for it.
    chain = x509.parse_x5c(header.get("x5c"))
    if identifier not in x509.dns_names(chain[0]) or "*" in identifier:
        raise UntrustedIssuerError("The certificate does not name the client identifier.")
    return Verifier(judges.trust(chain), x509.public_key(chain[0]))


def _at_its_host(identifier: str, response_uri: str) -> bool:
    # 5.9.3: only a client that is trusted by its name might be answered elsewhere; here, none.
    return urlsplit(response_uri).hostname == identifier.lower()


def _resolve_did(identifier: str, header: Mapping[str, Any], judges: Judges) -> Verifier:
    # 5.9.3: the DID's key that `kid` names. J07: by its whole DID URL, and of no other DID.
    did_url = header.get("kid")
    if not isinstance(did_url, str) or did_url.partition("#")[0] != identifier:
        raise UntrustedIssuerError("The request's key is not named as one of its client's DID.")
    if did_url == identifier or judges.resolve_did is None:
        raise UntrustedIssuerError("The request's key can't be found.")
    return judges.resolve_did(identifier, did_url)


PREFIXES: dict[str, Prefix] = {
    "x509_hash": Prefix(resolve=_resolve_x509_hash),
    "x509_san_dns": Prefix(resolve=_resolve_x509_san_dns, covers=_at_its_host),
    "decentralized_identifier": Prefix(resolve=_resolve_did),
    "redirect_uri": Prefix(resolve=None),
}
