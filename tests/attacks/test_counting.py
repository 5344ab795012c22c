"""What may count, and once: rows V13, V17, V28, V32 and V34 at the running verifier."""

import html
import json
import time

import pytest

from tests.attacks import forging, proving
from tests.attacks.counsellor import QUERY_ID, fetch, presented, respond
from tests.attacks.holder import QUERY_IDS, Presented, new_key
from tests.attacks.identity import KINDS
from tests.attacks.judging import OUTSTANDING, counts, refused_alone
from verifier.config import load
from verifier.opening import open_office

pytestmark = pytest.mark.services

BINDING = "holder_binding_failed"
LIMIT = 100
SECONDS = 10


@pytest.fixture
def office(arena):
    """The verifier's own books, opened beside the running service."""
    opened = open_office(load(arena.world.config_path("verifier")), int(time.time()))
    yield opened
    opened.database.close()


def limited(office, case, term, values):
    """A question of the case that asks these values of a term, as wallets then read it."""
    link = case.new_link()
    request_id = fetch(link).response_uri.rpartition("/")[2]
    [row] = office.database.execute("SELECT query FROM requests WHERE id = ?", (request_id,))
    query = json.loads(row["query"])
    [asked] = [one for one in query["credentials"] if one["id"] == QUERY_ID]
    [claim] = [one for one in asked["claims"] if one["path"] == [term]]
    claim["values"] = values
    office.database.execute(
        "UPDATE requests SET query = ? WHERE id = ?", (json.dumps(query), request_id)
    )
    return fetch(link)


def test_V13_a_wallet_that_ignores_what_values_were_asked_is_told(
    office, case, arena, resident, company
):
    partial = arena.linden.card(resident, terms={"volledigheid": "gedeeltelijk"})
    asked = limited(office, case, "volledigheid", ["volledig"])
    assert respond(asked, *presented(asked, company, partial)).status == 200
    assert case.reasons() == ["claims_missing"]
    assert case.report()["totals"]["outstanding"] == OUTSTANDING


def test_V13_twin_a_value_that_was_asked_is_what_counts(office, case, arena, resident, company):
    asked = limited(office, case, "volledigheid", ["volledig"])
    whole = arena.linden.card(resident)
    assert respond(asked, *presented(asked, company, whole)).status == 200
    assert case.reasons() == []
    assert case.report()["totals"]["outstanding"] == 2 * OUTSTANDING


def together(asked, frame, *cards):
    """One presentation of several credentials, by the holder of `frame`."""
    if frame.format.FORMAT == "ldp_vc":
        return proving.presentation(asked, frame.key, *[card.document for card in cards])
    shown = frame.present(asked.client_id, asked.nonce).presentation
    header, claims = forging.parts(shown)
    inside = claims.get("vp", claims)
    [entry] = inside["verifiableCredential"]
    inside["verifiableCredential"] = [
        json.loads(json.dumps(entry).replace(frame.text, card.text)) for card in cards
    ]
    signed = forging.signed(header, claims, frame.key)
    return Presented(QUERY_IDS[frame.format.FORMAT], signed)


@pytest.mark.parametrize("kind", ["eddsa", "ecdsa", "jwt_vc", "vc_jwt"])
def test_V17_of_two_in_one_presentation_the_unbound_one_counts_nothing(
    arena, arena_counsellor, resident, identity, kind
):
    holder = new_key()
    mine = identity.card(resident, kind, holder=holder)
    other = arena.eiken.identity.card(resident, kind, holder=holder)
    stolen = arena.eiken.identity.card(resident, kind, holder=new_key())
    case = arena_counsellor.open(resident)
    asked = case.ask()
    assert respond(asked, together(asked, mine, mine, stolen)).status == 200
    assert case.reasons() == [BINDING]
    assert case.report()["totals"]["outstanding"] == OUTSTANDING
    alone = arena_counsellor.open(resident)
    refused_alone(alone, lambda asked: together(asked, mine, stolen))
    # The twin: both are the holder's.
    case = arena_counsellor.open(resident)
    asked = case.ask()
    assert respond(asked, together(asked, mine, mine, other)).status == 200
    assert case.report()["totals"]["outstanding"] == 2 * OUTSTANDING
    assert case.reasons() == []


