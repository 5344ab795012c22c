"""Two persons in one case: compared with both, counted once, complete for both, no name told."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.vckit.statements import debt
from tests.verifier.evidence import BAILIFF, BOXTEL, GESTEL, accepted, rejected
from tests.verifier.world import NOW, OTHER_PERSON
from verifier import doubles
from verifier.beside import Beside, HandDebt
from verifier.overview import Ages, Facts, overview
from verifier.person import Person
from verifier.report import report
from verifier.wording import DUTCH

JOSE = Person("d'Hondt", "José", "1974-08-21")
ANOUK = Person("Nowak", "Anouk", "1984-01-23")
COUPLE = Facts(JOSE, (BOXTEL,), partner=ANOUK)
JOINT = {"aansprakelijkheid": "hoofdelijk"}


def see(*findings, facts=COUPLE):
    return overview(facts, findings, now=NOW, ages=Ages())


def joint():
    """One debt of both persons, stated by one organisation to each."""
    owed = debt(1, **JOINT)
    return accepted(BOXTEL, owed), accepted(BOXTEL, owed, **OTHER_PERSON)


def test_a_household_is_complete_when_everybody_is():
    mine, theirs = accepted(BOXTEL, debt(1)), accepted(BOXTEL, **OTHER_PERSON)
    half = see(mine)
    assert [each.complete for each in half.members] == [True, False]
    assert not half.complete
    whole = see(mine, theirs)
    assert whole.complete
    assert [(each.subject, each.state) for each in whole.standings] == [
        (0, "verified"),
        (1, "verified"),
    ]


def test_a_joint_debt_is_whole_for_each_and_once_for_both():
    findings = (
        accepted(BOXTEL, debt(1, **JOINT)),
        accepted(BOXTEL, debt(1, **JOINT), **OTHER_PERSON),
    )
    both = see(*findings)
    assert (both.totals.outstanding, both.totals.due, both.totals.joint) == (42_900,) * 3
    assert [row.counts for row in both.rows] == [True, False]
    for subject in (0, 1):
        alone = see(*findings, facts=COUPLE.of(subject))
        assert alone.totals.outstanding == 42_900
        assert alone.members == ()
        assert alone.complete
        assert [row.joint for row in alone.rows] == [False]


def test_what_each_owes_a_part_of_is_not_one_debt_and_may_be():
    part = {"aansprakelijkheid": "naar_deel"}
    seen = see(accepted(BOXTEL, debt(1, **part)), accepted(BOXTEL, debt(1, **part), **OTHER_PERSON))
    assert seen.totals.outstanding == 2 * 42_900
    assert [len(row.possibly) for row in seen.rows] == [1, 1]


def test_a_joint_debt_with_the_bailiff_counts_once_over_persons_and_organisations():
    facts = replace(COUPLE, organisations=(BOXTEL, BAILIFF))
    seen = see(
        accepted(BOXTEL, debt(1)),
        accepted(BOXTEL, debt(1), **OTHER_PERSON),
        accepted(BAILIFF, debt(8, oorspronkelijk_kenmerk="V1", saldo=50_000, hoofdsom=None)),
        accepted(BAILIFF, debt(8, oorspronkelijk_kenmerk="V1", saldo=50_000, hoofdsom=None),
                 **OTHER_PERSON),
        facts=facts,
    )  # fmt: skip
    assert seen.totals.outstanding == 50_000
    assert sum(row.counts for row in seen.rows) == 1


def test_old_and_new_are_judged_for_each_person_apart():
    seen = see(
        accepted(BOXTEL, debt(1), peildatum="2026-11-10T23:00:00Z"),
        accepted(BOXTEL, debt(2), **OTHER_PERSON),
    )
    assert len(seen.grouping.of("verified")) == 2
    assert seen.complete


def test_a_partner_entered_later_is_no_stranger_any_more():
    stranger = rejected("subject_mismatch", BOXTEL, debt(1), **OTHER_PERSON)
    before = see(stranger, facts=Facts(JOSE, (BOXTEL,)))
    assert [entry.group for entry in before.grouping.entries] == ["other_person"]
    after = see(stranger)
    assert [(entry.group, entry.subject) for entry in after.grouping.entries] == [("verified", 1)]
    unchecked = replace(stranger, evidence=replace(stranger.evidence, status_at=None))
    assert [entry.group for entry in see(unchecked).grouping.entries] == ["other_person"]


def test_a_third_person_stands_apart():
    third = accepted(BOXTEL, debt(1), geslachtsnaam="Derde")
    assert [each.state for each in see(third).standings] == ["other_person", "other_person"]


def test_no_partner_is_named_in_the_report_of_one_or_of_both():
    findings = (
        accepted(BOXTEL, debt(1, **JOINT)),
        accepted(BOXTEL, debt(1, **JOINT), **OTHER_PERSON),
    )
    assert "Nowak" not in str(report(see(*findings), None, DUTCH))
    assert "Nowak" not in str(report(see(*findings, facts=COUPLE.of(0)), None, DUTCH))
    assert "Hondt" not in str(report(see(*findings, facts=COUPLE.of(1)), None, DUTCH))


def test_what_was_added_by_hand_is_of_one_or_of_both():
    by_hand = tuple(
        HandDebt(str(number), "Bank", amount, subject=subject)
        for number, (amount, subject) in enumerate(((100, 0), (20, 1), (3, None)))
    )
    facts = replace(COUPLE, beside=Beside(by_hand=by_hand))
    assert see(facts=facts).totals.by_hand == 123
    assert see(facts=facts.of(0)).totals.by_hand == 103
    assert [each.totals.by_hand for each in see(facts=facts).members] == [103, 23]


NUMBERS = st.sets(st.integers(1, 6))


@given(st.tuples(NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS), st.randoms())
def test_each_debt_counts_once_whoever_owes_it_and_whoever_states_it(mine, theirs, chance):
    """By an independent reckoning: the distinct numbers."""
    findings = [
        accepted(source, *(debt(number) for number in numbers), **person)
        for person, both in (({}, mine), (OTHER_PERSON, theirs))
        for source, numbers in zip((BOXTEL, GESTEL), both, strict=True)
    ]
    chance.shuffle(findings)
    seen = see(*findings, facts=replace(COUPLE, organisations=(BOXTEL, GESTEL)))
    distinct = mine[0] | mine[1] | theirs[0] | theirs[1]
    assert seen.totals.outstanding == 42_900 * len(distinct)
    assert sorted(row.debt["zaakkenmerk"] for row in seen.rows if row.counts) == sorted(
        f"Z{number}" for number in distinct
    )
    assert seen.complete
    for split in seen.breakdowns:
        assert split.rest == 0


def test_lookalikes_without_a_strong_key_are_pointed_at_and_all_count():
    other = {"schuldeiser": {"oin": GESTEL.oin, "naam": "Gestel"}}
    for changes in ({"vordering_kenmerk": "A"}, {"zaakkenmerk": "B", "vordering_kenmerk": "A"}):
        rows = doubles.rows([accepted(BOXTEL, debt(1)).evidence,
                             accepted(GESTEL, debt(1, **changes)).evidence])  # fmt: skip
        assert [(row.counts, len(row.possibly)) for row in rows] == [(True, 1), (True, 1)]
    apart = [accepted(BOXTEL, debt(1)).evidence, accepted(GESTEL, debt(2, **other)).evidence]
    assert [row.possibly for row in doubles.rows(apart)] == [[], []]
