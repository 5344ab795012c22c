"""Ten thousand journeys: the page says what an oracle tells from the truth, to the cent.

Never falsely complete, never falsely incomplete, no error in euros, no double counted.
"""

from collections import Counter

import pytest

from tests.properties import journeys, oracle, presented
from verifier.overview import Ages, overview

JOURNEYS = 10_000
BATCH = 500
STARTS = range(0, JOURNEYS, BATCH)


def see(journey):
    found = presented.findings(journey)
    return overview(presented.facts(journey), found, now=presented.NOW, ages=Ages())


def amounts(totals):
    """What the oracle knows of a sum; what is entered by hand stands elsewhere."""
    unasked = {"by_hand", "national"}
    return {name: value for name, value in vars(totals).items() if name not in unasked}


def content(evidence):
    return int(evidence.digest.rpartition("-")[2])


def groups(seen):
    found = {}
    for entry in seen.grouping.entries:
        found.setdefault(entry.group, []).append(content(entry.evidence))
    return {group: sorted(contents) for group, contents in found.items()}


def counted(seen):
    """How often each real debt counts, by what its description tells."""
    told = [row.debt["omschrijving"] for row in seen.rows if row.counts]
    return dict(Counter(int(words.split()[1]) for words in told))


def difference(journey):
    """What the page says otherwise than the truth is, in words; "" where nothing is."""
    expected, seen = oracle.expect(journey), see(journey)
    said = {
        "complete": (expected.complete, seen.complete),
        "totals": (expected.totals, amounts(seen.totals)),
        "groups": (expected.groups, groups(seen)),
        "counted": (expected.counted, counted(seen)),
        "members": (
            expected.members,
            tuple((each.complete, amounts(each.totals)) for each in seen.members),
        ),
    }
    return {name: pair for name, pair in said.items() if pair[0] != pair[1]}


@pytest.mark.parametrize("start", STARTS)
def test_the_page_says_what_the_truth_is(start):
    wrong = {}
    for seed in range(start, start + BATCH):
        journey = journeys.journey(seed)
        if found := difference(journey):
            wrong[seed] = found
    assert wrong == {}
