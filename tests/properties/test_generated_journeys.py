"""Ten thousand journeys: the page says what an oracle tells from the truth, to the cent.

Never falsely complete, never falsely incomplete, no error in euros, no double counted. A journey
that fails comes back by its number: `journeys.journey(number)`.
"""

from collections import Counter

import pytest

from tests.properties import journeys, oracle, presented
from tests.properties.compare import difference
from verifier.overview import Ages, overview

JOURNEYS = 10_000
BATCH = 500
# One in ten takes part in every run; the others take their time in `make test-all`.
ALWAYS = 1_000


def see(journey):
    found = presented.findings(journey)
    return overview(presented.facts(journey), found, now=presented.NOW, ages=Ages())


def batch(first):
    return pytest.param(first, marks=[] if first < ALWAYS else pytest.mark.services)


@pytest.mark.parametrize("first", [batch(first) for first in range(0, JOURNEYS, BATCH)])
def test_the_page_says_what_the_truth_is(first):
    made = [journeys.journey(number) for number in range(first, first + BATCH)]
    found = {each.seed: difference(each, see(each)) for each in made}
    assert {number: wrong for number, wrong in found.items() if wrong} == {}


def test_the_journeys_go_everywhere():
    """An oracle that finds nothing wrong proves as much as what it was shown."""
    made = [journeys.journey(number) for number in range(1_000)]
    complete = sum(oracle.expect(each).complete for each in made)
    assert 300 < complete < 700
    shown = [showing for each in made for showing in each.showings]
    conditions = Counter(showing.condition for showing in shown)
    assert set(conditions) == {"good", "untrusted", *oracle.GROUP_OF}
    stated = [debt for showing in shown for debt in showing.credential.debts]
    for seldom in (
        sum(debt.disputed for debt in stated),
        sum(debt.shared_out for debt in stated),
        sum(debt.plan == "broken" for debt in stated),
        sum(debt.balance < 0 for debt in stated),
        sum(debt.original is not None for debt in stated),
        sum(debt.due is None for debt in stated),
        sum(not showing.credential.debts for showing in shown),
        sum(showing.credential.down for showing in shown),
        sum(showing.credential.off != 0 for showing in shown),
        sum(len(showing.shown) < len(showing.credential.debts) for showing in shown),
        sum(each.persons == 2 for each in made),
        sum(not each.named for each in made),
        *conditions.values(),
    ):
        assert seldom > 15
