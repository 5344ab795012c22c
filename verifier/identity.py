"""What wallets may know us by: the host that our certificate names, and our DID."""

from typing import Any, Final
from urllib.parse import urlsplit

from vckit.did import build_document, web
from vckit.errors import ConfigurationError, MalformedValueError, UntrustedIssuerError
from vckit.keys import PublicKey
from vckit.openid4vp.client_id import x509_san_dns_client_id
from vckit.trust import Scheme
from vckit.x509 import Certificate
from verifier.config import Config

DOCUMENT_PATH: Final = "/.well-known/did.json"
_FRAGMENT: Final = "request"
# OpenID4VP 5.9.3 asks for no purpose; wallets look for the key of a signer in either.
_USES: Final = ("assertionMethod", "authentication")


def key_url(config: Config) -> str:
    """The DID URL of the key of the request objects."""
    return f"{web.of(config.base_url)}#{_FRAGMENT}"


def document(config: Config, key: PublicKey) -> dict[str, Any]:
    """The DID document as JSON; ConfigurationError where base_url has no form as did:web."""
    return build_document(web.of(config.base_url), [(_FRAGMENT, "JsonWebKey2020", key)], _USES)


def trusted_did(config: Config, scheme: Scheme, now: int) -> str:
    """Our DID, which the scheme must know as a verifier's; ConfigurationError if it does not."""
    did = web.of(config.base_url)
    try:
        scheme.verifier_of_did(did, now)
    except UntrustedIssuerError as error:
        raise ConfigurationError("the scheme does not know the DID of base_url") from error
    return did


def certified_host(config: Config, leaf: Certificate) -> str:
    """The client id by the host of base_url; ConfigurationError where `leaf` does not name it."""
    try:
        return x509_san_dns_client_id(leaf, urlsplit(config.base_url).hostname or "")
    except MalformedValueError as error:
        raise ConfigurationError(
            "the leaf of request.chain has no DNS name that is the host of base_url"
        ) from error
