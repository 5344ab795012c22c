"""What a resident, a counsellor's software and a reader of the screen find in the document."""

import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from issuer import document
from issuer.document import content as names
from tests.documents import MADE_AT, content, debt, pages, sealed, terms_with
from vckit.sealed_pdf.signature_field import lay_in

ROOT = Path(__file__).parents[3]
LINKED = '{"type":["VerifiableCredential","Schuldenopgave"]}'


def many(count, **changes):
    return terms_with(
        *(debt(vordering_kenmerk=f"2000{number:03d}", **changes) for number in range(count))
    )


def texts_of(pdf):
    """Every page as one line."""
    found = (page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return [" ".join(text.replace("\N{ZERO WIDTH SPACE}", "").split()) for text in found]


def text_of(pdf):
    """All pages as one line, as somebody reads it out."""
    return " ".join(texts_of(pdf))


def outloud(pdf, folder):
    """What a checker of PDF/UA-1 counts, and what it saw."""
    (folder / "opgave.pdf").write_bytes(pdf)
    checker = Path(sys.executable).with_name("outloud")
    command = [checker, "--json", "-", "--quiet", "opgave.pdf"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    (result,) = json.loads(done.stdout)["results"]
    return result


DIGEST = """
from hashlib import sha256
from tests.issuer.document.test_document import fixed
print(sha256(fixed()).hexdigest())
"""


def fixed():
    """A document before its seal, of which nothing is random."""
    address = "https://boxtel.example/papier/eyJ.eyJ.sig"
    made_of = content(many(12), linked=LINKED, paper_address=address)
    return lay_in(document.render(made_of), "Zegel")


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_the_same_data_and_moment_give_the_same_bytes_in_another_process(seed):
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", DIGEST]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True)
    assert done.stdout.decode().strip() == sha256(fixed()).hexdigest()


def test_another_moment_gives_other_bytes():
    assert pages() != pages(made_at=MADE_AT + 60)


@pytest.mark.parametrize(("language", "tag"), [("nl", "nl-NL"), ("en", "en-NL")])
def test_the_file_claims_pdf_a_3a_and_pdf_ua_1_in_its_language(language, tag):
    with pikepdf.open(BytesIO(sealed(language=language))) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert pdf.Root.Lang == tag
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert "/OutputIntents" in pdf.Root
        assert (pdf.pdf_version, "/Version" in pdf.Root) == ("1.7", False)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("count", [0, 1, 40])
def test_pdf_ua_survives_the_seal(tmp_path, count, language):
    result = outloud(sealed(many(count), linked=LINKED, language=language), tmp_path)
    assert result["stats"]["features"]["signatures"]
    assert result["counts"] == {"error": 0, "warning": 0, "info": 0}


@pytest.mark.skipif(not shutil.which("qpdf"), reason="needs qpdf")
@pytest.mark.parametrize("count", [0, 240])
def test_the_file_is_sound(tmp_path, count):
    (tmp_path / "opgave.pdf").write_bytes(sealed(many(count), linked=LINKED))
    done = subprocess.run(["qpdf", "--check", tmp_path / "opgave.pdf"], check=False)
    assert done.returncode == 0


def test_both_credentials_are_attached_with_their_media_types():
    with pikepdf.open(BytesIO(sealed(credential="eyJhbGc~", linked=LINKED))) as pdf:
        found = {
            name: (pdf.attachments[name].get_file().mime_type, one.obj.AFRelationship)
            for name, one in pdf.attachments.items()
        }
        assert found == {
            names.SD_JWT_NAME: ("application/dc+sd-jwt", "/Data"),
            names.LINKED_NAME: ("application/vc", "/Data"),
        }
        files = {name: one.get_file().read_bytes() for name, one in pdf.attachments.items()}
        assert files == {names.SD_JWT_NAME: b"eyJhbGc~", names.LINKED_NAME: LINKED.encode()}
        # ISO 19005-3, 6.8: every embedded file belongs to the document.
        assert len(pdf.Root.AF) == 2


def test_without_w3c_there_is_one_attachment():
    with pikepdf.open(BytesIO(sealed())) as pdf:
        assert list(pdf.attachments) == [names.SD_JWT_NAME]


def test_the_signature_field_has_a_tooltip_and_a_structure_element():
    with pikepdf.open(BytesIO(sealed())) as pdf:
        (widget,) = pdf.Root.AcroForm.Fields
        assert str(widget.TU) == "Digitaal zegel van Gemeente Boxtel"
        forms = [one for one in pdf.Root.StructTreeRoot.K[0].K if one.get("/S") == "/Form"]
        assert [one.K.Obj.objgen for one in forms] == [widget.objgen]


def test_there_is_one_seal():
    assert sealed().count(b"/ETSI.CAdES.detached") == 1


@pytest.mark.parametrize("count", [0, 1, 6, 40])
def test_every_debt_has_a_row(count):
    text = text_of(pages(many(count)))
    assert text.count("kenmerk 2000") == count
    assert ("U heeft geen schulden bij Gemeente Boxtel." in text) is (count == 0)


@pytest.mark.parametrize(("count", "least"), [(40, 2), (240, 10)])
def test_on_every_page_with_rows_stands_what_the_columns_are(count, least):
    told = texts_of(pages(many(count)))
    with_rows = [text for text in told if "kenmerk 2000" in text]
    assert len(with_rows) >= least
    assert all("Waarvoor Betalen voor" in text for text in with_rows)
    numbers = [f"bladzijde {number} van {len(told)}" for number in range(1, len(told) + 1)]
    assert all(number in text for number, text in zip(numbers, told, strict=True))


def test_reference_and_check_number_stand_on_every_page():
    made_of = content(many(40))
    for text in texts_of(document.render(made_of)):
        assert f"controlegetal {made_of.digest[:-21]} {made_of.digest[-21:]}" in text
        assert "kenmerk 8a3e0b4e-1111-4222-8333-123456789abc" in text


def test_names_are_shown_as_they_are_and_never_read_as_markup():
    hostile = '#read("x.typ") *vet* $x$ <img src=x> Łucja {digest}'
    text = text_of(pages(terms_with(debt(omschrijving=hostile))))
    assert '#read("x.typ") *vet* $x$ <img src=x> Łucja {digest}' in text


def test_a_name_in_a_script_that_the_font_lacks_still_gives_a_document():
    assert "[U+6F22][U+5B57]" in text_of(pages(terms_with(debt(omschrijving="漢字"))))


WIDE = (
    "Hottentottententententoonstellingsterreinbeheervergoeding",
    "ONROERENDEZAAKBELASTINGEN",
    "W" * 1000,
    "2025-" * 60,
    "9" * 100,
)


@pytest.mark.parametrize("wide", WIDE)
def test_what_is_too_long_breaks_inside_its_column(wide):
    """A word that sticks out covers the amount beside it."""
    terms = terms_with(debt(omschrijving=wide, in_behandeling_bij={"naam": wide[:200]}))
    where = []

    def visit(text, _matrix, transformation, _font, size):
        where.append((transformation[4], len(text.strip()), size))

    for page in PdfReader(BytesIO(pages(terms))).pages:
        page.extract_text(visitor_text=visit)
    assert where
    assert all(0 <= left < 595 for left, _, _ in where)
    assert text_of(pages(terms)).replace(" ", "").replace("-", "").count("€") >= 3


@pytest.mark.parametrize(("language", "said"), [
    ("nl", ["Hiermee erkent u de schuld niet.",
            "Een verhuurder of werkgever mag er niet om vragen.",
            "Vergelijk met uw papier.",
            "ga naar https://boxtel.example/klopt-dit-document"]),
    ("en", ["With this you do not acknowledge the debt.",
            "A landlord or employer may not ask for it.",
            "Compare it with your paper.",
            "go to https://boxtel.example/klopt-dit-document"]),
])  # fmt: skip
def test_the_document_says_what_it_is_not_and_how_it_is_checked(language, said):
    text = text_of(pages(language=language))
    assert [sentence for sentence in said if sentence not in text] == []


@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="needs poppler-utils")
@pytest.mark.parametrize("count", [0, 40])
def test_the_code_is_read_from_a_print_of_the_first_page(tmp_path, count):
    import zxingcpp
    from PIL import Image

    made_of = content(many(count))
    (tmp_path / "opgave.pdf").write_bytes(document.render(made_of))
    # Coarser than any printer.
    command = ["pdftoppm", "-r", "100", "-gray", "-l", "1", "-singlefile", "-png"]
    subprocess.run([*command, "opgave.pdf", "opgave"], cwd=tmp_path, check=True)
    with Image.open(tmp_path / "opgave.png") as page:
        (code,) = zxingcpp.read_barcodes(page)
        assert code.text == made_of.paper_address
        corners = [getattr(code.position, name) for name in ("top_left", "top_right")]
        # 100 pixels to the inch, and the code without its quiet zone.
        assert (corners[1].x - corners[0].x) / 100 * 25.4 >= 35


def test_the_code_is_described_and_its_figures_are_not_read_out():
    with pikepdf.open(BytesIO(pages())) as pdf:
        alts = [str(one.Alt) for one in pdf.objects if isinstance(one, pikepdf.Dictionary)
                and one.get("/S") == "/Figure"]  # fmt: skip
    assert alts == ["Code voor controle van papier: opent https://boxtel.example/papier"]
