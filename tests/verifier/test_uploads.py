"""Sealed documents by upload: the same checks, the same overview, every refusal with its code."""

from functools import cache

import pytest
from urllib3.filepost import encode_multipart_formdata
from werkzeug import formparser

from tests.documents import seal_chain, sealed
from tests.vckit.hostile_pdfs import PLAIN_FILES
from tests.vckit.statements import debt
from tests.verifier import w3c
from tests.verifier import world as worlds
from tests.verifier.browser import text_of
from tests.verifier.wallet import begin
from tests.verifier.world import OTHER_PERSON
from vckit import x509
from vckit.did import web
from verifier.person import Person

REFERENCE = "urn:uuid:8a3e0b4e-1111-4222-8333-123456789abc"
JOSE = Person("d'Hondt", "José", "1974-08-21")


@pytest.fixture
def world(tmp_path):
    return worlds.build(tmp_path, seals=[x509.digest(seal_chain()[-1])])


@pytest.fixture
def case(office, world):
    return begin(office, world, person=JOSE)[0]


@pytest.fixture
def upload(browser, case):
    def upload(*contents, accept="text/html"):
        path = f"/zaken/{case.id}/document"
        files = [("document", ("opgave.pdf", content, "application/pdf")) for content in contents]
        # Werkzeug's own client would put large files on a disk.
        body, content_type = encode_multipart_formdata([*files, ("csrf_token", browser.token())])
        how = {"content_type": content_type, "headers": {"Accept": accept}}
        return browser.client.post(path, base_url=worlds.VERIFIER_URL, data=body, **how)

    return upload


def pdf(card):
    return sealed(credential=card.text)


@cache
def changed():
    """A sealed document in which one byte is another."""
    document = bytearray(sealed())
    document[len(document) // 3] ^= 1
    return bytes(document)


def both(card, twin):
    """A document with the statement in two formats."""
    return sealed(credential=card.text, linked=twin.text)


def twins(world, *debts, **changes):
    """One statement in both formats, each with status entries of its own."""
    made = {"opgave_kenmerk": REFERENCE, **changes}
    twin = w3c.state("ldp_eddsa", world.boxtel, *debts, **made)
    return world.boxtel.state(*debts, bsn=None, **made), twin


def found(browser, case):
    return browser.get(f"/zaken/{case.id}/overzicht.json").json


def test_a_sealed_document_joins_the_overview_marked_as_unproven(world, browser, case, upload):
    answer = upload(pdf(world.boxtel.state(debt(1))))
    assert (answer.status_code, answer.location) == (303, f"/zaken/{case.id}/overzicht")
    seen = found(browser, case)
    assert seen["organisations"][0]["state"] == "verified"
    assert seen["organisations"][0]["basis"] == "document"
    assert seen["totals"]["outstanding"] == seen["totals"]["on_documents"] == 42_900
    page = text_of(browser.get(answer.location))
    assert "Document, niet bewezen van deze persoon" in page


def test_X19_the_same_file_again_counts_once(office, world, browser, case, upload):
    document = pdf(world.boxtel.state(debt(1)))
    for _ in range(2):
        assert upload(document).status_code == 303
    assert found(browser, case)["totals"]["outstanding"] == 42_900
    assert len(office.store.findings_of(case.id)) == 1


def test_X20_a_document_of_a_neighbour_stands_apart(world, browser, case, upload):
    assert upload(pdf(world.boxtel.state(debt(1), **OTHER_PERSON))).status_code == 303
    seen = found(browser, case)
    assert [each["reason"] for each in seen["groups"]["other_person"]] == ["subject_mismatch"]
    assert seen["totals"]["outstanding"] == 0


def test_a_withdrawn_document_is_shown_and_counts_nothing(world, browser, case, upload):
    card = world.boxtel.state(debt(1))
    world.boxtel.mark("revocation", card.index)
    assert upload(pdf(card)).status_code == 303
    assert [each["reason"] for each in found(browser, case)["findings"]] == ["revoked"]


def test_a_document_with_both_formats_counts_once(office, world, browser, case, upload):
    assert upload(both(*twins(world, debt(1)))).status_code == 303
    assert found(browser, case)["totals"]["outstanding"] == 42_900
    assert len(office.store.findings_of(case.id)) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"opgave_kenmerk": "urn:uuid:8a3e0b4e-2222-4222-8333-123456789abc"},
        OTHER_PERSON,
        {"volledigheid": "gedeeltelijk"},
    ],
)
def test_X13_a_swapped_attachment_is_refused(world, browser, case, upload, other):
    card, _ = twins(world, debt(1))
    _, twin = twins(world, debt(1), **other)
    answer = upload(both(card, twin), accept="application/problem+json")
    assert (answer.status_code, answer.json["type"]) == (422, "attachments_differ")
    assert "zeggen niet hetzelfde" in answer.json["title"]
    assert found(browser, case)["findings"] == []


