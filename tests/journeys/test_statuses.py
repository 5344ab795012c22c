"""Withdrawn, outdated and unchecked statements: each in its group, none hides another."""

from datetime import datetime

import pytest

from issuer import cli as issuer_cli
from tests.journeys.actors import BOXTEL, NAMES, OTHER, command, day, euro, now

pytestmark = pytest.mark.services

# Boxtel's taxes say of these two residents (by place) what changes in a later delivery.
FIRST = 0
RISES = ("120,16;0,00;0,00;0,00;0,00;0,00;120,16", "130,16;0,00;0,00;0,00;0,00;0,00;130,16")


@pytest.fixture
def answered(scene):
    """Share exactly these cards of somebody in a case of their own."""

    def answer(resident, *cards):
        case = scene.case(resident.person)
        resident.answer(case.link, *cards)
        return case

    return answer


def groups(seen):
    """Of every group that is not empty: organisation and reason of what is in it."""
    return {
        name: sorted((one["organisation"], one["reason"]) for one in entries)
        for name, entries in seen["groups"].items()
        if entries
    }


def reasons(seen):
    return sorted((one["organisation"], one["reason"]) for one in seen["findings"])


def test_withdrawn_by_the_resident_on_the_page_is_not_in_the_total(scene, answered, expected):
    resident = scene.resident(2)
    cards = resident.receive(BOXTEL, OTHER)
    visit = scene.visit(BOXTEL, resident.person)
    assert "Ingetrokken" in visit.withdraw_all().body.decode()
    assert resident.wallet.statuses(now())[cards[0].id] == "withdrawn"
    case = answered(resident, *cards)
    assert_withdrawn(case, expected["residents"][2])


def test_revoked_at_the_desk_is_not_in_the_total(scene, answered, expected):
    resident = scene.resident(3)
    cards = resident.receive(BOXTEL, OTHER)
    assert scene.revoke(BOXTEL, resident.person)
    case = answered(resident, *cards)
    assert_withdrawn(case, expected["residents"][3])


def assert_withdrawn(case, truth):
    boxtel, other = (truth["per_organisation"][slug]["outstanding"] for slug in (BOXTEL, OTHER))
    seen = case.result()
    assert groups(seen) == {
        "verified": [(NAMES[OTHER], None)],
        "withdrawn": [(NAMES[BOXTEL], "revoked")],
    }
    assert reasons(seen) == [(NAMES[BOXTEL], "revoked")]
    assert seen["groups"]["withdrawn"][0]["outstanding"] == boxtel
    assert seen["totals"]["outstanding"] == other
    assert seen["complete"] is False
    assert {debt["organisation"] for debt in seen["debts"]} == {NAMES[OTHER]}
    page = case.overview()
    assert f"Totaal openstaand: ten minste {euro(other)}" in page
    assert "Gemeente Boxtel heeft deze opgave ingetrokken." in page
    assert "Ingetrokken Deze bedragen tellen niet mee in het totaal." in page
    assert euro(boxtel) in page


def test_the_wallet_itself_does_not_offer_a_withdrawn_card(scene, answered):
    resident = scene.resident(7)
    resident.receive(BOXTEL, OTHER)
    scene.revoke(BOXTEL, resident.person)
    seen = answered(resident).result()
    states = {one["name"]: one["state"] for one in seen["organisations"]}
    assert states == {NAMES[BOXTEL]: "missing", NAMES[OTHER]: "verified"}
    assert seen["complete"] is False


def test_a_revocation_of_one_person_touches_nobody_else(scene, answered):
    revoked, other = scene.resident(8), scene.resident(10)
    other.receive(BOXTEL, OTHER)
    revoked.receive(BOXTEL)
    scene.revoke(BOXTEL, revoked.person)
    seen = answered(other).result()
    assert seen["complete"] is True


def test_superseded_shows_its_amount_and_date_outside_the_total(changing):
    changing.deliver()
    scene, resident = changing.scene, changing.scene.resident(FIRST)
    old, other = resident.receive(BOXTEL, OTHER)
    old_day = day(datetime.fromisoformat(old.claims["peildatum"]))
    unchanged = scene.resident(4)
    kept = unchanged.receive(BOXTEL)
    changing.deliver(RISES, days=1)
    case = scene.case(resident.person)
    resident.answer(case.link, old, other)
    seen = case.result()
    assert groups(seen)["outdated"] == [(NAMES[BOXTEL], "superseded")]
    assert groups(seen)["verified"] == [(NAMES[OTHER], None)]
    assert seen["totals"]["outstanding"] == other.claims["totaal_openstaand"]
    assert seen["complete"] is False
    page = case.overview()
    assert f"De opgave van Gemeente Boxtel is verouderd, stand van {old_day}." in page
    amount = euro(old.claims["totaal_openstaand"])
    assert f"Schulden 5 Openstaand {amount} Stand stand van {old_day}" in page
    # Whoever's debts did not change keeps a current statement.
    assert unchanged.wallet.statuses(now())[kept[0].id] == "valid"


