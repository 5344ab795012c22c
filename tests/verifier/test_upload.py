"""Whose seal is taken, and which attachments; what a seal is stands in tests/vckit."""

import pytest

from tests.documents import MADE_AT, pages, scheme_of, seal_chain, seal_key, sealed
from vckit.sealed_pdf import seal_pages
from vckit.sealed_pdf.opening import Opened, RefusedFileError
from verifier import upload, wording
from verifier.wording import DUTCH

SD_JWT, W3C, REPORT = "application/dc+sd-jwt", "application/vc", "application/json"


@pytest.fixture(scope="module")
def document():
    return sealed(credential="eyJhbGc~eyJk~", linked='{"id": "x"}')


def extract(document, chain=None, **scheme):
    return upload.extract(document, scheme=scheme_of(chain or seal_chain(), **scheme), now=MADE_AT)


def refused(document, chain=None, **scheme):
    with pytest.raises(RefusedFileError) as caught:
        extract(document, chain, **scheme)
    assert wording.refusal(caught.value.reason, DUTCH)
    return caught.value.status, caught.value.reason


def test_a_sealed_document_gives_its_credentials_its_sealer_and_its_moment(document):
    found = extract(document)
    assert found.unverified_credentials == ("eyJhbGc~eyJk~", '{"id": "x"}')
    assert found.organisation.name == "Gemeente Boxtel"
    assert found.opened.sealed_at == MADE_AT


def test_a_document_of_before_has_one_credential():
    assert extract(sealed(credential="eyJhbGc~")).unverified_credentials == ("eyJhbGc~",)


@pytest.mark.parametrize("kinds", [(W3C,), (REPORT,), (SD_JWT, REPORT), ()])
def test_other_attachments_are_no_statement(document, kinds):
    genuine = extract(document).opened
    opened = Opened(dict.fromkeys(kinds, "{}"), genuine.x5c, MADE_AT)
    with pytest.raises(upload.UploadError) as caught:
        upload.statement(opened, scheme=scheme_of(seal_chain()), now=MADE_AT)
    assert (caught.value.status, caught.value.reason) == (422, "attachment")


def test_X14_a_seal_of_a_foreign_authority_is_refused(document):
    other = seal_chain("https://elders.example")
    assert refused(document, other) == (422, "untrusted_issuer")


def test_X14_a_certificate_of_another_name_under_the_same_authority_is_refused():
    other = seal_chain("https://elders.example")
    assert refused(sealed(chain=other), other) == (422, "untrusted_issuer")


def test_X14_a_certificate_that_is_over_is_refused(document):
    later = MADE_AT + 40 * 86_400
    with pytest.raises(upload.UploadError) as caught:
        upload.extract(document, scheme=scheme_of(seal_chain(), now=later), now=later)
    assert caught.value.reason == "untrusted_issuer"


def test_X14_who_may_not_state_debts_may_not_seal_statements(document):
    assert refused(document, kinds=("iets-anders",)) == (422, "untrusted_issuer")


def test_X14_a_certificate_of_nobody_but_itself_is_refused():
    alone = seal_chain()[:1]
    document = seal_pages(pages(), "Zegel", signer=seal_key(), chain=alone, sealed_at=MADE_AT)
    other = seal_chain("https://elders.example")
    assert refused(document, other) == (422, "untrusted_issuer")
