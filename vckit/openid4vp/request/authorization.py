"""What a verifier asks: the request's parameters and the signed request object."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vckit import jose, x509
from vckit.keys import PublicKey
from vckit.openid4vp.client_id import decentralized_identifier_client_id
from vckit.signers import Signer

TYP = "oauth-authz-req+jwt"
MEDIA_TYPE = f"application/{TYP}"
AUDIENCE = "https://self-issued.me/v2"  # 5.8, static discovery

DIRECT_POST = "direct_post"
DIRECT_POST_JWT = "direct_post.jwt"
RESPONSE_MODES = (DIRECT_POST, DIRECT_POST_JWT)
# Appendix A: the browser brings the answer.
DC_API = "dc_api"
DC_API_JWT = "dc_api.jwt"
DC_API_MODES = (DC_API, DC_API_JWT)
DC_API_PROTOCOL = "openid4vp-v1-signed"

MAX_LIFE = 300  # seconds between issued_at and expires

# The names are fully specified (RFC 9864), and EdDSA is for wallets that know Ed25519 by no other.
_ALGORITHMS = ["ES256", "Ed25519", "EdDSA"]
# Appendix B.1.3, B.3.4, by format. Issuers of the scheme sign dc+sd-jwt with ES256 only (wire.md).
VP_FORMATS: dict[str, dict[str, list[str]]] = {
    "dc+sd-jwt": {
        "sd-jwt_alg_values": ["ES256"],
        "kb-jwt_alg_values": _ALGORITHMS,
    },
    "ldp_vc": {
        "proof_type_values": ["DataIntegrityProof", "Ed25519Signature2020"],
        "cryptosuite_values": ["eddsa-rdfc-2022", "ecdsa-rdfc-2019"],
    },
    "jwt_vc_json": {"alg_values": _ALGORITHMS},
    "vc+jwt": {"alg_values": _ALGORITHMS},
}
# HAIP 5: both are listed; a wallet that knows both should take the longer one.
RESPONSE_ENCRYPTIONS = ("A256GCM", "A128GCM")

# 5.2: nonce and state are ASCII URL safe characters.
_URL_SAFE = re.compile(r"[A-Za-z0-9._~-]{1,1024}")


@dataclass(frozen=True)
class AuthorizationRequest:
    """One request for presentations.

    `client_id` carries its prefix; `dcql_query` and `client_metadata` are JSON objects;
    `issued_at` and `expires` are epoch seconds, at most MAX_LIFE apart. `verifier_info` are
    attestations about the verifier (5.11). Over the Digital Credentials API (A.2) there are
    `expected_origins` in the place of response URI and state. A request that breaks the
    specification raises ValueError: it would be a fault of ours.
    """

    client_id: str
    response_uri: str | None
    response_mode: str
    nonce: str
    state: str | None
    dcql_query: Mapping[str, Any]
    client_metadata: Mapping[str, Any]
    issued_at: int
    expires: int
    verifier_info: Sequence[Mapping[str, Any]] = ()
    expected_origins: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.response_mode not in (*RESPONSE_MODES, *DC_API_MODES):
            raise ValueError("The response mode is unknown.")
        answered_by_browser = (self.response_uri, self.state) == (None, None)
        if self.response_mode in DC_API_MODES:
            if not (answered_by_browser and self.expected_origins):
                raise ValueError("A browser brings the answer to one of the origins.")
        elif self.response_uri is None or self.expected_origins:
            raise ValueError("A wallet brings the answer to a response URI.")
        if not 0 < self.expires - self.issued_at <= MAX_LIFE:
            raise ValueError("A request lives for five minutes at most.")
        if not is_url_safe(self.nonce) or not (self.state is None or is_url_safe(self.state)):
            raise ValueError("The nonce and the state are URL safe.")

    def parameters(self) -> dict[str, Any]:
        """Give the parameters as JSON values (5.1, 5.2), as far as they are the same both ways."""
        members = {
            "response_type": "vp_token",
            "client_id": self.client_id,
            "response_uri": self.response_uri,
            "response_mode": self.response_mode,
            "nonce": self.nonce,
            "state": self.state,
            "dcql_query": dict(self.dcql_query),
            "client_metadata": dict(self.client_metadata),
            "verifier_info": [dict(one) for one in self.verifier_info] or None,
            "expected_origins": list(self.expected_origins) or None,
        }
        return {name: value for name, value in members.items() if value is not None}


def is_url_safe(value: object) -> bool:
    """Tell whether a nonce or state has only the characters of section 5.2."""
    return isinstance(value, str) and _URL_SAFE.fullmatch(value) is not None


def sign(
    request: AuthorizationRequest,
    *,
    signer: Signer,
    chain: Sequence[x509.Certificate] = (),
    kid: str | None = None,
    wallet_nonce: str | None = None,
) -> str:
    """Give the request object (RFC 9101), of MEDIA_TYPE.

    `chain` is leaf first and without its root (HAIP 5), for the prefix x509_hash; `kid` the DID
    URL of the key, for decentralized_identifier: the one or the other. `wallet_nonce` is what the
    wallet posted, and comes back to it (5.10).
    """
    claims = {
        **request.parameters(),
        "aud": AUDIENCE,
        "iat": request.issued_at,
        "exp": request.expires,
    }
    if wallet_nonce is not None:
        claims["wallet_nonce"] = wallet_nonce
    return jose.sign({"typ": TYP, **_named_key(request.client_id, chain, kid)}, claims, signer)


def _named_key(
    client_id: str, chain: Sequence[x509.Certificate], kid: str | None
) -> dict[str, str | list[str]]:
    if (kid is None) is not bool(chain):
        raise ValueError("A request names its key by certificates or by DID URL.")
    if kid is None:
        return {"x5c": x509.to_x5c(chain)}
    if client_id != decentralized_identifier_client_id(kid.partition("#")[0]):
        raise ValueError("The key's DID is not the client identifier's.")
    return {"kid": kid}


def client_metadata(
    encryption_key: PublicKey | None = None,
    *,
    kid: str | None = None,
    formats: Collection[str] = ("dc+sd-jwt",),
) -> dict[str, Any]:
    """Give the verifier's metadata for one request (5.1).

    `formats` are those that its query names: some wallets refuse a format that they don't know.
    `encryption_key` is a P-256 key made for this request alone, needed for `direct_post.jwt`
    (8.3, HAIP 5); wallets look for its `kid`, `use` and `alg`.
    """
    supported = {one: dict(VP_FORMATS[one]) for one in formats}
    members: dict[str, Any] = {"vp_formats_supported": supported}
    if encryption_key is not None:
        jwk = {
            **encryption_key.to_jwk(),
            "kid": kid or encryption_key.thumbprint(),
            "use": "enc",
            "alg": "ECDH-ES",
        }
        members["jwks"] = {"keys": [jwk]}
        members["encrypted_response_enc_values_supported"] = list(RESPONSE_ENCRYPTIONS)
    return members
