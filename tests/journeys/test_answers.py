"""What wallets answer, in full, in part or not at all, and what the counsellor sees of it."""

from datetime import date

import pytest

from holder_demo.acceptance import RefusedError
from tests.journeys.actors import BOXTEL, NAMES, OTHER, day, euro, now

pytestmark = pytest.mark.services

ALONE, NEIGHBOUR = 17, 18


def test_a_wallet_that_declines_is_seen_in_the_case(scene):
    resident = scene.resident(ALONE)
    resident.receive(BOXTEL)
    case = scene.case(resident.person)
    resident.decline(case.link)
    assert case.result()["state"] == "CANCELLED"
    page = case.page()
    assert "Niet gedeeld De cliënt heeft niets gedeeld. Dat mag." in page
    assert "Stel de vraag opnieuw" in page
    resident.answer(case.ask_again())
    assert case.organisation(BOXTEL)["state"] == "verified"


def test_a_request_waits_until_it_is_opened_and_is_answered_once(scene):
    resident = scene.resident(ALONE)
    resident.receive(BOXTEL, OTHER)
    case = scene.case(resident.person)
    assert case.result()["state"] == "CREATED"
    assert "Nog niet gescand" in case.page()
    question = resident.wallet.read_question(case.link, now=now())
    assert case.result()["state"] == "WAITING_FOR_RESPONSE"
    shares = resident.wallet.propose(question, now=now())
    resident.wallet.share(question, shares, now=now())
    assert "Antwoord ontvangen" in case.page()
    before = case.result()
    with pytest.raises(RefusedError):
        resident.wallet.share(question, shares, now=now())
    assert case.result() == before


def test_debts_that_are_left_out_are_counted_and_named_in_a_warning(scene):
    resident = scene.resident(0)
    boxtel, other = resident.receive(BOXTEL, OTHER)
    case = scene.case(resident.person)
    left_out = boxtel.debts[0]["saldo"] + boxtel.debts[2]["saldo"]

    def keep_back(share):
        return share.without((), (0, 2)) if share.card.id == boxtel.id else share

    resident.answer(case.link, change=keep_back)
    seen = case.result()
    [finding] = seen["findings"]
    assert finding["reason"] == "claims_withheld"
    assert (finding["missing"], finding["amount"]) == (2, left_out)
    assert seen["complete"] is False
    assert case.organisation(BOXTEL)["remarks"] == ["withheld"]
    assert len(seen["debts"]) == len(boxtel.debts) - 2 + len(other.debts)
    page = case.overview()
    sentence = f"Er ontbreken schulden: 2, samen {euro(left_out)}."
    assert f"Niet alles van Gemeente Boxtel is gedeeld. {sentence}" in page
    assert "Niet compleet" in page
    # Shared in full afterwards, nothing is missing any more.
    resident.answer(case.ask_again())
    assert case.result()["complete"] is True


def test_all_debts_left_out_is_no_nil_statement(scene):
    resident = scene.resident(ALONE)
    [boxtel] = resident.receive(BOXTEL)
    case = scene.case(resident.person, "--organisation", NAMES[BOXTEL])
    resident.answer(case.link, change=lambda share: share.without(("vorderingen",)))
    seen = case.result()
    assert seen["complete"] is False
    [finding] = seen["findings"]
    assert finding["missing"] == len(boxtel.debts)
    assert finding["amount"] == boxtel.claims["totaal_openstaand"]
    assert "geen schulden bij Gemeente Boxtel" not in case.overview()


def test_one_organisation_only_is_incomplete(scene):
    resident = scene.resident(ALONE)
    resident.receive(BOXTEL)
    case = scene.case(resident.person)
    resident.answer(case.link)
    seen = case.result()
    assert seen["complete"] is False
    assert case.organisation(OTHER)["state"] == "missing"
    assert case.organisation(OTHER)["claims"] is None
    page = case.overview()
    assert "Van Gemeente Sint-Michielsgestel is nog geen opgave gedeeld." in page
    assert "Totaal openstaand: ten minste" in page
    # The rest may come later, into the same case.
    resident.receive(OTHER)
    resident.answer(case.ask_again())
    assert case.result()["complete"] is True


def test_only_the_organisation_that_was_chosen_is_complete_alone(scene):
    resident = scene.resident(ALONE)
    resident.receive(BOXTEL)
    case = scene.case(resident.person, "--organisation", NAMES[BOXTEL])
    resident.answer(case.link)
    assert case.result()["complete"] is True


def test_cards_of_two_persons_never_merge(scene, expected):
    resident = scene.resident(ALONE)
    neighbour = scene.world.residents[NEIGHBOUR]
    [own] = resident.receive(BOXTEL)
    foreign = resident.accept(scene.offer(OTHER, neighbour)["link"])
    case = scene.case(resident.person)
    resident.answer(case.link, own, foreign)
    seen = case.result()
    stated = expected["residents"][ALONE]["per_organisation"]
    assert seen["totals"]["outstanding"] == stated[BOXTEL]["outstanding"]
    [entry] = seen["groups"]["other_person"]
    assert (entry["organisation"], entry["reason"]) == (NAMES[OTHER], "subject_mismatch")
    assert entry["outstanding"] == foreign.claims["totaal_openstaand"]
    assert seen["complete"] is False
    assert case.organisation(OTHER)["outstanding"] is None
    page = case.overview()
    assert "Van een andere persoon Deze bedragen tellen niet mee in het totaal." in page
    assert f"{neighbour.name}, {day(date.fromisoformat(neighbour.birthdate))}" in page


def test_two_persons_in_a_case_about_nobody_are_told_apart_too(scene):
    resident = scene.resident(ALONE)
    [own] = resident.receive(BOXTEL)
    foreign = resident.accept(scene.offer(OTHER, scene.world.residents[NEIGHBOUR])["link"])
    case = scene.case()
    resident.answer(case.link, own, foreign)
    seen = case.result()
    assert len(seen["groups"]["other_person"]) == 1
    assert seen["complete"] is False
    assert seen["person"]["established"] is False
    assert "Persoon niet vastgesteld" in case.overview()
