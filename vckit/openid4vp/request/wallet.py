"""What a wallet posts to the request URI: its nonce and what it can do (OpenID4VP 1.0 5.10)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vckit import strict_json
from vckit.errors import VerificationError
from vckit.oauth import InvalidRequest, single_values

_MAX_NONCE = 1024


@dataclass(frozen=True)
class WalletPost:
    """`nonce` comes back in the request object; `metadata` is what the wallet tells of itself."""

    nonce: str | None = None
    metadata: Mapping[str, Any] | None = None

    def formats(self, asked: Collection[str]) -> list[str]:
        """Give those of the asked formats that the wallet knows; all where it tells nothing.

        A wallet that knows none of them gets the whole question: what it answers is its business.
        """
        known = (self.metadata or {}).get("vp_formats_supported")
        common = [one for one in asked if isinstance(known, dict) and one in known]
        return common or list(asked)

    def takes_signature(self, algorithm: str) -> bool:
        """Tell whether the wallet verifies request objects of this algorithm, as far as it says."""
        known = (self.metadata or {}).get("request_object_signing_alg_values_supported")
        return not isinstance(known, list) or algorithm in known


def parse_wallet_post(form: Mapping[str, str | Sequence[str]]) -> WalletPost:
    """Read the form; unknown parameters and members are ignored. Raises InvalidRequest."""
    parameters = single_values(form)
    nonce, metadata = parameters.get("wallet_nonce"), parameters.get("wallet_metadata")
    if nonce is not None and len(nonce) > _MAX_NONCE:
        raise InvalidRequest("The wallet's nonce is too long.")
    return WalletPost(nonce, None if metadata is None else _object(metadata))


def _object(text: str) -> dict[str, Any]:
    try:
        return strict_json.loads_object(text)
    except VerificationError:
        raise InvalidRequest("The wallet's metadata is not a JSON object.") from None
