"""Authorization requests: OpenID4VP 1.0 section 5, signed as RFC 9101 request objects.

The verifier builds an `AuthorizationRequest` and signs it (fetched by reference) or, with the
client id prefix `redirect_uri`, puts it in the link (by value). A wallet gets a `VerifiedRequest`
from the one way or the other, or an error.
"""

from vckit.openid4vp.request.authorization import (
    AUDIENCE,
    DC_API,
    DC_API_JWT,
    DC_API_PROTOCOL,
    DIRECT_POST,
    DIRECT_POST_JWT,
    MAX_LIFE,
    MEDIA_TYPE,
    RESPONSE_ENCRYPTIONS,
    RESPONSE_MODES,
    TYP,
    VP_FORMATS,
    AuthorizationRequest,
    client_metadata,
    sign,
)
from vckit.openid4vp.request.link import (
    DEFAULT_ENDPOINT,
    SCHEMES,
    RequestReference,
    by_reference,
    by_value,
    parse_link,
)
from vckit.openid4vp.request.verification import (
    RequestRefused,
    TransactionDataRefused,
    VerifiedRequest,
    verify,
    verify_by_value,
    verify_for_origin,
)
from vckit.openid4vp.request.wallet import WalletPost, parse_wallet_post

__all__ = [
    "AUDIENCE",
    "DC_API",
    "DC_API_JWT",
    "DC_API_PROTOCOL",
    "DEFAULT_ENDPOINT",
    "DIRECT_POST",
    "DIRECT_POST_JWT",
    "MAX_LIFE",
    "MEDIA_TYPE",
    "RESPONSE_ENCRYPTIONS",
    "RESPONSE_MODES",
    "SCHEMES",
    "TYP",
    "VP_FORMATS",
    "AuthorizationRequest",
    "RequestReference",
    "RequestRefused",
    "TransactionDataRefused",
    "VerifiedRequest",
    "WalletPost",
    "by_reference",
    "by_value",
    "client_metadata",
    "parse_link",
    "parse_wallet_post",
    "sign",
    "verify",
    "verify_by_value",
    "verify_for_origin",
]
