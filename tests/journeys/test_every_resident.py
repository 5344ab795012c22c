"""Every resident of the sample: statements of both municipalities in one answer, to the cent."""

import pytest

from tests.journeys.actors import BOXTEL, NAMES, OTHER, euro

pytestmark = pytest.mark.services

RESIDENTS = range(40)
NOTHING = {"claims": 0, "outstanding": 0, "credit": 0}
# Every way to ask comes round: (client identifier prefix, response mode).
WAYS = [
    ("x509_hash", "direct_post.jwt"),
    ("x509_hash", "direct_post"),
    ("redirect_uri", "direct_post.jwt"),
    ("redirect_uri", "direct_post"),
]


@pytest.fixture(scope="module")
def case_of(scene):
    """The answered case of a resident, by place in expected.json; each journey is made once."""
    cases = {}

    def answered(number):
        if number not in cases:
            resident = scene.resident(number)
            resident.receive(BOXTEL, OTHER)
            prefix, mode = WAYS[number % len(WAYS)]
            case = scene.case(resident.person, "--prefix", prefix, "--response-mode", mode)
            resident.answer(case.link)
            cases[number] = case
        return cases[number]

    return answered


@pytest.mark.parametrize("number", RESIDENTS)
def test_the_overview_equals_what_is_expected_to_the_cent(number, case_of, expected):
    truth, seen = expected["residents"][number], case_of(number).result()
    assert seen["state"] == "DONE"
    for organisation in seen["organisations"]:
        slug = next(slug for slug, name in NAMES.items() if name == organisation["name"])
        stated = truth["per_organisation"].get(slug, NOTHING)
        assert {name: organisation[name] for name in NOTHING} == stated
        assert organisation["completeness"] == completeness(truth, slug)
        assert (organisation["state"], organisation["basis"]) == ("verified", "wallet")
    assert [one["name"] for one in seen["organisations"]] == list(NAMES.values())
    assert seen["totals"]["outstanding"] == truth["outstanding"]
    assert seen["totals"]["credit"] == truth["credit"]
    assert seen["complete"] is not bool(truth["partial"])
    assert seen["findings"] == []


def completeness(truth, slug):
    if slug in truth["partial"]:
        return "gedeeltelijk"
    return "volledig" if slug in truth["per_organisation"] else "geen_vorderingen"


@pytest.mark.parametrize("number", RESIDENTS)
def test_every_debt_is_there_and_the_debts_add_up_to_the_totals(number, case_of, expected):
    truth, seen = expected["residents"][number], case_of(number).result()
    balances = [debt["saldo"] for debt in seen["debts"]]
    assert len(balances) == sum(one["claims"] for one in truth["per_organisation"].values())
    assert sum(balance for balance in balances if balance > 0) == truth["outstanding"]
    assert -sum(balance for balance in balances if balance < 0) == truth["credit"]


def test_nineteen_statements_are_signed_nil_statements(case_of):
    stated = [one for number in RESIDENTS for one in case_of(number).result()["groups"]["verified"]]
    nil = [one for one in stated if one["completeness"] == "geen_vorderingen"]
    assert len(stated) == 80
    assert len(nil) == 19
    assert {one["claims"] for one in nil} == {0}


def test_the_resident_without_any_debt_reads_so_of_both(case_of, expected):
    number = next(i for i, one in enumerate(expected["residents"]) if not one["per_organisation"])
    page = case_of(number).overview()
    for name in NAMES.values():
        assert f"U heeft geen schulden bij {name}" in page
    assert "Compleet Alle gekozen organisaties hebben alles doorgegeven." in page


def test_a_credit_is_shown_beside_the_total_and_never_netted(case_of, expected):
    number = next(i for i, one in enumerate(expected["residents"]) if one["credit"])
    truth, page = expected["residents"][number], case_of(number).overview()
    assert f"Totaal openstaand {euro(truth['outstanding'])}" in page
    assert f"Tegoed (niet verrekend) {euro(truth['credit'])}" in page
    assert euro(truth["outstanding"] - truth["credit"]) not in page


def test_a_partial_statement_counts_but_never_makes_complete(case_of, expected):
    number = next(i for i, one in enumerate(expected["residents"]) if one["partial"])
    case = case_of(number)
    assert case.organisation(BOXTEL)["remarks"] == ["source_down"]
    assert case.organisation(OTHER)["complete"] is True
    page = case.overview()
    assert "Niet compleet" in page
    assert "Gemeente Boxtel kon niet alles opzoeken. Er kunnen meer schulden zijn." in page


def test_every_way_to_ask_was_used(case_of):
    asked = [case_of(number).asked for number in RESIDENTS]
    ways = {(one["client_id"].partition(":")[0], one["response_mode"]) for one in asked}
    assert ways == set(WAYS)
