"""Events become debts: what is paid first, what stays visible, and what is refused."""

from datetime import date

import pytest

from issuer.debts import events as e
from issuer.debts.debt import Debt, Step
from issuer.debts.folding import EventsRefusedError, by_case, fold
from tests.issuer.debts.cases import (
    AWB,
    BW,
    CASE,
    IW,
    at,
    corrected,
    demanded,
    event,
    imposed,
    paid,
    refunded,
    remitted,
    set_off,
    withdrawn,
)

REMINDER = imposed("c1", 900, day=20, part="reminder_costs")
WARRANT = imposed("c2", 7_000, day=30, part="warrant_costs")


def one(events, rules=IW):
    [folded] = fold(events, rules)
    return folded


def debt(events, rules=IW):
    folded = one(events, rules)
    kind = {"type": "gem_ozb_eigenaar"}
    return Debt.from_content({"source": "s", **kind, **folded.content})


def balances(events, rules=IW):
    return {each.content["debt_number"]: each.balance_cents for each in fold(events, rules)}


def refusal(events, rules=IW, **more):
    with pytest.raises(EventsRefusedError) as caught:
        fold(events, rules, **more)
    return caught.value.code, caught.value.event


@pytest.mark.parametrize("rules", [AWB, IW, BW])
def test_case_3_a_payment_pays_costs_first_by_every_rule(rules):
    folded = one([imposed("h", 40_000), REMINDER, WARRANT, paid("p", 5_000)], rules)
    assert folded.balance_cents == 42_900
    open_costs = folded.open_cents["reminder_costs"] + folded.open_cents["warrant_costs"]
    assert (open_costs, folded.open_cents["principal"]) == (2_900, 40_000)
    assert folded.content["principal_cents"] == 40_000
    assert folded.content["paid_cents"] == 5_000


def test_a_payment_before_the_costs_paid_principal():
    folded = one([imposed("h", 40_000), paid("p", 5_000, day=10), REMINDER])
    assert folded.open_cents == {"principal": 35_000, "reminder_costs": 900}


def test_costs_of_the_same_day_come_before_a_payment():
    folded = one([imposed("h", 40_000), REMINDER, paid("p", 900, day=20)])
    assert folded.open_cents == {"principal": 40_000}


def bill(*more):
    """Case 14: two levies of two creditors on one bill, with costs of the bill."""
    other = {"creditor_oin": "00000001009999999000", "creditor_name": "Waterschap"}
    return [
        imposed("a", 30_000, "OZB"),
        imposed("b", 10_000, "WS", **other),
        imposed("c", 900, None, day=20, part="reminder_costs"),
        *more,
    ]


def test_case_14_costs_of_a_bill_are_a_debt_of_their_own_and_count_once():
    folded = fold(bill(), IW)
    assert [(f.content["debt_number"], f.balance_cents) for f in folded] == [
        ("OZB", 30_000),
        ("WS", 10_000),
        (CASE, 900),
    ]
    assert folded[2].content["category"] == "administratiekosten"
    assert folded[2].content["principal_cents"] == 0
    assert folded[1].content["creditor_name"] == "Waterschap"


def test_case_14_a_part_payment_of_a_bill_is_shared_in_proportion_after_the_costs():
    assert balances(bill(paid("p", 900 + 4_001))) == {"OZB": 26_999, "WS": 9_000, CASE: 0}


def test_by_the_general_administrative_law_the_oldest_debt_is_paid_first():
    events = [imposed("a", 30_000, "1", day=5), imposed("b", 10_000, "2", day=1)]
    assert balances([*events, paid("p", 12_000)], AWB) == {"1": 28_000, "2": 0}


def test_by_the_general_administrative_law_the_payer_may_name_the_debt():
    events = [imposed("a", 30_000, "1"), imposed("b", 10_000, "2")]
    assert balances([*events, paid("p", 4_000, number="2")], AWB) == {"1": 30_000, "2": 6_000}


def test_by_the_civil_code_debts_of_the_same_day_share_and_older_ones_go_first():
    events = [
        imposed("a", 30_000, "1", day=5),
        imposed("b", 10_000, "2", day=5),
        imposed("c", 1_000, "3", day=1),
    ]
    assert balances([*events, paid("p", 5_000)], BW) == {"1": 27_000, "2": 9_000, "3": 0}


