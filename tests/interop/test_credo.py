"""A wallet on Credo-TS meets the running services."""

import pytest

from tests.interop.meeting import MODES, accept, outstanding
from tests.interop.peer import RefusedError
from tests.journeys.actors import BOXTEL, OTHER


@pytest.fixture
def wallet(strangers):
    peer = strangers("credo")
    peer.call("forget")
    return peer


@pytest.mark.parametrize("mode", MODES)
def test_cards_with_selective_disclosure(scene, expected, wallet, mode):
    person, told = scene.world.residents[0], expected["residents"][0]
    accept(wallet, scene.offer(BOXTEL, person), only=["schuldenopgave_sd_jwt"])
    spoken = scene.offer(OTHER, person, "--tx-code")
    accept(wallet, spoken, only=["schuldenopgave_sd_jwt"], algorithm="EdDSA")
    case = scene.case(person, "--response-mode", mode)
    answered = wallet.call("present", link=case.link)
    assert answered["status"] == 200
    assert answered["shown"] == {"schuldenopgave_sd_jwt": 2}
    assert outstanding(case) == told["outstanding"]


def test_a_wrong_transaction_code_gets_nothing(scene, wallet):
    offer = scene.offer(BOXTEL, scene.world.residents[1], "--tx-code")
    with pytest.raises(RefusedError, match="invalid_grant"):
        wallet.call("accept", link=offer["link"], txCode="000000")


def test_without_naming_elements_credo_withholds_every_debt(scene, wallet):
    """Its own choice of what to show stops at an array, and the overview tells what is missing."""
    person = scene.world.residents[0]
    accept(wallet, scene.offer(BOXTEL, person), only=["schuldenopgave_sd_jwt"])
    case = scene.case(person)
    wallet.call("present", link=case.link, elements=False)
    reasons = [finding["reason"] for finding in case.result()["findings"]]
    assert reasons == ["claims_withheld"]
