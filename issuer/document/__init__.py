"""The Blauwe Knop: a sealed PDF with the same statement inside as credentials."""

from collections.abc import Sequence

from issuer.document.content import Content, attachments
from issuer.document.layout import render, seal_text
from issuer.document.words import Language
from vckit.sealed_pdf import seal_pages
from vckit.sealed_pdf.stamping import TimeStampAuthority
from vckit.signers import Signer
from vckit.x509 import Certificate

__all__ = ["Content", "Language", "attachments", "make", "render"]


def make(
    content: Content,
    *,
    signer: Signer,
    chain: Sequence[Certificate],
    authority: TimeStampAuthority | None = None,
) -> bytes:
    """A PDF/A-3a and PDF/UA-1 document of `content`, sealed PAdES.

    `chain` belongs to `signer`, leaf first; the seal carries the moment of the content, and with
    an `authority` also the one that it stamps. Without that stamp: TimeStampError.
    """
    return seal_pages(
        render(content),
        seal_text(content),
        signer=signer,
        chain=chain,
        sealed_at=content.made_at,
        authority=authority,
    )
