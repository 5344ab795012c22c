"""What changed since the overview stood otherwise."""

import json
from dataclasses import replace

from tests.vckit.statements import debt
from tests.verifier.evidence import BOXTEL, GESTEL, accepted, rejected
from tests.verifier.world import NOW
from verifier.beside import Beside, HandDebt
from verifier.changes import Snapshot
from verifier.overview import Ages, Facts, overview, snapshot
from verifier.person import Person
from verifier.report import report
from verifier.wording import DUTCH

JOSE = Person("d'Hondt", "José", "1974-08-21")
FACTS = Facts(JOSE, (BOXTEL, GESTEL))


def see(*findings, facts=FACTS):
    return overview(facts, findings, now=NOW, ages=Ages())


def since(before, *findings, facts=FACTS):
    """What is told of the overview of `findings`, after how it stood with `before`."""
    earlier = snapshot(see(*before), NOW - 60)
    kept = Snapshot.from_json(json.loads(json.dumps(earlier.to_json())))
    assert kept == earlier
    seen = see(*findings, facts=replace(facts, earlier=kept))
    return [(each.what, each.before, each.after) for each in seen.changes.items]


def test_nothing_changed():
    same = accepted(BOXTEL, debt(1))
    assert since([same], same) == []


def test_never_kept_is_not_nothing_changed():
    assert see(accepted(BOXTEL)).changes is None


def test_an_organisation_that_answered_makes_it_complete():
    old = accepted(BOXTEL, debt(1))
    assert since([old], old, accepted(GESTEL)) == [
        ("complete", False, True),
        ("source", "missing", "verified"),
    ]


def test_debts_that_are_new_gone_or_otherwise():
    before = accepted(BOXTEL, debt(1), debt(2), debt(3))
    after = accepted(BOXTEL, debt(1, saldo=32_900, betaald=15_000), debt(2, fase="beslag"), debt(4))
    assert since([before], after) == [
        ("balance", 42_900, 32_900),
        ("stage", "dwangbevel", "beslag"),
        ("added", None, 42_900),
        ("gone", 42_900, None),
    ]


def test_a_debt_whose_statement_does_not_count_now_is_not_gone():
    assert since([accepted(BOXTEL, debt(1))], rejected("expired", BOXTEL, debt(1))) == [
        ("source", "verified", "outdated"),
        ("unseen", 42_900, None),
    ]


def test_what_was_added_by_hand_since():
    facts = replace(FACTS, beside=Beside(by_hand=(HandDebt("0", "Bank", 500),)))
    assert since([], facts=facts) == [("by_hand", 0, 500)]


def test_every_change_has_a_sentence():
    old = [accepted(BOXTEL, debt(1), debt(2, omschrijving=None), debt(3)), accepted(GESTEL)]
    earlier = snapshot(see(*old), NOW - 60)
    now = [
        accepted(BOXTEL, debt(1, fase=None), debt(2, omschrijving=None, saldo=1, hoofdsom=None)),
        rejected("revoked", GESTEL),
    ]
    hand = Beside(by_hand=(HandDebt("0", "Bank", 500),))
    seen = see(*now, facts=replace(FACTS, earlier=earlier, beside=hand))
    told = report(seen, None, DUTCH)["changes"]
    assert (told["outstanding_before"], told["outstanding_after"]) == (128_700, 42_901)
    assert [each["text"] for each in told["items"]] == [
        "Het overzicht is niet meer compleet.",
        "Zelf toegevoegd: eerst € 0,00, nu € 5,00.",
        "Gemeente Sint-Michielsgestel: eerst gecontroleerd, nu ingetrokken.",
        "Rioolheffing 2025, Gemeente Boxtel: eerst dwangbevel, nu niet bekend.",
        "Rioolheffing, Gemeente Boxtel: eerst € 429,00, nu € 0,01.",
        "Niet meer opgegeven: Rioolheffing 2025, Gemeente Boxtel, was € 429,00.",
    ]
