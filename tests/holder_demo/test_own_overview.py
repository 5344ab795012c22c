"""The resident's own overview: all cards of the wallet together, every debt once (domain.md)."""

from itertools import count

import pytest

from holder_demo.cards import Card
from holder_demo.own_overview import own_overviews
from tests.vckit import statements
from tests.vckit.statements import debt
from vckit.trust import Organisation

NOW = statements.ISSUED + 3_600
DAY = 86_400
BOXTEL = ("Gemeente Boxtel", statements.OIN)
GESTEL = ("Gemeente Sint-Michielsgestel", "00000001007654321000")
BAILIFF = ("Deurwaarder De Wit", "00000001003333333000")
START = "https://gestel.example/start"
_numbers = count(1)


def organisation(named, start_url=None):
    return Organisation(*named, None, ("issuer",), None, (), (), (), start_url=start_url)


def card(named, *debts, issued=0, **changes):
    number = next(_numbers)
    name, oin = named
    terms = statements.terms(*debts, **{"aangeleverd_door": {"naam": name, "oin": oin}, **changes})
    return Card(
        id=f"kaart-{number}",
        credential="",
        key="",
        format="dc+sd-jwt",
        type="",
        issuer="",
        organisation=name,
        claims=terms,
        statuses=(),
        obtained_at=NOW - number,
        issued_at=statements.ISSUED + issued,
        expires=None,
        digest=str(number),
    )


def see(*cards, now=NOW, known=(BOXTEL, GESTEL), **became):
    """The one overview; `became` names a status by the place of a card, as second="unknown"."""
    places = ("first", "second", "third")
    statuses = {
        one.id: became.get(place, "valid") for place, one in zip(places, cards, strict=False)
    }
    issuers = [organisation(one) for one in known]
    [found] = own_overviews(cards, statuses, issuers, now=now)
    return found


def states(found):
    return [(part.state, part.remarks) for part in found.parts]


def test_complete_needs_a_card_of_every_organisation():
    found = see(card(BOXTEL, debt(1), debt(2)))
    assert states(found) == [("counted", ()), ("missing", ())]
    assert not found.complete
    both = see(card(BOXTEL, debt(1), debt(2)), card(GESTEL))
    assert both.complete
    assert (both.outstanding, both.due, both.bills, both.counted) == (85_800, 85_800, 2, 2)
    assert both.oldest == "2026-11-20T23:00:00Z"


def test_an_empty_wallet_knows_what_is_missing():
    found = see()
    assert states(found) == [("missing", ()), ("missing", ())]
    assert (found.card, found.oldest, found.outstanding, found.complete) == (None, None, 0, False)
    assert not see(known=()).complete


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("superseded", "superseded"),
        ("expired", "expired"),
        ("unknown", "unknown"),
        ("withdrawn", "withdrawn"),
    ],
)
def test_only_what_is_valid_counts_and_nothing_disappears(status, state):
    old = card(BOXTEL, debt(1))
    found = see(old, card(GESTEL, debt(2)), first=status)
    assert states(found) == [(state, ()), ("counted", ())]
    assert found.parts[0].card == old
    assert found.outstanding == 42_900
    assert not found.complete


def test_a_card_of_which_nobody_asked_the_status_is_unknown():
    [found] = own_overviews([card(BOXTEL, debt(1))], {}, [organisation(BOXTEL)], now=NOW)
    assert states(found) == [("unknown", ())]


def test_after_thirty_days_a_card_is_too_old():
    mine = (card(BOXTEL, debt(1), peildatum="2026-11-24T11:30:00Z"), card(GESTEL))
    later = NOW + 27 * DAY
    assert states(see(*mine, now=NOW + 30 * DAY))[0] == ("counted", ())
    assert states(see(*mine, now=NOW + 30 * DAY + 1))[0] == ("stale", ())
    assert states(see(*mine, now=later))[1] == ("stale", ())


def test_case_1_the_newest_card_counts_once():
    old = card(BOXTEL, debt(1), debt(2), peildatum="2026-11-10T23:00:00Z")
    new = card(BOXTEL, debt(1))
    for order in ((old, new), (new, old)):
        found = see(*order, card(GESTEL))
        assert (found.outstanding, found.parts[0].card, found.complete) == (42_900, new, True)
    again = card(BOXTEL, debt(1), issued=DAY)
    assert see(new, again, card(GESTEL)).parts[0].card == again


def test_a_newer_card_that_cannot_be_used_says_that_there_is_more_to_know():
    old = card(BOXTEL, debt(1), peildatum="2026-11-10T23:00:00Z")
    new = card(BOXTEL, debt(1), debt(2))
    for status in ("unknown", "expired", "superseded"):
        found = see(old, new, card(GESTEL), second=status)
        assert states(found)[0] == ("counted", ("newer",))
        assert not found.complete
    assert see(old, new, card(GESTEL), second="withdrawn").complete
    assert see(old, new, card(GESTEL), first="unknown").complete


def test_one_statement_in_two_formats_is_one():
    one, other = card(BOXTEL, debt(1)), card(BOXTEL, debt(1, zout="B" * 22))
    assert see(one, other, card(GESTEL)).outstanding == 42_900
    assert see(one, other, card(GESTEL), second="unknown").complete
    assert states(see(one, other, card(GESTEL), second="superseded"))[0] == ("counted", ("newer",))


def test_of_one_moment_another_card_that_could_not_be_checked_may_be_the_newer_one():
    one, other = card(BOXTEL, debt(1)), card(BOXTEL, debt(1), debt(2))
    assert not see(one, other, card(GESTEL), second="unknown").complete
    assert see(one, other, card(GESTEL), second="superseded").complete


