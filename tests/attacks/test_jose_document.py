"""Rows J at entry point E11, the credential inside a sealed PDF, and its neighbours.

The seal is right every time and of an issuer of the scheme; what it covers is forged.
"""

import time

import pytest

from tests.attacks import forging
from tests.attacks.documents import sealed
from tests.attacks.exchange import PDF_SECONDS
from tests.attacks.holder import new_key
from tests.attacks.judging import OUTSTANDING
from tests.attacks.reactions import PROBLEM, upload_refused
from tests.vckit.sd_jwt_forge import disclosure
from vckit import sd_jwt

pytestmark = pytest.mark.services

CRYPTO, PARSING, MALFORMED = (
    "CRYPTOGRAPHIC_SECURITY_ERROR",
    "PARSING_ERROR",
    "MALFORMED_VALUE_ERROR",
)
UNTRUSTED, BINDING = "untrusted_issuer", "holder_binding_failed"


@pytest.fixture
def card(arena, resident):
    """A statement without a holder, as it is put into a document."""
    return arena.linden.card(resident, document=True)


@pytest.fixture
def refused(arena, case, card):
    """UP(422, r) and nothing in the case; then the honest document counts."""

    def refuse(text, reason):
        before = case.found()
        answer = case.upload(sealed(arena.linden, text))
        upload_refused(answer, 422, reason)
        assert text[:40].encode() not in answer.body or not text
        assert case.found() == before

    yield refuse
    taken(arena, case, card)


def taken(arena, case, card):
    answer = case.upload(sealed(arena.linden, card.text))
    assert answer.status == 303
    assert answer.seconds < PDF_SECONDS
    report = case.report()
    assert report["totals"]["outstanding"] == OUTSTANDING
    assert report["totals"]["on_documents"] == OUTSTANDING


def with_issuer_jwt(card, jwt):
    return f"{jwt}~{card.text.split('~', 1)[1]}"


def issuer_jwt(card):
    return card.text.split("~", 1)[0]


def test_J01_a_credential_without_a_signature_is_refused(card, refused):
    for algorithm in forging.NONES:
        refused(with_issuer_jwt(card, forging.unsigned(issuer_jwt(card), algorithm)), CRYPTO)


def test_J02_the_issuers_public_key_is_no_shared_secret(arena, card, refused):
    for secret in forging.public_bytes(arena.linden.key.public):
        refused(with_issuer_jwt(card, forging.hmac_signed(issuer_jwt(card), secret)), CRYPTO)


def test_J10_a_member_that_stands_twice_is_refused(arena, card, refused):
    for forged in forging.duplicates(issuer_jwt(card), arena.linden.key, "iss").values():
        refused(with_issuer_jwt(card, forged), PARSING)


def test_J08_critical_extensions_are_not_known(arena, card, refused):
    refused(arena.linden.forged(card, header={"crit": []}).text, CRYPTO)


def test_J13_another_signature_is_refused(arena, card, refused):
    refused(arena.linden.forged(card, key=new_key()).text, CRYPTO)
    refused(arena.linden.forged(card, key=arena.linden.seal_key).text, CRYPTO)


def test_J23_a_list_is_no_statement(arena, refused):
    refused(arena.linden.token("revocation") + "~", MALFORMED)


def test_J26_what_is_no_credential_is_refused(refused):
    for text in ("", "geen credential", "a~b~c"):
        refused(text, PARSING)


def test_T02_the_seal_of_one_over_a_statement_of_another_is_refused(arena, resident, refused):
    refused(arena.eiken.card(resident, document=True).text, UNTRUSTED)
    refused(arena.vreemd.card(resident, document=True).text, UNTRUSTED)
    mixed = arena.linden.card(
        resident, document=True, signer=arena.eiken.key, chain=arena.eiken.chain
    )
    refused(mixed.text, UNTRUSTED)


def test_T01_the_seal_of_a_stranger_is_refused(arena, case, card):
    before = case.found()
    answer = case.upload(sealed(arena.vreemd, card.text))
    upload_refused(answer, 422, UNTRUSTED)
    foreign = arena.vreemd.certified(arena.vreemd.seal_key, uri=arena.linden.url, seal=True)
    answer = case.upload(sealed(arena.linden, card.text, key=arena.vreemd.seal_key, chain=foreign))
    upload_refused(answer, 422, UNTRUSTED)
    assert case.found() == before
    taken(arena, case, card)


def test_V14_a_wallets_statement_is_no_document(arena, resident, refused):
    held = arena.linden.card(resident)
    refused(held.text, BINDING)
    bound = sd_jwt.bind(
        held.text, signer=held.key, audience="a", nonce="n-0S6_WzA2Mj", now=int(time.time())
    )
    refused(bound, BINDING)


def test_S02_a_disclosure_that_no_digest_names_is_refused(card, refused):
    refused(f"{card.text}{disclosure('zout', 'totaal_openstaand', 0)}~", CRYPTO)


def test_L01_a_revoked_document_is_told_and_counts_nothing(arena, case, resident, card):
    arena.linden.mark("revocation", arena.linden.used)
    assert case.upload(sealed(arena.linden, card.text)).status == 303
    assert case.reasons() == ["revoked"]
    assert case.report()["totals"]["outstanding"] == 0
    arena.rest()
    assert (
        case.upload(sealed(arena.linden, arena.linden.card(resident, document=True).text)).status
        == 303
    )
    assert case.report()["totals"]["outstanding"] == OUTSTANDING


def test_X17_another_kind_of_file_is_refused(case):
    for junk in (b"<html>", b"PK\x03\x04", b"x" * 1_024 + b"%PDF-1.7"):
        upload_refused(case.upload(junk), 415, "not_a_pdf")


def test_X16_more_than_ten_mebibytes_is_not_read(case):
    answer = case.upload(b"%PDF-" + b" " * (10 * 1024 * 1024))
    upload_refused(answer, 413, "too_large")
    answer = case.upload(b"%PDF-" + b" " * (11 * 1024 * 1024))
    assert answer.status == 413


def test_X22_a_form_with_two_files_or_too_many_parts_is_refused(case):
    browser = case.counsellor.browser
    form = browser.open(f"{case.url}/document").form(action="/document")
    two = [(form.files[0], ("a.pdf", b"%PDF-1.7")), ("tweede", ("b.pdf", b"%PDF-1.7"))]
    many = [(f"deel{one}", (None, b"x")) for one in range(1_001)]
    large = [("veld", (None, b"x" * 600_000))]
    before = case.found()
    for files, statuses in ((two, {400}), (many, {413}), (large, {413})):
        answer = browser.session.post(
            form.action,
            data=dict(form.fields),
            files=files,
            timeout=30,
            headers={"Accept": PROBLEM},
            allow_redirects=False,
        )
        assert answer.status_code in statuses
    assert case.found() == before
