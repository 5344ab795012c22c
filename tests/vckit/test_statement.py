"""The debt statement: digests, totals, what may be withheld, and the invariants of domain.md."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vckit.statements import ISSUED, OIN, debt, terms
from vckit import statement
from vckit.encoding import b64url_encode
from vckit.errors import MalformedValueError


def breaches(stated, **changes):
    return statement.breaches(stated, **{"issued_at": ISSUED, "now": ISSUED, **changes})


def reasons(stated, **changes):
    return [breach.reason for breach in breaches(stated, **changes)]


def with_debt(**changes):
    return terms(debt(**changes))


def test_the_digest_is_over_six_members_in_their_canonical_form():
    one = debt(zaakkenmerk="Zaak é")
    text = (
        '{"categorie":"algemeen","saldo":42900,"schuldeiser_oin":"00000001001234567000",'
        '"vordering_kenmerk":"V1","zaakkenmerk":"Zaak é","zout":"0000000000000000000001"}'
    )
    expected = b64url_encode(hashlib.sha256(text.encode()).digest())
    assert statement.debt_digest(one) == expected
    assert statement.debt_digest({**one, "omschrijving": "x"}) == expected


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("categorie", "rente"),
        ("saldo", 42_901),
        ("schuldeiser", {"oin": OIN[:-1] + "1", "naam": "Gemeente Boxtel"}),
        ("vordering_kenmerk", "V2"),
        ("zaakkenmerk", "Z2"),
        ("zout", "0000000000000000000002"),
    ],
)
def test_each_of_the_six_changes_the_digest(term, value):
    assert statement.debt_digest(debt(**{term: value})) != statement.debt_digest(debt())


def test_equal_keys_are_the_same_debt():
    assert statement.debt_key(debt()) == (OIN, "Z1", "V1", "algemeen")


def test_totals_never_net_credit():
    debts = [debt(1), debt(2, saldo=-4_000, betaald=51_900)]
    assert statement.totals(debts) == {
        "aantal_vorderingen": 2,
        "totaal_financieel_verplicht": 95_800,
        "totaal_financieel_vereffend": 56_900,
        "totaal_openstaand": 42_900,
        "totaal_opeisbaar": 85_800,
        "totaal_achterstand": 85_800,
        "totaal_tegoed": 4_000,
    }


def test_totals_are_minimal_where_an_amount_is_not_known():
    unknown = debt(achterstand_bedrag=None, opeisbaar_bedrag=None)
    assert statement.totals([debt(), unknown])["totalen_minimaal"] is True
    assert statement.totals([debt(), unknown])["totaal_opeisbaar"] == 42_900


def test_a_balance_of_zero_still_counts():
    paid = debt(betaald=47_900, saldo=0, opeisbaar_bedrag=0, achterstand_bedrag=0)
    assert statement.totals([paid])["aantal_vorderingen"] == 1


def test_nothing_totals_to_nothing():
    assert set(statement.totals([]).values()) == {0}


def test_person_whole_debts_and_sensitive_terms_may_be_withheld():
    assert statement.disclosable_paths(terms(debt(1), debt(2, iban=None))) == [
        ("geslachtsnaam",),
        ("voornamen",),
        ("geboortedatum",),
        ("bsn",),
        ("vorderingen", 0),
        ("vorderingen", 0, "juridische_grondslag_omschrijving"),
        ("vorderingen", 0, "iban"),
        ("vorderingen", 1),
        ("vorderingen", 1, "juridische_grondslag_omschrijving"),
    ]


def test_an_amount_can_never_be_withheld_from_a_disclosed_debt():
    assert not {"betaald", "saldo", "hoofdsom"} & set(statement.SENSITIVE_DEBT_TERMS)


def test_a_nil_statement_without_a_person_has_nothing_to_withhold():
    bare = dict.fromkeys(statement.PERSON_TERMS)
    assert statement.disclosable_paths(terms(**bare)) == []


@pytest.mark.parametrize("debts", [(), (debt(1),), (debt(1), debt(2))])
def test_a_right_statement_is_valid_and_keeps_every_invariant(debts):
    statement.validate(terms(*debts))
    assert breaches(terms(*debts)) == []


def test_what_is_no_statement_is_refused_by_its_schema():
    with pytest.raises(MalformedValueError, match="/vorderingen/0/saldo"):
        statement.validate(terms(debt(), vorderingen=[debt(saldo="42900")]))


def test_invariant_1_a_balance_that_does_not_add_up():
    (breach,) = breaches(with_debt(betaald=4_999))
    assert breach == statement.Breach("balance", (OIN, "Z1", "V1", "algemeen"))


@pytest.mark.parametrize(
    "changes",
    [
        {"hoofdsom": None},
        {"betaald": None, "niet_bekend": ["betaald"]},
        {"kosten_overig": None, "saldo": 43_000, "niet_bekend": ["kosten_overig"]},
        {
            "rente": 100,
            "gecorrigeerd": -300,
            "kwijtgescholden": 42_700,
            "saldo": 0,
            "opeisbaar_bedrag": 0,
            "achterstand_bedrag": 0,
        },
    ],
)
def test_invariant_1_holds_or_cannot_be_checked(changes):
    assert reasons(with_debt(**changes)) == []


def test_invariant_2_totals_that_are_not_the_sum():
    found = breaches(terms(debt(), totaal_openstaand=42_901, totaal_tegoed=1))
    assert [(breach.reason, breach.amount) for breach in found] == [
        ("totaal_openstaand", 42_900),
        ("totaal_tegoed", 0),
    ]


def test_invariant_2_totals_that_hide_that_they_are_minimal():
    unknown = debt(achterstand_bedrag=None, opeisbaar_bedrag=None)
    assert reasons(terms(unknown, totalen_minimaal=None)) == ["totalen_minimaal"]


def test_totals_that_are_called_minimal_without_need_are_only_careful():
    assert reasons(terms(debt(), totalen_minimaal=True)) == []


def test_invariant_3_a_count_that_is_not_the_number_of_digests():
    assert "count" in reasons(terms(debt(), aantal_vorderingen=2))


def test_invariant_3_a_debt_that_was_not_stated():
    stated = terms(debt(1), vorderingen=[debt(2)])
    assert breaches(stated) == [
        statement.Breach("debt_not_stated", (OIN, "Z2", "V2", "algemeen")),
        statement.Breach("claims_withheld", missing=1, amount=42_900),
    ]


def test_invariant_3_a_debt_that_is_shown_twice():
    stated = terms(debt(1), debt(2), vorderingen=[debt(1), debt(1)])
    assert reasons(stated) == ["debt_repeated", "claims_withheld"]


def test_a_withheld_debt_is_told_with_number_and_amount():
    stated = terms(debt(1), debt(2), debt(3))
    shown = {**stated, "vorderingen": [debt(2)]}
    assert breaches(shown) == [statement.Breach("claims_withheld", missing=2, amount=85_800)]


def test_a_withheld_credit_is_told_too():
    stated = terms(
        debt(1), debt(2, saldo=-100, betaald=48_000, opeisbaar_bedrag=0, achterstand_bedrag=0)
    )
    shown = {**stated, "vorderingen": [debt(1)]}
    assert breaches(shown) == [statement.Breach("claims_withheld", missing=1, amount=0)]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"opeisbaar_bedrag": 42_901}, "due_exceeds_balance"),
        (
            {"opeisbaar_bedrag": 1, "saldo": -1, "betaald": 47_901, "achterstand_bedrag": 0},
            "due_exceeds_balance",
        ),
        ({"achterstand_bedrag": 42_900, "opeisbaar_bedrag": 42_899}, "arrears_exceed_due"),
    ],
)
def test_invariant_4_more_is_due_than_there_is(changes, reason):
    assert reasons(with_debt(**changes)) == [reason]


PLAN = {"bedrag_per_termijn": 5_000, "nagekomen": True}


@pytest.mark.parametrize(
    "changes",
    [
        {"betalingsregeling": PLAN, "opeisbaar_bedrag": 5_001, "achterstand_bedrag": 0},
        {"fase": "betalingsregeling"},
        {"fase": "uitstel", "opeisbaar_bedrag": 1, "achterstand_bedrag": 0},
        {"markeringen": ["uitstel"], "opeisbaar_bedrag": 1, "achterstand_bedrag": 0},
    ],
)
def test_invariant_5_the_balance_is_not_due_under_a_plan_or_deferral(changes):
    changes = {"achterstand_bedrag": 0, **changes}
    assert reasons(with_debt(**changes)) == ["due_under_plan"]


@pytest.mark.parametrize(
    "changes",
    [
        {"betalingsregeling": PLAN, "opeisbaar_bedrag": 5_000, "achterstand_bedrag": 0},
        {"betalingsregeling": PLAN, "opeisbaar_bedrag": 15_000, "achterstand_bedrag": 10_000},
        {"betalingsregeling": {**PLAN, "nagekomen": False}},
        {"betalingsregeling": {**PLAN, "vervallen_sinds": "2026-05-01"}},
        {"fase": "betalingsregeling", "opeisbaar_bedrag": 0, "achterstand_bedrag": 0},
        {"fase": "uitstel", "opeisbaar_bedrag": None, "achterstand_bedrag": None},
    ],
)
def test_invariant_5_instalments_are_due_and_a_broken_plan_ends_it(changes):
    assert reasons(with_debt(**changes)) == []


def test_invariant_6_due_before_it_was_imposed():
    assert reasons(with_debt(vervaldatum="2026-01-30")) == ["due_before_imposed"]
    assert reasons(with_debt(vervaldatum="2026-01-31")) == []
    assert reasons(with_debt(vervaldatum=None)) == []


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("2026-11-24T22:59:59Z", []),  # 23:59:59 in the Netherlands, the day of issue
        ("2026-11-24T23:00:00Z", ["reference_date_after_issue"]),  # the next day there
    ],
)
def test_invariant_6_reference_and_issue_are_compared_as_dutch_days(reference, expected):
    assert reasons(terms(debt(), peildatum=reference)) == expected


def test_invariant_6_a_statement_of_tomorrow():
    stated = terms(debt())
    assert reasons(stated, issued_at=ISSUED + 86_400) == ["issued_in_future"]
    assert reasons(stated, issued_at=ISSUED + 3_600) == []


@pytest.mark.parametrize(
    ("debts", "volledigheid", "status", "right"),
    [
        ((debt(),), "volledig", "ok", True),
        ((debt(),), "volledig", "niet_bereikbaar", False),
        ((debt(),), "gedeeltelijk", "onvolledig", True),
        ((debt(),), "gedeeltelijk", "ok", False),
        ((), "geen_vorderingen", "ok", True),
        ((), "geen_vorderingen", "niet_aangesloten", False),
        ((), "gedeeltelijk", "niet_bereikbaar", True),
        ((), "volledig", "ok", False),
        ((debt(),), "geen_vorderingen", "ok", False),
    ],
)
def test_completeness_follows_from_the_sources(debts, volledigheid, status, right):
    stated = terms(
        *debts, volledigheid=volledigheid, bronnen=[{"code": "belastingen", "status": status}]
    )
    assert reasons(stated) == ([] if right else ["completeness"])


def test_a_breach_names_no_amount_of_another_debt():
    assert json.dumps([breach.__dict__ for breach in breaches(with_debt(betaald=1))])


AMOUNTS = st.integers(0, 1_000_000)


@st.composite
def consistent_debts(draw):
    number = draw(st.integers(1, 10**9))
    principal, costs, paid = draw(AMOUNTS), draw(AMOUNTS), draw(AMOUNTS)
    balance = principal + costs - paid
    due = draw(st.integers(0, max(balance, 0)))
    return debt(
        number,
        hoofdsom=principal,
        kosten_aanmaning=costs,
        kosten_dwangbevel=None,
        betaald=paid,
        saldo=balance,
        opeisbaar_bedrag=due,
        achterstand_bedrag=draw(st.integers(0, due)),
    )


@given(st.lists(consistent_debts(), max_size=6, unique_by=lambda one: one["zout"]), st.data())
def test_false_complete_never_happens(debts, data):
    stated = terms(*debts)
    assert breaches(stated) == []
    shown = data.draw(
        st.lists(st.sampled_from(debts), unique_by=lambda one: one["zout"])
        if debts
        else st.just([])
    )
    found = breaches({**stated, "vorderingen": shown})
    assert bool(found) is (len(shown) < len(debts))
    missing = [one for one in debts if one not in shown]
    if found:
        assert found[0].missing == len(missing)
        assert found[0].amount == statement.outstanding(missing)


@given(st.lists(consistent_debts(), max_size=6))
def test_what_was_to_be_paid_less_what_was_settled_is_what_is_left(debts):
    sums = statement.totals(debts)
    left = sums["totaal_openstaand"] - sums["totaal_tegoed"]
    assert sums["totaal_financieel_verplicht"] - sums["totaal_financieel_vereffend"] == left


def test_invariant_5_a_plan_that_is_not_kept_makes_the_balance_due():
    """Whether what is due is in arrears already makes no difference."""
    kept = {"achterstand_bedrag": 0, "betalingsregeling": PLAN}
    assert reasons(with_debt(**kept)) == ["due_under_plan"]
    for broken in ({"nagekomen": False}, {"vervallen_sinds": "2026-10-01"}):
        assert reasons(with_debt(**{**kept, "betalingsregeling": {**PLAN, **broken}})) == []


def test_invariant_7_a_debt_with_two_balances_has_been_folded_in_two_ways():
    twice = terms(debt(1), debt(1, zout="B" * 22, saldo=42_901, hoofdsom=40_001))
    [found] = breaches(twice)
    assert (found.reason, found.debt) == ("balances_differ", statement.debt_key(debt(1)))
    assert reasons(terms(debt(1), debt(1, zout="B" * 22))) == []


def test_what_was_shown_in_parts_can_be_held_against_the_sums_afterwards():
    stated = terms(debt(1), debt(2))
    [withheld] = statement.total_breaches(stated, [debt(2)])
    assert (withheld.reason, withheld.missing, withheld.amount) == ("claims_withheld", 1, 42_900)
    assert list(statement.total_breaches(stated, [debt(2), debt(1)])) == []
    # How many there are is compared with the digests, and told once.
    counted = {**stated, "aantal_vorderingen": 1}
    assert [each.reason for each in statement.total_breaches(counted, [debt(1), debt(2)])] == [
        "count"
    ]
