"""FCID-based JSON: its events become debts to the cent, or its case is refused and said so."""

import json
from datetime import date

import pytest

from issuer.debts.imports import (
    FileRefusedError,
    ImportRefusedError,
    SourceUnreachableError,
    check_file,
    import_file,
)
from issuer.debts.origin import Origin
from tests.issuer.debts.exports import ANNE, BRAM, NOW, REFERENCE, Source
from tests.issuer.debts.networks import ADDRESS, Administration

DIALECT = """
[file]
kind = "fcid"

[kinds.words.gem_ozb_eigenaar]
type = "gem_ozb_eigenaar"
description = "Onroerendezaakbelasting"
rank = "concurrent"
rank_basis = "Gemeentewet, artikel 249"
allocation = "iw_7"

[kinds.words.gem_rioolheffing]
type = "gem_rioolheffing"
rank = "concurrent"
rank_basis = "Gemeentewet, artikel 249"
allocation = "iw_7"
"""
OIN = "00000001001234567000"


@pytest.fixture
def source(tmp_path):
    def make(text=DIALECT, extra=""):
        path = tmp_path / "fcid.toml"
        path.write_text(text + extra, encoding="utf-8")
        return Source("heffingen", "Heffingen", path)

    return make


@pytest.fixture
def deliver(tmp_path):
    def make(content):
        path = tmp_path / "fcid.json"
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        return path

    return make


def event(kind, number, day="2026-02-01", **members):
    return {
        "gebeurtenis_type": kind,
        "gebeurtenis_kenmerk": number,
        "datumtijd_gebeurtenis": f"{day}T09:00:00+01:00",
        **members,
    }


def imposed(number, cents, **members):
    return event(
        "FinancieleVerplichtingOpgelegd",
        number,
        **{
            "type": "gem_ozb_eigenaar",
            "categorie": "Algemeen",
            "bedrag": cents,
            "opgelegd_door": OIN,
            **members,
        },
    )


def case(*events, number="Z-1", **members):
    return {"zaakkenmerk": number, "gebeurtenissen": list(events), **members}


def document(*cases, bsn=ANNE, at="2026-11-20T08:00:00+01:00", **members):
    body = {"aangeleverd_door": OIN, "document_datumtijd": at, "bsn": bsn}
    body["financiele_zaken"] = list(cases)
    return {
        "type": "FINANCIAL_CLAIMS_INFORMATION_DOCUMENT",
        "version": "4",
        "body": body,
        **members,
    }


PARTLY_PAID = (
    imposed("E-1", 40_000, omschrijving="OZB 2026", beschikkingsnummer="B-1"),
    event(
        "BetalingsverplichtingOpgelegd",
        "E-2",
        bedrag=40_000,
        type="Aanschrijving",
        vervaldatum="2026-03-15",
        rekeningnummer="NL91ABNA0417164300",
        betalingskenmerk="K-1",
    ),
    imposed("E-3", 900, categorie="Administratiekosten", kostensoort="aanmaning"),
    imposed("E-4", 7_000, categorie="Administratiekosten", kostensoort="dwangbevel"),
    event("BetalingVerwerkt", "E-5", "2026-06-01", bedrag=5_000),
)


def debts(check):
    return [debt for _, debt in check.first]


def test_a_partly_paid_bill_has_the_balance_of_its_events(source, deliver):
    check = check_file(source(), deliver(document(case(*PARTLY_PAID, saldo=42_900))), None, NOW)
    [debt] = debts(check)
    assert check.report.reference_date == REFERENCE
    assert (debt.balance_cents, debt.principal_cents, debt.paid_cents) == (42_900, 40_000, 5_000)
    assert (debt.reminder_costs_cents, debt.warrant_costs_cents) == (900, 7_000)
    assert (debt.case_number, debt.debt_number) == ("Z-1", "E-1")
    assert (debt.due_on, debt.iban) == (date(2026, 3, 15), "NL91ABNA0417164300")
    assert (debt.decision_number, debt.rank) == ("B-1", "concurrent")