def test_costs_of_a_bill_with_one_debt_join_that_debt():
    folded = one([imposed("a", 30_000), imposed("c", 900, None, part="reminder_costs", day=20)])
    assert folded.content["reminder_costs_cents"] == 900


def test_one_payment_for_debts_of_different_rules_is_not_guessed():
    events = [imposed("a", 100, "1"), imposed("b", 100, "2", kind="factuur"), paid("p", 50)]
    assert refusal(events, {"heffing": "iw_7", "factuur": "bw_6_44"}) == ("event_rule", "p")
    assert refusal(events, {"heffing": "iw_7"}) == ("event_rule", "p")
    assert refusal(events, {}) == ("event_rule", "p")


def test_a_payment_that_names_its_debt_needs_no_rule():
    events = [imposed("a", 100, "1"), imposed("b", 100, "2"), paid("p", 50, number="1")]
    assert balances(events, {}) == {"1": 50, "2": 100}


def test_case_7_a_credit_stays_with_its_debt():
    events = [imposed("a", 100, "1"), imposed("b", 100, "2"), paid("p", 150, number="1")]
    assert balances(events) == {"1": -50, "2": 100}


def test_what_a_bill_was_paid_too_much_is_shared_by_the_size_of_its_debts():
    events = [imposed("a", 300, "1"), imposed("b", 100, "2"), paid("p", 440)]
    assert balances(events) == {"1": -30, "2": -10}


def test_costs_use_up_what_was_paid_too_much_on_the_same_debt():
    folded = one([imposed("h", 400), paid("p", 1_000, day=10), REMINDER])
    assert (folded.balance_cents, folded.open_cents) == (300, {"reminder_costs": 300})


def test_money_from_before_the_bill_is_for_the_bill():
    assert balances([paid("p", 40, day=1), imposed("a", 100, day=9)]) == {"1": 60}


def test_case_13_a_remission_lowers_the_balance_and_tells_so():
    folded = debt([imposed("h", 40_000), remitted("r", 40_000)])
    assert (folded.remitted_cents, folded.balance_cents) == (40_000, 0)
    assert (folded.stage, folded.stage_since) == ("kwijtgescholden", at(60).date())


def test_a_remission_of_what_was_paid_is_a_credit_and_of_more_is_refused():
    events = [imposed("h", 100), paid("p", 80), remitted("r", 50)]
    assert one(events).balance_cents == -30
    assert refusal([*events, remitted("s", 51, day=61)]) == ("event_amount", "s")


def test_a_remission_of_what_need_not_be_paid_at_all_gives_nobody_a_credit():
    events = [imposed("h", 100), remitted("r", 100), corrected("k", "h", -100, day=70)]
    assert one(events).balance_cents == 0


def test_a_refund_gives_back_what_was_too_much_and_then_owes_again():
    events = [imposed("h", 100), paid("p", 130)]
    assert one([*events, refunded("b", 30)]).balance_cents == 0
    assert one([*events, refunded("b", 50)]).open_cents == {"principal": 20}
    assert refusal([*events, refunded("b", 131)]) == ("event_amount", "b")


def test_a_set_off_counts_as_a_payment():
    folded = debt([imposed("h", 100), set_off("v", 40)])
    assert (folded.paid_cents, folded.balance_cents) == (40, 60)


def test_case_15_a_correction_leaves_the_original_amount_in_sight():
    folded = debt([imposed("h", 40_000), corrected("k", "h", -15_000)])
    assert (folded.principal_cents, folded.corrected_cents) == (40_000, -15_000)
    assert folded.balance_cents == 25_000
    assert folded.history == (
        Step(
            on=at(1).date(), event="FinancieleVerplichtingOpgelegd", cents=40_000, part="principal"
        ),
        Step(
            on=at(40).date(),
            event="FinancieleVerplichtingGecorrigeerd",
            cents=-15_000,
            part="principal",
        ),
    )


def test_case_15_a_withdrawn_debt_stays_and_is_nothing_now():
    folded = debt([imposed("h", 40_000), paid("p", 1_000), withdrawn("w", "h")])
    assert (folded.principal_cents, folded.corrected_cents) == (40_000, -40_000)
    assert folded.balance_cents == -1_000
    assert (folded.stage, folded.stage_since) == ("ingetrokken", at(80).date())
    assert [(step.event, step.withdrawn) for step in folded.history] == [
        ("FinancieleVerplichtingOpgelegd", True),
        ("BetalingVerwerkt", False),
        ("GebeurtenisIngetrokken", False),
    ]