def test_old_and_new_together_count_once_and_only_the_newest(changing):
    changing.deliver()
    scene, resident = changing.scene, changing.scene.resident(FIRST)
    [old] = resident.receive(BOXTEL)
    changing.deliver(RISES, days=1)
    new, other = resident.receive(BOXTEL, OTHER)
    case = scene.case(resident.person)
    resident.answer(case.link, old, new, other)
    seen = case.result()
    assert seen["complete"] is True
    assert new.claims["totaal_openstaand"] == old.claims["totaal_openstaand"] + 1_000
    assert seen["totals"]["outstanding"] == sum(
        card.claims["totaal_openstaand"] for card in (new, other)
    )
    assert reasons(seen) == [(NAMES[BOXTEL], "superseded")]


@pytest.mark.parametrize("days", [0, 1], ids=["corrected on the same day", "a day later"])
def test_a_statement_that_was_current_when_it_was_shared_gives_way_to_a_newer_one(changing, days):
    """The debts change while a case is open: what was found before must not keep counting."""
    changing.deliver()
    scene, resident = changing.scene, changing.scene.resident(FIRST)
    old, other = resident.receive(BOXTEL, OTHER)
    case = scene.case(resident.person)
    resident.answer(case.link, old, other)
    assert case.result()["complete"] is True
    changing.deliver(RISES, days=days)
    [new] = resident.receive(BOXTEL)
    resident.answer(case.ask_again(), new)
    seen = case.result()
    assert seen["totals"]["outstanding"] == sum(
        card.claims["totaal_openstaand"] for card in (new, other)
    )
    assert seen["complete"] is True
    assert len(seen["debts"]) == 8
    assert [one["organisation"] for one in seen["findings"]] == [NAMES[BOXTEL]]


def test_what_cannot_be_checked_is_said_and_does_not_count(changing):
    scene, resident = changing.scene, changing.scene.resident(13)
    boxtel, other = resident.receive(BOXTEL, OTHER)
    case = scene.case(resident.person)
    scene.world.stop(BOXTEL)
    try:
        resident.answer(case.link, boxtel, other)
    finally:
        scene.world.start(BOXTEL)
    seen = case.result()
    assert groups(seen)["unchecked"] == [(NAMES[BOXTEL], "STATUS_RETRIEVAL_ERROR")]
    assert seen["totals"]["outstanding"] == other.claims["totaal_openstaand"]
    assert seen["complete"] is False
    page = case.overview()
    assert "De opgave van Gemeente Boxtel kon niet worden gecontroleerd." in page
    assert euro(boxtel.claims["totaal_openstaand"]) in page
    # Asked again when the list answers, the same cards are checked and count.
    resident.answer(case.ask_again(), boxtel, other)
    again = case.result()
    assert again["complete"] is True
    assert groups(again) == {"verified": [(NAMES[BOXTEL], None), (NAMES[OTHER], None)]}


def test_withdrawn_outdated_and_unchecked_in_one_case_hide_nothing_of_each_other(changing):
    changing.deliver()
    scene, resident = changing.scene, changing.scene.resident(FIRST)
    known = records(scene, resident)
    [withdrawn] = resident.receive(BOXTEL)
    [record] = records(scene, resident) - known
    [outdated] = resident.receive(BOXTEL)
    changing.deliver(RISES, days=1)
    # Both are old by now; one of them is also withdrawn, which says more.
    assert scene.revoke(BOXTEL, resident.person, record) == [record]
    current, unchecked = resident.receive(BOXTEL, OTHER)
    case = scene.case(resident.person)
    scene.world.stop(OTHER)
    try:
        resident.answer(case.link, withdrawn, outdated, current, unchecked)
    finally:
        scene.world.start(OTHER)
    seen = case.result()
    assert groups(seen) == {
        "verified": [(NAMES[BOXTEL], None)],
        "outdated": [(NAMES[BOXTEL], "superseded")],
        "unchecked": [(NAMES[OTHER], "STATUS_RETRIEVAL_ERROR")],
        "withdrawn": [(NAMES[BOXTEL], "revoked")],
    }
    assert len(seen["findings"]) == 3
    assert seen["totals"]["outstanding"] == current.claims["totaal_openstaand"]
    assert seen["complete"] is False
    page = case.overview()
    for title in ("Verouderd", "Kon niet worden gecontroleerd", "Ingetrokken"):
        assert f"{title} Deze bedragen tellen niet mee in het totaal." in page
    for sentence in (
        "Gemeente Boxtel heeft deze opgave ingetrokken.",
        "De opgave van Gemeente Boxtel is verouderd, stand van",
        "De opgave van Gemeente Sint-Michielsgestel kon niet worden gecontroleerd.",
    ):
        assert sentence in page
    assert f"Totaal openstaand: ten minste {euro(seen['totals']['outstanding'])}" in page


def records(scene, resident):
    """The desk's numbers of everything that was given out about somebody."""
    config = scene.world.config_path(BOXTEL)
    shown = command(issuer_cli.main, config, "records", "--bsn", resident.person.bsn)
    return {one["record_id"] for one in shown["records"]}
