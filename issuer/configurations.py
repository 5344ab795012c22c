"""The credentials that this issuer can give, by the ids that wallets know them by (wire.md)."""

from typing import Final

RICH_SD_JWT: Final = "schuldenopgave_sd_jwt"
CONFIGURATIONS: Final = (RICH_SD_JWT,)
# How a record names a certified document, which no wallet asks for.
DOCUMENT: Final = "document"
