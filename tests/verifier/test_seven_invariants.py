"""domain.md "Invariants": each breached in a correctly signed credential, and named on the page."""

import pytest

from tests.vckit.statements import ISSUED, debt
from tests.verifier.browser import text_of
from tests.verifier.wallet import begin
from verifier.casework import case_report
from verifier.wording import DUTCH

DAY = 86_400
PLAN = {"bedrag_per_termijn": 5_000, "nagekomen": True}


def sums(**changes):
    """A statement of one debt whose sums are then other ones."""
    return [debt(1)], changes


def one(**changes):
    return [debt(1, **changes)], {}


def unmet():
    """A debt that the statement has no digest of, in the place of the one that it has."""
    return [debt(1)], {"vorderingen": [debt(2)]}


def twice():
    """Another salt, so another digest: whatever the order of events, one debt has one balance."""
    return [debt(1), debt(1, zout="B" * 22, saldo=1, hoofdsom=None)], {}


# Number of the invariant, the reason, what is signed, and words of the warning.
BREACHES = [
    (1, "balance", one(hoofdsom=1), "kenmerk V1 is het saldo niet de som van de delen"),
    (2, "totaal_openstaand", sums(totaal_openstaand=1), "het totaal openstaand is niet de som"),
    (2, "totaal_tegoed", sums(totaal_tegoed=1), "het totaal tegoed is niet de som"),
    (3, "count", sums(aantal_vorderingen=2), "het aantal schulden is anders"),
    (3, "debt_not_stated", unmet(), "kenmerk V2 hoort niet bij deze opgave"),
    (4, "due_exceeds_balance", one(opeisbaar_bedrag=42_901), "meer betaald worden dan er open"),
    (4, "arrears_exceed_due", one(achterstand_bedrag=42_901), "meer te laat dan er betaald"),
    (5, "due_under_plan", one(betalingsregeling=PLAN, achterstand_bedrag=0), "loopt een regeling"),
    (5, "due_under_plan", one(fase="uitstel", achterstand_bedrag=0), "loopt een regeling of uitst"),
    (6, "due_before_imposed", one(vervaldatum="2026-01-30"), "betaald zijn voordat zij is"),
    (6, "reference_date_after_issue", sums(peildatum="2026-11-29T23:00:00Z"), "de peildatum ligt"),
    (7, "balances_differ", twice(), "kenmerk V1 staat er met twee verschillende saldo's in"),
]


@pytest.fixture
def share(office, world, wallet, browser):
    """What JSON and page say of one card."""

    def share(card):
        case, started = begin(office, world)
        assert wallet.send(wallet.fetch(started), card).status_code == 200
        page = browser.log_in().get(f"/zaken/{case.id}/overzicht")
        return case_report(office, case, world.now, DUTCH), text_of(page)

    return share


@pytest.mark.parametrize(
    "breached",
    BREACHES,
    ids=[f"{number}-{reason}-{place}" for place, (number, reason, *_) in enumerate(BREACHES)],
)
def test_a_breach_is_named_and_nothing_is_repaired(world, wallet, share, breached):
    number, reason, (debts, changes), words = breached
    told, page = share(wallet.card(world.boxtel, *debts, **changes))
    assert reason in [finding["reason"] for finding in told["findings"]], number
    assert words in page
    boxtel = told["organisations"][0]
    assert (boxtel["state"], boxtel["complete"], told["complete"]) == ("verified", False, False)
    stated = changes.get("totaal_openstaand", sum(each["saldo"] for each in debts))
    assert told["totals"]["outstanding"] == stated, "the amount is as it was signed"


def test_an_issue_in_the_future_is_named(world, wallet, share):
    """Within the leeway of clocks the credential holds, and yet the next day has begun."""
    world.clock.now = ISSUED - ISSUED % DAY + 22 * 3_600 + 59 * 60 + 30
    members = {"issued_at": world.clock.now + 45}
    card = wallet.card(world.boxtel, debt(1), members=members, peildatum="2026-11-24T23:00:00Z")
    told, page = share(card)
    assert [each["reason"] for each in told["findings"]] == ["issued_in_future"]
    assert "de dag van afgifte ligt in de toekomst" in page


def test_an_honest_statement_has_no_warning(world, wallet, share):
    told, page = share(wallet.card(world.boxtel, debt(1), debt(2)))
    assert told["findings"] == []
    assert "Wat ons opviel" not in page


def test_the_rest_that_cannot_be_split_is_told(world, wallet, share):
    told, page = share(wallet.card(world.boxtel, debt(1), totaal_openstaand=50_000))
    for split in told["breakdowns"].values():
        assert sum(part["outstanding"] for part in split["parts"]) + split["rest"] == 50_000
    assert "Niet uit te splitsen" in page
