"""A wallet on Digital Bazaar's oid4-client: it may present, and is refused a card of ours.

Its key proofs have no `typ` and no `iat` (OpenID4VCI 1.0 Appendix F.1 wants both).
"""

import pytest

from tests.interop.issuing import ISSUED, Holding, Stranger, publish_lists
from tests.interop.meeting import WAYS, outstanding
from tests.interop.peer import RefusedError
from tests.journeys.actors import BOXTEL

# What its suites sign and it holds.
CARDS = [name for name in ISSUED if name.startswith("Digital Bazaar")]


def test_its_key_proof_is_refused(scene, strangers):
    offer = scene.offer(BOXTEL, scene.world.residents[3])
    card = "schuldenopgave_ldp_eddsa"
    told = strangers("oid4_client").call("askWithProof", link=offer["link"], configuration=card)
    assert told == {"status": 400, "error": "invalid_proof", "typ": None, "iat": None}


@pytest.fixture(params=CARDS)
def carried(request, scene, strangers, meeting):
    """A card of the organisation elsewhere that its wallet holds, with the holder's key."""
    office, kind = Stranger(strangers("office"), meeting.elsewhere), ISSUED[request.param]
    publish_lists(office)
    made = strangers("oid4_client").call("makeHolder", algorithm=kind.algorithm)
    holding = Holding(scene.world.residents[3], made["holder"], made["jwk"])
    return {"credential": kind.issue(office, holding), "jwk": made["jwk"]}


def ask(scene, mode, prefix):
    how = ("--response-mode", mode, "--client-id", prefix, "--organisation", "Gemeente Elders")
    return scene.case(scene.world.residents[3], *how)


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_it_presents_a_card(scene, strangers, carried, way):
    mode, prefix = way
    case = ask(scene, mode, prefix)
    wallet, query = strangers("oid4_client"), "schuldenopgave_ldp"
    answered = wallet.call("present", link=case.link, id=query, **carried)
    assert answered["mode"] == mode
    assert answered["audience"].startswith(f"{prefix}:")
    assert outstanding(case) == 42_900


@pytest.mark.parametrize(
    ("prefix", "why"),
    [("x509_hash", "toBER"), ("decentralized_identifier", '"kid" parameter')],
)
def test_left_to_itself_it_opens_no_question_by_these_prefixes(scene, strangers, prefix, why):
    """Its own faults, seen again here: were they mended, `peers/oid4_client.mjs` could be too."""
    case = ask(scene, "direct_post", prefix)
    with pytest.raises(RefusedError, match=why):
        strangers("oid4_client").call("openAlone", link=case.link)
