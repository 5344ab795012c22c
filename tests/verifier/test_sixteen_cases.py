"""domain.md "Sixteen cases": from source rows to the page by real credentials, to the cent."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.vckit.statements import debt
from tests.verifier.browser import text_of
from tests.verifier.town_hall import ANOUK, JOSE, TownHall, demanded, event, imposed, row
from tests.verifier.wallet import Wallet, begin
from verifier import asking
from verifier.casework import case_report
from verifier.person import Person
from verifier.wording import DUTCH

BOXTEL_OIN = "00000001001234567000"
BROKEN_PLAN = {"termijn": "50,00", "regeling_vervallen": "01-10-2026"}


@dataclass
class Desk:
    """A counsellor with one case, and the wallets that share with it."""

    office: Any
    world: Any
    browser: Any
    case: Any = None

    def open(self, person=JOSE, partner=None):
        self.case, _started = begin(self.office, self.world, person=_person(person))
        if partner:
            self.office.casebook.set_partner(self.case.id, _person(partner))
            self.case = self.office.store.case(self.case.id, self.world.now)
        return self

    def receive(self, wallet, *cards, **how):
        """Ask, and let this wallet share these cards."""
        started = asking.ask(
            self.office, self.case, response_mode="direct_post.jwt", now=self.world.now
        )
        answer = wallet.send(wallet.fetch(started), *cards, **how)
        assert answer.status_code == 200, answer.text

    def told(self, subject=None):
        return case_report(self.office, self.case, self.world.now, DUTCH, subject)

    def page(self, who=""):
        """The words of the overview; `who` is 1 or 2 for the overview of one person."""
        path = f"/zaken/{self.case.id}/overzicht{f'?persoon={who}' if who else ''}"
        return text_of(self.browser.get(path)).replace("\xa0", " ")

    def total(self, who=""):
        """The amount under the headline."""
        return re.search(r"Totaal openstaand(?:: ten minste)? (€ [\d.,]+)", self.page(who))[1]


def _person(debtor):
    return Person(debtor.family_name, debtor.given_name, debtor.birthdate)


@pytest.fixture
def desk(office, world, browser):
    return Desk(office, world, browser)


@pytest.fixture
def boxtel(world, tmp_path):
    return TownHall(world.boxtel, tmp_path)


@pytest.fixture
def gestel(world, tmp_path):
    """A municipality that collects for Boxtel too, as joint tax offices do."""
    hall = TownHall(world.michielsgestel, tmp_path)
    hall.deliver()
    return hall


def reasons(told):
    return [finding["reason"] for finding in told["findings"]]


def test_case_1_the_same_debt_of_an_old_and_a_new_statement_counts_once(
    boxtel, gestel, desk, wallet
):
    boxtel.deliver(row(), row("2"), day=date(2026, 11, 10))
    old = boxtel.card(wallet.key)
    boxtel.deliver(row(betaald="25,00", saldo="75,00"))
    new = boxtel.card(wallet.key)
    desk.open().receive(wallet, old, new, gestel.card(wallet.key))
    assert desk.total() == "€ 75,00"
    page = desk.page()
    assert "Compleet" in page
    assert "Verouderd" in page
    assert "stand van 10 november 2026" in page
    [superseded] = desk.told()["groups"]["outdated"]
    assert (superseded["reason"], superseded["outstanding"]) == ("superseded", 20_000)


def test_case_2_a_debt_of_two_organisations_counts_once_with_the_difference(
    boxtel, gestel, desk, wallet
):
    boxtel.deliver(row(), row("2"))
    collected = {"schuldeiser_oin": BOXTEL_OIN, "schuldeiser": "Gemeente Boxtel"}
    gestel.deliver(
        row("9", oorspronkelijk="V1", aanmaankosten="9,00", saldo="109,00",
            invorderaar_oin=gestel.municipality.oin, **collected),
        row("7", **collected),
    )  # fmt: skip
    desk.open().receive(wallet, boxtel.card(wallet.key), gestel.card(wallet.key))
    assert desk.total() == "€ 309,00"
    page = desk.page()
    assert "Telt mee bij een andere organisatie." in page
    assert "Ook opgegeven door Gemeente Sint-Michielsgestel: € 109,00. Verschil: € 9,00." in page
    assert "Mogelijk dubbel met kenmerk V7 van Gemeente Sint-Michielsgestel." in page
    counted = {each["vordering_kenmerk"]: each["counted"] for each in desk.told()["debts"]}
    assert counted == {"V1": False, "V2": True, "V9": True, "V7": True}


def test_case_3_partly_paid_with_costs_says_what_is_left_of_each_part(boxtel, gestel, desk, wallet):
    boxtel.deliver_events(
        (
            "Z1",
            [
                imposed("E1", 40_000),
                demanded("E2", 40_000),
                imposed("E3", 900, categorie="Administratiekosten", kostensoort="aanmaning"),
                imposed("E4", 7_000, categorie="Administratiekosten", kostensoort="dwangbevel"),
                event("BetalingVerwerkt", "E5", "2026-06-01", bedrag=5_000),
            ],
        )
    )
    desk.open().receive(wallet, boxtel.card(wallet.key), gestel.card(wallet.key))
    assert desk.total() == "€ 429,00"
    [only] = desk.told()["debts"]
    assert only["left"] == {"costs": 2_900, "interest": 0, "principal": 40_000}
    page = desk.page()
    for words in ("Nog open: kosten € 29,00", "Nog open: hoofdsom € 400,00", "Betaald € 50,00"):
        assert words in page


def test_case_4_joint_liability_is_whole_for_each_and_once_for_the_household(
    boxtel, gestel, desk, wallet
):
    both = [
        row(bsn=one.bsn, mede=other.bsn, soort="bijstand")
        for one, other in ((JOSE, ANOUK), (ANOUK, JOSE))
    ]
    boxtel.deliver(*both, row("2"), row("3", bsn=ANOUK.bsn, hoofdsom="7,00", saldo="7,00"))
    partner = Wallet(wallet.world, wallet.client)
    desk.open(partner=ANOUK)
    desk.receive(wallet, boxtel.card(wallet.key), gestel.card(wallet.key))
    assert "Niet compleet" in desk.page()
    theirs = [hall.card(partner.key, ANOUK) for hall in (boxtel, gestel)]
    desk.receive(partner, *theirs)
    assert [desk.total(who) for who in ("", 1, 2)] == ["€ 207,00", "€ 200,00", "€ 107,00"]
    page = desk.page()
    assert "Twee personen staan hiervoor samen. De schuld telt één keer." in page
    assert "Niet compleet" not in page
    for name in (JOSE.given_name, JOSE.family_name, ANOUK.given_name, ANOUK.family_name):
        assert name not in page
    assert ANOUK.given_name not in desk.page(1)
    assert JOSE.given_name not in desk.page(2)
    assert "Samen met iemand anders, ieder voor alles" in desk.page(1)
    told = desk.told()
    assert told["totals"]["joint"] == 10_000
    assert [each["totals"]["outstanding"] for each in told["household"]] == [20_000, 10_700]


def test_case_5_with_the_bailiff_or_attached_says_whom_to_call_and_what_is_deducted(
    boxtel, gestel, desk, wallet
):
    boxtel.deliver(
        row(fase="beslag", deurwaarder="De Wit", dossier="D-77", inhouding="125,00",
            beslag_sinds="01-10-2026", beslaglegger="De Wit", soort="bijstand"),
    )  # fmt: skip
    gestel.deliver(row("2", deurwaarder="Opkoper BV"), sold=True)
    desk.open().receive(wallet, boxtel.card(wallet.key), gestel.card(wallet.key))
    page = desk.page()
    for words in (
        "Beslag of inhouding: 1 oktober 2026",
        "inhouding per maand: € 125,00. Bel De Wit. Dossier: D-77",
        "Inhouding per maand: € 125,00.",
        "preferent (Wet van bijstand)",
        "Een ander int deze schuld in opdracht. De schuldeiser blijft dezelfde.",
        "Deze schuld is verkocht. De oude schuldeiser gaat er niet meer over.",
    ):
        assert words in page, words


def test_case_6_disputed_is_in_the_list_and_outside_what_is_due(boxtel, gestel, desk, wallet):
    boxtel.deliver(row(), row("2", betwist="ja", hoofdsom="30,00", saldo="30,00"))
    desk.open().receive(wallet, boxtel.card(wallet.key), gestel.card(wallet.key))
    totals = desk.told()["totals"]
    assert (totals["outstanding"], totals["disputed"], totals["due"]) == (13_000, 3_000, 10_000)
    page = desk.page()
    assert "Daar is de cliënt het niet mee eens € 30,00" in page
    assert "Nu te betalen € 100,00" in page


def test_case_7_credit_lowers_no_other_debt(boxtel, gestel, desk, wallet):
    boxtel.deliver(row(), row("2", betaald="140,00", saldo="-40,00"))
    gestel.deliver(row("3", zaak="Z3"))
    desk.open().receive(wallet, boxtel.card(wallet.key), gestel.card(wallet.key))
    assert desk.total() == "€ 200,00"
    assert "Tegoed (niet verrekend) € 40,00" in desk.page()


def test_case_8_a_plan_kept_leaves_the_rest_undue_and_a_broken_one_makes_all_due(
    boxtel, gestel, desk, wallet
):
    plan = {"bedrag_per_termijn": 5_000, "frequentie": "maand"}
    boxtel.deliver_events(
        (
            "Z1",
            [
                imposed("E1", 60_000, type="bijstand"),
                demanded("E2", 60_000),
                event("BetalingsregelingGetroffen", "E3", nagekomen=True, **plan),
            ],
        )
    )
    gestel.deliver(row("2", fase="betalingsregeling", **BROKEN_PLAN))
    desk.open().receive(wallet, boxtel.card(wallet.key), gestel.card(wallet.key))
    assert desk.total() == "€ 700,00"
    due = {each["vordering_kenmerk"]: each["opeisbaar_bedrag"] for each in desk.told()["debts"]}
    assert due["E1"] <= 5_000
    assert due["V2"] == 10_000
    page = desk.page()
    for words in (
        "Er loopt een betalingsregeling. Per termijn € 50,00.",
        "De betalingsregeling is vervallen. Alles moet nu betaald worden.",
        "Vervallen sinds 1 oktober 2026.",
    ):
        assert words in page, words


def test_case_9_only_what_is_checked_and_current_counts_and_nothing_disappears(
    world, boxtel, gestel, desk, wallet
):
    boxtel.deliver(row())
    gestel.deliver(row("2"))
    revoked, current = boxtel.card(wallet.key), boxtel.card(wallet.key)
    marked = gestel.card(wallet.key)
    world.boxtel.mark("revocation", revoked.index)
    world.michielsgestel.mark("refresh", marked.index)
    desk.open().receive(wallet, current, revoked, marked)
    assert desk.total() == "€ 100,00"
    page = desk.page()
    for words in ("Niet compleet", "Ingetrokken", "Verouderd", "stand van 20 november 2026"):
        assert words in page, words
    groups = desk.told()["groups"]
    assert [each["outstanding"] for each in groups["withdrawn"]] == [10_000]
    assert [each["outstanding"] for each in groups["outdated"]] == [10_000]
    del world.network.pages[world.boxtel.status_uri("revocation")]
    desk.open().receive(wallet, current)
    assert "Kon niet worden gecontroleerd" in desk.page()
    assert "Er is nog geen opgave die meetelt" in desk.page()


def test_case_10_a_statement_of_somebody_else_stands_apart(boxtel, gestel, desk, wallet):
    boxtel.deliver(row(), row("2", bsn=ANOUK.bsn, hoofdsom="55,00", saldo="55,00"))
    foreign = boxtel.card(wallet.key, ANOUK)
    desk.open().receive(wallet, boxtel.card(wallet.key), foreign, gestel.card(wallet.key))
    assert desk.total() == "€ 100,00"
    page = desk.page()
    assert "Van een andere persoon" in page
    assert "Anouk Nowak, 23 januari 1984" in page
    assert reasons(desk.told()) == ["subject_mismatch"]
    desk.office.casebook.set_partner(desk.case.id, _person(ANOUK))
    desk.case = desk.office.store.case(desk.case.id, desk.world.now)
    assert desk.total() == "€ 155,00"
    assert desk.told()["groups"]["other_person"] == []


def test_case_11_no_statement_a_nil_statement_and_a_source_that_was_down_are_three_things(
    boxtel, gestel, desk, wallet
):
    boxtel.deliver()
    desk.open().receive(wallet, boxtel.card(wallet.key))
    page = desk.page()
    assert "U heeft geen schulden bij Gemeente Boxtel" in page
    assert "Van Gemeente Sint-Michielsgestel is nog geen opgave gedeeld." in page
    assert "Niet compleet" in page
    gestel.lose("belastingen")
    desk.receive(wallet, gestel.card(wallet.key))
    page = desk.page()
    assert "Gemeente Sint-Michielsgestel kon niet alles opzoeken." in page
    assert "Niet compleet" in page
    gestel.deliver(code="parkeren")
    assert not desk.told()["complete"]


def test_case_12_what_the_holder_left_out_is_told_with_number_and_amount(
    boxtel, gestel, desk, wallet
):
    amounts = ("500,00", "610,00", "400,00", "300,00", "500,00")
    boxtel.deliver(
        *(
            row(str(number), hoofdsom=amount, saldo=amount)
            for number, amount in enumerate(amounts, 1)
        )
    )
    card = boxtel.card(wallet.key)
    desk.open().receive(wallet, card, gestel.card(wallet.key), without=[("vorderingen", 1)])
    page = desk.page()
    assert desk.total() == "€ 2.310,00"
    assert "Niet alles van Gemeente Boxtel is gedeeld. Er ontbreken schulden: 1, samen € 610,00." \
        in page  # fmt: skip
    assert "Niet compleet" in page
    assert "Niet uit te splitsen" in page


def test_case_13_remitted_written_off_and_prescribed_are_three_things(boxtel, gestel, desk, wallet):
    boxtel.deliver(
        row("1", kwijtgescholden="40,00", saldo="60,00"),
        row("2", fase="buiten_invordering", buiten_invordering="ja"),
        row("3", fase="verjaard", verjaard="ja", verjaard_op="01-05-2021", gestuit_op="01-05-2016"),
    )
    desk.open().receive(wallet, boxtel.card(wallet.key), gestel.card(wallet.key))
    totals = desk.told()["totals"]
    assert (totals["outstanding"], totals["prescribed"]) == (26_000, 10_000)
    page = desk.page()
    for words in (
        "Kwijtgescholden: € 40,00.",
        "Deze schuld wordt nu niet geïnd. De schuld blijft wel staan.",
        "Daarvan is verjaard € 100,00",
        "Verjaard op 1 mei 2021. Voor het laatst verlengd op 1 mei 2016.",
    ):
        assert words in page, words


def test_case_14_one_bill_with_several_levies_and_two_creditors(boxtel, gestel, desk, wallet):
    other = {"opgelegd_door": "00000001007654321000", "opgelegd_door_naam": "Waterschap"}
    boxtel.deliver_events(
        (
            "AANSLAG-1",
            [
                imposed("E1", 30_000, type="ozb"),
                imposed("E2", 10_000, type="riool", **other),
                demanded("E3", 40_000),
                imposed("E4", 1_000, categorie="Administratiekosten", kostensoort="aanmaning"),
                event("BetalingVerwerkt", "E5", "2026-06-01", bedrag=9_000),
            ],
        )
    )
    desk.open().receive(wallet, boxtel.card(wallet.key), gestel.card(wallet.key))
    assert desk.total() == "€ 320,00"
    told = desk.told()
    creditors = {
        part["text"]: part["outstanding"] for part in told["breakdowns"]["creditor"]["parts"]
    }
    # The costs of the bill are paid first and once; then 80,00 is shared three to one.
    assert creditors == {"Gemeente Boxtel": 24_000, "Waterschap": 8_000}
    assert {each["zaakkenmerk"] for each in told["debts"]} == {"AANSLAG-1"}


def test_case_15_what_was_withdrawn_or_corrected_stays_to_be_seen(boxtel, gestel, desk, wallet):
    boxtel.deliver_events(
        (
            "Z1",
            [
                imposed("E1", 40_000),
                demanded("E2", 40_000),
                event(
                    "FinancieleVerplichtingGecorrigeerd",
                    "E3",
                    "2026-05-01",
                    gecorrigeerde_gebeurtenis_kenmerk="E1",
                    bedrag=-15_000,
                ),
            ],
        )
    )
    desk.open().receive(wallet, boxtel.card(wallet.key), gestel.card(wallet.key))
    assert desk.total() == "€ 250,00"
    page = desk.page()
    assert "Oorspronkelijk bedrag: € 400,00. Gecorrigeerd met € -150,00." in page


def test_case_16_a_former_municipality_an_heir_and_cents(world, boxtel, gestel, desk, wallet):
    boxtel.deliver(row(hoofdsom="0,01", saldo="0,01"), row("2", hoofdsom="0,99", saldo="0,99"))
    old = {"schuldeiser_oin": world.former.oin, "schuldeiser": world.former.name}
    gestel.deliver(row("3", hoofdsom="1234,56", saldo="1234,56", **old))
    inherited = debt(1, aansprakelijkheid="erfgenaam")
    former = world.former.state(inherited, holder=wallet.key)
    desk.open().receive(wallet, boxtel.card(wallet.key), gestel.card(wallet.key), former)
    assert desk.total() == "€ 1.235,56"
    assert desk.told()["complete"]
    assert "https://vroeger.example doet niet mee aan de afspraken" in desk.page()
    desk.open().receive(wallet, world.boxtel.state(inherited, holder=wallet.key))
    assert "Als erfgenaam" in desk.page()
