"""A debt is stored as what is known of it and comes back the same."""

import json
from dataclasses import fields
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from issuer.debts.debt import Attachment, Debt, Plan, Remedy, Step

BARE = Debt(source="s", case_number="1", debt_number="2", type="gem_huur", balance_cents=0)
dates = st.dates(date(1980, 1, 1), date(2060, 1, 1))


def test_what_is_not_known_is_not_stored():
    assert BARE.content() == {
        "source": "s",
        "case_number": "1",
        "debt_number": "2",
        "type": "gem_huur",
        "balance_cents": 0,
    }


@given(
    st.builds(
        Debt,
        plan=st.builds(Plan),
        history=st.lists(st.builds(Step)).map(tuple),
        attachment=st.builds(Attachment),
        remedy=st.builds(Remedy),
        due_on=dates,
        imposed_on=st.none() | dates,
        flags=st.lists(st.text()).map(tuple),
    )
)
def test_a_debt_survives_being_stored(debt):
    stored = json.loads(json.dumps(debt.content()))
    assert Debt.from_content(stored) == debt


def test_every_field_survives_being_stored():
    values = {"tuple": ("a",), "int": 1, "str": "x", "bool": True, "date": date(2026, 1, 2)}
    nested = {
        "Plan": Plan(kept=True, starts_on=date(2026, 1, 2)),
        "Attachment": Attachment(order=1),
        "Remedy": Remedy(ends_on=date(2026, 1, 2)),
        "Step": (Step(on=date(2026, 1, 2), event="BetalingVerwerkt", withdrawn=True),),
    }
    known = {
        field.name: next(
            value for name, value in (nested | values).items() if name in str(field.type)
        )
        for field in fields(Debt)
    }
    debt = Debt(**known)
    assert Debt.from_content(json.loads(json.dumps(debt.content()))) == debt