def test_a_withdrawn_debt_does_not_pay_the_others_of_its_bill():
    events = [imposed("a", 100, "1"), imposed("b", 100, "2"), paid("p", 100)]
    assert balances([*events, withdrawn("w", "b")]) == {"1": 50, "2": -50}


def test_a_correction_of_what_was_withdrawn_does_nothing():
    events = [imposed("h", 100), withdrawn("w", "h", day=30), corrected("k", "h", -40)]
    assert one(events).balance_cents == 0


def test_a_withdrawn_payment_never_was_and_stays_in_sight():
    folded = debt([imposed("h", 100), paid("p", 40), withdrawn("w", "p")])
    assert (folded.paid_cents, folded.balance_cents) == (0, 100)
    payment = next(step for step in folded.history if step.event == "BetalingVerwerkt")
    assert (payment.cents, payment.withdrawn) == (40, True)


def test_a_withdrawal_that_is_withdrawn_does_nothing():
    events = [imposed("h", 100), paid("p", 40), withdrawn("w", "p"), withdrawn("v", "w", day=81)]
    assert one(events).balance_cents == 60


def test_withdrawals_in_a_round_are_refused():
    events = [imposed("h", 100), withdrawn("v", "w"), withdrawn("w", "v")]
    assert refusal(events) == ("event_reference", "v")


def test_a_chain_of_withdrawals_may_be_long():
    chain = [withdrawn(f"w{i}", f"w{i - 1}" if i else "p", day=60) for i in range(3_001)]
    assert one([imposed("h", 100), paid("p", 40), *chain]).balance_cents == 100


def test_the_stage_follows_the_newest_demand_that_holds():
    events = [
        imposed("h", 100),
        demanded("d1", due_on=date(2026, 2, 1)),
        demanded("d2", "herinnering", 40, due_on=date(2026, 3, 1)),
        demanded("d3", "aanmaning", 60, due_on=date(2026, 4, 1), iban="NL00"),
    ]
    folded = debt(events)
    assert (folded.stage, folded.stage_since) == ("aangemaand", at(60).date())
    assert (folded.due_on, folded.iban) == (date(2026, 2, 1), "NL00")
    back = event(e.DemandWithdrawn, "i", 70, withdraws="d3")
    assert (debt([*events, back]).stage, debt([*events, back]).iban) == ("herinnerd", None)


def test_of_a_bill_in_terms_it_is_not_known_what_is_due():
    terms = [
        demanded(f"d{month}", due_on=date(2026, month, 28), cents=50, day=2) for month in (2, 3)
    ]
    assert debt([imposed("h", 100), *terms]).due_on is None


def test_case_6_a_dispute_lasts_until_it_is_closed():
    raised = event(e.ObligationDisputed, "b", 30, kind="bezwaar", status="loopt")
    folded = debt([imposed("h", 100), raised])
    assert (folded.flags, folded.remedy.kind) == (("betwist",), "bezwaar")
    closed = event(e.ObligationDisputed, "c", 40, open=False, kind="bezwaar", status="afgewezen")
    folded = debt([closed, imposed("h", 100), raised])
    assert (folded.flags, folded.remedy.status) == ((), "afgewezen")


def test_case_5_who_handles_it_and_what_was_sold():
    given = event(
        e.ObligationTransferred,
        "o",
        30,
        transfer="incasso_opdracht",
        handler_role="deurwaarder",
        handler_name="Deurwaarder De Vries",
    )
    folded = debt([imposed("h", 100), demanded("d", "dwangbevel", 25), given])
    assert (folded.transfer, folded.handler_name) == ("incasso_opdracht", "Deurwaarder De Vries")
    assert folded.stage == "dwangbevel"
    back = event(e.ObligationTransferred, "t", 40, transfer="geen")
    folded = debt([imposed("h", 100), given, back])
    assert (folded.transfer, folded.handler_name) == ("geen", None)
    sold = event(
        e.ObligationTransferred, "t", 40, transfer="verkocht", handler_role="incassobureau"
    )
    assert debt([imposed("h", 100), sold]).stage == "overgedragen"


