"""Small sealed documents of any content, and seals that our own services would never put."""

import re
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
from asn1crypto import cms
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from vckit.keys import PrivateKey
from vckit.sealed_pdf import Attachment, seal_pages, typeset
from vckit.sealed_pdf.seal import _SealSigner
from vckit.x509 import create_authority, create_leaf

MADE_AT = 1_795_500_000  # 24 November 2026
SD_JWT, W3C, REPORT = "application/dc+sd-jwt", "application/vc", "application/json"
STATEMENT = Attachment("schuldenopgave.sd-jwt", SD_JWT, "eyJhbGc~eyJk~")
TWIN = Attachment("schuldenopgave.json", W3C, '{"naam": "José"}')
TEMPLATE = """
#let attachments = json(bytes(sys.inputs.attachments))
#set document(title: "Proef", date: datetime(year: 2026, month: 11, day: 24))
#set text(font: "Source Sans 3", lang: "nl")
#for one in attachments {
  pdf.attach(one.name, bytes(one.text), mime-type: one.type, relationship: "data",
    description: "Proef")
}
= Proef
Openstaand: € 1.234,56
"""


@cache
def seal_key():
    return PrivateKey.generate("ES256")


@cache
def seal_chain():
    """A seal's certificate and its authority."""
    key = PrivateKey.generate("ES256")
    authority = create_authority("Proefautoriteit", key, now=MADE_AT - 3600, days=365)
    leaf = create_leaf(
        "Gemeente Proef",
        seal_key().public,
        authority=authority,
        authority_key=key,
        uri="https://proef.example",
        now=MADE_AT - 3600,
        days=30,
        seal=True,
    )
    return leaf, authority


@cache
def pages(*attachments):
    """The pages before they are sealed, by default with both statements."""
    with TemporaryDirectory() as folder:
        template = Path(folder) / "proef.typ"
        template.write_text(TEMPLATE, encoding="utf-8")
        return typeset(template, {}, attachments or (STATEMENT, TWIN), MADE_AT)


@cache
def sealed(*attachments):
    """A document as our services make them."""
    return sealed_as_it_is(pages(*attachments))


def sealed_as_it_is(made, **how):
    """Any pages, sealed the way that our services do it."""
    return seal_pages(
        made, "Zegel", signer=seal_key(), chain=seal_chain(), sealed_at=MADE_AT, **how
    )


def sealed_by_hand(
    made,
    *,
    field="Zegel",
    certify=True,
    permissions=fields.MDPPerm.NO_CHANGES,
    key=None,
    chain=None,
):
    """A signature by a genuine key that our own services would never put."""
    metadata = signers.PdfSignatureMetadata(
        field_name=field,
        subfilter=fields.SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=certify,
        docmdp_permissions=permissions if certify else fields.MDPPerm.FILL_FORMS,
    )
    writer = IncrementalPdfFileWriter(BytesIO(made))
    signer = _SealSigner(key or seal_key(), chain or seal_chain())
    return signers.sign_pdf(writer, metadata, signer=signer).getvalue()


def changed(made, change, **saving):
    """The document after `change`, written anew: no seal survives that."""
    with pikepdf.open(BytesIO(made)) as pdf:
        change(pdf)
        out = BytesIO()
        pdf.save(out, **saving)
    return out.getvalue()


def added_to(made, change):
    """The document with an incremental update: the sealed bytes stay as they are."""
    writer = IncrementalPdfFileWriter(BytesIO(made), strict=False)
    change(writer)
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(made)
    return out.getvalue()


def with_container(made, change):
    """The document with another container in the place of its own: all sealed bytes stay."""
    start, end = gap(made)
    container = cms.ContentInfo.load(bytes.fromhex(made[start + 1 : end - 1].decode()))
    change(container["content"])
    written = container.dump(force=True).hex().ljust(end - start - 2, "0")
    return made[:start] + f"<{written}>".encode() + made[end:]


def gap(made):
    """Where the container stands, brackets included."""
    numbers = re.findall(rb"/ByteRange ?\[ ?0 (\d+) (\d+) ", made)
    [(start, end)] = [(int(one), int(other)) for one, other in numbers]
    return start, end