def test_X13_another_amount_in_the_second_format_is_refused(world, upload):
    card, _ = twins(world, debt(1))
    _, twin = twins(world, debt(2))
    answer = upload(both(card, twin), accept="application/problem+json")
    assert answer.json["type"] == "attachments_differ"


def test_X13_a_second_format_that_somebody_else_signed_is_refused(world, upload):
    card, twin = twins(world, debt(1))
    forged = twin.text.replace('"Gemeente', '"gemeente')
    answer = upload(sealed(credential=card.text, linked=forged), accept="application/problem+json")
    assert answer.status_code == 422


@pytest.fixture(params=[0, 1])
def marked(request, world):
    """Marks one of the two formats of a document, which it gives."""

    def marked(purpose):
        made = twins(world, debt(1))
        world.boxtel.mark(purpose, made[request.param].index)
        return both(*made)

    return marked


@pytest.mark.parametrize(
    ("purpose", "reason"), [("revocation", "revoked"), ("refresh", "superseded")]
)
def test_either_format_withdrawn_is_the_document_withdrawn(
    browser, upload, marked, purpose, reason
):
    answer = upload(marked(purpose))
    assert answer.status_code == 303
    seen = browser.get(f"{answer.location}.json").json
    assert [each["reason"] for each in seen["findings"]] == [reason]
    assert seen["totals"]["outstanding"] == 0


def test_a_second_format_whose_key_cannot_be_had_is_told_to_be_tried_later(world, upload):
    document = both(*twins(world, debt(1)))
    del world.network.pages[web.document_url(world.boxtel.did)]
    answer = upload(document, accept="application/problem+json")
    assert answer.status_code == 422
    assert "Probeer het later opnieuw" in answer.json["title"]


@pytest.mark.parametrize("name", PLAIN_FILES)
def test_what_is_no_document_is_said_kindly_with_what_to_do(browser, upload, name):
    content, status, reason = PLAIN_FILES[name]
    answer = upload(content, accept="application/problem+json")
    assert (answer.status_code, answer.json["type"]) == (status, reason)
    browser.get("/?taal=en")
    assert "This document does not count" in text_of(upload(content))


@pytest.mark.parametrize("accept", ["text/html", "application/problem+json", "*/*"])
def test_a_changed_document_is_refused_with_its_reason(browser, case, upload, accept):
    answer = upload(changed(), accept=accept)
    assert answer.status_code == 422
    assert found(browser, case)["findings"] == []
    if accept == "application/problem+json":
        assert answer.content_type == accept
        assert answer.json["status"] == 422
        assert answer.json["type"]
    if accept == "text/html":
        assert "Dit document telt niet mee" in text_of(answer)


def test_a_refusal_is_told_in_the_language_of_the_page(browser, upload):
    browser.get("/?taal=en")
    assert "This is not a PDF" in text_of(upload(b"<html>"))


def test_a_wallet_s_card_in_a_sealed_document_proves_nothing(world, wallet, browser, case, upload):
    card = wallet.card(world.boxtel, debt(1))
    answer = upload(pdf(card), accept="application/problem+json")
    assert answer.status_code == 422
    assert answer.json["type"] == "holder_binding_failed"
    assert found(browser, case)["findings"] == []


def test_X14_a_document_that_a_stranger_sealed_is_not_trusted(world, upload):
    foreign = sealed(
        credential=world.boxtel.state(debt(1)).text, chain=seal_chain("https://vreemd.example")
    )
    answer = upload(foreign, accept="application/problem+json")
    assert (answer.status_code, answer.json["type"]) == (422, "untrusted_issuer")


@pytest.mark.parametrize(
    ("content", "status"),
    [(b"", 415), (b"<html>", 415), (b"junk" * 300 + b"%PDF-1.7", 415), (b"%PDF-1.7 onzin", 422)],
)
def test_X17_what_is_no_document_is_refused_by_its_kind(upload, content, status):
    assert upload(content, accept="application/problem+json").status_code == status


def test_X16_more_than_ten_mebibytes_is_too_large(upload):
    limit = 10 * 1024 * 1024
    for size in (limit - 4, limit + 64 * 1024):
        answer = upload(b"%PDF-" + bytes(size))
        assert answer.status_code == 413
        assert "Dit bestand is te groot" in answer.text
        assert 'name="document"' in answer.text


def test_X22_two_files_at_once_are_refused(world, upload):
    document = pdf(world.boxtel.state(debt(1)))
    assert upload(document, document).status_code == 400


def test_no_file_is_no_document(browser, case):
    answer = browser.post(f"/zaken/{case.id}/document", content_type="multipart/form-data")
    assert answer.status_code == 415


def test_an_upload_never_touches_a_disk(upload, monkeypatch):
    def refuse(*_arguments, **_names):
        raise AssertionError("a temporary file")

    monkeypatch.setattr(formparser, "SpooledTemporaryFile", refuse)
    assert upload(b"%PDF-" + bytes(2 * 1024 * 1024)).status_code == 422
