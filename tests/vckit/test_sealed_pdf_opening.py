"""What is opened, and what is refused with which reason: rows X of security.md, offline."""

import resource
import subprocess
import sys
from io import BytesIO

import pytest
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from tests.vckit import sealed_pages
from tests.vckit.hostile_pdfs import HOSTILE, PLAIN_FILES, Sealer
from tests.vckit.sealed_pages import REPORT, SD_JWT, STATEMENT, TWIN, W3C, gap, pages, sealed
from vckit.sealed_pdf import Attachment, child, opening
from vckit.sealed_pdf.opening import MAX_BYTES, STATUSES, RefusedFileError, open_sealed
from vckit.x509 import to_x5c
from vckit.x509.certificate import der

SECONDS = 3
SEALER = Sealer(
    pages(), sealed_pages.sealed_as_it_is, sealed_pages.seal_key(), sealed_pages.seal_chain()
)
# Those that work a processor for long: their turn comes with the services.
HEAVY = [name for name in HOSTILE if "gibibyte" in name or "million" in name or "deep" in name]
LIGHT = [name for name in HOSTILE if name not in HEAVY]


def refused(document):
    begun = spent()
    with pytest.raises(RefusedFileError) as caught:
        open_sealed(document)
    # Of a processor: how long it waits for one depends on what else runs here.
    assert spent() - begun < SECONDS
    assert caught.value.status == STATUSES[caught.value.reason]
    return caught.value.reason


def spent():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_an_honest_document_gives_its_attachments_its_sealer_and_its_moment():
    opened = open_sealed(sealed())
    assert opened.attachments == {SD_JWT: STATEMENT.text, W3C: TWIN.text}
    assert opened.x5c == to_x5c(sealed_pages.seal_chain())
    assert opened.sealed_at == sealed_pages.MADE_AT
    assert opened.time_stamp is None


@pytest.mark.parametrize("kind", [SD_JWT, W3C, REPORT])
def test_a_document_may_have_one_attachment(kind):
    only = Attachment("een", kind, "eyJ~")
    assert open_sealed(sealed(only)).attachments == {kind: "eyJ~"}


@pytest.mark.parametrize("name", LIGHT)
def test_what_is_hostile_is_refused_with_its_reason(name):
    make, reasons = HOSTILE[name]
    assert refused(make(SEALER)) in reasons
    open_sealed(SEALER.honest)


# Of a process that has no other children: the highest counts, and a browser needs more.
OPENING = """
import resource, sys
from contextlib import suppress
from vckit.sealed_pdf.opening import RefusedFileError, open_sealed
with suppress(RefusedFileError):
    open_sealed(sys.stdin.buffer.read())
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def most_memory(document):
    """What the child that opens it takes at most, in bytes."""
    done = subprocess.run(
        [sys.executable, "-c", OPENING], input=document, capture_output=True, check=True
    )
    return int(done.stdout)


@pytest.mark.services
@pytest.mark.parametrize("name", HEAVY)
def test_X16_what_is_heavy_ends_within_its_limits(name):
    make, reasons = HOSTILE[name]
    document = make(SEALER)
    assert len(document) <= MAX_BYTES
    assert refused(document) in reasons
    assert most_memory(document) < child.MEMORY_BYTES


@pytest.mark.parametrize("name", PLAIN_FILES)
def test_what_people_choose_by_mistake_is_told_apart(name):
    content, status, reason = PLAIN_FILES[name]
    with pytest.raises(RefusedFileError) as caught:
        open_sealed(content)
    assert (caught.value.status, caught.value.reason) == (status, reason)


@pytest.mark.parametrize("size", [4 * 1024 * 1024, 4 * 1024 * 1024 + 1])
def test_an_attachment_has_a_limit(size):
    document = sealed(Attachment("een", SD_JWT, "e" * size))
    if size == child.structure.MAX_ATTACHMENT_BYTES:
        assert len(open_sealed(document).attachments[SD_JWT]) == size
    else:
        assert refused(document) == "policy_limit"


def test_ten_mebibytes_are_read_and_one_byte_more_is_not():
    assert refused(b"%PDF-1.7" + b" " * (MAX_BYTES - 8)) == "PARSING_ERROR"
    assert refused(b"%PDF-1.7" + b" " * (MAX_BYTES - 7)) == "too_large"


def test_no_changed_byte_is_taken():
    """But for certificates above the sealer's, which are judged by whoever trusts some."""
    document = sealed()
    told = child.answer(document)
    for place in range(0, len(document), 97):
        other = bytearray(document)
        other[place] ^= 1 << place % 8
        answer = child.answer(bytes(other))
        assert "refused" in answer or answer["x5c"][1:] != told["x5c"][1:], place