@pytest.mark.parametrize("turned", [False, True])
def test_case_2_a_debt_of_two_organisations_counts_once_with_the_collector_leading(turned):
    # The smaller debt says itself that it is collected elsewhere.
    mine = card(BOXTEL, debt(1), debt(2, invorderaar={"oin": BAILIFF[1]}))
    theirs = card(BAILIFF, debt(9, oorspronkelijk_kenmerk="V1", saldo=45_000, hoofdsom=None,
                                opeisbaar_bedrag=45_000), debt(2))  # fmt: skip
    cards = (theirs, mine) if turned else (mine, theirs)
    found = see(*cards, known=(BOXTEL, BAILIFF))
    assert (found.outstanding, found.due, found.bills) == (87_900, 87_900, 2)
    assert found.complete
    [boxtel, bailiff] = found.parts
    assert [bill.counts for bill in boxtel.bills] == [False, False]
    assert [other.organisation for bill in bailiff.bills for other in bill.also] == [BOXTEL[0]] * 2


def test_without_a_strong_key_nothing_is_merged():
    alike = debt(1, vordering_kenmerk="V8")
    assert see(card(BOXTEL, debt(1)), card(GESTEL, alike)).outstanding == 85_800
    twice = (debt(1), debt(1, zout="B" * 22))
    assert see(card(BOXTEL, *twice), card(GESTEL)).outstanding == 85_800


def test_one_debt_that_was_split_is_one_debt():
    parts = card(BOXTEL, debt(1), debt(1, categorie="rente"))
    whole = card(BAILIFF, debt(8, oorspronkelijk_kenmerk="V1"))
    found = see(parts, whole, known=(BOXTEL, BAILIFF))
    assert (found.outstanding, found.bills) == (42_900, 1)


def test_case_6_and_7_disputed_is_not_due_and_credit_is_not_netted():
    credit = debt(3, saldo=-4_000, hoofdsom=None, opeisbaar_bedrag=0, achterstand_bedrag=0)
    found = see(card(BOXTEL, debt(1), debt(2, markeringen=["betwist"]), credit), card(GESTEL))
    assert (found.outstanding, found.credit) == (85_800, 4_000)
    assert (found.due, found.disputed) == (42_900, 42_900)


def test_what_is_due_is_at_least_this_where_an_amount_is_unknown():
    unknown = debt(1, opeisbaar_bedrag=None, achterstand_bedrag=None)
    found = see(card(BOXTEL, unknown), card(GESTEL))
    assert (found.complete, found.minimal) == (True, True)
    assert found.summary()["due_is_minimal"]
    assert not see(card(BOXTEL), card(GESTEL)).summary()["due_is_minimal"]
    assert see(card(BOXTEL)).summary()["due_is_minimal"]


def test_case_11_a_source_that_was_down_and_a_card_that_contradicts_itself():
    down = {"code": "belastingen", "peildatum": "2026-11-20T23:00:00Z", "status": "onvolledig"}
    partial = card(BOXTEL, bronnen=[down], volledigheid="gedeeltelijk")
    wrong = card(GESTEL, debt(1), totaal_openstaand=1)
    assert states(see(partial, wrong)) == [("counted", ("source_down",)), ("counted", ("breach",))]


def test_case_10_cards_of_two_people_are_two_overviews():
    mine = card(BOXTEL, debt(1), geslachtsnaam="D'HONDT")
    also_mine = card(GESTEL, debt(2))
    namesake = card(GESTEL, debt(3), geboortedatum="1974-08-22")
    cards = (mine, namesake, also_mine)
    statuses = {one.id: "valid" for one in cards}
    found = own_overviews(cards, statuses, [organisation(BOXTEL), organisation(GESTEL)], now=NOW)
    assert [(each.outstanding, each.complete) for each in found] == [
        (85_800, True),
        (42_900, False),
    ]
    assert [each.summary()["person"] for each in found] == ["J. D. 1974", "J. d. 1974"]


def test_an_organisation_that_left_the_scheme_is_shown_and_must_be_whole():
    found = see(card(BOXTEL, debt(1)), card(GESTEL, debt(2)), known=(BOXTEL,))
    assert [part.name for part in found.parts] == [BOXTEL[0], GESTEL[0]]
    assert found.complete
    assert not see(card(BOXTEL), card(GESTEL), known=(BOXTEL,), second="unknown").complete


def test_the_json_tells_the_same_in_cents():
    mine = card(BOXTEL, debt(1))
    issuers = [organisation(BOXTEL), organisation(GESTEL, START)]
    [found] = own_overviews([mine], {mine.id: "valid"}, issuers, now=NOW)
    assert found.summary() == {
        "person": "J. d. 1974",
        "complete": False,
        "outstanding": 42_900,
        "credit": 0,
        "due": 42_900,
        "due_is_minimal": True,
        "disputed": 0,
        "claims": 1,
        "oldest_reference_date": "2026-11-20T23:00:00Z",
        "organisations": [
            {
                "organisation": BOXTEL[0],
                "oin": BOXTEL[1],
                "state": "counted",
                "remarks": [],
                "reference_date": "2026-11-20T23:00:00Z",
                "claims": 1,
                "outstanding": 42_900,
                "credit": 0,
                "start_url": None,
            },
            {
                "organisation": GESTEL[0],
                "oin": GESTEL[1],
                "state": "missing",
                "remarks": [],
                "reference_date": None,
                "claims": None,
                "outstanding": None,
                "credit": None,
                "start_url": START,
            },
        ],
    }
