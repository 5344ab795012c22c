"""The terms of a statement: complete, consistent, and no more than may be told."""

import itertools
import json
from dataclasses import dataclass, replace
from datetime import date

import pytest

from issuer.claims import Issuer, TooManyDebtsError, build_statement
from issuer.debts.debt import Attachment, Debt, Plan, Remedy
from issuer.debts.imports import import_file
from issuer.debts.register import MIGRATIONS, Register
from issuer.debts.source import Account, SourceState
from tests.issuer.debts.exports import MUNICIPALITIES, NOW, REFERENCE, SAMPLE, pseudonym
from vckit import statement
from vckit.adapters.sqlite import create_database
from vckit.status import StatusReference

EXPECTED = json.loads((SAMPLE / "expected.json").read_text(encoding="utf-8"))
REFRESH = StatusReference("refresh", "https://boxtel.example/status/refresh", 17)
REFERENCE_ID = "urn:uuid:5f0c62e5-6ad8-4b2b-9b39-1f2d8e6c4a10"


@dataclass(frozen=True)
class Organisation:
    name: str = "Gemeente Boxtel"
    oin: str = "00000001001234567000"
    municipality_code: str = "GM0757"


@dataclass(frozen=True)
class Contact:
    name: str = "Schuldhulp"
    phone: str = "0411 65 59 11"
    email: str = "schuldhulp@boxtel.example"
    url: str = "https://boxtel.example/schuldhulp"


@dataclass(frozen=True)
class Person:
    bsn: str = "999291415"
    family_name: str = "d'Hondt"
    given_name: str = "José"
    birthdate: str = "1974-08-21"


ISSUER = Issuer(organisation=Organisation(), contact=Contact())
OK = SourceState(code="belastingen", name="Belastingen", status="ok", reference_date=REFERENCE)
DEBT = Debt(
    source="belastingen",
    case_number="2000128",
    debt_number="2000128-1",
    type="gem_afvalstoffenheffing",
    principal_cents=40000,
    paid_cents=5000,
    reminder_costs_cents=900,
    warrant_costs_cents=7000,
    balance_cents=42900,
    stage="dwangbevel",
    imposed_on=date(2026, 8, 13),
    due_on=date(2026, 9, 24),
    rank="concurrent",
    rank_basis="Gemeentewet, artikel 249",
)
FINE = replace(
    DEBT,
    debt_number="B1",
    type="gem_pw_boete",
    description="Boete Participatiewet",
    legal_basis="Participatiewet, artikel 18a",
    legal_source="https://wetten.overheid.nl/BWBR0015703",
    disclosure_duty_breached=True,
)


def build(*debts, sources=(OK,), person=None, issuer=ISSUER, form="rich", refresh=REFRESH):
    counter = itertools.count()
    terms = build_statement(
        person or Person(),
        Account(debts=debts, sources=sources),
        issuer,
        reference=REFERENCE_ID,
        new_salt=lambda: f"{next(counter):022}",
        now=NOW,
        refresh=refresh,
        form=form,
    )
    statement.validate(terms)
    assert statement.breaches(terms, issued_at=NOW, now=NOW) == []
    return terms


@pytest.fixture(scope="module")
def registers(tmp_path_factory):
    made = {}
    for name, municipality in MUNICIPALITIES.items():
        path = tmp_path_factory.mktemp(name) / "register.sqlite"
        made[name] = Register(create_database(path, b"k" * 32, MIGRATIONS), pseudonym)
        for source in municipality.sources:
            import_file(made[name], source, municipality.files[source.code], REFERENCE, NOW)
    return made


@pytest.mark.parametrize("resident", EXPECTED["residents"], ids=lambda each: each["bsn"])
@pytest.mark.parametrize("name", MUNICIPALITIES)
def test_every_resident_of_the_sample_gets_a_right_statement(registers, resident, name):
    account = registers[name].account_of(
        resident["bsn"], MUNICIPALITIES[name].sources, birthdate=resident["born"]
    )
    for form in ("rich", "open", "document"):
        terms = build(*account.debts, sources=account.sources, form=form)
        nothing = {"claims": 0, "outstanding": 0, "credit": 0}
        assert {
            "claims": terms["aantal_vorderingen"],
            "outstanding": terms["totaal_openstaand"],
            "credit": terms["totaal_tegoed"],
        } == resident["per_organisation"].get(name, nothing)
        assert (terms["volledigheid"] == "gedeeltelijk") == (name in resident["partial"])


