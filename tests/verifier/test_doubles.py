"""The same debt of two organisations: strong keys only, and one of them leads."""

from hypothesis import given
from hypothesis import strategies as st

from tests.vckit.statements import debt
from tests.verifier.evidence import BAILIFF, BOXTEL, GESTEL, evidence
from verifier import doubles


def counted(*statements):
    return [row.counts for row in doubles.rows(statements)]


def test_all_four_parts_of_the_key_must_be_equal():
    for term, value in (
        ("zaakkenmerk", "Z9"),
        ("vordering_kenmerk", "V9"),
        ("categorie", "rente"),
        ("schuldeiser", {"oin": GESTEL.oin, "naam": "Ander"}),
    ):
        other = debt(1, **{term: value})
        assert counted(evidence(BOXTEL, debt(1)), evidence(GESTEL, other)) == [True, True]
    assert counted(evidence(BOXTEL, debt(1)), evidence(GESTEL, debt(1))) == [False, True]


def test_the_original_reference_of_the_creditor_s_debt_makes_it_the_same():
    taken_over = debt(8, oorspronkelijk_kenmerk="V1")
    assert counted(evidence(BOXTEL, debt(1)), evidence(BAILIFF, taken_over)) == [False, True]
    elsewhere = debt(8, oorspronkelijk_kenmerk="V1", schuldeiser={"oin": GESTEL.oin, "naam": "G"})
    assert counted(evidence(BOXTEL, debt(1)), evidence(BAILIFF, elsewhere)) == [True, True]


def test_one_debt_that_was_split_is_one_debt():
    parts = (debt(1), debt(1, categorie="rente", zaakkenmerk="Z1"))
    whole = debt(8, oorspronkelijk_kenmerk="V1")
    assert counted(evidence(BOXTEL, *parts), evidence(BAILIFF, whole)) == [False, False, True]


def test_two_debts_of_one_organisation_are_never_one():
    repeated = (debt(1), debt(1, zout="B" * 22))
    assert counted(evidence(BOXTEL, *repeated)) == [True, True]
    original = (debt(1), debt(2, oorspronkelijk_kenmerk="V1"))
    assert counted(evidence(BOXTEL, *original)) == [True, True]


def test_the_named_collector_leads_else_who_is_not_the_creditor_else_the_newest():
    named = debt(1, invorderaar={"oin": BOXTEL.oin})
    assert counted(evidence(BOXTEL, named), evidence(BAILIFF, debt(1))) == [True, False]
    assert counted(evidence(BAILIFF, debt(1)), evidence(BOXTEL, debt(1))) == [True, False]
    third = {"schuldeiser": {"oin": "00000001001111111111", "naam": "Derde"}}
    old = evidence(GESTEL, debt(1, **third), peildatum="2026-11-01T23:00:00Z")
    assert counted(old, evidence(BAILIFF, debt(1, **third))) == [False, True]


def test_whom_another_names_as_the_collector_leads_where_it_says_nothing_itself():
    third = {"schuldeiser": {"oin": "00000001001111111111", "naam": "Derde"}}
    told = evidence(GESTEL, debt(1, **third, invorderaar={"oin": BAILIFF.oin}))
    collecting = evidence(BAILIFF, debt(1, **third), peildatum="2026-11-01T23:00:00Z")
    assert counted(told, collecting) == [False, True]
    assert counted(collecting, told) == [True, False]


def test_of_equals_what_is_proven_to_be_of_the_person_leads():
    paper = evidence(BOXTEL, debt(1), basis="document")
    card = evidence(BOXTEL, debt(1))
    for order in ((paper, card), (card, paper)):
        rows = doubles.rows(order, (0, 1))
        assert [row.evidence.basis for row in rows if row.counts] == ["wallet"]


def test_both_are_shown_with_each_other():
    rows = doubles.rows([evidence(BOXTEL, debt(1)), evidence(BAILIFF, debt(1, saldo=50_000))])
    assert [[other.debt["saldo"] for other in row.doubled] for row in rows] == [[50_000], [42_900]]


@given(st.permutations(range(1, 7)), st.sets(st.integers(1, 6)), st.sets(st.integers(1, 6)))
def test_each_debt_counts_exactly_once_in_any_order(order, mine, theirs):
    statements = [
        evidence(BOXTEL, *(debt(number) for number in order if number in mine)),
        evidence(BAILIFF, *(debt(number) for number in order if number in theirs)),
    ]
    found = [row.debt["zaakkenmerk"] for row in doubles.rows(statements) if row.counts]
    assert sorted(found) == sorted(f"Z{number}" for number in mine | theirs)


def test_two_thousand_debts_are_matched_at_once():
    many = [debt(number) for number in range(1, 1_001)]
    rows = doubles.rows([evidence(BOXTEL, *many), evidence(BAILIFF, *many)])
    assert sum(row.counts for row in rows) == 1_000