def test_case_8_a_plan_for_a_bill_is_shared_by_what_is_open_and_may_break():
    events = [imposed("a", 300, "1"), imposed("b", 100, "2"), imposed("c", 50, "3")]
    events.append(paid("p", 50, number="3"))
    plan = event(e.PlanAgreed, "r", 51, instalment_cents=41, kept=True, starts_on=date(2026, 3, 1))
    first, second, third = fold([*events, plan], IW)
    assert (first.content["plan"]["instalment_cents"], first.content["stage"]) == (
        31,
        "betalingsregeling",
    )
    assert second.content["plan"]["instalment_cents"] == 10
    assert ("plan" in third.content, third.content["stage"]) == (False, "voldaan")
    broken = event(e.PlanAgreed, "s", 52, kept=False, broken_since=date(2026, 3, 2))
    assert fold([*events, plan, broken], IW)[0].content["stage"] == "opgelegd"


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([imposed("h", 100), imposed("h", 101)], ("event_conflict", "h")),
        ([imposed("h", 0)], ("event_amount", "h")),
        ([imposed("h", -1)], ("event_amount", "h")),
        ([imposed("h", 1.0)], ("event_amount", "h")),
        ([imposed("h", cents=True)], ("event_amount", "h")),
        ([imposed("h", 100, None)], ("event_reference", "h")),
        ([imposed("h", 100), corrected("k", "h", 0)], ("event_amount", "k")),
        ([imposed("h", 100), corrected("k", "h", -101)], ("event_amount", "h")),
        ([imposed("h", 100), corrected("k", "?", -1)], ("event_reference", "k")),
        ([imposed("h", 100), paid("p", 1), corrected("k", "p", -1)], ("event_reference", "k")),
        ([imposed("h", 100), withdrawn("w", "?")], ("event_reference", "w")),
        (
            [imposed("h", 1), event(e.DemandWithdrawn, "w", withdraws="h")],
            ("event_reference", "w"),
        ),
        ([imposed("h", 100), paid("p", 1, number="2")], ("event_reference", "p")),
        ([imposed("h", 100), imposed("i", 1, kind="anders")], ("event_conflict", "i")),
        ([paid("p", 1)], ("event_reference", "p")),
    ],
)
def test_events_that_do_not_fit_together_are_refused(events, expected):
    assert refusal(events) == expected


def test_what_lies_after_the_reference_date_is_refused():
    events = [imposed("h", 100), paid("p", 1, day=50)]
    assert one(events).balance_cents == 99
    assert refusal(events, until=at(49).date()) == ("date_future", "p")
    [folded] = fold(events, IW, until=at(50).date())
    assert folded.balance_cents == 99


def test_an_amount_is_judged_whatever_came_before_it():
    closed = [imposed("h", 100), event(e.ObligationDisputed, "a", 3, open=True), paid("p", -1)]
    assert refusal(closed) == ("event_amount", "p")
    assert one([imposed("h", 1), corrected("k", "h", -1)]).balance_cents == 0


@pytest.mark.parametrize(
    ("part", "category"), [("interest", "rente"), ("other_costs", "administratiekosten")]
)
def test_what_is_of_the_bill_is_interest_or_costs(part, category):
    bill = [imposed("h", 100), imposed("i", 200, "2"), imposed("b", 30, None, part=part)]
    [of_bill] = [each for each in fold(bill, IW) if each.content["debt_number"] == CASE]
    assert (of_bill.content["category"], of_bill.balance_cents) == (category, 30)
    assert of_bill.kind == "heffing"


def test_an_obligation_tells_only_what_a_debt_has():
    with pytest.raises(ValueError, match="no debt has"):
        imposed("h", 100, about={"naam": "x"})


def test_the_newest_obligation_tells_the_debt():
    first = imposed("h", 100, about={"description": "OZB", "tax_year": 2026})
    second = imposed("i", 50, day=9, about={"description": "OZB 2026"})
    folded = debt([first, second])
    assert (folded.description, folded.tax_year, folded.principal_cents) == ("OZB 2026", 2026, 150)


def test_events_of_several_cases_are_told_apart():
    other = e.PaymentProcessed(id="x", at=at(1), case_number="B-2", cents=1)
    mine = imposed("h", 1)
    assert by_case([mine, other]) == {"B-1": [mine], "B-2": [other]}
