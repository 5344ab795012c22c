"""Pages that can always be made, whatever the names on them are."""

from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from vckit.sealed_pdf import Attachment, showable, typeset

MADE_AT = 1_795_500_000
TEMPLATE = """
#let view = json(bytes(sys.inputs.view))
#let attachment = json(bytes(sys.inputs.attachments)).first()
#set document(title: "Proef", date: datetime(year: 2026, month: 11, day: 24))
#set text(font: "Source Sans 3", lang: "nl")
#pdf.attach(attachment.name, bytes(attachment.text), mime-type: attachment.type,
  relationship: "data", description: "Proef")
= Proef
#for one in view.texts [#strong(one) \\ ]
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    path = tmp_path_factory.mktemp("pages") / "proef.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def pages(template, *texts):
    return typeset(
        template, {"texts": list(texts)}, [Attachment("a.json", "text/x", "{}")], MADE_AT
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("José d'Hondt", "José d'Hondt"),
        ("Jose\N{COMBINING ACUTE ACCENT}", "José"),
        ("漢", "[U+6F22]"),
        ("😀", "[U+1F600]"),
        ("\ue000", "[U+E000]"),
        ("\ud800", "[U+D800]"),
        ("a\x00\r\nb", "a   b"),
        ("1\u202e23\u202c\u200b", "123"),
        ("€\N{NO-BREAK SPACE}1", "€\N{NO-BREAK SPACE}1"),
    ],
)
def test_what_no_font_has_is_shown_by_its_number(text, shown):
    assert showable(text) == shown


@given(st.lists(st.text(max_size=12), max_size=40))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_every_text_becomes_pages(template, texts):
    assert pages(template, *texts).startswith(b"%PDF-1.7")


def test_text_is_never_read_as_markup(template):
    document = pages(template, '#read("proef.typ") *vet* $x$ <img src=x onerror=alert(1)>')
    text = PdfReader(BytesIO(document)).pages[0].extract_text()
    assert '#read("proef.typ") *vet* $x$ <img src=x onerror=alert(1)>' in text


def test_the_same_texts_and_moment_give_the_same_bytes(template):
    assert pages(template, "a") == pages(template, "a")
