"""Our DID: what wallets may know us by, with the key of the request objects in its document."""

from typing import Any, Final

from vckit.did import build_document, web
from vckit.errors import ConfigurationError, UntrustedIssuerError
from vckit.keys import PublicKey
from vckit.trust import Scheme
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
