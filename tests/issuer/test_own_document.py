"""Whose document it is, and that everything inside one of ours is ours and says the same."""

from dataclasses import replace

import pytest

from issuer import document
from issuer.own_document import Seal, UnsoundDocumentError
from tests.issuer.town import ANNA, BRAM, resign
from vckit.errors import UntrustedIssuerError
from vckit.sealed_pdf import Attachment, opening

ELSEWHERE = "https://elders.example"


@pytest.fixture
def services(town):
    return town.services()


@pytest.fixture
def seal(town, services):
    """Seal a document of ours with other attachments than its own."""

    def make(change):
        certification, now = services.certification, town.clock.now
        issued = certification.issuance.document(ANNA, now)
        content = certification.content(issued, now, "nl")
        changed = replace(content, attachments=change(content.attachments))
        return document.make(changed, signer=certification.signer, chain=certification.chain)

    return make


@pytest.fixture
def other(town, services):
    """What is attached to somebody else's document."""
    issued = services.certification.issuance.document(BRAM, town.clock.now)
    return document.attachments(issued.sd_jwt.text, issued.linked.text)


def test_ours_says_what_both_credentials_say(town, services, seal):
    found = services.checking.document(seal(lambda own: own), town.clock.now)
    assert found.terms["geslachtsnaam"] == "de Boer"
    assert found.summary.outstanding_cents == 30_000
    assert found.standing == "current"


def test_one_credential_is_enough(town, services, seal):
    found = services.checking.document(seal(lambda own: own[:1]), town.clock.now)
    assert found.summary.outstanding_cents == 30_000


def test_two_that_say_different_things_are_refused(town, services, seal, other):
    swapped = seal(lambda own: (own[0], other[1]))
    with pytest.raises(UnsoundDocumentError):
        services.checking.document(swapped, town.clock.now)


def test_a_linked_credential_alone_is_refused(town, services, seal):
    with pytest.raises(UnsoundDocumentError):
        services.checking.document(seal(lambda own: own[1:]), town.clock.now)


def test_a_changed_credential_is_refused(town, services, seal):
    def change(own):
        head, dot, rest = own[0].text.partition(".")
        text = f"{head}{dot}{'A' if rest[0] != 'A' else 'B'}{rest[1:]}"
        return (replace(own[0], text=text), *own[1:])

    with pytest.raises(UnsoundDocumentError):
        services.checking.document(seal(change), town.clock.now)


def test_a_report_is_no_statement(town, services, seal):
    report = Attachment("controlerapport.json", opening.REPORT, "{}")
    with pytest.raises((UnsoundDocumentError, opening.RefusedFileError)):
        services.checking.document(seal(lambda own: (own[0], report)), town.clock.now)


def test_one_of_another_organisation_is_only_told_to_be_theirs(town, services, seal):
    letterhead = replace(services.checking.letterhead, base_url=ELSEWHERE)
    elsewhere = replace(services.checking, letterhead=letterhead)
    found = elsewhere.document(seal(lambda own: own), town.clock.now)
    assert isinstance(found, Seal)
    assert (found.organisation.name, found.address) == ("Gemeente Proef", "http://localhost")


def test_a_seal_of_nobody_on_the_scheme_is_not_known(town, services, seal):
    pdf = seal(lambda own: own)
    resign(town, certificaten=["A" * 43])
    stranger = replace(services.checking, scheme=town.scheme())
    with pytest.raises(UntrustedIssuerError):
        stranger.document(pdf, town.clock.now)
