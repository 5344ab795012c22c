"""Any events, in any order, as often as they come, withdrawn or not, by any rule (issue row 4)."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from issuer.config import Organisation
from issuer.debts import events as e
from issuer.debts.allocation import RULES
from issuer.debts.debt import Debt
from issuer.debts.folding import EventsRefusedError, fold
from issuer.debts.vordering import debt_terms
from tests.issuer.debts import cases
from vckit import statement

ORGANISATION = Organisation(name="Proef", oin="00000001001234567000", municipality_code="GM0757")
NUMBERS = ("1", "2", "3")
CREDITORS = {
    "1": {},
    "2": {"creditor_oin": "00000001009999999000", "creditor_name": "Waterschap"},
    "3": {},
}
COSTS = ("reminder_costs", "warrant_costs", "other_costs", "interest")
days = st.integers(2, 90)
cents = st.integers(1, 5_000)
# Of the whole bill, or of a debt that every history has.
target = st.sampled_from((None, "1"))


@st.composite
def obligations(draw):
    made = [cases.imposed("h-1", draw(cents), "1", day=draw(days))]
    for index, number in enumerate(draw(st.lists(st.sampled_from(NUMBERS), max_size=4))):
        name, amount = f"h-{number}-{index}", draw(cents)
        made.append(cases.imposed(name, amount, number, day=draw(days), **CREDITORS[number]))
    for index, number in enumerate(draw(st.lists(st.sampled_from((None, "1")), max_size=3))):
        part, amount = draw(st.sampled_from(COSTS)), draw(cents)
        made.append(cases.imposed(f"k-{index}", amount, number, day=draw(days), part=part))
    return made


@st.composite
def histories(draw):
    """Events of one case that make sense together, but perhaps not their amounts."""
    made = draw(obligations())
    makers = (cases.paid, cases.set_off, cases.remitted, cases.refunded)
    for index, make in enumerate(draw(st.lists(st.sampled_from(makers), max_size=6))):
        made.append(make(f"g-{index}", draw(cents), draw(days), draw(target)))
    obliged = [event.id for event in made if isinstance(event, e.ObligationImposed)]
    for index, name in enumerate(draw(st.lists(st.sampled_from(obliged), max_size=3))):
        change = draw(st.integers(-500, 500).filter(bool))
        made.append(cases.corrected(f"c-{index}", name, change, day=draw(days)))
    for index in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from([event.id for event in made]))
        made.append(cases.withdrawn(f"w-{index}", name, day=draw(days)))
    if draw(st.booleans()):
        made.append(cases.demanded("d", "aanmaning", draw(days)))
        made.append(cases.event(e.PlanAgreed, "r", draw(days), instalment_cents=draw(cents)))
    return made


rules = st.sampled_from(sorted(RULES)).map(lambda name: {"heffing": name})


def outcome(events, rule, **more):
    try:
        return fold(events, rule, **more)
    except EventsRefusedError as error:
        return error.code


@given(histories(), rules, st.data())
def test_order_and_repetition_make_no_difference(events, rule, data):
    again = data.draw(st.lists(st.sampled_from(events), max_size=5))
    shuffled = data.draw(st.permutations([*events, *again]))
    assert outcome(shuffled, rule) == outcome(events, rule)


def is_withdrawn(event, events):
    by = [
        each for each in events if isinstance(each, e.EventWithdrawn) and each.withdraws == event.id
    ]
    return any(not is_withdrawn(each, events) for each in by)


def holding(events, *kinds):
    return [
        event for event in events if isinstance(event, kinds) and not is_withdrawn(event, events)
    ]


def owed(events):
    """What must be paid in all, by plain sums: a withdrawn obligation is nothing at all."""
    obliged = {event.id: event.cents for event in holding(events, e.ObligationImposed)}
    changes = holding(events, e.ObligationCorrected)
    return sum(obliged.values()) + sum(c.cents for c in changes if c.corrects in obliged)


def total(events, *kinds):
    return sum(event.cents for event in holding(events, *kinds))


@settings(max_examples=300)
@given(histories(), rules)
def test_no_cent_is_lost_whatever_the_rule(events, rule):
    folded = outcome(events, rule)
    if isinstance(folded, str):
        assert folded == "event_amount"
        return
    contents = [each.content for each in folded]
    sums = Counter()
    for content in contents:
        sums.update({name: value for name, value in content.items() if isinstance(value, int)})
    came = total(events, e.PaymentProcessed, e.SetOffProcessed)
    assert sums["paid_cents"] == came - total(events, e.AmountRefunded)
    imposed = [event for event in events if isinstance(event, e.ObligationImposed)]
    told = sum(sums[f"{part}_cents"] for part in ("principal", *COSTS))
    assert told == sum(event.cents for event in imposed)
    assert told + sums["corrected_cents"] == owed(events)
    assert sums["balance_cents"] == owed(events) - sums["paid_cents"] - sums["remitted_cents"]
    assert 0 <= sums["remitted_cents"] <= total(events, e.ObligationRemitted)


@given(histories(), rules)
def test_the_parts_of_a_debt_sum_to_its_whole(events, rule):
    folded = outcome(events, rule)
    for each in folded if isinstance(folded, list) else ():
        still_open = sum(each.open_cents.values())
        assert all(value > 0 for value in each.open_cents.values())
        assert each.balance_cents == still_open or (not still_open and each.balance_cents < 0)
        assert each.content["paid_cents"] >= 0
        assert -each.balance_cents <= each.content["paid_cents"]


@given(histories(), rules)
def test_what_is_folded_keeps_the_invariants_of_a_statement(events, rule):
    folded = outcome(events, rule)
    kind = {"type": "gem_ozb_eigenaar", "source": "s"}
    debts = [
        {"zout": "x", **debt_terms(debt, ORGANISATION, cases.at(95).date())}
        for debt in (
            Debt.from_content({**kind, **each.content})
            for each in (folded if isinstance(folded, list) else ())
        )
    ]
    reasons = {breach.reason for debt in debts for breach in statement._debt_breaches(debt)}
    assert not reasons
    keys = [statement.debt_key(debt) for debt in debts]
    assert len(set(keys)) == len(keys)


@given(histories(), st.sampled_from(sorted(RULES)))
def test_the_rule_changes_who_is_paid_and_not_how_much_is_owed(events, name):
    if any(isinstance(event, e.AmountRefunded | e.ObligationRemitted) for event in events):
        return

    def balance(rule):
        folded = outcome(events, {"heffing": rule})
        return folded if isinstance(folded, str) else sum(each.balance_cents for each in folded)

    assert balance(name) == balance("iw_7")


@given(histories(), rules, cents)
def test_withdrawn_money_is_as_if_it_never_came(events, rule, amount):
    false = cases.paid("onterecht", amount, day=30)
    with_it = outcome([*events, false, cases.withdrawn("terug", "onterecht", day=31)], rule)
    without = outcome(events, rule)
    if isinstance(without, str):
        assert with_it == without
        return
    plain = [{**each.content, "history": []} for each in without]
    assert [{**each.content, "history": []} for each in with_it] == plain


@given(histories(), rules)
def test_every_event_stays_in_sight(events, rule):
    folded = outcome(events, rule)
    if isinstance(folded, list):
        names = {step["event"] for each in folded for step in each.content["history"]}
        assert names == {_name(event) for event in events}


def _name(event):
    return next(name for name, kind in e.TYPES.items() if kind is type(event))
