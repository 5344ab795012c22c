"""Opens one foreign PDF in a process of its own: `python -m verifier.sealed_document < file`.

The PDF is hostile until its seal holds, and parsing it can eat memory and time; so the service
never parses it itself. The answer is one JSON object on standard output: either `credential`,
`x5c` (leaf first) and `sealed_at` (epoch seconds), or `refused` with a reason.
A report of a verifier gives `report` in the place of `credential`. Only what the seal covers is
read, and of that only the attachment: page text is never parsed.
"""

import json
import resource
import sys
from base64 import b64encode
from io import BytesIO
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from vckit.errors import ParsingError, PolicyLimitError

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 4
MAX_ATTACHMENT_BYTES = 4 * 1024 * 1024
TAIL_BYTES = 1024
# What the one attachment may be, and how it is written.
_KINDS = {
    "/application/dc+sd-jwt": ("credential", "ascii"),
    "/application/json": ("report", "utf-8"),
}


class Refused(Exception):  # noqa: N818  an answer, not a fault
    """The document is refused; `reason` is one of `upload.STATUSES`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def opened(document: bytes) -> dict[str, Any]:
    """What is attached and who sealed it when, if the seal holds over the whole file."""
    reader = _reader(document)
    seal = _only_seal(reader)
    _check_coverage(seal)
    _check_container(document, seal)
    _check_signature(seal)
    return {
        **_only_attachment(reader),
        "x5c": _chain(seal),
        "sealed_at": _sealed_at(seal),
    }


def _reader(document: bytes) -> PdfFileReader:
    # Where it ends (ISO 32000-1, 7.5.5); the library would look for it through the whole file.
    if b"startxref" not in document[-TAIL_BYTES:]:
        raise Refused(ParsingError.reason)
    try:
        reader = PdfFileReader(BytesIO(document), strict=True)
        encrypted = reader.encrypted
    except (PdfError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refused(ParsingError.reason) from error
    if encrypted:
        raise Refused("encrypted")
    return reader


def _only_seal(reader: PdfFileReader) -> EmbeddedPdfSignature:
    seals: list[EmbeddedPdfSignature] = reader.embedded_signatures
    if not seals:
        raise Refused("no_seal")
    if len(seals) > 1:
        raise Refused("several_seals")
    return seals[0]


def _check_coverage(seal: EmbeddedPdfSignature) -> None:
    if seal.evaluate_signature_coverage() is not SignatureCoverageLevel.ENTIRE_FILE:
        raise Refused("changed_after_sealing")
    if seal.sig_object.get("/SubFilter") != SigSeedSubFilter.PADES.value:
        raise Refused("other_seal")
    if seal.docmdp_level is not MDPPerm.NO_CHANGES:
        raise Refused("other_seal")


def _check_container(document: bytes, seal: EmbeddedPdfSignature) -> None:
    """What stands between the sealed bytes is the signature and zeros, in one form only.

    Else bytes in there could change unseen (ISO 32000-1, 12.8.1; RFC 5652, 5.1).
    """
    _, start, end, _ = (int(offset) for offset in seal.byte_range)
    container = cms.ContentInfo.load(seal.pkcs7_content)
    written = container.dump(force=True).hex().ljust(end - start - 2, "0")
    if document[start:end] not in {f"<{written}>".encode(), f"<{written.upper()}>".encode()}:
        raise Refused("changed_after_sealing")
    signed = container["content"]
    if _plain_parts(signed) != _PLAIN or len(signed["certificates"]) != len(_chain(seal)):
        raise Refused("other_seal")


_PLAIN = ("v1", {"content_type": "data", "content": None}, None, "v1", None, True)


def _plain_parts(signed: Any) -> tuple[Any, ...]:
    """The parts of a CMS that its signature does not cover, but for certificates."""
    (signer,) = signed["signer_infos"]
    return (
        signed["version"].native,
        dict(signed["encap_content_info"].native),
        signed["crls"].native,
        signer["version"].native,
        signer["unsigned_attrs"].native,
        signed["digest_algorithms"].native == [signer["digest_algorithm"].native],
    )


def _check_signature(seal: EmbeddedPdfSignature) -> None:
    # Whom the certificate belongs to is judged against the scheme, by the service itself.
    itself = ValidationContext(trust_roots=[seal.signer_cert], allow_fetching=False)
    try:
        status = validate_pdf_signature(seal, itself, skip_diff=True)
    except SignatureValidationError as error:
        raise Refused("changed_after_sealing") from error
    if not (status.intact and status.valid):
        raise Refused("changed_after_sealing")


def _only_attachment(reader: PdfFileReader) -> dict[str, str]:
    try:
        names = reader.root["/Names"]["/EmbeddedFiles"]
        entries = [entry.get_object() for entry in names["/Names"]]
        stream = entries[1]["/EF"]["/F"]
        media_type = stream["/Subtype"]
    except (KeyError, IndexError) as error:
        raise Refused("attachment") from error
    # One name and one file in a flat name tree (ISO 32000-1, 7.9.6); more would leave a choice.
    if len(entries) != 2 or "/Kids" in names or media_type not in _KINDS:  # noqa: PLR2004
        raise Refused("attachment")
    kind, encoding = _KINDS[media_type]
    return {kind: _text(stream.data, encoding)}


def _text(data: bytes, encoding: str) -> str:
    if len(data) > MAX_ATTACHMENT_BYTES:
        raise Refused(PolicyLimitError.reason)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused("attachment") from error


def _chain(seal: EmbeddedPdfSignature) -> list[str]:
    """The signer's certificate and its issuers as far as the seal carries them, leaf first."""
    chain, others = [seal.signer_cert], list(seal.other_embedded_certs)
    while (issuer := _issuer_among(others, chain[-1])) is not None:
        others.remove(issuer)
        chain.append(issuer)
    return [b64encode(certificate.dump()).decode("ascii") for certificate in chain]


def _issuer_among(
    candidates: list[asn1_x509.Certificate], certificate: asn1_x509.Certificate
) -> asn1_x509.Certificate | None:
    matches = (one for one in candidates if one.subject == certificate.issuer)
    return next(matches, None)


def _sealed_at(seal: EmbeddedPdfSignature) -> int:
    moment = seal.self_reported_timestamp
    if moment is None:
        raise Refused("other_seal")
    return int(moment.timestamp())


def answer(document: bytes) -> dict[str, Any]:
    """What `opened` gives, or the reason of refusal; anything odd inside is a ParsingError."""
    try:
        return opened(document)
    except Refused as refused:
        return {"refused": refused.reason}
    except MemoryError:
        return {"refused": PolicyLimitError.reason}
    except (PdfError, SigningError, ValueError, KeyError, TypeError, AttributeError, IndexError,
            RecursionError, OverflowError):  # fmt: skip
        # A hostile file can break a parser anywhere; whatever it breaks, it is not accepted.
        return {"refused": ParsingError.reason}


def main() -> None:
    """Read the file from standard input within the limits and print the answer."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    json.dump(answer(sys.stdin.buffer.read()), sys.stdout)


if __name__ == "__main__":
    main()