def test_events_in_any_order_and_twice_are_the_same_debt(source, deliver):
    forth = check_file(source(), deliver(document(case(*PARTLY_PAID))), None, NOW)
    events = [*reversed(PARTLY_PAID), *PARTLY_PAID]
    back = check_file(source(), deliver(document(case(*events))), None, NOW)
    assert debts(forth) == debts(back)


def test_a_list_of_documents_is_of_several_people(source, deliver, register):
    path = deliver([document(case(imposed("E-1", 1))), document(case(imposed("E-2", 2)), bsn=BRAM)])
    import_file(register, source(), path, None, NOW)
    [anne] = register.account_of(ANNE, [source()]).debts
    [bram] = register.account_of(BRAM, [source()]).debts
    assert (anne.balance_cents, bram.balance_cents) == (1, 2)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"saldo": 1}, "event_balance"),
        ({"totaal_financieel_verplicht": 5, "totaal_financieel_vereffend": 4}, "event_balance"),
        ({"saldo": 40_000, "totaal_opgelegd": 5, "totaal_reeds_betaald": 4}, "event_unknown"),
        ({"saldo": "40000"}, "event_unknown"),
        ({"zaakkenmerk": None}, "event_unknown"),
        ({"gebeurtenissen": None}, "event_unknown"),
        ({"gebeurtenissen": [imposed("E-1", 400.5)]}, "event_unknown"),
        ({"gebeurtenissen": [imposed("E-1", "1")]}, "event_unknown"),
        ({"gebeurtenissen": [imposed("E-1", 0)]}, "event_amount"),
        ({"gebeurtenissen": [imposed("E-1", 1, bsn=BRAM)]}, "event_unknown"),
        ({"gebeurtenissen": [imposed("E-1", 1, zaakkenmerk="Z-2")]}, "event_unknown"),
        ({"gebeurtenissen": [imposed("E-1", 1, type="gem_onbekend")]}, "kind_unknown"),
        ({"gebeurtenissen": [imposed("E-1", 1, kostensoort="x")]}, "event_unknown"),
        ({"gebeurtenissen": [event("BelastingGeheven", "E-1", bedrag=1)]}, "event_unknown"),
        ({"gebeurtenissen": [event("BetalingVerwerkt", "E-1", "2026-13-01")]}, "event_unknown"),
        ({"gebeurtenissen": [imposed("E-1", 1, datumtijd_opgelegd="2026-02-01")]}, "event_unknown"),
        (
            {"gebeurtenissen": [imposed("E-1", 1, datumtijd_opgelegd="2026-11-22T00:00:00Z")]},
            "date_future",
        ),
        ({"bsn": "123456789"}, "bsn_eleven_test"),
        ({"bsn": 5}, "bsn_missing"),
    ],
)
def test_a_case_that_is_not_understood_is_refused_and_no_other(source, deliver, changed, code):
    wrong = case(imposed("E-1", 40_000)) | changed
    right = case(imposed("E-9", 100), number="Z-9")
    report = check_file(source(), deliver(document(wrong, right)), None, NOW).report
    assert (report.good, [row.code for row in report.refused]) == (1, [code])


def test_somebody_whose_case_is_refused_has_an_incomplete_source(source, deliver, register):
    wrong = case(imposed("E-1", 40_000), saldo=1)
    path = deliver([document(wrong), document(case(imposed("E-2", 2)), bsn=BRAM)])
    import_file(register, source(), path, None, NOW)
    states = [register.account_of(bsn, [source()]).sources[0].status for bsn in (ANNE, BRAM)]
    assert states == ["onvolledig", "ok"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "no JSON"),
        ({"bsn": ANNE}, "no FCID"),
        (document() | {"version": "2.0.1"}, "another version"),
        (document(at="gisteren"), "of when"),
        (document(at="2026-11-20"), "of when"),
        (document() | {"body": {"document_datumtijd": "2026-11-20T08:00:00Z"}}, "no list"),
        (document("x"), "no object"),
        ([document(), document(at="2026-11-19T08:00:00Z")], "older"),
    ],
)
def test_what_is_no_fcid_is_refused_whole(source, deliver, content, message):
    with pytest.raises(FileRefusedError, match=message):
        check_file(source(), deliver(content), None, NOW)


