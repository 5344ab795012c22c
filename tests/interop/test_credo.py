"""A wallet on Credo-TS meets the running services."""

import pytest

from tests.interop.meeting import WAYS, accept, answer, ask, outstanding
from tests.interop.peer import RefusedError
from tests.journeys.actors import BOXTEL, OTHER

CARDS = ("schuldenopgave_sd_jwt", "schuldenopgave_jwt_vc")


@pytest.fixture(scope="module")
def wallet(strangers):
    peer = strangers("credo")
    peer.call("forget")
    return peer


@pytest.fixture(scope="module")
def accepted(scene, wallet):
    """Both municipalities' cards of the profile for Credo; the second with a transaction code."""
    person = scene.world.residents[0]
    first = scene.offer(BOXTEL, person, "--profile", "credo")
    second = scene.offer(OTHER, person, "--profile", "credo", "--tx-code")
    return [*accept(wallet, first), *accept(wallet, second, algorithm="EdDSA")]


def test_cards_are_accepted_without_and_with_a_transaction_code(accepted):
    assert [card["id"] for card in accepted] == [*CARDS, *CARDS]


@pytest.mark.usefixtures("accepted")
@pytest.mark.parametrize("configuration", CARDS)
@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_cards_are_presented_and_verified(scene, expected, wallet, configuration, way):
    asked = ask(scene, way)
    assert answer(wallet, asked, configuration) == {configuration: 2}
    assert outstanding(asked.case) == expected["residents"][0]["outstanding"]


@pytest.mark.usefixtures("accepted")
def test_without_naming_elements_credo_withholds_every_debt(scene, wallet):
    """Its own choice of what to show stops at an array, and the overview tells what is missing."""
    case = scene.case(scene.world.residents[0])
    wallet.call("present", link=case.link, ids=["schuldenopgave_sd_jwt"], elements=False)
    reasons = [finding["reason"] for finding in case.result()["findings"]]
    assert reasons == ["claims_withheld"] * 2


@pytest.mark.usefixtures("accepted")
def test_left_to_itself_credo_still_shows_every_debt_in_one_format(scene, expected, wallet):
    """Both cards answer, and what one withholds the other tells."""
    case = scene.case(scene.world.residents[0])
    wallet.call("present", link=case.link, elements=False)
    assert case.result()["totals"]["outstanding"] == expected["residents"][0]["outstanding"]


def test_of_the_general_offer_credo_takes_what_it_knows(scene, wallet):
    offer = scene.offer(BOXTEL, scene.world.residents[1])
    offered = wallet.call("accept", link=offer["link"], only=[])["offered"]
    assert set(CARDS) <= set(offered)


def test_a_question_that_names_an_unknown_format_is_refused_as_a_whole(scene, wallet):
    """Why `vc+jwt` is asked only where the settings say so."""
    case = scene.case(None, "--format", "dc+sd-jwt", "--format", "vc+jwt")
    with pytest.raises(RefusedError, match=r'received "vc\+jwt"'):
        wallet.call("present", link=case.link)


def test_a_wrong_transaction_code_gets_nothing(scene, wallet):
    offer = scene.offer(BOXTEL, scene.world.residents[1], "--tx-code")
    with pytest.raises(RefusedError, match="invalid_grant"):
        wallet.call("accept", link=offer["link"], txCode="000000")