def test_a_debt_of_four_hundred_euros_with_costs_partly_paid():
    terms = build(DEBT)
    [debt] = terms["vorderingen"]
    assert (debt["hoofdsom"], debt["kosten_aanmaning"], debt["kosten_dwangbevel"]) == (
        40000,
        900,
        7000,
    )
    assert (debt["betaald"], debt["saldo"], debt["opeisbaar_bedrag"]) == (5000, 42900, 42900)
    assert debt["achterstand_sinds"] == "2026-09-25"
    assert "niet_bekend" not in debt
    assert "totalen_minimaal" not in terms


def test_the_statement_says_who_states_it_and_whom_to_call():
    terms = build(DEBT)
    assert terms["aangeleverd_door"] == {"naam": "Gemeente Boxtel", "oin": "00000001001234567000"}
    assert terms["gemeentecode"] == "GM0757"
    assert terms["contact_schuldhulp"]["telefoon"] == "0411 65 59 11"
    assert terms["opgave_kenmerk"] == REFERENCE_ID
    assert (terms["vernieuwing_uri"], terms["vernieuwing_index"]) == (REFRESH.uri, 17)
    assert "vernieuwing_uri" not in build(DEBT, refresh=None)


def test_names_come_from_the_log_in_and_the_bsn_only_with_a_legal_basis():
    terms = build(DEBT)
    assert (terms["geslachtsnaam"], terms["voornamen"]) == ("d'Hondt", "José")
    assert terms["geboortedatum"] == "1974-08-21"
    assert "bsn" not in terms
    assert build(DEBT, issuer=replace(ISSUER, with_bsn=True))["bsn"] == "999291415"
    assert "voornamen" not in build(DEBT, person=Person(given_name=""))


def test_a_source_that_knows_only_a_date_means_midnight_in_amsterdam():
    assert build(DEBT)["peildatum"] == "2026-11-19T23:00:00Z"
    summer = replace(OK, reference_date=date(2026, 7, 1))
    debt = replace(DEBT, imposed_on=date(2026, 1, 1), due_on=date(2026, 2, 1))
    assert build(debt, sources=(summer,))["peildatum"] == "2026-06-30T22:00:00Z"


def test_the_whole_is_as_old_as_its_oldest_part_and_each_source_tells_its_own_date():
    older = replace(OK, code="sociaal", reference_date=date(2026, 11, 1))
    terms = build(DEBT, sources=(OK, older))
    assert terms["peildatum"] == "2026-10-31T23:00:00Z"
    assert [source["peildatum"] for source in terms["bronnen"]] == [
        "2026-11-19T23:00:00Z",
        "2026-10-31T23:00:00Z",
    ]


def test_no_debts_with_all_sources_ok_is_a_statement_too():
    terms = build()
    assert terms["volledigheid"] == "geen_vorderingen"
    assert (terms["aantal_vorderingen"], terms["vordering_digests"], terms["vorderingen"]) == (
        0,
        [],
        [],
    )


@pytest.mark.parametrize("status", ["onvolledig", "niet_bereikbaar", "niet_aangesloten"])
@pytest.mark.parametrize("debts", [(), (DEBT,)])
def test_any_source_that_is_not_ok_makes_it_partial_also_without_debts(status, debts):
    other = SourceState(code="sociaal", name="Sociaal domein", status=status)
    terms = build(*debts, sources=(OK, other))
    assert terms["volledigheid"] == "gedeeltelijk"
    assert terms["bronnen"][1] == {"code": "sociaal", "status": status}


def test_a_statement_before_any_delivery_is_of_today():
    never = SourceState(code="belastingen", name="Belastingen", status="niet_bereikbaar")
    assert build(sources=(never,))["peildatum"] == "2026-11-20T23:00:00Z"


def test_what_is_due_is_left_out_and_listed_where_it_is_not_known():
    terms = build(DEBT, replace(DEBT, debt_number="2", due_on=None))
    first, second = terms["vorderingen"]
    assert second["niet_bekend"] == ["opeisbaar_bedrag", "achterstand_bedrag"]
    assert "opeisbaar_bedrag" not in second
    assert terms["totaal_opeisbaar"] == first["opeisbaar_bedrag"]
    assert terms["totalen_minimaal"] is True


def test_parts_that_are_not_known_are_listed():
    stated = replace(
        DEBT, principal_cents=None, reminder_costs_cents=None, balance_cents=100,
        unknown_parts=("principal", "reminder_costs"),
    )  # fmt: skip
    [debt] = build(stated)["vorderingen"]
    assert debt["niet_bekend"] == ["hoofdsom", "kosten_aanmaning"]


