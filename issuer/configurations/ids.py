"""The ids that wallets know our credentials by (wire.md)."""

from typing import Final

from issuer.config import Config

RICH_SD_JWT: Final = "schuldenopgave_sd_jwt"
LDP_EDDSA: Final = "schuldenopgave_ldp_eddsa"
LDP_ECDSA: Final = "schuldenopgave_ldp_ecdsa"
JWT_VC: Final = "schuldenopgave_jwt_vc"
VC_JWT: Final = "schuldenopgave_vc_jwt"
VC11: Final = "schuldenopgave_vc11"
ALL: Final = (RICH_SD_JWT, LDP_EDDSA, LDP_ECDSA, JWT_VC, VC_JWT, VC11)
# How records name the credentials of a certified document, which no wallet asks for.
DOCUMENT: Final = "document"
DOCUMENT_LDP: Final = "document_ldp"


def enabled(config: Config) -> tuple[str, ...]:
    """What this organisation gives, by its settings."""
    if config.w3c is None:
        return (RICH_SD_JWT,)
    on_demand = ((VC_JWT, config.w3c.vc_jwt), (VC11, config.w3c.legacy_vc11))
    asked = (name for name, is_on in on_demand if is_on)
    return (RICH_SD_JWT, LDP_EDDSA, LDP_ECDSA, JWT_VC, *asked)
