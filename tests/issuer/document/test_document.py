"""What a resident and a counsellor's software find in the certified document."""

import json
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from issuer.document import layout
from tests.documents import MADE_AT, TERMS, debt, sealed, terms_with
from vckit.sealed_pdf.signature_field import lay_in


def test_the_same_terms_and_moment_give_the_same_bytes_before_the_seal():
    def once():
        return lay_in(layout.render(TERMS, "eyJ~", "digest", MADE_AT), "Zegel")

    assert once() == once()


def test_the_file_claims_pdf_a_3a_and_pdf_ua_1():
    with pikepdf.open(BytesIO(sealed())) as pdf, pdf.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert pdf.Root.Lang == "nl-NL"
        assert (pdf.pdf_version, "/Version" in pdf.Root) == ("1.7", False)


def test_pdf_ua_survives_the_seal(tmp_path):
    (tmp_path / "opgave.pdf").write_bytes(sealed())
    checker = Path(sys.executable).with_name("outloud")
    command = [checker, "--json", "-", "--quiet", "opgave.pdf"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    (result,) = json.loads(done.stdout)["results"]
    assert result["stats"]["features"]["signatures"]
    assert result["counts"] == {"error": 0, "warning": 0, "info": 0}


def test_the_credential_is_attached_with_its_media_type():
    with pikepdf.open(BytesIO(sealed(credential="eyJhbGc~"))) as pdf:
        attachment = pdf.attachments[layout.ATTACHMENT_NAME]
        assert attachment.get_file().read_bytes() == b"eyJhbGc~"
        assert attachment.get_file().mime_type == "application/dc+sd-jwt"


def test_the_signature_field_has_a_tooltip_and_a_structure_element():
    with pikepdf.open(BytesIO(sealed())) as pdf:
        (widget,) = pdf.Root.AcroForm.Fields
        assert str(widget.TU) == "Digitaal zegel van Gemeente Boxtel"
        forms = [one for one in pdf.Root.StructTreeRoot.K[0].K if one.get("/S") == "/Form"]
        assert [one.K.Obj.objgen for one in forms] == [widget.objgen]


def test_the_view_puts_amounts_and_days_in_dutch_words():
    view = layout.view(TERMS, "digest", MADE_AT)
    assert view["amounts"]["total"] == "€\N{NO-BREAK SPACE}1.234,56"
    assert view["amounts"]["credit"] == "€\N{NO-BREAK SPACE}40,00"
    assert view["reference_date"] == "23 november 2026"
    assert view["debts"][0]["due_date"] == "15 december 2025"


def test_a_disputed_debt_is_counted_apart_and_named():
    view = layout.view(terms_with(debt(saldo=2500, markeringen=["betwist"])), "digest", MADE_AT)
    assert view["amounts"]["disputed"] == "€\N{NO-BREAK SPACE}25,00"
    assert view["debts"][0]["notes"] == "u bent het er niet mee eens"


@pytest.mark.parametrize("count", [0, 1, 40])
def test_none_one_and_forty_debts_become_a_document(count):
    terms = terms_with(*(debt(vordering_kenmerk=f"2000{number:03d}") for number in range(count)))
    text = _text(sealed(terms))
    assert text.count("kenmerk 2000") == count
    assert ("U heeft geen schulden" in text) is (count == 0)


def test_names_are_shown_as_they_are_and_never_read_as_markup():
    hostile = '#read("certificate.typ") *vet* $x$ <img src=x> Łucja'
    text = _text(sealed(terms_with(debt(omschrijving=hostile))))
    assert '#read("certificate.typ")' in text
    assert "*vet* $x$" in text
    assert "Łucja" in text


def test_a_name_in_a_script_that_the_font_lacks_still_gives_a_document():
    assert "[U+6F22][U+5B57]" in _text(sealed(terms_with(debt(omschrijving="漢字"))))


def test_the_document_says_what_it_is_not():
    text = " ".join(_text(sealed()).split())
    assert "Hiermee erkent u de schuld niet." in text
    assert "Een verhuurder of werkgever mag er niet om vragen." in text


def test_an_incomplete_statement_says_so():
    text = _text(sealed({**TERMS, "volledigheid": "gedeeltelijk"}))
    assert "deze opgave is niet volledig" in text
    assert " ".join(text.split()).count("ten minste €") == 2


def test_there_is_one_seal():
    assert sealed().count(b"/ETSI.CAdES.detached") == 1


def _text(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(document)).pages)
