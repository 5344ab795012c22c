"""Rows X about uploads, against the running verifier; the honest twin counts after each.

The sealer is the most helpful one: an issuer of the scheme that was tricked into sealing anything.
"""

import time

import pytest
import requests

from tests.attacks.documents import paged, seal, sealed, twins
from tests.attacks.exchange import PDF_SECONDS, Answer
from tests.attacks.judging import OUTSTANDING
from tests.attacks.reactions import PROBLEM, upload_refused
from tests.vckit.hostile_pdfs import HOSTILE, PLAIN_FILES, Sealer
from vckit import x509
from vckit.keys import PrivateKey

pytestmark = pytest.mark.services

DAY = 86_400
UNTRUSTED = "untrusted_issuer"
BOUNDARY = "grens"
# Where no part can be read, neither can the token of the form.
NO_FORM = {400, 403, 413, 415}


@pytest.fixture
def made(arena, resident):
    """One statement in both formats."""
    card, twin = twins(arena.linden, resident)
    yield card.text, twin.text
    arena.rest()


@pytest.fixture
def refused(arena, case, made):
    """UP(n, r) and nothing in the case; then the honest document counts, once."""

    def refuse(document, reasons, status=422):
        before = case.found()
        answer = case.upload(document)
        problem = answer.json()
        assert problem["type"] in reasons
        upload_refused(answer, status, problem["type"])
        assert case.found() == before

    yield refuse
    counts(case, sealed(arena.linden, *made))


def counts(case, document):
    answer = case.upload(document)
    assert answer.status == 303, answer.body
    assert answer.seconds < PDF_SECONDS
    totals = case.report()["totals"]
    assert totals["outstanding"] == totals["on_documents"] == OUTSTANDING


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused_with_its_reason(arena, made, refused, name):
    town = arena.linden
    sealer = Sealer(paged(*made), lambda pages: seal(town, pages), town.seal_key, town.seal_chain)
    make, reasons = HOSTILE[name]
    refused(make(sealer), reasons)


@pytest.mark.parametrize("name", PLAIN_FILES)
def test_what_people_choose_by_mistake_is_told_apart(refused, name):
    content, status, reason = PLAIN_FILES[name]
    refused(content, {reason}, status)


def test_X13_a_swapped_attachment_is_refused(arena, resident, made, refused):
    stranger = arena.world.residents[1]
    _, of_another_day = twins(arena.linden, resident)
    _, of_another = twins(arena.linden, stranger)
    card, other_terms = twins(arena.linden, resident, other={"volledigheid": "gedeeltelijk"})
    refused(sealed(arena.linden, made[0], of_another_day.text), {"attachments_differ"})
    refused(sealed(arena.linden, made[0], of_another.text), {"attachments_differ"})
    refused(sealed(arena.linden, card.text, other_terms.text), {"attachments_differ"})


def test_X13_a_twin_that_another_organisation_signed_is_refused(arena, resident, made, refused):
    _, foreign = twins(arena.eiken, resident)
    refused(sealed(arena.linden, made[0], foreign.text), {UNTRUSTED})
    forged = arena.linden.identity.card(
        resident, holder_id=None, terms={"document": True}, signer=PrivateKey.generate("EdDSA")
    )
    refused(sealed(arena.linden, made[0], forged.text), {"CRYPTOGRAPHIC_SECURITY_ERROR"})


def test_X14_the_seal_must_be_of_an_organisation_that_may_state_debts(arena, made, refused):
    town, now = arena.linden, int(time.time())
    expired = x509.create_leaf(
        town.name,
        town.seal_key.public,
        authority=town.authority,
        authority_key=town.authority_key,
        uri=town.url,
        now=now - 40 * DAY,
        days=20,
        seal=True,
    )
    private = town.certified(town.seal_key, uri="https://jan.example", seal=True)
    alone = x509.create_authority(town.name, town.seal_key, now=now - 60, days=9)
    for chain in ((expired, town.authority), private, (alone,)):
        refused(sealed(town, *made, chain=chain), {UNTRUSTED})
    for other in (arena.eiken, arena.vreemd):
        whose = {"key": other.seal_key, "chain": other.seal_chain}
        refused(sealed(town, *made, **whose), {UNTRUSTED})


@pytest.mark.parametrize("part", [0, 1])
def test_a_withdrawn_statement_counts_nothing_whichever_part_says_so(arena, case, resident, part):
    card, twin = twins(arena.linden, resident)
    index = arena.linden.used - 1 + part
    (arena.linden.identity if part else arena.linden).mark("revocation", index)
    assert case.upload(sealed(arena.linden, card.text, twin.text)).status == 303
    assert case.reasons() == ["revoked"]
    assert case.report()["totals"]["outstanding"] == 0
    arena.rest()
    counts(case, sealed(arena.linden, card.text, twin.text))


def test_X19_the_same_file_fifty_times_counts_once(arena, case, made):
    document = sealed(arena.linden, *made)
    for _ in range(50):
        counts(case, document)
    assert case.reasons() == []


def test_X20_a_document_is_labelled_and_of_a_neighbour_stands_apart(arena, case, made):
    counts(case, sealed(arena.linden, *made))
    card, twin = twins(arena.linden, arena.world.residents[1])
    assert case.upload(sealed(arena.linden, card.text, twin.text)).status == 303
    report = case.report()
    assert [one["basis"] for one in report["groups"]["verified"]] == ["document"]
    assert [one["reason"] for one in report["groups"]["other_person"]] == ["subject_mismatch"]
    assert report["totals"]["outstanding"] == OUTSTANDING


def part(name, content, filename=None):
    named = f'; filename="{filename}"' if filename else ""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def long_boundary(size):
    return f"multipart/form-data; boundary={'g' * size}"


def test_X22_a_form_that_is_none_is_refused(case, refused, arena, made):
    """With 1,001 parts, a field of 500 KB, no boundary, one of 10 KB, and two files."""
    counsellor = case.counsellor
    token = part("csrf_token", counsellor.token.encode())
    end = f"--{BOUNDARY}--\r\n".encode()
    file = part("document", sealed(arena.linden, *made), "opgave.pdf")
    many = b"".join(part(f"deel{number}", b"x") for number in range(1_001))
    usual = f"multipart/form-data; boundary={BOUNDARY}"
    forms = {
        "1,001 parts": (usual, token + many + file + end, {413}),
        "field of 600 KB": (usual, token + part("veld", b"x" * 600_000) + file + end, {413}),
        "no boundary": ("multipart/form-data", token + file + end, NO_FORM),
        # A header line of ten kilobytes goes no further than the server's own limit.
        "boundary of 10 KB": (long_boundary(10_240), token + file + end, {431}),
        "boundary of 7 KB": (long_boundary(7_000), token + file + end, NO_FORM),
        "two files": (usual, token + file + part("tweede", b"%PDF-1.7", "b.pdf") + end, {400}),
        "another kind": ("application/pdf", sealed(arena.linden, *made), NO_FORM),
    }
    before = case.found()
    for name, (content_type, body, statuses) in forms.items():
        answer = post(counsellor.browser.session, f"{case.url}/document", content_type, body)
        assert answer.status in statuses, name
    assert case.found() == before
    refused(b"", {"not_a_pdf"}, 415)


def post(session: requests.Session, url, content_type, body):
    given = session.post(
        url,
        data=body,
        headers={"Content-Type": content_type, "Accept": PROBLEM},
        allow_redirects=False,
        timeout=30,
    )
    return Answer(given.status_code, given.headers, given.content, given.elapsed.total_seconds())
