"""What a presentation says: what was asked, what was not, too much of it, and markup in it."""

import json
import time

import pytest

from tests.attacks.counsellor import presented, respond
from tests.attacks.holder import new_key
from tests.attacks.judging import OUTSTANDING, counts, finding
from tests.vckit import statements
from vckit.formats import dc_sd_jwt
from vckit.sd_jwt import disclosures_by_path
from verifier.config import load
from verifier.opening import open_office

pytestmark = pytest.mark.services


@pytest.fixture
def company(arena, resident):
    return arena.eiken.card(resident)


@pytest.fixture
def card(arena, resident):
    return arena.linden.card(resident)


@pytest.fixture
def office(arena):
    """The verifier's own books, opened beside the running service."""
    return open_office(load(arena.world.config_path("verifier")), int(time.time()))


def without(card, asked, *terms):
    kept = [path for path in disclosures_by_path(card.text) if path[0] not in {*terms, "bsn"}]
    return dc_sd_jwt.present(
        card.text,
        keep=kept,
        signer=card.key,
        audience=asked.client_id,
        nonce=asked.nonce,
        now=int(time.time()),
    )


@pytest.mark.parametrize("term", ["geslachtsnaam", "geboortedatum"])
def test_V10_what_was_asked_and_is_kept_back_is_missed(case, company, card, term):
    finding(case, company, lambda asked: without(card, asked, term), "claims_missing")
    counts(case, company, card)


@pytest.mark.parametrize("vct", ["http://localhost:1/vct/schuldenopgave/1", "urn:eudi:pid:1"])
def test_V10_another_type_than_was_asked_counts_nothing(arena, case, resident, company, vct):
    other = arena.linden.card(resident, vct=vct)
    finding(
        case, company, lambda asked: other.present(asked.client_id, asked.nonce), "not_requested"
    )


def test_V10_debts_that_are_kept_back_are_told(case, card):
    asked = case.ask()
    assert respond(asked, without(card, asked, "vorderingen")).status == 200
    report = case.report()
    assert "claims_withheld" in case.reasons()
    assert not report["complete"]
    assert report["debts"] == []


def test_V11_what_was_not_asked_is_never_kept(case, card, resident, office):
    asked = case.ask()
    text = card.present(asked.client_id, asked.nonce, bsn=True)
    assert any(path == ("bsn",) for path in disclosures_by_path(text.rpartition("~")[0] + "~"))
    assert respond(asked, text).status == 200
    report = case.report()
    assert report["totals"]["outstanding"] == OUTSTANDING
    kept = office.database.execute("SELECT result FROM requests WHERE result IS NOT NULL")
    for unasked in (resident.bsn, "NL02ABNA0123456789", card.text[:200]):
        assert unasked not in json.dumps(report)
        assert unasked not in str(kept)


def test_V11_the_raw_presentation_is_not_kept(case, card, office):
    asked = case.ask()
    [text] = presented(asked, card)
    assert respond(asked, text).status == 200
    tables = ("cases", "requests", "documents", "sessions")
    rows = [office.database.execute(f"SELECT * FROM {one}") for one in tables]  # noqa: S608  ours
    for part in text.split("~"):
        assert part not in str(rows)


def test_V28_a_hundred_presentations_are_read_and_no_more(arena, case, resident):
    key = new_key()
    cards = [arena.linden.card(resident, holder=key) for _ in range(101)]
    asked = case.ask()
    answer = respond(asked, *presented(asked, *cards))
    assert answer.status == 200
    assert answer.seconds < 10
    assert case.reasons().count("policy_limit") == 1
    assert case.report()["totals"]["outstanding"] == OUTSTANDING


MARKUP = (
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "</script><script>alert(1)</script>",
    "{{7*7}}${7*7}",
    "javascript:alert(1)",
)


def test_X01_markup_in_a_statement_stays_text(arena, case, resident):
    debts = [
        statements.debt(
            number,
            omschrijving=text,
            schuldeiser={"oin": arena.linden.oin, "naam": text},
            zaakkenmerk=text,
        )
        for number, text in enumerate(MARKUP, start=1)
    ]
    loaded = {"contact_schuldhulp": {"naam": MARKUP[0], "telefoon": "14 0411"}}
    card = arena.linden.card(resident, debts=debts, terms=loaded)
    asked = case.ask()
    assert respond(asked, *presented(asked, card)).status == 200
    assert case.report()["totals"]["outstanding"] == OUTSTANDING * len(MARKUP)
    page = case.counsellor.browser.open(f"{case.url}/overzicht").body.decode()
    for opening in ("<img src=x", "<svg/onload", "<script>alert", ">49<", 'href="javascript:'):
        assert opening not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_T11_the_name_on_the_page_is_the_schemes(arena, case, resident):
    stated = {"aangeleverd_door": {"naam": "Gemeente Amsterdam", "oin": arena.linden.oin}}
    card = arena.linden.card(resident, terms=stated)
    counts(case, card)
    names = [entry["organisation"] for entry in case.report()["groups"]["verified"]]
    assert names == [arena.linden.name]
    assert b"Amsterdam" not in case.counsellor.browser.open(f"{case.url}/overzicht").body


def test_V31_an_older_statement_of_one_issuer_does_not_count(arena, case, resident):
    older = {"peildatum": arena.linden.moment(days=9)}
    cards = [arena.linden.card(resident), arena.linden.card(resident, terms=older)]
    asked = case.ask()
    assert respond(asked, *presented(asked, *cards)).status == 200
    assert case.report()["totals"]["outstanding"] == OUTSTANDING
    assert "superseded" in case.reasons()


def test_V35_an_old_statement_is_outdated(arena, case, resident):
    old = arena.linden.card(resident, terms={"peildatum": arena.linden.moment(days=400)})
    asked = case.ask()
    assert respond(asked, *presented(asked, old)).status == 200
    assert case.report()["totals"]["outstanding"] == 0
    assert "stale" in case.reasons()
