"""What gets in by upload, and what is refused with which reason."""

from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from tests.documents import MADE_AT, pages, scheme_of, seal_chain, seal_key, sealed
from vckit.sealed_pdf.opening import MAX_BYTES, RefusedFileError
from vckit.sealed_pdf.seal import _SealSigner
from verifier import upload, wording
from verifier.wording import DUTCH


@pytest.fixture(scope="module")
def document():
    return sealed(credential="eyJhbGc~eyJk~")


def extract(document, chain=None):
    return upload.extract(document, scheme=scheme_of(chain or seal_chain()), now=MADE_AT)


def refused(document, chain=None):
    with pytest.raises(RefusedFileError) as caught:
        extract(document, chain)
    assert wording.refusal(caught.value.reason, DUTCH)
    return caught.value.status, caught.value.reason


def test_a_sealed_document_gives_its_credential_its_sealer_and_its_moment(document):
    opened = extract(document)
    assert opened.unverified_credentials == ("eyJhbGc~eyJk~",)
    assert opened.organisation.name == "Gemeente Boxtel"
    assert opened.opened.sealed_at == MADE_AT


@pytest.mark.parametrize("where", [0.1, 0.3, 0.6])
def test_one_changed_byte_is_refused(document, where):
    changed = bytearray(document)
    changed[int(len(changed) * where)] ^= 1
    assert refused(bytes(changed)) == (422, "changed_after_sealing")


def test_X10_an_incremental_update_is_refused(document):
    writer = IncrementalPdfFileWriter(BytesIO(document))
    writer.root["/Lang"] = TextStringObject("en")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(document)
    assert refused(out.getvalue()) == (422, "changed_after_sealing")


def test_X13_another_attachment_is_refused(document):
    with pikepdf.open(BytesIO(document)) as pdf:
        pdf.attachments["schuldenopgave.sd-jwt"] = pikepdf.AttachedFileSpec(
            pdf, b"eyJ9~", mime_type="application/dc+sd-jwt"
        )
        out = BytesIO()
        pdf.save(out)
    assert refused(out.getvalue())[0] == 422


def test_X13_two_attachments_under_one_seal_are_refused():
    with pikepdf.open(BytesIO(pages())) as pdf:
        pdf.attachments["tweede.sd-jwt"] = pikepdf.AttachedFileSpec(pdf, b"eyJ~")
        out = BytesIO()
        pdf.save(out)
    assert refused(sealed_by_hand(out.getvalue())) == (422, "attachment")


def test_X11_a_second_signature_is_refused():
    once = sealed_by_hand(pages(), permissions=fields.MDPPerm.FILL_FORMS)
    twice = sealed_by_hand(once, field="Tweede", certify=False)
    assert refused(twice) == (422, "several_seals")


def test_X11_a_seal_that_allows_changes_is_refused():
    open_seal = sealed_by_hand(pages(), permissions=fields.MDPPerm.FILL_FORMS)
    assert refused(open_seal) == (422, "other_seal")


def test_X14_a_seal_of_a_foreign_authority_is_refused(document):
    other = seal_chain("https://elders.example")
    assert refused(document, other) == (422, "untrusted_issuer")


def test_X14_a_certificate_of_another_name_under_the_same_authority_is_refused():
    other = seal_chain("https://elders.example")
    assert refused(sealed(chain=other), other) == (422, "untrusted_issuer")


def test_a_pdf_without_a_seal_is_refused_kindly():
    assert refused(pages()) == (422, "no_seal")


def test_an_encrypted_pdf_is_refused():
    out = BytesIO()
    with pikepdf.open(BytesIO(pages())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="x", user="y"))
    assert refused(out.getvalue()) == (422, "encrypted")


@pytest.mark.parametrize("junk", [b"", b"<html>", b"PK\x03\x04", b"x" * 1024 + b"%PDF-1.7"])
def test_X17_what_does_not_begin_as_a_pdf_is_refused(junk):
    assert refused(junk) == (415, "not_a_pdf")


def test_X16_more_than_ten_mebibytes_is_refused_and_ten_is_read():
    assert refused(b"%PDF-" + b" " * MAX_BYTES) == (413, "too_large")
    assert refused(b"%PDF-1.7" + b" " * (MAX_BYTES - 8)) == (422, "PARSING_ERROR")


@pytest.mark.services
def test_X16_a_bomb_dies_in_its_child():
    with pikepdf.open(BytesIO(pages())) as pdf:
        bomb = pikepdf.AttachedFileSpec(
            pdf, bytes(700 * 1024 * 1024), mime_type="application/dc+sd-jwt"
        )
        pdf.attachments["schuldenopgave.sd-jwt"] = bomb
        out = BytesIO()
        pdf.save(out, compress_streams=True)
    assert refused(sealed_by_hand(out.getvalue())) == (422, "policy_limit")


def sealed_by_hand(pages, *, field="Zegel", certify=True, permissions=fields.MDPPerm.NO_CHANGES):
    """A signature by our own key that our own issuer would never put."""
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=certify,
        docmdp_permissions=permissions if certify else fields.MDPPerm.FILL_FORMS,
    )
    writer = IncrementalPdfFileWriter(BytesIO(pages))
    signer = _SealSigner(seal_key(), seal_chain())
    return signers.sign_pdf(writer, metadata, signer=signer).getvalue()