def test_credit_is_never_netted():
    credit = replace(DEBT, debt_number="2", paid_cents=51900, balance_cents=-4000)
    terms = build(DEBT, credit)
    assert (terms["totaal_openstaand"], terms["totaal_tegoed"]) == (42900, 4000)
    assert terms["vorderingen"][1]["opeisbaar_bedrag"] == 0


def test_every_debt_has_a_salt_of_its_own_and_its_digest_is_stated():
    terms = build(DEBT, replace(DEBT, debt_number="2"))
    assert len({debt["zout"] for debt in terms["vorderingen"]}) == 2
    assert terms["vordering_digests"] == [
        statement.debt_digest(debt) for debt in terms["vorderingen"]
    ]


def test_the_creditor_is_the_organisation_unless_the_debt_names_another():
    assert build(DEBT)["vorderingen"][0]["schuldeiser"]["naam"] == "Gemeente Boxtel"
    other = replace(DEBT, creditor_oin="00000001002222222000", creditor_name="Waterschap")
    assert build(other)["vorderingen"][0]["schuldeiser"] == {
        "oin": "00000001002222222000",
        "naam": "Waterschap",
    }


def test_everything_that_a_debt_can_tell_fits_the_schema():
    full = replace(
        DEBT,
        decision_number="D1", original_number="O1", tax_year=2026, description="Afval",
        legal_basis="Wet milieubeheer, artikel 15.33", legal_source="https://wetten.overheid.nl",
        collector_oin="00000001002222222000", collector_name="Samenwerking",
        handler_role="deurwaarder", handler_name="Brabant", handler_file_number="D-1",
        transfer="incasso_opdracht", incurred_on=date(2026, 1, 1), period="2026",
        other_costs_cents=0, interest_cents=0, interest_until=date(2026, 11, 1),
        remitted_cents=0, corrected_cents=0, stage_since=date(2026, 10, 1),
        next_step="beslag", next_step_on=date(2026, 12, 1), flags=("betwist", "beslag"),
        liability="hoofdelijk", co_debtors=1, business=False, disclosure_duty_breached=False,
        prescribed_on=date(2031, 1, 1), interrupted_on=date(2026, 10, 1),
        payment_method="overschrijving", iban="NL91ABNA0417164300", account_name="Boxtel",
        payment_reference="1234", plan=Plan(instalment_cents=100, frequency="maand", kept=True,
                                            starts_on=date(2026, 1, 1), remaining=3),
        attachment=Attachment(kind="loon", since=date(2026, 1, 1), monthly_cents=100,
                              attacher="LBIO", order=1),
        remedy=Remedy(kind="bezwaar", status="loopt", ends_on=date(2026, 12, 1), intake="brief"),
    )  # fmt: skip
    [debt] = build(full)["vorderingen"]
    assert debt["in_behandeling_bij"] == {
        "soort": "deurwaarder",
        "naam": "Brabant",
        "dossiernummer": "D-1",
    }
    assert debt["betalingsregeling"]["nagekomen"] is True
    assert debt["rechtsmiddel"]["termijn_einddatum"] == "2026-12-01"
    assert debt["beslag"]["bedrag_per_maand"] == 100
    assert debt["markeringen"] == ["betwist", "beslag"]


@pytest.mark.parametrize("form", ["document", "open"])
def test_what_cannot_be_withheld_tells_nothing_of_the_duty_to_inform_and_no_bsn(form):
    terms = build(FINE, DEBT, issuer=replace(ISSUER, with_bsn=True), form=form)
    assert ("document" in terms) == (form == "document")
    assert "bsn" not in terms
    text = json.dumps(terms, ensure_ascii=False).casefold()
    for telling in ("boete", "inlichtingenplicht", "18a", "participatiewet", "bwbr0015703"):
        assert telling not in text
    assert terms["vorderingen"][0]["type"] == "gem_vordering"
    assert terms["vorderingen"][1]["type"] == "gem_afvalstoffenheffing"
    assert terms["totaal_openstaand"] == 85800


def test_a_wallet_gets_the_kind_itself_and_decides_what_to_show():
    [debt] = build(FINE)["vorderingen"]
    assert (debt["type"], debt["inlichtingenplicht"]) == ("gem_pw_boete", True)


def test_N13_more_debts_than_a_statement_can_carry_are_refused_with_a_clear_text():
    debts = [replace(DEBT, debt_number=str(number)) for number in range(241)]
    assert build(*debts[:240])["aantal_vorderingen"] == 240
    with pytest.raises(TooManyDebtsError, match="more debts than one statement"):
        build(*debts)
