"""A thousand wallets: the resident's own overview says what the same oracle tells, to the cent."""

from dataclasses import replace

import pytest

from holder_demo import own_overview
from holder_demo.cards import Card
from tests.properties import journeys, oracle, presented
from tests.properties.truth import STRANGER
from vckit.trust import Organisation

# A wallet holds whole cards of organisations that it knows, each once.
MEANS = journeys.Means(forms=("sd_jwt", "ldp_vc"), all_chosen=True, rechecked=False)
STATUS = {"good": "valid", "revoked": "withdrawn", "suspended": "withdrawn"}
COMPARED = ("outstanding", "credit", "due", "disputed", "minimal")


def in_a_wallet(number):
    """The journey of this number, as far as its credentials can be cards of one wallet."""
    journey = journeys.journey(number, MEANS)
    whole = [
        replace(each, shown=frozenset(range(len(each.credential.debts))))
        for each in journey.showings
        if each.condition != "untrusted" and each.credential.person != STRANGER
    ]
    once = {each.credential.number: each for each in whole}
    return replace(journey, showings=tuple(once.values()))


def card(showing):
    one = showing.credential
    return Card(
        id=str(one.number),
        credential="",
        key="",
        format="ldp_vc" if one.form == "ldp_vc" else "dc+sd-jwt",
        type="",
        issuer="",
        organisation=presented.NAMES[one.organisation],
        claims=presented.terms(one),
        statuses=(),
        obtained_at=presented.NOW - one.day,
        issued_at=int(presented.moment(one.issued).timestamp()),
        expires=None,
        digest=str(one.number),
    )


def organisation(oin):
    return Organisation(presented.NAMES[oin], oin, None, ("issuer",), None, (), (), ())


def seen(journey):
    """The overviews by the place of their person in the household."""
    overviews = own_overview.own_overviews(
        [card(showing) for showing in journey.showings],
        {
            str(each.credential.number): STATUS.get(each.condition, each.condition)
            for each in journey.showings
        },
        [organisation(oin) for oin in journey.chosen],
        now=presented.NOW,
    )
    born = {birthdate: place for place, (_, _, birthdate) in presented.PEOPLE.items()}
    return {born[each.card.claims["geboortedatum"]]: each for each in overviews if each.card}


def expected(journey):
    told = oracle.expect(journey)
    return told.members or ((told.complete, told.totals),)


@pytest.mark.parametrize("first", range(0, 1_000, 250))
def test_the_wallet_says_what_the_truth_is(first):
    for number in range(first, first + 250):
        journey = in_a_wallet(number)
        found = seen(journey)
        for place, (complete, totals) in enumerate(expected(journey)):
            if place not in found:
                assert not complete
                continue
            mine = found[place]
            told = {name: getattr(mine, name) for name in COMPARED}
            wanted = {name: totals[name] for name in COMPARED}
            assert (number, place, mine.complete, told) == (number, place, complete, wanted)