def test_V28_a_hundred_presentations_are_read_and_the_next_is_not(
    arena, arena_counsellor, resident
):
    key = new_key()
    cards = [arena.linden.card(resident, holder=key) for _ in range(LIMIT)]
    company = arena.eiken.card(resident, holder=key)
    for given, limits, outstanding in (
        (cards, 0, OUTSTANDING),
        ([*cards, company], 1, OUTSTANDING),
        ([company, *cards[1:]], 0, 2 * OUTSTANDING),
    ):
        case = arena_counsellor.open(resident)
        asked = case.ask()
        answer = respond(asked, *presented(asked, *given))
        assert answer.status == 200
        assert answer.seconds < SECONDS
        assert case.reasons().count("policy_limit") == limits
        assert case.report()["totals"]["outstanding"] == outstanding


@pytest.mark.parametrize("kind", KINDS)
def test_V32_a_debt_in_two_formats_counts_once(case, town, identity, resident, kind):
    cards = [town.card(resident), identity.card(resident, kind)]
    counts_once(case, cards)
    assert case.reasons() == ["repeated"]


def counts_once(case, cards):
    asked = case.ask()
    assert respond(asked, *presented(asked, *cards)).status == 200
    report = case.report()
    assert report["totals"]["outstanding"] == OUTSTANDING
    return report


def test_V32_a_debt_of_two_organisations_counts_once_and_both_are_shown(
    arena, case, town, resident
):
    """One creditor and one case number: who has it in hand states it as well."""
    debt = town.debt()
    cards = [town.card(resident, debts=[debt]), arena.eiken.card(resident, debts=[debt])]
    report = counts_once(case, cards)
    assert sorted(each["counted"] for each in report["debts"]) == [False, True]


def test_V32_what_two_organisations_tell_differently_is_shown_and_never_averaged(
    arena, case, town, resident
):
    known, told = town.debt(), town.debt(betaald=0, saldo=47_900, opeisbaar_bedrag=47_900)
    told["achterstand_bedrag"] = 47_900
    cards = [town.card(resident, debts=[known]), arena.eiken.card(resident, debts=[told])]
    asked = case.ask()
    assert respond(asked, *presented(asked, *cards)).status == 200
    report = case.report()
    assert report["totals"]["outstanding"] in {42_900, 47_900}
    assert sorted(each["counted"] for each in report["debts"]) == [False, True]
    assert {each["saldo"] for each in report["debts"]} == {42_900, 47_900}
    page = case.counsellor.browser.open(f"{case.url}/overzicht").body.decode()
    assert "429,00" in page
    assert "479,00" in page


def test_V32_twin_two_debts_of_two_organisations_both_count(case, town, company, resident):
    counts(case, town.card(resident), company)


def test_V34_a_total_that_differs_by_a_cent_is_a_visible_conflict(
    case, arena_counsellor, town, resident, company
):
    card = town.card(resident, terms={"totaal_openstaand": OUTSTANDING + 1})
    asked = case.ask()
    assert respond(asked, *presented(asked, company, card)).status == 200
    report = case.report()
    assert case.reasons() == ["totaal_openstaand"]
    assert not report["complete"]
    states = {one["name"]: one["remarks"] for one in report["organisations"]}
    assert (states[town.name], states["Gemeente Eiken"]) == (["breach"], [])
    page = case.counsellor.browser.open(f"{case.url}/overzicht").body.decode()
    [told] = [each["text"] for each in report["findings"]]
    assert told in html.unescape(page)
    counts(arena_counsellor.open(resident), company, town.card(resident))
