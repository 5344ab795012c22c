"""The Blauwe Knop: a sealed PDF with the same statement inside as a credential."""

from collections.abc import Mapping, Sequence
from typing import Any

from issuer.document.layout import render
from vckit.sealed_pdf import seal_pages
from vckit.signers import Signer
from vckit.x509 import Certificate


def make(
    terms: Mapping[str, Any],
    credential: str,
    digest: str,
    *,
    signer: Signer,
    chain: Sequence[Certificate],
    made_at: int,
) -> bytes:
    """A PDF/A-3a and PDF/UA-1 document of `terms`, with `credential` attached, sealed PAdES B-B.

    `digest` is that of the credential; `chain` belongs to `signer`, leaf first; `made_at` in epoch
    seconds is the moment that the document and its seal carry.
    """
    pages = render(terms, credential, digest, made_at)
    description = f"Digitaal zegel van {terms['aangeleverd_door']['naam']}"
    return seal_pages(pages, description, signer=signer, chain=chain, sealed_at=made_at)
