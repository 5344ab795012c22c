"""The public pages "Klopt dit document?" and that of a paper: no log-in, nothing kept."""

import io
import re
import sys
from dataclasses import replace

import pytest

from issuer import paper
from issuer.endpoints.checking import BODY_LIMIT
from issuer.paper import PaperSummary
from tests.issuer.pages import post, text_of
from tests.issuer.town import ANNA, DAY, NOW, csrf_token, log_in
from vckit.keys import PrivateKey

PATH = "/klopt-dit-document"


@pytest.fixture
def pdf(town):
    """Anna's document."""
    client = town.app().test_client()
    log_in(client, ANNA)
    return post(client, "/document", "/mijn-schulden").data


def check(client, content, name="document.pdf"):
    token = csrf_token(client.get(PATH))
    form = {"csrf_token": token, "document": (io.BytesIO(content), name)}
    return client.post(PATH, data=form, content_type="multipart/form-data")


def everything(town):
    database = town.stored().database
    tables = ("records", "desk_actions", "status_entries", "offers", "grants")
    return [database.execute(f"SELECT * FROM {table}") for table in tables]  # noqa: S608  ours


def withdraw(town):
    stored = town.stored()
    [row] = stored.database.execute("SELECT record_id FROM records WHERE part_of IS NULL")
    assert stored.store.records.withdraw(row["record_id"], "resident", town.clock.now)


def reference_of(client, content):
    return re.search(r"Kenmerk ([0-9a-f-]{36})", text_of(check(client, content)))[1]


class TestAFile:
    def test_the_form_asks_no_log_in(self, client):
        shown = text_of(client.get(PATH))
        assert "Klopt dit document?" in shown
        assert "Wij bewaren het bestand niet" in shown

    def test_ours_is_shown_with_its_figures_in_the_order_of_the_pages(self, client, pdf):
        shown = text_of(check(client, pdf))
        assert "Dit document is van ons Het is niet ingetrokken" in shown
        assert "Naam Anna de Boer Geboren op 3 februari 1980" in shown
        assert "Nu te betalen € 200,00 Alles samen € 300,00 Aantal rekeningen 2" in shown
        assert shown.index("kenmerk R-1") < shown.index("kenmerk R-2")
        assert "Verzegeld door Gemeente Proef" in shown

    def test_no_bsn_is_on_the_page(self, client, pdf):
        assert ANNA.bsn not in check(client, pdf).text

    def test_nothing_is_kept_of_it(self, town, client, pdf):
        before = everything(town)
        check(client, pdf)
        assert everything(town) == before

    def test_a_withdrawn_one_is_told_to_be_withdrawn(self, town, client, pdf):
        withdraw(town)
        shown = text_of(check(client, pdf))
        assert "Dit document is ingetrokken" in shown
        assert "geldt niet meer sinds 18 november 2026" in shown
        assert "Alles samen € 300,00" in shown

    def test_one_that_is_out_of_date_is_told_so(self, town, client, pdf):
        town.deliver("")
        assert "Dit document is verouderd" in text_of(check(client, pdf))

    def test_old_figures_are_told_to_be_old(self, town, client, pdf):
        town.clock.now += 23 * DAY  # the figures are of 10 November
        assert "al ouder" in text_of(check(client, pdf))

    def test_figures_of_thirty_days_ago_are_not_old(self, town, client, pdf):
        town.clock.now += 22 * DAY
        assert "Het is niet ingetrokken" in text_of(check(client, pdf))

    def test_an_expired_one_is_told_so(self, town, client, pdf):
        row = town.stored().database.execute("SELECT expires_at FROM records")[0]
        # The certificates of the test live shorter than a document does.
        town.stored().database.execute("UPDATE records SET expires_at = ?", (NOW + DAY,))
        assert row["expires_at"] > NOW + DAY
        town.clock.now += DAY
        assert "Dit document is verlopen" in text_of(check(client, pdf))

    def test_one_that_is_not_in_our_books_is_not_trusted(self, town, client, pdf):
        town.stored().database.execute("UPDATE records SET reference_digest = NULL")
        assert "staat niet in onze boeken" in text_of(check(client, pdf))

    @pytest.mark.parametrize(
        ("content", "status", "told"),
        [
            (b"\xff\xd8\xff\xe0 een foto", 415, "Een foto is niet gewaarmerkt"),
            (b"PK\x03\x04[Content_Types].xml", 415, "Dit is een ander soort bestand"),
            (b"From: iemand@example.nl\r\n\r\nhoi", 415, "Dit is een e-mail"),
            (b"zomaar wat", 415, "Dit is geen pdf"),
            (b"", 415, "Dit is geen pdf"),
            (b"%PDF-1.7\nniets", 422, "Dit bestand kunnen wij niet lezen"),
        ],
    )
    def test_what_is_no_document_is_told_kindly(self, client, content, status, told):
        shown = text_of(check(client, content), status)
        assert told in shown
        assert "Klopt dit document?" in shown

    def test_one_that_is_too_large_is_told_kindly(self, client):
        body = b"%PDF-" + b"x" * BODY_LIMIT
        answer = client.post(PATH, data=body, content_type="multipart/form-data; boundary=x")
        assert "Dit bestand is te groot" in text_of(answer, 413)

    def test_a_changed_one_is_told_to_be_changed(self, client, pdf):
        changed = pdf + b"\n1 0 obj\n<< >>\nendobj\n" + pdf[pdf.rindex(b"startxref") :]
        shown = text_of(check(client, changed), 422)
        assert "Alles samen" not in shown
        assert "Vertrouw de bedragen niet." in shown or "kunnen wij niet lezen" in shown

    def test_X04_without_the_token_nothing_is_opened(self, client, pdf):
        form = {"document": (io.BytesIO(pdf), "a.pdf")}
        answer = client.post(PATH, data=form, content_type="multipart/form-data")
        assert answer.status_code == 403

    def test_two_files_are_refused(self, client, pdf):
        token = csrf_token(client.get(PATH))
        two = [(io.BytesIO(pdf), "a.pdf"), (io.BytesIO(pdf), "b.pdf")]
        form = {"csrf_token": token, "document": two}
        answer = client.post(PATH, data=form, content_type="multipart/form-data")
        assert answer.status_code == 400


