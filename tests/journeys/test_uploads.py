"""Sealed documents that a counsellor uploads: what is taken, and what is refused and why."""

from io import BytesIO

import pikepdf
import pytest
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from issuer import document as documents
from issuer.document import content as names
from tests.documents import content, seal_chain, seal_key
from tests.journeys.actors import BOXTEL, NAMES, OTHER, euro, now, text_of
from vckit.formats import dc_sd_jwt
from vckit.sealed_pdf.seal import seal
from vckit.sealed_pdf.signature_field import lay_in
from vckit.signers import open_signer
from vckit.x509 import load_pem_chain

pytestmark = pytest.mark.services

PROBLEM = "application/problem+json"
FIRST, SECOND = 11, 12
CHANGED = "Dit bestand is veranderd nadat het zegel erop kwam. Vraag een nieuwe opgave."
ATTACHED = "De gegevens in dit bestand kloppen niet. Vraag een nieuwe opgave."
FOREIGN = "Dit zegel is niet van een organisatie die meedoet."


@pytest.fixture(scope="module")
def document(scene):
    """What the Blauwe Knop of Boxtel gives the first of these residents."""
    return scene.visit(BOXTEL, scene.world.residents[FIRST]).document()


@pytest.fixture
def case(scene):
    return scene.case(scene.world.residents[FIRST])


def credential_in(pdf):
    with pikepdf.open(BytesIO(pdf)) as opened:
        return opened.attachments[names.SD_JWT_NAME].get_file().read_bytes().decode()


def terms_in(credential):
    """The terms of a credential of a document, which discloses everything."""
    from vckit import jose
    from vckit.x509 import parse_x5c, public_key

    key = public_key(parse_x5c(jose.parse(credential.split("~")[0]).header["x5c"])[0])
    return dc_sd_jwt.verify(credential, issuer_key=key, key_binding=None, now=now()).claims


def keys_of(scene, slug):
    """The seal of a municipality: signer and chain."""
    keys = scene.world.folder / slug / "keys"
    chain = load_pem_chain((keys / "seal-chain.pem").read_bytes())
    return open_signer(f"file:{keys / 'seal.pem'}"), chain


def remade(credential, signer, chain):
    """A document like ours with this credential, sealed by whoever."""
    made_of = content(terms_in(credential), credential, made_at=now())
    return documents.make(made_of, signer=signer, chain=chain)


def assert_refused(case, pdf, status, reason, sentence):
    """To a program and to a person, each in their own way; the case stays as it was."""
    before = case.result()
    told = case.upload(pdf, accept=PROBLEM)
    assert (told.status_code, told.headers["Content-Type"]) == (status, PROBLEM)
    assert told.json() == {"type": reason, "title": sentence, "status": status}
    shown = case.upload(pdf)
    assert shown.status_code == status
    assert shown.headers["Content-Type"].startswith("text/html")
    page = text_of(shown.text)
    assert f"Dit document telt niet mee {sentence}" in page
    assert "Document toevoegen" in page
    assert case.result() == before


def test_the_sealed_document_is_taken_and_counts(case, document, expected):
    answer = case.upload(document)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/overzicht")
    stated = expected["residents"][FIRST]["per_organisation"][BOXTEL]
    told = case.organisation(BOXTEL)
    assert {name: told[name] for name in stated} == stated
    assert (told["basis"], told["state"]) == ("document", "verified")
    assert case.result()["totals"]["on_documents"] == stated["outstanding"]
    page = case.overview()
    assert "Document, niet bewezen van deze persoon" in page
    assert euro(stated["outstanding"]) in page


@pytest.mark.parametrize("where", [0.02, 0.3, 0.6, 0.8, 0.9, 0.98])
def test_one_changed_byte_is_refused_wherever_it_stands(case, document, where):
    """Also in what holds the file together, in the seal itself and in the zeros after it."""
    changed = bytearray(document)
    changed[int(len(changed) * where)] ^= 1
    told = case.upload(bytes(changed), accept=PROBLEM)
    assert told.status_code == 422
    assert told.json()["type"] in {"changed_after_sealing", "PARSING_ERROR"}
    assert case.result()["organisations"][0]["state"] == "missing"


def test_a_changed_letter_on_the_page_is_refused(case, document):
    changed = bytearray(document)
    changed[document.index(b"stream") + 40] ^= 1
    assert_refused(case, bytes(changed), 422, "changed_after_sealing", CHANGED)


def test_an_incremental_update_is_refused(case, document):
    writer = IncrementalPdfFileWriter(BytesIO(document))
    writer.root["/Lang"] = TextStringObject("en")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    assert out.getvalue().startswith(document)
    assert_refused(case, out.getvalue(), 422, "changed_after_sealing", CHANGED)


def test_bytes_after_the_end_are_refused(case, document):
    assert_refused(case, document + b"\n%", 422, "changed_after_sealing", CHANGED)


