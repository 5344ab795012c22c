"""FCID JSON of national bodies: what is taken from it, and everything that is refused."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verifier.world import NOW
from verifier import fcid
from verifier.beside import NationalStatement

CJIB = "00000004000000044000"
BSN = "999291415"


def event(kind, number, **members):
    return {
        "gebeurtenis_type": kind,
        "gebeurtenis_kenmerk": number,
        "datumtijd_opgelegd": "2026-05-01T00:00:00+02:00",
        **members,
    }


FINE = event(
    "FinancieleVerplichtingOpgelegd",
    "E1",
    type="cjib_wahv",
    omschrijving="Te hard gereden",
    bedrag=23_000,
    primaire_verplichting=True,
    opgelegd_door=CJIB,
    bsn=BSN,
)
COSTS = event(
    "FinancieleVerplichtingOpgelegd", "E2", type="cjib_adm", bedrag=900, omschrijving="Kosten"
)
DEMAND = event(
    "BetalingsverplichtingOpgelegd",
    "E3",
    vervaldatum="2026-07-01T00:00:00+02:00",
    betalingskenmerk="K1",
)
REMINDER = event(
    "BetalingsverplichtingOpgelegd",
    "E4",
    datumtijd_opgelegd="2026-08-01T00:00:00+02:00",
    vervaldatum="2026-09-01",
    betalingskenmerk="K2",
)


def case(**changes):
    members = {
        "zaakkenmerk": "Z-1",
        "bsn": BSN,
        "saldo": 18_900,
        "saldo_datumtijd": "2026-11-19T23:30:00Z",
        "totaal_financieel_verplicht": 23_900,
        "totaal_financieel_vereffend": 5_000,
        "gebeurtenissen": [COSTS, FINE, DEMAND, REMINDER],
        **changes,
    }
    return {name: value for name, value in members.items() if value is not ...}


def document(*cases, version="4.1.0", **changes):
    body = {
        "aangeleverd_door": CJIB,
        "document_datumtijd": "2026-11-20T12:00:00+01:00",
        "bsn": BSN,
        "financiele_zaken": list(cases) or [case()],
        **changes,
    }
    return {"type": fcid.TYPE, "version": version, "body": body}


def read(told, **how):
    data = told if isinstance(told, bytes) else json.dumps(told).encode()
    return fcid.read(data, **{"now": NOW, **how})


def refused(told):
    with pytest.raises(fcid.FcidError) as caught:
        read(told)
    return caught.value.status, caught.value.reason


def test_a_case_gives_its_balance_its_primary_obligation_and_its_newest_demand():
    told = read(document(), subject=1)
    assert (told.body, told.oin, told.subject) == ("CJIB", CJIB, 1)
    assert told.outstanding == 18_900
    [claim] = told.claims
    assert (claim.case_number, claim.outstanding, claim.creditor) == ("Z-1", 18_900, "CJIB")
    assert (claim.kind, claim.description) == ("cjib_wahv", "Te hard gereden")
    assert (claim.reference, claim.due_on) == ("K2", "2026-09-01")
    assert claim.creditor_oin == CJIB


def test_its_age_is_that_of_the_oldest_balance_as_a_dutch_day():
    old = case(zaakkenmerk="Z-2", saldo_datumtijd="2026-10-01T22:30:00Z")
    assert read(document(case(), old)).told_on == "2026-10-02"
    assert read(document(case(saldo_datumtijd=...))).told_on == "2026-11-20"


def test_the_bsn_is_not_kept():
    assert BSN not in repr(read(document()))
    assert BSN not in json.dumps(read(document()).to_json())


def test_what_is_read_can_be_kept_and_read_again():
    told = read(document(case(), case(zaakkenmerk="Z-2", gebeurtenissen=[])))
    assert NationalStatement.from_json(json.loads(json.dumps(told.to_json()))) == told


def test_the_same_file_has_the_same_digest():
    assert read(document()).digest == read(document()).digest
    assert read(document()).digest != read(document(case(zaakkenmerk="Z-2"))).digest


def test_credit_is_never_netted():
    credit = case(zaakkenmerk="Z-2", saldo=-500, totaal_financieel_verplicht=...)
    assert read(document(case(), credit)).outstanding == 18_900


@pytest.mark.parametrize("version", ["3", "3.0.0", "v4.1.0", "4"])
def test_the_published_versions_are_read(version):
    assert read(document(version=version)).claims


def test_version_3_names_its_sums_otherwise():
    old = case(
        totaal_financieel_verplicht=...,
        totaal_financieel_vereffend=...,
        totaal_opgelegd=23_900,
        totaal_reeds_betaald=5_000,
        saldo=...,
    )
    assert read(document(old, version="3.0.0")).outstanding == 18_900


def test_no_debts_is_an_answer_too():
    told = read(document(financiele_zaken=[]))
    assert (told.claims, told.body, told.outstanding) == ((), f"OIN {CJIB}", 0)


def test_a_kind_of_nobody_known_is_called_by_its_number():
    unknown = {**FINE, "type": "gem_leges", "opgelegd_door": "00000001001234567000"}
    told = read(document(case(gebeurtenissen=[unknown])))
    assert told.claims[0].creditor == "OIN 00000001001234567000"


def test_unknown_members_are_ignored_and_an_event_told_twice_is_one():
    told = read({**document(case(gebeurtenissen=[FINE, FINE], nieuw={"a": 1})), "extra": 1})
    assert told.claims[0].description == "Te hard gereden"


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        (b"", (415, "not_json")),
        (b"<html>", (415, "not_json")),
        (b"%PDF-1.7", (415, "not_json")),
        (b"\xff\xfe{}", (415, "not_json")),
        (b'{"type":1,"type":2}', (415, "not_json")),
        (b"[" * 100 + b"]" * 100, (415, "not_json")),
        (b" " * (fcid.MAX_BYTES + 1), (413, "too_large")),
        ([], (422, "not_fcid")),
        ({}, (422, "not_fcid")),
        ({**document(), "type": "IETS"}, (422, "not_fcid")),
        ({**document(), "body": []}, (422, "not_fcid")),
        ({**document(), "version": 4}, (422, "not_fcid")),
        (document(version="5.0.0"), (422, "version")),
        (document(version="2.0.1"), (422, "version")),
        (document(version="4.1.0-beta"), (422, "version")),
        (document(aangeleverd_door="1"), (422, "contents")),
        (document(aangeleverd_door=None), (422, "contents")),
        (document(document_datumtijd="2026-11-20"), (422, "contents")),
        (document(document_datumtijd="2026-11-20T12:00:00"), (422, "contents")),
        (document(document_datumtijd="gisteren"), (422, "contents")),
        (document(document_datumtijd="9999-12-31T23:59:59-12:00"), (422, "contents")),
        (document(document_datumtijd="2026-12-20T12:00:00+01:00"), (422, "future")),
        (document(financiele_zaken={}), (422, "contents")),
        (document(financiele_zaken=[1]), (422, "contents")),
        (document(financiele_zaken=[case()] * (fcid.MAX_CASES + 1)), (422, "contents")),
        (document(case(zaakkenmerk="")), (422, "contents")),
        (document(case(zaakkenmerk=7)), (422, "contents")),
        (document(case(zaakkenmerk="x" * 501)), (422, "contents")),
        (document(case(saldo="18900")), (422, "contents")),
        (document(case(saldo=189.0)), (422, "contents")),
        (document(case(saldo=True)), (422, "contents")),
        (document(case(saldo=10**14)), (422, "contents")),
        (document(case(saldo=18_901)), (422, "sums")),
        (document(case(saldo=..., totaal_financieel_verplicht=...)), (422, "contents")),
        (document(case(saldo_datumtijd="2027-01-01T00:00:00Z")), (422, "future")),
        (document(case(gebeurtenissen="x")), (422, "contents")),
        (document(case(gebeurtenissen=[1])), (422, "contents")),
        (document(case(gebeurtenissen=[{}])), (422, "contents")),
        (document(case(gebeurtenissen=[{**FINE, "type": "=1+1"}])), (422, "contents")),
        (document(case(gebeurtenissen=[{**FINE, "opgelegd_door": "x"}])), (422, "contents")),
        (document(case(gebeurtenissen=[{**FINE, "omschrijving": 3}])), (422, "contents")),
        (document(case(gebeurtenissen=[{**DEMAND, "vervaldatum": "x"}])), (422, "contents")),
        (
            document(case(gebeurtenissen=[{**DEMAND, "datumtijd_opgelegd": None}])),
            (422, "contents"),
        ),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused(told, answer):
    assert refused(told) == answer


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from([FINE, CJIB]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.sampled_from([*case(), *document()["body"], *FINE, *DEMAND]), anything)
@settings(max_examples=200, deadline=None)
def test_any_value_anywhere_is_read_or_refused(name, value):
    changed = {"gebeurtenissen": [{**FINE, name: value}, DEMAND], name: value}
    told = document(case(**changed))
    told["body"][name] = value
    assert _outcome(told) in {"read", *fcid.STATUSES}


def _outcome(told):
    try:
        read(told)
    except fcid.FcidError as error:
        return error.reason
    return "read"
