"""Files that get in nowhere, each with its reason: rows X10 to X17 of security.md and more.

Each is made from honest pages and from whoever puts a genuine seal, since a sealer may have been
tricked: `HOSTILE[name](sealer)`. `PLAIN_FILES` are what people choose by mistake.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import NameObject, pdf_name
from pyhanko.sign import fields

from tests.vckit import raw_pdfs
from tests.vckit.sealed_pages import added_to, changed, sealed_by_hand

GIBIBYTE = 1024 * 1024 * 1024
PARSING, LIMIT, CHANGED = "PARSING_ERROR", "policy_limit", "changed_after_sealing"
SD_JWT = "application/dc+sd-jwt"


@dataclass(frozen=True)
class Sealer:
    """Honest pages with their attachments, and the seal of whom one trusts."""

    pages: bytes
    seal: Callable[[bytes], bytes]
    key: object
    chain: object

    @property
    def honest(self):
        return self.seal(self.pages)

    def by_hand(self, made, **how):
        return sealed_by_hand(made, key=self.key, chain=self.chain, **how)

    def tricked(self, change, **saving):
        """A genuine seal over pages that were changed before."""
        return self.seal(changed(self.pages, change, **saving))


# After the seal: each begins with all the bytes of the honest document.


def other_words(sealer):
    """X10: an update that shows another page."""

    def replace(writer):
        page = writer.root["/Pages"]["/Kids"][0]
        data = b"BT /F1 12 Tf 10 100 Td (0,00) Tj ET"
        page[pdf_name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=data))
        writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))

    return added_to(sealer.honest, replace)


def with_annotation(sealer):
    """A note over the amount."""
    return added_to(sealer.honest, _annotate)


def _annotate(writer):
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Contents"): generic.pdf_string("Openstaand: 0,00"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 90, 90))),
        }
    )
    page = writer.root["/Pages"]["/Kids"][0]
    page[pdf_name("/Annots")] = generic.ArrayObject([writer.add_object(note)])
    writer.mark_update(writer.root["/Pages"]["/Kids"].raw_get(0))


def shadow_hide(sealer):
    """X11: sealed with a cover over the page; the update takes the cover away."""

    def cover(pdf):
        page = pdf.pages[0]
        data = b"1 g 0 0 900 900 re f"
        form = pdf.make_stream(data, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 900, 900])
        page.obj.Resources["/XObject"] = Dictionary(Cover=form)
        page.contents_add(b"q /Cover Do Q")

    def take_away(writer):
        page = writer.root["/Pages"]["/Kids"][0]
        page["/Resources"][pdf_name("/XObject")] = generic.DictionaryObject()
        writer.update_container(page["/Resources"])

    return added_to(sealer.tricked(cover), take_away)


def shadow_replace(sealer):
    """X11: the update gives a font of the sealed page other letters."""

    def other_letters(writer):
        fonts = writer.root["/Pages"]["/Kids"][0]["/Resources"]["/Font"]
        name = next(iter(fonts))
        fonts[NameObject(name)] = writer.add_object(
            generic.DictionaryObject(
                {
                    pdf_name("/Type"): pdf_name("/Font"),
                    pdf_name("/Subtype"): pdf_name("/Type1"),
                    pdf_name("/BaseFont"): pdf_name("/ZapfDingbats"),
                }
            )
        )
        writer.update_container(fonts)

    return added_to(sealer.honest, other_letters)


def shadow_hide_and_replace(sealer):
    """X11: a second document lies hidden under the seal; the update makes it the one that shows."""

    def hide(pdf):
        hidden = Dictionary(Type=Name.Catalog, Pages=pdf.Root.Pages, Lang=String("en"))
        pdf.Root.Verborgen = pdf.make_indirect(hidden)

    document = sealer.tricked(hide)
    with pikepdf.open(BytesIO(document)) as pdf:
        number, size = pdf.Root.Verborgen.objgen[0], len(pdf.objects) + 1
    previous = int(document.rsplit(b"startxref", 1)[1].split()[0])
    trailer = b"<< /Root %d 0 R /Size %d /Prev %d >>" % (number, size, previous)
    update = b"xref\n0 0\ntrailer\n%s\nstartxref\n%d\n%%%%EOF\n"
    return document + update % (trailer, len(document))


def attachment_outside(sealer):
    """X13: one more attachment, in an update."""

    def attach(writer):
        names = writer.root["/Names"]["/EmbeddedFiles"]
        names["/Names"].append(generic.pdf_string("tweede.sd-jwt"))
        names["/Names"].append(names["/Names"][1])
        writer.update_container(names)

    return added_to(sealer.honest, attach)


def script_afterwards(sealer):
    def add(writer):
        action = {pdf_name("/S"): pdf_name("/JavaScript"), pdf_name("/JS"): generic.pdf_string("x")}
        writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(action)
        writer.update_root()

    return added_to(sealer.honest, add)


def bytes_after_the_end(sealer):
    return sealer.honest + b"\n% en nog iets"


def zip_behind(sealer):
    """X17: a document that is an archive as well."""
    return sealer.honest + b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18)


def signed_twice(sealer):
    once = sealer.by_hand(sealer.pages, permissions=fields.MDPPerm.FILL_FORMS)
    return sealer.by_hand(once, field="Tweede", certify=False)


# Under a genuine seal.


def seal_that_allows_changes(sealer):
    return sealer.by_hand(sealer.pages, permissions=fields.MDPPerm.FILL_FORMS)


def seal_that_certifies_nothing(sealer):
    return sealer.by_hand(sealer.pages, certify=False)


def script_inside(sealer):
    def add(pdf):
        pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))

    return sealer.tricked(add)


def script_at_an_annotation(sealer):
    def add(pdf):
        action = Dictionary(S=Name.Launch, F=String("/bin/sh"))
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])

    return sealer.tricked(add)


def same_name_twice(sealer):
    def double(pdf):
        names = pdf.Root.Names.EmbeddedFiles.Names
        names.extend([names[0], names[1]])

    return sealer.tricked(double)


def attachment_of_no_known_kind(sealer):
    def add(pdf):
        pdf.attachments["tweede.txt"] = pikepdf.AttachedFileSpec(pdf, b"x", mime_type="text/plain")

    return sealer.tricked(add)


def attachment_at_a_page(sealer):
    def add(pdf):
        given = pikepdf.AttachedFileSpec(pdf, b"eyJ9~", filename="x", mime_type=SD_JWT)
        note = Dictionary(
            Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9], FS=given.obj
        )
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])

    return sealer.tricked(add)


def no_attachment(sealer):
    def remove(pdf):
        del pdf.Root.Names.EmbeddedFiles
        del pdf.Root["/AF"]

    return sealer.tricked(remove)


def names_in_branches(sealer):
    def branch(pdf):
        leaf = pdf.make_indirect(pdf.Root.Names.EmbeddedFiles)
        pdf.Root.Names.EmbeddedFiles = Dictionary(Kids=Array([leaf]), Names=leaf.Names)

    return sealer.tricked(branch)


def attachment_bomb(sealer, size=GIBIBYTE):
    """X16: a gibibyte where the statement should be."""
    packed = raw_pdfs.deflated(zeros=size)

    def swell(pdf):
        file = pdf.Root.Names.EmbeddedFiles.Names[1].EF.F
        file.write(packed, filter=Name.FlateDecode)

    return sealer.tricked(swell, compress_streams=False)


def attachment_of_trailing_bytes(sealer):
    def trail(pdf):
        file = pdf.Root.Names.EmbeddedFiles.Names[1].EF.F
        file.write(raw_pdfs.deflated(b"eyJ9~") + b"x", filter=Name.FlateDecode)

    return sealer.tricked(trail, compress_streams=False)


# Without a seal.


def encrypted(sealer):
    return changed(
        sealer.pages, lambda _pdf: None, encryption=pikepdf.Encryption(owner="x", user="y")
    )


def encrypted_for_nobody(sealer):
    """Readable without a password, as many print shops make them."""
    return changed(
        sealer.pages, lambda _pdf: None, encryption=pikepdf.Encryption(owner="x", user="")
    )


def without_seal(sealer):
    return sealer.pages


def _given(make, **how):
    return lambda _sealer: make(**how)


HOSTILE = {
    "X10 other words": (other_words, {CHANGED}),
    "X10 annotation": (with_annotation, {CHANGED}),
    "X11 shadow hide": (shadow_hide, {CHANGED}),
    "X11 shadow replace": (shadow_replace, {CHANGED}),
    "X11 shadow hide and replace": (shadow_hide_and_replace, {CHANGED, "no_seal", "other_seal"}),
    "X11 second signature": (signed_twice, {"several_seals"}),
    "X11 seal that allows changes": (seal_that_allows_changes, {"other_seal"}),
    "X11 seal that certifies nothing": (seal_that_certifies_nothing, {"other_seal"}),
    "X13 attachment outside": (attachment_outside, {CHANGED, "attachment"}),
    "X13 same name twice": (same_name_twice, {"attachment"}),
    "X13 unknown kind": (attachment_of_no_known_kind, {"attachment"}),
    "X13 attachment at a page": (attachment_at_a_page, {"attachment"}),
    "X13 no attachment": (no_attachment, {"attachment"}),
    "X13 names in branches": (names_in_branches, {"attachment"}),
    "X13 bytes behind an attachment": (attachment_of_trailing_bytes, {"attachment"}),
    "X16 attachment of a gibibyte": (attachment_bomb, {LIMIT}),
    "X16 objects of a gibibyte": (_given(raw_pdfs.object_stream_bomb), {LIMIT, PARSING}),
    "X16 a million objects": (_given(raw_pdfs.many_objects), {LIMIT}),
    "X16 xref loop": (_given(partial(raw_pdfs.raw, raw_pdfs.PLAIN, prev="itself")), {PARSING}),
    "X16 kids loop": (_given(raw_pdfs.kids_loop), {"no_seal", "scan", PARSING}),
    "X16 length lies long": (_given(raw_pdfs.lying_length, length=10**9), {PARSING}),
    "X16 length lies short": (_given(raw_pdfs.lying_length, length=1), {PARSING}),
    "X16 deep page tree": (_given(raw_pdfs.deep_pages), {"no_seal", "scan", PARSING}),
    "X16 deep arrays": (_given(raw_pdfs.deep_arrays), {PARSING, LIMIT}),
    "X17 archive behind": (zip_behind, {CHANGED, PARSING}),
    "bytes after the end": (bytes_after_the_end, {CHANGED}),
    "script afterwards": (script_afterwards, {CHANGED, "active_content"}),
    "script inside": (script_inside, {"active_content"}),
    "program at a link": (script_at_an_annotation, {"active_content"}),
    "encrypted": (encrypted, {"encrypted"}),
    "encrypted for nobody": (encrypted_for_nobody, {"encrypted"}),
    "without a seal": (without_seal, {"no_seal"}),
}

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(2_000)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(2_000)
HEIC = b"\x00\x00\x00\x24ftypheic" + bytes(2_000)
WORD = b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml" + bytes(500)
OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1") + "WordDocument".encode("utf-16-le")
OUTLOOK = bytes.fromhex("d0cf11e0a1b11ae1") + "__substg1.0_0037001F".encode("utf-16-le")
EMAIL = b"Received: from post.example\r\nFrom: jan@post.example\r\nSubject: schulden\r\n\r\nHoi\r\n"
# What people choose by mistake: content, HTTP status, reason.
PLAIN_FILES = {
    "photo (JPEG)": (JPEG, 415, "photo"),
    "photo (PNG)": (PNG, 415, "photo"),
    "photo (HEIC)": (HEIC, 415, "photo"),
    "scan (PDF)": (raw_pdfs.image_only(), 422, "scan"),
    "another PDF": (raw_pdfs.raw(raw_pdfs.PLAIN), 422, "no_seal"),
    "Word file": (WORD, 415, "office_file"),
    "old Word file": (OLD_WORD, 415, "office_file"),
    "e-mail": (EMAIL, 415, "email"),
    "e-mail of Outlook": (OUTLOOK, 415, "email"),
    "X17 page": (b"<!doctype html><title>opgave.pdf</title>", 415, "not_a_pdf"),
    "X17 archive": (b"PK\x03\x04" + bytes(100), 415, "not_a_pdf"),
    "X17 nothing": (b"", 415, "not_a_pdf"),
    "X17 bytes before": (b"x" * 1024 + raw_pdfs.raw(raw_pdfs.PLAIN), 415, "not_a_pdf"),
    "X17 page before": (b"<html>" + raw_pdfs.raw(raw_pdfs.PLAIN), 415, "not_a_pdf"),
    "X16 eleven mebibytes": (b"%PDF-1.7" + bytes(11 * 1024 * 1024), 413, "too_large"),
}