class TestAPaper:
    @pytest.fixture
    def summary(self, client, pdf):
        return PaperSummary(
            reference=f"urn:uuid:{reference_of(client, pdf)}",
            reference_date="2026-11-10",
            count=2,
            outstanding_cents=30_000,
            due_cents=20_000,
            completeness="volledig",
            issued_on="2026-11-18",
        )

    @pytest.fixture
    def address(self, town, summary):
        return "/papier/" + paper.sign(summary, town.key("credential"))

    def test_the_signed_figures_stand_there_to_be_compared(self, client, address):
        shown = text_of(client.get(address))
        assert "Vergelijk met uw papier" in shown
        assert "Nu te betalen € 200,00 Alles samen € 300,00 Aantal rekeningen 2" in shown
        assert "Anna" not in shown

    def test_a_withdrawn_one_is_told_to_be_withdrawn(self, town, client, address):
        withdraw(town)
        assert "Dit document is ingetrokken" in text_of(client.get(address))

    def test_one_that_is_out_of_date_is_told_so(self, town, client, address):
        town.deliver("")
        assert "Dit document is verouderd" in text_of(client.get(address))

    def test_one_that_is_not_in_our_books_is_not_trusted(self, town, client, summary):
        other = replace(summary, reference="urn:uuid:0d75598d-a043-4834-8033-b1fc54c0f660")
        address = "/papier/" + paper.sign(other, town.key("credential"))
        assert "staat niet in onze boeken" in text_of(client.get(address))

    def test_a_changed_or_foreign_one_is_not_ours(self, client, summary, address):
        foreign = "/papier/" + paper.sign(summary, PrivateKey.generate("ES256"))
        for text in (address[:-4] + "AAAA", foreign, "/papier/onzin", "/papier/" + "a" * 3_000):
            assert "Dit papier is niet van ons" in text_of(client.get(text), 404)

    def test_nothing_is_kept_of_it(self, town, client, address):
        before = everything(town)
        client.get(address)
        assert everything(town) == before

    def test_no_log_names_it(self, town, address, monkeypatch):
        logged = io.StringIO()
        monkeypatch.setattr(sys, "stderr", logged)
        town.app().test_client().get(address)
        assert '"rule": "/papier/<text>"' in logged.getvalue()
        payload = address.split(".")[1]
        assert payload[:20] not in logged.getvalue()
        assert address[-20:] not in logged.getvalue()

    def test_no_cache_keeps_it(self, client, address):
        assert client.get(address).headers["Cache-Control"] == "no-store"
