"""The signed figures behind the QR of a printed document."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issuer import paper
from issuer.paper import ForeignPaperError, PaperSummary
from tests.documents import MADE_AT, TERMS, debt, terms_with
from vckit import jose
from vckit.encoding import b64url_decode, b64url_encode
from vckit.keys import PrivateKey

KEY = PrivateKey.generate("ES256")
OURS = (KEY.public_key,)
SUMMARY = PaperSummary(
    reference="urn:uuid:8a3e0b4e-1111-4222-8333-123456789abc",
    reference_date="2026-11-23",
    count=6,
    outstanding_cents=231_000,
    due_cents=20_000,
    completeness="volledig",
    issued_on="2026-11-24",
)
PAYLOAD = {
    "k": "8a3e0b4e-1111-4222-8333-123456789abc",
    "d": "2026-11-23",
    "n": 6,
    "s": 231_000,
    "o": 20_000,
    "v": "volledig",
    "i": "2026-11-24",
}
HEADER = {"typ": paper.TYP, "kid": KEY.public_key.thumbprint()}
AMOUNTS = st.integers(min_value=0, max_value=10**12)


def signed(changes=None, *, header=None, key=KEY, without=()):
    payload = {name: value for name, value in PAYLOAD.items() if name not in without}
    return jose.sign(header or HEADER, payload | (changes or {}), key)


def test_the_paper_says_these_members_and_no_others():
    text = paper.sign(SUMMARY, KEY)
    assert jose.parse(text).claims() == PAYLOAD
    assert jose.parse(text).header == {**HEADER, "alg": "ES256"}
    with_more = replace(SUMMARY, credit_cents=900, is_minimal=True)
    assert jose.parse(paper.sign(with_more, KEY)).claims() == {**PAYLOAD, "c": 900, "m": True}


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.booleans())
def test_what_was_signed_is_read(outstanding, due, credit, is_minimal):
    summary = replace(
        SUMMARY,
        outstanding_cents=outstanding,
        due_cents=due,
        credit_cents=credit,
        is_minimal=is_minimal,
    )
    assert paper.read(paper.sign(summary, KEY), OURS) == summary


def test_an_older_key_of_ours_still_counts():
    newer = PrivateKey.generate("ES256").public_key
    assert paper.read(paper.sign(SUMMARY, KEY), (newer, *OURS)) == SUMMARY


@pytest.mark.parametrize(
    "text",
    [
        "",
        "papier",
        "a.b.c",
        "x" * (paper.MAXIMUM_LENGTH + 1),
        signed(header={**HEADER, "typ": "JWT"}),
        signed(header={"typ": paper.TYP}),
        signed(header={**HEADER, "kid": "another"}),
        signed(key=PrivateKey.generate("ES256")),
        signed(key=PrivateKey.generate("EdDSA")),
        signed(without=("k",)),
        signed(without=("s",)),
        signed({"s": -1}),
        signed({"s": "231000"}),
        signed({"s": True}),
        signed({"n": 6.0}),
        signed({"c": 0}),
        signed({"m": False}),
        signed({"m": 1}),
        signed({"v": "helemaal"}),
        signed({"d": "23-11-2026"}),
        signed({"k": "8A3E0B4E-1111-4222-8333-123456789ABC"}),
        signed({"k": "geen kenmerk"}),
        signed({"naam": "Anna"}),
    ],
)
def test_every_other_text_is_no_paper_of_ours(text):
    with pytest.raises(ForeignPaperError):
        paper.read(text, OURS)


def test_other_figures_under_our_signature_are_refused():
    header, payload, signature = paper.sign(SUMMARY, KEY).split(".")
    other = b64url_encode(b64url_decode(payload).replace(b"231000", b"131000"))
    with pytest.raises(ForeignPaperError):
        paper.read(f"{header}.{other}.{signature}", OURS)


def test_the_figures_are_those_of_the_statement():
    terms = terms_with(
        debt(saldo=20_000, opeisbaar_bedrag=5_000),
        debt(saldo=2_500, opeisbaar_bedrag=2_500, markeringen=["betwist"]),
    )
    summary = PaperSummary.of({**terms, "totaal_openstaand": 22_500}, MADE_AT)
    assert (summary.count, summary.outstanding_cents, summary.due_cents) == (2, 22_500, 5_000)
    assert (summary.reference_date, summary.issued_on) == ("2026-11-23", "2026-11-24")
    assert not summary.is_minimal


def test_a_due_amount_that_nobody_knows_makes_the_sum_a_minimum():
    assert PaperSummary.of(TERMS, MADE_AT).is_minimal
    disputed = terms_with(debt(markeringen=["betwist"]))
    assert not PaperSummary.of(disputed, MADE_AT).is_minimal


def test_the_paper_names_nobody():
    text = paper.sign(PaperSummary.of(TERMS, MADE_AT), KEY)
    said = str(jose.parse(text).claims())
    assert all(TERMS[term] not in said for term in ("geslachtsnaam", "voornamen", "geboortedatum"))