def test_the_reference_date_is_the_one_that_the_document_states(source, deliver):
    path = deliver(document(case(imposed("E-1", 1))))
    assert check_file(source(), path, REFERENCE, NOW).report.good == 1
    with pytest.raises(ImportRefusedError, match="another reference date"):
        check_file(source(), path, date(2026, 11, 19), NOW)


def test_documents_are_asked_for_at_an_address_too(source, register):
    one = json.dumps(document(case(imposed("E-1", 1)))).encode()
    origin = Origin(address=ADDRESS, fetcher=Administration(bodies={1: one}))
    import_file(register, source(), origin, None, NOW)
    assert import_file(register, source(), origin, None, NOW).unchanged
    [debt] = register.account_of(ANNE, [source()]).debts
    assert debt.balance_cents == 1


def test_pages_of_documents_are_all_or_nothing(source, register):
    paged = source(extra='\n[rest]\nitems = "results"\nnext = "links.next"\ntotal = "count"\n')
    items = [document(case(imposed(f"E-{n}", n + 1), number=f"Z-{n}")) for n in range(5)]
    origin = Origin(address=ADDRESS, fetcher=Administration(items))
    assert import_file(register, paged, origin, None, NOW).good == 5
    origin = Origin(address=ADDRESS, fetcher=Administration(items, broken=(3,)))
    with pytest.raises(SourceUnreachableError):
        import_file(register, paged, origin, None, NOW)
    assert len(register.account_of(ANNE, [paged]).debts) == 5


ALL = (
    imposed("E-1", 10_000, vordering_kenmerk="V-1"),
    event(
        "BetalingsverplichtingOpgelegd",
        "E-2",
        bedrag=10_000,
        vervaldatum="2026-03-15T00:00:00+01:00",
    ),
    event("BetalingsverplichtingOpgelegd", "E-3", bedrag=10_000, type="Aanmaning"),
    event("BetalingsverplichtingIngetrokken", "E-4", ingetrokken_gebeurtenis_kenmerk="E-3"),
    event("BetalingVerwerkt", "E-5", bedrag=1_000, datumtijd_ontvangen="2026-04-01T00:00:00Z"),
    event("FinancieleVerplichtingKwijtgescholden", "E-6", bedrag_kwijtschelding=500),
    event(
        "FinancieleVerplichtingGecorrigeerd",
        "E-7",
        bedrag=-250,
        gecorrigeerde_gebeurtenis_kenmerk="E-1",
    ),
    event("BedragUitbetaald", "E-8", "2026-05-01", bedrag=100),
    event("VerrekeningVerwerkt", "E-9", "2026-05-02", bedrag=50),
    event(
        "VerplichtingOvergedragen",
        "E-10",
        overdracht="incasso_opdracht",
        behandelaar_soort="deurwaarder",
        behandelaar_naam="Deurwaarders BV",
        behandelaar_dossiernummer="D-1",
    ),
    event("VerplichtingBetwist", "E-11", soort="bezwaar", termijn_einddatum="2026-12-31"),
    event(
        "BetalingsregelingGetroffen",
        "E-12",
        bedrag_per_termijn=1_000,
        frequentie="maand",
        start="2026-06-01",
        nagekomen=True,
        resterend=7,
    ),
    event("BetalingVerwerkt", "E-13", bedrag=9_999),
    event("GebeurtenisIngetrokken", "E-14", ingetrokken_gebeurtenis_kenmerk="E-13"),
)


def test_every_type_of_event_is_read(source, deliver):
    [debt] = debts(check_file(source(), deliver(document(case(*ALL, saldo=8_300))), None, NOW))
    assert debt.debt_number == "V-1"
    assert (debt.remitted_cents, debt.corrected_cents) == (500, -250)
    assert debt.due_on == date(2026, 3, 15)
    assert (debt.handler_name, debt.transfer) == ("Deurwaarders BV", "incasso_opdracht")
    assert debt.flags == ("betwist",)
    assert (debt.plan.instalment_cents, debt.plan.kept) == (1_000, True)


def test_columns_do_not_belong_to_a_source_with_events(source, deliver):
    with pytest.raises(Exception, match="columns belongs to sources with columns"):
        check_file(source(extra='\n[columns]\nbsn = "bsn"\n'), deliver(document()), None, NOW)
