"""What cannot wait, and whom to call."""

from datetime import date

import pytest

from tests.vckit.statements import debt
from tests.verifier.evidence import BAILIFF, BOXTEL, evidence
from verifier.attention import calls, urgent
from verifier.doubles import rows

TODAY = date(2026, 11, 24)
CALM = {"fase": "opgelegd", "vervaldatum": None}


def reasons(*debts):
    return [item.reason for item in urgent(rows([evidence(BOXTEL, *debts)]), TODAY)]


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ({}, []),
        ({"fase": "beslag"}, ["attachment"]),
        ({"markeringen": ["beslag"], "fase": "dwangbevel"}, ["attachment"]),
        ({"fase": "dwangbevel"}, ["warrant"]),
        ({"rechtsmiddel": {"termijn_einddatum": "2026-12-08"}}, ["objection"]),
        ({"rechtsmiddel": {"termijn_einddatum": "2026-12-09"}}, []),
        ({"rechtsmiddel": {"termijn_einddatum": "2026-11-23"}}, []),
        ({"vervaldatum": "2026-11-24"}, ["due"]),
        ({"volgende_stap_datum": "2026-11-25"}, ["next_step"]),
        ({"fase": "beslag", "saldo": 0, "hoofdsom": None, "opeisbaar_bedrag": 0}, []),
        ({"fase": "beslag", "markeringen": ["buiten_invordering"]}, []),
    ],
)
def test_what_needs_attention_within_two_weeks(terms, expected):
    assert reasons(debt(1, **{**CALM, **terms})) == expected


def test_the_worst_comes_first_and_the_nearest_date_before_the_others():
    assert reasons(
        debt(1, **{**CALM, "vervaldatum": "2026-12-01"}),
        debt(2, **{**CALM, "fase": "dwangbevel"}),
        debt(3, **{**CALM, "fase": "vordering_derde"}),
        debt(4, **{**CALM, "vervaldatum": "2026-11-26"}),
    ) == ["attachment", "warrant", "due", "due"]


def test_a_debt_that_another_organisation_leads_is_not_urgent_twice():
    both = rows([evidence(BOXTEL, debt(1, fase="beslag")), evidence(BAILIFF, debt(1))])
    assert [(item.row.oin, item.reason) for item in urgent(both, TODAY)] == [
        (BAILIFF.oin, "warrant")
    ]


def test_the_organisation_s_contact_and_who_handles_a_debt_can_be_called():
    handled = {"in_behandeling_bij": {"soort": "deurwaarder", "naam": "De Wit"}}
    one = {"in_behandeling_bij": {**handled["in_behandeling_bij"], "dossiernummer": "D1"}}
    statement = evidence(BOXTEL, debt(1, **one), debt(2, **handled), debt(3, **one))
    found = calls([statement], rows([statement]))
    assert [(call.name, call.phone, call.file_numbers) for call in found] == [
        ("Team schuldhulp", "0411 655 990", ()),
        ("De Wit", None, ("D1",)),
    ]
