"""An overview held against what the oracle says of the same journey."""

from collections import Counter

from tests.properties import oracle


def difference(journey, seen):
    """Where the overview is another than the truth tells: {what: (must be said, is said)}."""
    expected = oracle.expect(journey)
    said = {
        "complete": (expected.complete, seen.complete),
        "totals": (expected.totals, _amounts(seen.totals)),
        "groups": (expected.groups, _groups(seen)),
        "counted": (expected.counted, _counted(seen)),
        "members": (
            expected.members,
            tuple((each.complete, _amounts(each.totals)) for each in seen.members),
        ),
    }
    return {name: pair for name, pair in said.items() if pair[0] != pair[1]}


def _amounts(totals):
    """What the oracle knows of a sum; what is entered by hand stands elsewhere."""
    unasked = {"by_hand", "national"}
    return {name: value for name, value in vars(totals).items() if name not in unasked}


def _groups(seen):
    found = {}
    for entry in seen.grouping.entries:
        found.setdefault(entry.group, []).append(_content(entry.evidence))
    return {group: sorted(contents) for group, contents in found.items()}


def _content(evidence):
    return int(evidence.terms["opgave_kenmerk"].rpartition("-")[2])


def _counted(seen):
    """How often each real debt counts, by what its description tells."""
    told = [row.debt["omschrijving"] for row in seen.rows if row.counts]
    return dict(Counter(int(words.split()[1]) for words in told))
