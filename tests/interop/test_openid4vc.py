"""A wallet on @openid4vc, @sd-jwt, jose and Digital Bazaar's suites meets the running services."""

import pytest

from tests.interop.meeting import WAYS, accept, answer, ask, outstanding
from tests.interop.peer import RefusedError
from tests.journeys.actors import BOXTEL, OTHER

# How this wallet binds each card to its key, and the query that the card answers.
CARDS = {
    "schuldenopgave_sd_jwt": ("jwk", "ES256", "schuldenopgave_sd_jwt"),
    "schuldenopgave_jwt_vc": ("did:jwk", "ES256", "schuldenopgave_jwt_vc"),
    "schuldenopgave_ldp_eddsa": ("did:key", "EdDSA", "schuldenopgave_ldp"),
    "schuldenopgave_ldp_ecdsa": ("did:key", "ES256", "schuldenopgave_ldp"),
    "schuldenopgave_vc11": ("did:key", "EdDSA", "schuldenopgave_ldp"),
}


@pytest.fixture(scope="module")
def wallet(strangers):
    peer = strangers("openid4vc")
    peer.call("forget")
    return peer


@pytest.fixture(scope="module")
def accepted(scene, wallet):
    """Cards of both municipalities; the second one with a transaction code, by a nameless client.

    Each configuration is accepted once.
    """
    had = {}

    def cards(configuration):
        if configuration not in had:
            binding, algorithm, _ = CARDS[configuration]
            how = {"only": [configuration], "binding": binding, "algorithm": algorithm}
            person = scene.world.residents[0]
            first = scene.offer(BOXTEL, person, "--profile", "all")
            second = scene.offer(OTHER, person, "--profile", "all", "--tx-code")
            had[configuration] = [
                *accept(wallet, first, **how),
                *accept(wallet, second, named=False, **how),
            ]
        return had[configuration]

    return cards


@pytest.mark.parametrize("configuration", CARDS)
def test_a_card_is_accepted_without_and_with_a_transaction_code(accepted, configuration):
    assert [card["id"] for card in accepted(configuration)] == [configuration] * 2


@pytest.fixture(params=WAYS, ids=" ".join)
def asked(request, scene):
    return ask(scene, request.param)


@pytest.mark.parametrize("configuration", CARDS)
def test_cards_are_presented_and_verified(expected, wallet, accepted, configuration, asked):
    accepted(configuration)
    assert answer(wallet, asked, configuration) == {CARDS[configuration][-1]: 2}
    assert outstanding(asked.case) == expected["residents"][0]["outstanding"]


def test_cards_in_every_format_at_once_count_once(scene, expected, wallet, accepted):
    for configuration in CARDS:
        accepted(configuration)
    case = scene.case(scene.world.residents[0])
    shown = wallet.call("present", link=case.link)["shown"]
    assert shown == {
        "schuldenopgave_sd_jwt": 2,
        "schuldenopgave_jwt_vc": 2,
        "schuldenopgave_ldp": 6,
    }
    result = case.result()
    assert {one["reason"] for one in result["findings"]} == {"repeated"}
    assert result["totals"]["outstanding"] == expected["residents"][0]["outstanding"]


def test_the_general_offer_names_what_this_wallet_knows(scene, wallet):
    offer = scene.offer(BOXTEL, scene.world.residents[0])
    offered = wallet.call("accept", link=offer["link"], only=[])["offered"]
    assert set(offered) == CARDS.keys() - {"schuldenopgave_vc11"}


def test_a_question_that_names_an_unknown_format_is_refused_as_a_whole(scene, wallet):
    """Why `vc+jwt` is asked only where the settings say so."""
    case = scene.case(None, "--format", "dc+sd-jwt", "--format", "vc+jwt")
    with pytest.raises(RefusedError, match=r'received "vc\+jwt"'):
        wallet.call("present", link=case.link)


def test_a_wrong_transaction_code_gets_nothing(scene, wallet):
    offer = scene.offer(BOXTEL, scene.world.residents[1], "--tx-code")
    with pytest.raises(RefusedError, match="invalid_grant"):
        wallet.call("accept", link=offer["link"], txCode="000000")
