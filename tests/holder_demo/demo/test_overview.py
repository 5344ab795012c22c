"""The overview in the terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holder_demo.demo import overview


def organisation(name="Gemeente Boxtel", **changes):
    return {
        "name": name,
        "claims": 5,
        "outstanding": 649_621,
        "credit": 1_200,
        "completeness": "volledig",
        "state": "received",
        **changes,
    }


def seen(*organisations, **changes):
    return {
        "organisations": list(organisations),
        "totals": {"outstanding": 649_621, "credit": 1_200},
        "complete": True,
        "findings": [],
        **changes,
    }


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "€ 0,00"), (5, "€ 0,05"), (123_450, "€ 1.234,50"), (-1_000_001, "€ -10.000,01")],
)
def test_amounts_are_written_as_on_the_pages(cents, text):
    assert overview.euro(cents) == text


@given(st.integers(0, 10**15))
def test_an_amount_can_be_read_back_to_the_cent(cents):
    digits = overview.euro(cents).removeprefix("€ ").replace(".", "").replace(",", "")
    assert int(digits) == cents


def test_the_table_has_a_line_for_each_organisation_and_one_for_all():
    lines = overview.table(seen(organisation(), organisation("Gemeente Elders", claims=1)))
    assert lines[2].split() == [
        "Gemeente",
        "Boxtel",
        "5",
        "€",
        "6.496,21",
        "€",
        "12,00",
        "volledig",
    ]
    assert lines[-1].split() == ["Samen", "6", "€", "6.496,21", "€", "12,00"]
    assert not any(line.endswith(" ") for line in lines)


def test_an_organisation_that_did_not_answer_has_no_amounts():
    silent = organisation(
        claims=None, outstanding=None, credit=None, completeness=None, state="no_answer"
    )
    assert overview.table(seen(silent))[2].split() == [
        "Gemeente", "Boxtel", "-", "-", "-", "no_answer",
    ]  # fmt: skip


def test_what_is_the_same_by_wallet_and_document_is_compared_and_nothing_else():
    wallet = seen(organisation(basis="wallet"))
    document = seen(organisation(basis="document"), complete=False)
    assert overview.essence(wallet) == overview.essence(document)
    for changed in (organisation(outstanding=1), organisation(credit=1), organisation(claims=4)):
        assert overview.essence(wallet) != overview.essence(seen(changed))


def test_the_verdict_tells_what_is_missing():
    assert overview.verdict(seen()).startswith("Compleet")
    told = overview.verdict(
        seen(complete=False, findings=[{"text": "Eén bron gaf geen antwoord."}])
    )
    assert told == "Niet bewezen compleet. Eén bron gaf geen antwoord."
