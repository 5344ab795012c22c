"""Values and graphs in JSON-LD, as they are written: rows I13 to I17 of security.md."""

import json

import pytest

from tests.attacks import proving
from tests.attacks.counsellor import encrypted, post_form, respond
from tests.attacks.exchange import SECONDS
from tests.attacks.holder import Presented
from tests.attacks.judging import OUTSTANDING, finding
from tests.attacks.presenting import DEBT, SUBJECT, put
from tests.attacks.reactions import response_refused

pytestmark = pytest.mark.services

MALFORMED, LIMIT = "MALFORMED_VALUE_ERROR", "policy_limit"
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture
def card(w3c_card):
    return w3c_card


AMOUNT = f'"saldo": {OUTSTANDING}'


def as_text(asked, card, *texts):
    """The honest answer as JSON, with one part of its text replaced by another."""
    entry = card.present(asked.client_id, asked.nonce)
    honest = json.dumps({"vp_token": {entry.query_id: [entry.presentation]}})
    assert honest.count(texts[0]) == 1
    return encrypted(asked, honest.replace(*texts).encode())


@pytest.mark.parametrize(
    "number",
    [
        "42900.0",
        "4.29e4",
        "429E2",
        "42900.000000000001",
        "9007199254740993",
        "-9007199254740992",
        "1e2",
        "0.30000000000000004",
    ],
)
def test_I13_an_amount_is_an_integer_as_it_is_written(arena_counsellor, resident, card, number):
    case = arena_counsellor.open(resident)
    asked = case.ask()
    response_refused(post_form(asked, as_text(asked, card, AMOUNT, f'"saldo": {number}')))
    assert case.report()["state"] == "FAILED"
    asked = case.ask()
    assert post_form(asked, as_text(asked, card, AMOUNT, AMOUNT)).status == 200
    assert case.report()["totals"]["outstanding"] == OUTSTANDING


def test_I13_zero_below_zero_is_no_amount(arena_counsellor, resident, card):
    """RFC 8259 6 has it, and readers differ in whether its sign is there."""
    case = arena_counsellor.open(resident)
    asked = case.ask()
    zero = '"totaal_tegoed": 0'
    response_refused(post_form(asked, as_text(asked, card, zero, zero.replace("0", "-0"))))


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "042900", "+42900", "0x1"])
def test_I13_what_is_no_number_of_json_is_no_response(arena_counsellor, resident, card, number):
    case = arena_counsellor.open(resident)
    asked = case.ask()
    response_refused(post_form(asked, as_text(asked, card, AMOUNT, f'"saldo": {number}')))


def test_I13_a_number_in_another_form_is_a_finding(card, refused_documents):
    values = (429.5, 42_900.0, -0.0, 2**53 + 1, -(2**53), "42900", "42900.0", True)
    refused_documents(
        {repr(one): proving.altered(card, put(DEBT, "saldo", one)) for one in values}, MALFORMED
    )


def test_I14_a_value_is_plain_json(card, refused_documents):
    members = (
        (DEBT, "saldo", "042900"),
        (DEBT, "saldo", {"@value": 42_900}),
        (DEBT, "saldo", {"@value": "042900", "@type": f"{XSD}integer"}),
        (DEBT, "omschrijving", {"@value": "Rioolheffing 2025", "@language": "nl"}),
        (DEBT, "omschrijving", {"@value": "Rioolheffing 2025", "@direction": "rtl"}),
        (DEBT, "omschrijving", {"@value": "Rioolheffing 2025", "@type": "@json"}),
        (DEBT, "schuldeiser", {"@type": "@json", "@value": {"naam": "x"}}),
        (DEBT, "niet_bekend", {"@list": ["opeisbaar"]}),
        (DEBT, "niet_bekend", {"@set": ["opeisbaar"]}),
        ((), "validFrom", {"@value": "2026-01-01T00:00:00Z", "@type": f"{XSD}dateTime"}),
    )
    refused_documents(
        {
            f"{name}: {value}": proving.altered(card, put(place, name, value))
            for place, name, value in members
        },
        MALFORMED,
    )


def test_I14_what_the_issuer_writes_in_another_form_is_malformed(card, identity, refused_documents):
    """Signed by the issuer itself, so only the schema of the terms is against it."""
    key, method = identity.keys["EdDSA"], identity.method("EdDSA")
    members = (
        ("peildatum", "2026-11-20"),
        ("peildatum", "2026-11-20T23:00:00"),
        ("peildatum", "gisteren"),
        ("aantal_vorderingen", -1),
        ("volledigheid", "VOLLEDIG"),
    )
    refused_documents(
        {
            f"{name}: {value}": proving.proven(
                proving.altered(card, put(SUBJECT, name, value)), key, method
            )
            for name, value in members
        },
        MALFORMED,
    )


def clique(size):
    """Nodes that nothing tells apart: canonicalisation tries every order (RDFC-1.0 7.1)."""
    names = [f"_:n{number}" for number in range(size)]
    return [
        {
            "id": name,
            "type": "VerifiablePresentation",
            "termsOfUse": [other for other in names if other != name],
        }
        for name in names
    ]


def test_I16_a_poisoned_graph_costs_nothing(refused, card):
    def poisoned(size):
        return lambda asked: changed(card.present(asked.client_id, asked.nonce), size)

    def changed(entry, size):
        return Presented(entry.query_id, {**entry.presentation, "termsOfUse": clique(size)})

    hostile = {str(size): poisoned(size) for size in (10, 24)}
    refused(hostile, LIMIT)


def test_I16_the_defence_breaks_nothing_that_is_valid(case, identity, resident):
    """A statement of many debts, each with blank nodes of its own, within the time."""
    number = 60
    debts = [identity.town.debt(one) for one in range(1, number + 1)]
    card = identity.card(resident, debts=debts)
    asked = case.ask()
    answer = respond(asked, card.present(asked.client_id, asked.nonce))
    assert (answer.status, set(answer.json())) == (200, {"redirect_uri"})
    assert answer.seconds < SECONDS
    assert case.report()["totals"]["outstanding"] == number * OUTSTANDING


def test_I17_labels_of_blank_nodes_mean_nothing(
    arena_counsellor, identity, resident, company, card
):
    """The issuer's labels are those that canonicalisation gives, in the other order."""
    first, second = card.document["credentialStatus"]
    labelled = card.document
    labelled["credentialStatus"] = [
        {"id": "_:c14n1", **first},
        {"id": "_:c14n0", **second},
    ]
    key, method = identity.keys["EdDSA"], identity.method("EdDSA")
    signed = proving.proven(labelled, key, method)
    for names in (("_:c14n0", "_:c14n1"), ("_:b0", "_:c14n3"), ("_:c14n10", "_:c14n2")):
        again = json.loads(json.dumps(signed))
        for entry, name in zip(again["credentialStatus"], names, strict=True):
            entry["id"] = name
        case = arena_counsellor.open(resident)
        asked = case.ask()
        answer = respond(
            asked,
            proving.presentation(asked, card.key, signed),
            proving.presentation(asked, card.key, again),
        )
        assert answer.status == 200
        assert case.report()["totals"]["outstanding"] == OUTSTANDING

    joined = json.loads(json.dumps(signed))
    joined["credentialStatus"][1]["id"] = "_:c14n1"

    def hostile(asked):
        return proving.presentation(asked, card.key, joined)

    finding(arena_counsellor.open(resident), company, hostile, "CRYPTOGRAPHIC_SECURITY_ERROR")
