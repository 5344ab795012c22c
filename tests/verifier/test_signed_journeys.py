"""Fifty generated journeys by real credentials in two formats, up to the words of the page."""

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.properties import journeys, oracle, presented
from tests.properties.compare import difference
from tests.properties.truth import BOXTEL, GESTEL, UNKNOWN_ISSUER
from tests.verifier import w3c
from tests.verifier.browser import text_of
from tests.verifier.wallet import OWNER
from tests.verifier.world import DAY, NOW
from vckit.status import StatusReference
from verifier import asking
from verifier.casework import case_overview

JOURNEYS = 50
BATCH = 5
# The others take their time in `make test-all`.
ALWAYS = 20
TOTAL = r"Totaal openstaand(: ten minste)? € ([\d.,]+)"
PERSON = (
    r"Compleet\? (Compleet|Niet compleet) "
    r"Nu te betalen (ten minste )?€ ([\d.,]+) Openstaand (ten minste )?€ ([\d.,]+)"
)


@dataclass(frozen=True)
class Hidden:
    """A card of which the holder leaves some debts out; as a card of its format."""

    card: Any
    without: tuple

    @property
    def format(self):
        return getattr(self.card, "format", "dc+sd-jwt")

    def present(self, asked, *, now):
        if self.format == "ldp_vc":
            assert not self.without
            return self.card.present(asked, now=now)
        return self.card.present(asked, now=now, without=self.without)


@pytest.fixture
def counsel(office, world, wallet, browser):
    """What the counsellor gets of a journey: the overview, and the words of its page."""

    def counsel(journey):
        towns = {
            BOXTEL: world.boxtel,
            GESTEL: world.michielsgestel,
            UNKNOWN_ISSUER: world.stranger,
        }
        cards = {}
        for showing in journey.showings:
            one = showing.credential
            if one.number not in cards:
                cards[one.number] = _issue(showing, towns[one.organisation], wallet.key)
        case = _open(office, journey, world.now)
        shown = [_hide(cards[each.credential.number], each) for each in journey.showings]
        _share(office, world, wallet, case, shown)
        case = office.store.case(case.id, world.now)
        page = text_of(browser.get(f"/zaken/{case.id}/overzicht")).replace("\xa0", " ")
        return case_overview(office, case, world.now), page

    return counsel


def _open(office, journey, now):
    facts = presented.facts(journey)
    case = asking.open_case(
        office,
        owner=OWNER,
        person=facts.person,
        chosen=asking.organisations(office, now),
        now=now,
    )
    if facts.partner:
        office.casebook.set_partner(case.id, facts.partner)
    return case


def _share(office, world, wallet, case, shown):
    if not shown:
        return
    started = asking.ask(office, case, response_mode="direct_post.jwt", now=world.now)
    asked = wallet.fetch(started)
    answer = wallet.post(asked, wallet.form(asked, **w3c.token(asked, world.now, *shown)))
    assert answer.status_code == 200, answer.text


def _hide(card, showing):
    debts = range(len(showing.credential.debts))
    return Hidden(card, tuple(("vorderingen", one) for one in debts if one not in showing.shown))


def _issue(showing, town, key):
    """The signed credential, with its status as it is when it arrives."""
    one = showing.credential
    terms = presented.terms(one)
    debts = terms.pop("vorderingen")
    for name in ("vernieuwing_uri", "vernieuwing_index", "bsn"):
        del terms[name]
    members = {
        "issued_at": int(presented.moment(one.issued).timestamp()),
        "expires": NOW - 120 if showing.condition == "expired" else NOW + 29 * DAY,
        **(_nowhere(one, town) if showing.condition == "unknown" else {}),
    }
    if one.form == "ldp_vc":
        card = w3c.state("ldp_eddsa", town, *debts, holder=key, members=members, **terms)
    else:
        card = town.state(*debts, holder=key, members=members, bsn=None, **terms)
    for condition, listed in (("revoked", "revocation"), ("superseded", "refresh")):
        if showing.condition == condition:
            town.mark(listed, card.index)
    return card


def _nowhere(one, town):
    """What makes a credential name a status list that nobody publishes."""
    if one.form == "ldp_vc":
        lost = replace(w3c.reference(town, "revocation", 1), uri=f"{town.url}/status/bitstring/no")
        return {"statuses": (lost, w3c.reference(town, "refresh", 1))}
    return {"revocation": StatusReference("revocation", f"{town.url}/status/no", 1)}


def cents(amount):
    return int(re.sub(r"\D", "", amount))


def person(row):
    """Of one of two persons: complete, more may be due, what is due and what is outstanding."""
    whether, due_least, due, least, outstanding = row
    assert (whether == "Compleet") is not bool(least)
    return whether == "Compleet", bool(due_least), cents(due), cents(outstanding)


def batch(first):
    return pytest.param(first, marks=[] if first < ALWAYS else pytest.mark.services)


@pytest.mark.parametrize("first", [batch(first) for first in range(0, JOURNEYS, BATCH)])
def test_the_page_says_what_the_truth_is(counsel, first):
    for number in range(first, first + BATCH):
        journey = journeys.journey(number, journeys.SIGNED)
        seen, page = counsel(journey)
        assert (number, difference(journey, seen)) == (number, {})
        expected = oracle.expect(journey)
        everything = "Alle gekozen organisaties hebben alles doorgegeven."
        less = "Er kan meer schuld zijn dan hier staat."
        assert (everything in page, less in page) == (expected.complete, not expected.complete)
        if expected.groups.get("verified"):
            least, amount = re.search(TOTAL, page).groups()
            assert (least is None) is expected.complete
            assert cents(amount) == expected.totals["outstanding"]
            assert [person(row) for row in re.findall(PERSON, page)] == [
                (complete, totals["minimal"] or not complete, totals["due"], totals["outstanding"])
                for complete, totals in expected.members
            ]
