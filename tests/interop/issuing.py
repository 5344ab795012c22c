"""How strangers secure a statement of the organisation elsewhere, library by library."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.attacks.town import DAY
from tests.interop.elsewhere import PURPOSES, Elsewhere
from tests.interop.peer import Peer
from vckit import statement


@dataclass(frozen=True)
class Stranger:
    """A program that issues for the organisation elsewhere, with a key for each algorithm."""

    peer: Peer
    elsewhere: Elsewhere
    keys: dict[tuple[str, ...], Any] = field(default_factory=dict)

    def key(self, algorithm: str, **how: str) -> tuple[str, dict[str, Any]]:
        """A published key's id, and its JWK; one of each sort."""
        sort = (algorithm, *how.values())
        if sort not in self.keys:
            did = self.elsewhere.did
            made = self.peer.call("makeKey", algorithm=algorithm, controller=did, **how)
            self.elsewhere.add(made["method"])
            self.keys[sort] = made
        made = self.keys[sort]
        return made["method"]["id"], made["jwk"]


def publish_lists(stranger: Stranger, **marked: list[int]) -> None:
    """Have Digital Bazaar's library make both Bitstring lists, with these indices marked."""
    key, _ = stranger.key("EdDSA")
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + DAY))
    for purpose in PURPOSES:
        made = stranger.peer.call(
            "issueList",
            id=f"{stranger.elsewhere.town.url}{stranger.elsewhere.list_path(purpose)}",
            purpose=purpose,
            issuer=stranger.elsewhere.did,
            marked=marked.get(purpose, []),
            key=key,
            until=until,
        )
        stranger.elsewhere.publish(purpose, made)


@dataclass(frozen=True)
class Holding:
    """Whom a statement is about and who holds it."""

    person: Any
    did: str
    jwk: dict[str, Any]


def data_integrity(algorithm: str, cryptosuite: str) -> Callable[[Stranger, Holding], Any]:
    def issue(stranger: Stranger, holding: Holding) -> Any:
        key, _ = stranger.key(algorithm)
        credential = stranger.elsewhere.unsigned(holding.person, holding.did)
        return stranger.peer.call("issue", credential=credential, key=key, cryptosuite=cryptosuite)

    return issue


def legacy(stranger: Stranger, holding: Holding) -> Any:
    """Data model 1.1 with Ed25519Signature2020."""
    key, _ = stranger.key("EdDSA", type="Ed25519VerificationKey2020")
    credential = stranger.elsewhere.unsigned(holding.person, holding.did, "1.1")
    suite = "Ed25519Signature2020"
    return stranger.peer.call("issue", credential=credential, key=key, cryptosuite=suite)


def jwt_by_jose(stranger: Stranger, holding: Holding) -> Any:
    """Data model 1.1 in a JWT, as jose makes it."""
    key, _ = stranger.key("ES256")
    credential = stranger.elsewhere.unsigned(holding.person, holding.did, "1.1")
    now = int(time.time())
    issued = now - now % DAY
    return stranger.peer.call(
        "issueJwt", credential=credential, key=key, nbf=issued, exp=issued + 20 * DAY + now % DAY
    )


def jwt_by_openvc(stranger: Stranger, holding: Holding) -> Any:
    """Data model 1.1 in a JWT; the library writes the times, in claims only."""
    key, _ = stranger.key("ES256")
    credential = stranger.elsewhere.unsigned(holding.person, holding.did, "1.1")
    for name in ("issuanceDate", "expirationDate"):
        del credential[name]
    return stranger.peer.call("issueJwt", credential=credential, key=key, seconds=DAY)


def _sd_jwt_claims(stranger: Stranger, holding: Holding) -> dict[str, Any]:
    town, now = stranger.elsewhere.town, int(time.time())
    town.used += 1
    terms = stranger.elsewhere.terms(holding.person)
    terms |= {"vernieuwing_uri": town.list_uri("refresh"), "vernieuwing_index": town.used}
    status = {"status_list": {"uri": town.list_uri("revocation"), "idx": town.used}}
    return {
        **terms,
        "iss": town.url,
        "vct": town.vct,
        "iat": now - now % DAY,
        "exp": now + 20 * DAY,
        "status": status,
    }


def sd_jwt(stranger: Stranger, holding: Holding) -> Any:
    """Every person term and every debt can be withheld, as in our own."""
    key, jwk = stranger.key("ES256")
    claims = {**_sd_jwt_claims(stranger, holding), "cnf": {"jwk": holding.jwk}}
    frame = {
        "_sd": [name for name in statement.PERSON_TERMS if name in claims],
        "vorderingen": {"_sd": list(range(len(claims["vorderingen"])))},
    }
    return stranger.peer.call(
        "issueSdJwt", claims=claims, frame=frame, x5c=stranger.elsewhere.certify(jwk), key=key
    )


def sd_jwt_by_openvc(stranger: Stranger, holding: Holding) -> Any:
    """Only members at the top can be withheld: the list of debts as a whole is shown."""
    key, jwk = stranger.key("ES256")
    claims = _sd_jwt_claims(stranger, holding)
    return stranger.peer.call(
        "issueSdJwt",
        claims=claims,
        key=key,
        x5c=stranger.elsewhere.certify(jwk),
        disclosable=[name for name in statement.PERSON_TERMS if name in claims],
        holder=holding.jwk,
    )


@dataclass(frozen=True)
class Kind:
    """One way in which a stranger issues: its program, the format, and how the holder is bound."""

    program: str
    format: str
    issue: Callable[[Stranger, Holding], Any]
    algorithm: str = "EdDSA"
    binding: str = "did:key"


ISSUED = {
    "Digital Bazaar, eddsa-rdfc-2022": Kind(
        "office", "ldp_vc", data_integrity("EdDSA", "eddsa-rdfc-2022")
    ),
    "Digital Bazaar, ecdsa-rdfc-2019": Kind(
        "office", "ldp_vc", data_integrity("ES256", "ecdsa-rdfc-2019"), "ES256"
    ),
    "Digital Bazaar, Ed25519Signature2020": Kind("office", "ldp_vc", legacy),
    "jose, jwt_vc_json": Kind("office", "jwt_vc_json", jwt_by_jose, "ES256", "did:jwk"),
    "@sd-jwt": Kind("office", "dc+sd-jwt", sd_jwt, "ES256", "jwk"),
    "openvc, eddsa-rdfc-2022": Kind(
        "openvc_core", "ldp_vc", data_integrity("EdDSA", "eddsa-rdfc-2022")
    ),
    "openvc, ecdsa-rdfc-2019": Kind(
        "openvc_core", "ldp_vc", data_integrity("ES256", "ecdsa-rdfc-2019"), "ES256"
    ),
    "openvc, jwt_vc_json": Kind("openvc_core", "jwt_vc_json", jwt_by_openvc, "ES256", "did:key"),
    "openvc, dc+sd-jwt": Kind("openvc_core", "dc+sd-jwt", sd_jwt_by_openvc, "ES256", "jwk"),
}
