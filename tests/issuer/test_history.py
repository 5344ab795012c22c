"""What happened to a debt stays in sight for the resident, also what was corrected or withdrawn."""

import re

import pytest

from issuer.debts.dialect import load_dialect
from issuer.debts.event_rows import row_of, rules_of
from issuer.debts.events import TYPES, ObligationTransferred, PlanAgreed
from issuer.debts.folding import fold
from issuer.debts.register import Delivery, Entry
from issuer.debts.report import Report
from issuer.debts.rows import kinds_content
from tests.issuer.debts import cases
from tests.issuer.town import ANNA, REFERENCE, log_in

EVENTS = [
    cases.imposed("h", 40_000, "A-1", kind="riool"),
    cases.imposed("k", 900, "A-1", kind="riool", part="reminder_costs", day=20),
    cases.corrected("c", "h", -15_000, day=30),
    cases.paid("p", 5_000, day=40),
    cases.paid("q", 4_000, day=41),
    cases.withdrawn("w", "q", day=42),
]


@pytest.fixture
def page(town, client):
    """The history on Anna's page after these events were imported."""

    def show(events):
        dialect = load_dialect(town.folder / "heffingen.toml")
        [folded] = fold(events, rules_of(dialect))
        register = town.stored().register
        delivery = Delivery(
            source="heffingen",
            file_digest="00",
            dialect_digest="00",
            reference_date=REFERENCE,
            imported_at=town.clock.now,
            kinds=kinds_content(dialect),
        )
        content = row_of(folded, ANNA.bsn, dialect).content
        entry = Entry.of(register.pseudonym(ANNA.bsn), [(content, 1, None)])
        report = Report(source="heffingen", reference_date=REFERENCE, good=1, repeated=0)
        register.replace(delivery, report, [entry], [], force=True, fewer=True)
        log_in(client, ANNA)
        text = client.get("/mijn-schulden").text.replace("\xa0", " ")
        return re.findall(r"<li>(\d+ \w+ 2026: [^<]+)</li>", text)

    return show


def test_case_15_the_original_and_what_became_of_it_are_on_the_page(page):
    assert page(EVENTS) == [
        "1 januari 2026: U kreeg deze rekening, € 400,00",
        "20 januari 2026: Er kwamen kosten bij, € 9,00",
        "30 januari 2026: Wij pasten het bedrag aan, € -150,00",
        "9 februari 2026: U betaalde, € 50,00",
        "10 februari 2026: U betaalde, € 40,00 (geldt niet meer)",
        "11 februari 2026: Wij trokken iets in",
    ]


def test_every_event_has_words_of_its_own(page):
    events = [
        *EVENTS,
        cases.imposed("r", 10, "A-1", kind="riool", part="interest", day=43),
        cases.remitted("s", 10, day=44),
        cases.set_off("t", 10, day=45),
        cases.refunded("u", 10, day=46),
        cases.demanded("d", day=47),
        cases.event(TYPES["BetalingsverplichtingIngetrokken"], "e", 48, withdraws="d"),
        cases.event(ObligationTransferred, "f", 49, transfer="geen"),
        cases.event(TYPES["VerplichtingBetwist"], "g", 50),
        cases.event(PlanAgreed, "i", 51, kept=True),
    ]
    steps = page(events)
    assert len(steps) == len(events)
    told = {re.sub(r"^\d+ \w+ 2026: |, €.*", "", step) for step in steps}
    assert len(told) == len(TYPES) + 2


def test_a_debt_without_events_has_no_history(town, client):
    log_in(client, ANNA)
    assert town
    assert "Wat is er gebeurd?" not in client.get("/mijn-schulden").text
