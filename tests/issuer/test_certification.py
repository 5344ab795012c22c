"""From a person to a sealed file: what is in it, and what stands on its first page."""

from io import BytesIO

import pikepdf
import pytest
from pypdf import PdfReader

from issuer import paper
from issuer.issuance import OwnProductError
from tests.issuer import town as towns
from tests.issuer.town import ANNA, CARLA
from vckit.formats import dc_sd_jwt
from vckit.keys import ES256


@pytest.fixture
def services(town):
    return town.services()


@pytest.fixture
def certification(services):
    return services.certification


def text_of(pdf):
    found = " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return " ".join(found.split())


def attached(pdf):
    with pikepdf.open(BytesIO(pdf)) as opened:
        return {name: one.get_file().read_bytes() for name, one in opened.attachments.items()}


def test_the_file_has_both_credentials_and_the_digest_of_the_first(certification, town, wallet):
    made = certification.make(ANNA, town.clock.now)
    files = attached(made.pdf)
    assert sorted(files) == ["schuldenopgave.json", "schuldenopgave.sd-jwt"]
    sd_jwt = files["schuldenopgave.sd-jwt"].decode()
    assert dc_sd_jwt.digest(sd_jwt) in text_of(made.pdf)
    assert wallet.verify(sd_jwt).claims["totaal_openstaand"] == 30_000
    assert b"bsn" not in b"".join(files.values())
    assert ANNA.bsn.encode() not in b"".join(files.values())


def test_the_pages_are_in_the_language_that_was_asked(certification, town):
    assert "Nog open" in text_of(certification.make(ANNA, town.clock.now).pdf)
    english = certification.make(ANNA, town.clock.now, "en").pdf
    assert "Statement of your debts" in text_of(english)


def test_without_debts_it_is_good_news(certification, town):
    pdf = certification.make(CARLA, town.clock.now).pdf
    assert "U heeft geen schulden bij Gemeente Proef." in text_of(pdf)
    assert len(PdfReader(BytesIO(pdf)).pages) == 1


def test_it_is_withdrawn_by_the_record_that_comes_with_it(certification, services, town):
    made = certification.make(ANNA, town.clock.now)
    pseudonym = services.keyring.pseudonym(ANNA.bsn)
    [record] = services.store.records.of_person(pseudonym, town.clock.now)
    assert record.record_id == made.record_id


def test_the_code_leads_to_the_signed_figures(certification, services, town):
    issued = services.issuance.document(ANNA, town.clock.now)
    content = certification.content(issued, town.clock.now, "nl")
    start = f"{towns.URL}{paper.PATH}"
    assert content.paper_address.startswith(start)
    signer = services.issuance.workshop.signers[ES256]
    summary = paper.read(content.paper_address.removeprefix(start), [signer.public_key])
    assert summary == content.figures
    assert (summary.count, summary.outstanding_cents) == (2, 30_000)
    assert services.store.records.of_reference(summary.reference) is not None


def test_figures_that_read_otherwise_do_not_leave(certification, town, monkeypatch):
    monkeypatch.setattr("issuer.paper.read", lambda *_arguments: None)
    with pytest.raises(OwnProductError, match="paper"):
        certification.make(ANNA, town.clock.now)
