"""Keys that are nobody's secret: their private halves stand in specifications (row T13).

Examples are copied. Whoever signs with one of these, everybody can sign in their name.
"""

from typing import Final

from vckit.errors import ConfigurationError
from vckit.keys import PublicKey

# By their thumbprint (RFC 7638).
THUMBPRINTS: Final = frozenset(
    {
        "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U",  # RFC 7515 A.3
        "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",  # RFC 7517 A.1
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k",  # RFC 8037 A.1
        "Q5yTSREAbvZL131ynDBhalXJcF9fL0foJlMN8u6ldiY",  # RFC 9901, issuer
        "aISfTcr9M_Zd09AXGAAeFxnLbFY6lBa87UN515wm5d4",  # RFC 9901, holder
        "Ypa5BNGp-ImhVwCze6O4zHVVNcGqCq-3LOCZWBZTRcs",  # VC-DI-EDDSA, test vectors
        "evhJcBYSjjfRI-OkT8sXIngLQ3rdO2mq7rz52H30GVU",  # as above, proof sets and chains, 1 to 4
        "xvlEUey53UR6sVpeaSHDR3RfdtQKKrh8ngzJwkEsr7s",
        "6gRfh2URH8whGOlPAxlv5YjF8Qa4ml5K2XYbCJ4rKio",
        "A9bfbEss70nUQhlSH8FT2fJ-BSPr_XKgSsMiusEL2hw",
        "DOvxvJiAdIqVWIkFt5hDtCunXLF0BV4-JGv4f-ALSm0",  # VC-DI-ECDSA, test vectors
        "AwSBHtDCp9PwlDUcYaV07scGxdQGfJ5T0b4iF7D4Rzo",  # as above, selective disclosure
    }
)


def is_published(key: PublicKey) -> bool:
    """Tell whether everybody can sign with it."""
    return key.thumbprint() in THUMBPRINTS


def require_secret(key: PublicKey) -> None:
    """ConfigurationError for a key of our own with which everybody can sign."""
    if is_published(key):
        raise ConfigurationError("A key of the settings is an example of a specification.")