def test_another_attachment_is_refused(scene, case, document):
    """The genuine credential of somebody else in the place of the one that was sealed."""
    others = scene.visit(BOXTEL, scene.world.residents[SECOND]).document()
    with pikepdf.open(BytesIO(document)) as pdf:
        pdf.attachments[names.SD_JWT_NAME] = pikepdf.AttachedFileSpec(
            pdf, credential_in(others).encode(), mime_type=names.SD_JWT_TYPE
        )
        out = BytesIO()
        pdf.save(out)
    told = case.upload(out.getvalue(), accept=PROBLEM)
    assert told.status_code == 422
    assert told.json()["type"] in {"changed_after_sealing", "other_seal", "PARSING_ERROR"}
    assert case.result()["organisations"][0]["state"] == "missing"


def test_two_attachments_under_one_genuine_seal_are_refused(scene, case, document):
    credential = credential_in(document)
    pages = documents.render(content(terms_in(credential), credential, made_at=now()))
    with pikepdf.open(BytesIO(pages)) as pdf:
        pdf.attachments["tweede.sd-jwt"] = pikepdf.AttachedFileSpec(pdf, credential.encode())
        out = BytesIO()
        pdf.save(out)
    signer, chain = keys_of(scene, BOXTEL)
    sealed = seal(lay_in(out.getvalue(), "Zegel"), signer=signer, chain=chain, sealed_at=now())
    assert_refused(case, sealed, 422, "attachment", ATTACHED)


def test_a_foreign_seal_around_the_genuine_credential_is_refused(scene, case, document):
    url = scene.world.url(BOXTEL)
    forged = remade(credential_in(document), seal_key(), seal_chain(url))
    assert_refused(case, forged, 422, "untrusted_issuer", FOREIGN)


def test_the_same_remaking_under_the_genuine_seal_is_taken(scene, case, document):
    genuine = remade(credential_in(document), *keys_of(scene, BOXTEL))
    assert case.upload(genuine).status_code == 303
    assert case.organisation(BOXTEL)["state"] == "verified"


def test_the_seal_of_another_municipality_of_the_scheme_is_refused(scene, case, document):
    swapped = remade(credential_in(document), *keys_of(scene, OTHER))
    assert_refused(case, swapped, 422, "untrusted_issuer", ATTACHED)


def test_the_card_of_a_wallet_in_a_sealed_document_is_refused(scene, case):
    [card] = scene.resident(FIRST).receive(BOXTEL)
    signer, chain = keys_of(scene, BOXTEL)
    made_of = content({**card.claims, "document": True}, card.credential, made_at=now())
    wrapped = documents.make(made_of, signer=signer, chain=chain)
    assert_refused(case, wrapped, 422, "holder_binding_failed", ATTACHED)


def test_a_photo_is_refused_kindly(case):
    sentence = (
        "Dit is een foto. Die kunnen wij niet controleren. Vraag om de PDF zelf, zoals die bij de "
        "organisatie is opgehaald."
    )
    assert_refused(case, b"\x89PNG\r\n\x1a\n" + bytes(1_000), 415, "photo", sentence)


def test_no_file_at_all_is_answered_with_a_page(scene, case):
    form = scene.counsellor.browser.open(f"{case.url}/document").form(action="/document")
    page = scene.counsellor.browser.submit(form)
    assert page.status == 415
    assert "Dit is geen PDF" in text_of(page.body.decode())


def test_too_large_is_refused_before_it_is_read(case):
    told = case.upload(b"%PDF-1.7" + bytes(11 * 1024 * 1024), accept=PROBLEM)
    assert told.status_code == 413


def test_document_and_wallet_of_one_resident_count_once(scene, case, document, expected):
    resident = scene.resident(FIRST)
    resident.receive(BOXTEL, OTHER)
    case.upload(document)
    resident.answer(case.link)
    seen, truth = case.result(), expected["residents"][FIRST]
    assert seen["totals"]["outstanding"] == truth["outstanding"]
    assert seen["totals"]["on_documents"] == 0
    assert seen["complete"] is True
    assert [one["basis"] for one in seen["organisations"]] == ["wallet", "wallet"]
    assert [(one["organisation"], one["reason"]) for one in seen["findings"]] == [
        (NAMES[BOXTEL], "repeated")
    ]
    assert "kwam meer dan één keer. Zij telt één keer mee." in case.overview()


def test_the_same_document_twice_counts_once(case, document, expected):
    for _ in range(2):
        assert case.upload(document).status_code == 303
    stated = expected["residents"][FIRST]["per_organisation"][BOXTEL]["outstanding"]
    assert case.result()["totals"]["outstanding"] == stated


def test_a_withdrawn_document_is_taken_and_told_to_be_withdrawn(scene):
    person = scene.world.residents[SECOND]
    visit = scene.visit(BOXTEL, person)
    pdf = visit.document()
    visit.withdraw_all()
    case = scene.case(person)
    assert case.upload(pdf).status_code == 303
    assert case.organisation(BOXTEL)["state"] == "withdrawn"
    assert case.result()["totals"]["outstanding"] == 0
    assert "Gemeente Boxtel heeft deze opgave ingetrokken." in case.overview()


def test_a_document_of_another_person_stands_apart(scene, case):
    pdf = scene.visit(OTHER, scene.world.residents[20]).document()
    assert case.upload(pdf).status_code == 303
    seen = case.result()
    assert [one["organisation"] for one in seen["groups"]["other_person"]] == [NAMES[OTHER]]
    assert seen["totals"]["outstanding"] == 0
    assert "Van een andere persoon" in case.overview()
