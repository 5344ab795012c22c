"""A wallet on Digital Bazaar's oid4-client: it may present, and is refused a card.

Its key proofs have no `typ` and no `iat` (OpenID4VCI 1.0 Appendix F.1 wants both).
"""

import pytest

from tests.interop.issuing import ISSUED, Holding, Stranger, publish_lists
from tests.interop.meeting import MODES
from tests.journeys.actors import BOXTEL

KIND = ISSUED["Digital Bazaar, eddsa-rdfc-2022"]


def test_its_key_proof_is_refused(scene, strangers):
    offer = scene.offer(BOXTEL, scene.world.residents[3])
    card = "schuldenopgave_ldp_eddsa"
    told = strangers("oid4_client").call("askWithProof", link=offer["link"], configuration=card)
    assert told == {"status": 400, "error": "invalid_proof", "typ": None, "iat": None}


@pytest.mark.parametrize("mode", MODES)
def test_it_presents_a_card(scene, strangers, meeting, mode):
    office = Stranger(strangers("office"), meeting.elsewhere)
    publish_lists(office)
    wallet, person = strangers("oid4_client"), scene.world.residents[3]
    made = wallet.call("makeHolder", algorithm="EdDSA")
    credential = KIND.issue(office, Holding(person, made["holder"], made["jwk"]))
    case = scene.case(person, "--organisation", "Gemeente Elders", "--response-mode", mode)
    query = "schuldenopgave_ldp"
    wallet.call("present", link=case.link, credential=credential, jwk=made["jwk"], id=query)
    result = case.result()
    assert result["findings"] == [], result["findings"]
    assert result["totals"]["outstanding"] == 42_900
