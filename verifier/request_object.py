"""The request object of a request: in whose name, with which key, and what stands in it.

Wallets know us by the certificate of one key, by a name in that certificate, or by our DID.
"""

from typing import Any, Final

from vckit.errors import ConfigurationError, UntrustedIssuerError
from vckit.keys import PrivateKey
from vckit.oauth import InvalidRequest
from vckit.openid4vp.client_id import (
    decentralized_identifier_client_id,
    redirect_uri_client_id,
    x509_hash_client_id,
)
from vckit.openid4vp.request import (
    MAX_LIFE,
    AuthorizationRequest,
    WalletPost,
    client_metadata,
    sign,
)
from verifier import identity, question
from verifier.office import Office
from verifier.requestbook import DC_API, Request

X509_HASH: Final = "x509_hash"
X509_SAN_DNS: Final = "x509_san_dns"
DECENTRALIZED_IDENTIFIER: Final = "decentralized_identifier"
REDIRECT_URI: Final = "redirect_uri"
PREFIXES: Final = (X509_HASH, X509_SAN_DNS, DECENTRALIZED_IDENTIFIER, REDIRECT_URI)
RESPONSE_PATH: Final = "/openid4vp/responses"
# Our own kind of attestation (OpenID4VP 5.11): its words are those of the scheme, which attests
# them, so a wallet that has the scheme compares; it is bound by the signature around it.
VERIFIER_INFO: Final = "https://w3id.org/blauwe-knop/v1#vraag"


def client_id(office: Office, prefix: str, request_id: str, now: int) -> str:
    """Our client id with this prefix; ConfigurationError where we have none."""
    if prefix == X509_HASH:
        return x509_hash_client_id(office.chain[0])
    if prefix == X509_SAN_DNS:
        return identity.certified_host(office.config, office.chain[0])
    if prefix == DECENTRALIZED_IDENTIFIER:
        return decentralized_identifier_client_id(
            identity.trusted_did(office.config, office.scheme, now)
        )
    if not office.config.demo:
        raise ConfigurationError("unsigned requests are for the demo only")
    return redirect_uri_client_id(response_uri(office, request_id))


def is_unsigned(request: Request) -> bool:
    """Whether the request travels by value."""
    return request.client_id.startswith(f"{REDIRECT_URI}:")


def response_uri(office: Office, request_id: str) -> str:
    """Where a wallet answers this request, and no other."""
    return f"{office.config.base_url}{RESPONSE_PATH}/{request_id}"


def audience(office: Office, request: Request) -> str:
    """Whom presentations must be for: our full client id, or our origin (OpenID4VP A.4)."""
    if request.way.name == DC_API:
        return f"origin:{office.config.base_url}"
    return request.client_id


def signed(office: Office, request: Request, now: int, wallet: WalletPost | None = None) -> str:
    """The signed request object; `wallet` is what the wallet posted.

    InvalidRequest where it says that it does not verify our signatures.
    """
    wallet = wallet or WalletPost()
    if not wallet.takes_signature(office.signer.algorithm):
        raise InvalidRequest("the wallet does not take signatures of our key")
    by_did = request.client_id.startswith(f"{DECENTRALIZED_IDENTIFIER}:")
    return sign(
        authorization(office, request, now, wallet),
        signer=office.signer,
        chain=() if by_did else office.chain,
        kid=identity.key_url(office.config) if by_did else None,
        wallet_nonce=wallet.nonce,
    )


def authorization(
    office: Office, request: Request, now: int, wallet: WalletPost | None = None
) -> AuthorizationRequest:
    """What is asked, in the formats that the wallet knows as far as it told."""
    asked = [each["format"] for each in request.query["credentials"]]
    query = question.narrowed(request.query, (wallet or WalletPost()).formats(asked))
    formats = list(dict.fromkeys(each["format"] for each in query["credentials"]))
    key = PrivateKey.from_pem(request.response_key).public if request.response_key else None
    in_browser = request.way.name == DC_API
    return AuthorizationRequest(
        client_id=request.client_id,
        response_uri=None if in_browser else response_uri(office, request.id),
        response_mode=request.response_mode,
        nonce=request.nonce or "",
        state=None if in_browser else request.response_state,
        dcql_query=query,
        client_metadata=client_metadata(key, formats=formats),
        issued_at=now,
        expires=min(now + MAX_LIFE, request.expires_at),
        verifier_info=_verifier_info(office, request, now),
        expected_origins=[office.config.base_url] if in_browser else (),
    )


def _verifier_info(office: Office, request: Request, now: int) -> list[dict[str, Any]]:
    """Who asks and why, as the scheme attests it, and the code to compare with the other screen."""
    try:
        known = office.scheme.verifier(office.chain, now)
    except UntrustedIssuerError:
        return []  # nobody attests anything of us any more, and wallets see so for themselves
    told = {
        "naam": known.name,
        "oin": known.oin,
        "doel": known.purpose,
        "stelsel": office.scheme.operator,
        "stelsel_versie": office.scheme.version,
    }
    if request.check_code:
        told["controlecode"] = request.check_code
    return [{"format": VERIFIER_INFO, "data": told}]
