"""Documents for people that software can check: typeset, machine data attached, sealed.

PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1) in one file, sealed PAdES B-B (ETSI EN 319 142-1).
"""

from collections.abc import Sequence

from vckit.sealed_pdf.coverage import showable
from vckit.sealed_pdf.seal import seal
from vckit.sealed_pdf.signature_field import lay_in
from vckit.sealed_pdf.typesetting import Attachment, typeset
from vckit.signers import Signer
from vckit.x509 import Certificate

__all__ = ["Attachment", "seal_pages", "showable", "typeset"]


def seal_pages(
    pages: bytes,
    description: str,
    *,
    signer: Signer,
    chain: Sequence[Certificate],
    sealed_at: int,
) -> bytes:
    """Seal a typeset document once and for all; `description` tells people whose seal it is.

    `chain` belongs to `signer` (ES256), leaf first and without the root; `sealed_at` in epoch
    seconds is the moment that the seal carries.
    """
    return seal(lay_in(pages, description), signer=signer, chain=chain, sealed_at=sealed_at)