@pytest.mark.parametrize(
    "change",
    [
        lambda inside: inside[:-3] + b"01>",
        lambda inside: inside[:-2] + b" >",
        lambda inside: inside[:400] + inside[400:].upper(),
        lambda inside: b"<" + inside[1:-1].rstrip(b"0").ljust(len(inside) - 2) + b">",
    ],
)
def test_the_container_is_written_in_one_way_only(change):
    document = sealed()
    start, end = gap(document)
    inside = document[start:end].lower()
    assert opened_with(inside) == opened_with(inside.upper()) == child.answer(document)
    assert opened_with(change(inside)) == {"refused": "changed_after_sealing"}


def opened_with(inside):
    document = sealed()
    start, end = gap(document)
    return child.answer(document[:start] + inside + document[end:])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("020101310f", "02020001310f"),  # a version in two octets
        ("310f300d06096086480165030402010500", "310d300b0609608648016503040201"),
        ("06092a864886f70d010702", "060a2a80864886f70d010702"),  # an OID with padding
    ],
)
def test_another_encoding_of_the_same_container_is_refused(before, after):
    document = sealed()
    start, end = gap(document)
    inside = document[start:end].lower()
    other = inside.replace(before.encode(), after.encode(), 1)
    assert other != inside
    other = b"<" + other[1:-1].rstrip(b"0").ljust(len(inside) - 2, b"0")[: len(inside) - 2] + b">"
    assert "refused" in opened_with(other)


def test_pyhanko_agrees_that_the_honest_document_holds():
    seal = PdfFileReader(BytesIO(sealed()), strict=True).embedded_signatures[0]
    roots = [asn1_x509.Certificate.load(der(sealed_pages.seal_chain()[1]))]
    context = ValidationContext(
        trust_roots=roots, allow_fetching=False, moment=seal.self_reported_timestamp
    )
    status = validate_pdf_signature(seal, context)
    assert status.bottom_line
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert seal.docmdp_level is MDPPerm.NO_CHANGES


def test_poppler_and_qpdf_agree(tmp_path):
    path = tmp_path / "opgave.pdf"
    path.write_bytes(sealed())
    told = subprocess.run(["pdfsig", path], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in told
    assert "Total document signed" in told
    checked = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("program", ["", "print('{')", "print('[]')", "import os; os.abort()"])
def test_a_child_that_dies_or_talks_nonsense_is_a_refusal(program):
    pipes = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE)
    with pytest.raises(RefusedFileError) as caught:
        open_sealed(sealed(), child=subprocess.Popen([sys.executable, "-c", program], **pipes))
    assert caught.value.reason == "policy_limit"


def test_where_too_many_files_are_open_another_one_waits_and_is_told(monkeypatch):
    monkeypatch.setattr(opening, "_SECONDS", 0.01)
    for _ in range(2):
        opening._AT_ONCE.acquire()
    try:
        assert refused(sealed()) == "busy"
    finally:
        for _ in range(2):
            opening._AT_ONCE.release()
    monkeypatch.undo()
    open_sealed(sealed())
