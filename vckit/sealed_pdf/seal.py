"""The seal: one PAdES signature over the whole file that allows no later change (DocMDP P=1).

B-B, or B-T where an authority stamps the moment into it.

ETSI EN 319 142-1; the raw signature comes from any Signer, so the key may live in a token.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

from asn1crypto import algos
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.extensions import DeveloperExtension
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from vckit.sealed_pdf.signature_field import FIELD_NAME, lay_in
from vckit.sealed_pdf.stamping import Stamper, TimeStampAuthority
from vckit.signers import Signer
from vckit.x509 import Certificate
from vckit.x509.certificate import der

# Room for the container in hexadecimal digits; a stamp brings the authority's certificates along.
_RESERVED = 16_384
_RESERVED_WITH_STAMP = 65_536


class _Writer(IncrementalPdfFileWriter):
    """Leaves the file a PDF 1.7, which PDF/A-3 builds on (ISO 19005-3, 6.1.2).

    pyHanko would raise it to 2.0 to declare P-256 by ISO/TS 32002; PAdES allows P-256 without.
    """

    output_version = (1, 7)

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Stay at 1.7."""

    def register_extension(self, ext: DeveloperExtension) -> None:
        """Declare what a PDF 1.7 can hold, and nothing of 2.0."""
        if ext.base_version != "/2.0":
            super().register_extension(ext)


class _SealSigner(signers.Signer):
    """pyHanko's view of one of our signers: ES256 in the DER form that CMS wants (RFC 5753)."""

    def __init__(self, signer: Signer, chain: Sequence[Certificate]) -> None:
        certificates = [asn1_x509.Certificate.load(der(one)) for one in chain]
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # pyHanko's
        # pyHanko adds the leaf itself.
        store.register_multiple(certificates[1:])
        super().__init__(signing_cert=certificates[0], cert_registry=store)
        self._signer = signer

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,  # noqa: ARG002  pyHanko's signature
        dry_run: bool = False,  # noqa: ARG002, FBT001, FBT002  pyHanko's signature
    ) -> bytes:
        raw = self._signer.sign(data)
        return bytes(algos.DSASignature.from_p1363(raw).dump())


def seal(
    document: bytes,
    *,
    signer: Signer,
    chain: Sequence[Certificate],
    sealed_at: int,
    authority: TimeStampAuthority | None = None,
) -> bytes:
    """Seal a document with a laid-in signature field; `chain` is leaf first, without the root."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD_NAME,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    stamper = Stamper(authority) if authority else None
    pdf_signer = signers.PdfSigner(metadata, signer=_SealSigner(signer, chain), timestamper=stamper)
    return asyncio.run(_sealed(pdf_signer, document, datetime.fromtimestamp(sealed_at, UTC)))


async def _sealed(pdf_signer: signers.PdfSigner, document: bytes, moment: datetime) -> bytes:
    writer = _Writer(BytesIO(document))
    session = pdf_signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = moment
    room = _RESERVED_WITH_STAMP if session.timestamper else _RESERVED
    unsigned = session.prepare_tbs_document(validation_info=None, bytes_reserved=room)
    digest, output = unsigned.digest_tbs_document()
    await unsigned.perform_signature(
        document_digest=digest.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=moment),
    )
    output.seek(0)
    return bytes(output.read())


def seal_pages(
    pages: bytes,
    description: str,
    *,
    signer: Signer,
    chain: Sequence[Certificate],
    sealed_at: int,
    authority: TimeStampAuthority | None = None,
) -> bytes:
    """Seal a typeset document once and for all; `description` tells people whose seal it is.

    `chain` belongs to `signer` (ES256), leaf first and without the root; `sealed_at` in epoch
    seconds is the moment that the seal carries. With an `authority` that gives no stamp there is
    no document: TimeStampError.
    """
    laid_in = lay_in(pages, description)
    return seal(laid_in, signer=signer, chain=chain, sealed_at=sealed_at, authority=authority)
