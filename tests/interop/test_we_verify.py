"""What strangers issue, present and mark is verified by us; after any change it is refused."""

import json
import time
from dataclasses import dataclass

import pytest

from tests.interop import changes
from tests.interop.elsewhere import PLACE
from tests.interop.issuing import ISSUED, Holding, Stranger, publish_lists
from vckit.errors import VerificationError
from verifier import config as verifier_config
from verifier.opening import open_office

# What a page tells of a credential whose bit is set in the list of this purpose.
MARKED = {"revocation": "revoked", "refresh": "superseded"}
CHANGES = {
    "ldp_vc": changes.of_document,
    "jwt_vc_json": changes.of_jwt,
    "dc+sd-jwt": changes.of_sd_jwt,
}


@pytest.fixture(scope="session")
def issuers(strangers, meeting):
    """Both programs that issue, and lists in which nothing is marked."""
    found = {one: Stranger(strangers(one), meeting.elsewhere) for one in ("office", "openvc_core")}
    publish_lists(found["office"])
    return found


@dataclass
class Brought:
    """A credential of the organisation elsewhere, in the hands of a stranger's wallet."""

    kind: object
    credential: object


@pytest.fixture(scope="session")
def bring(strangers, issuers, meeting):
    """Have a statement made in one of the ways, and put it in the wallet as its only card."""
    wallet = strangers("openid4vc")

    def brought(name):
        kind = ISSUED[name]
        wallet.call("forget")
        made = wallet.call("makeHolder", algorithm=kind.algorithm, binding=kind.binding)
        holding = Holding(meeting.world.residents[2], made["holder"], made["jwk"])
        credential = kind.issue(issuers[kind.program], holding)
        held = {"format": kind.format, "credential": credential, "binding": kind.binding}
        wallet.call("hold", jwk=made["jwk"], **held)
        return Brought(kind, credential)

    return brought


@pytest.fixture(params=ISSUED)
def brought(request, bring):
    return bring(request.param)


@pytest.fixture(scope="session")
def verify(meeting):
    """Verify as our verifier does, by the scheme; of a credential that nobody presents."""
    now = int(time.time())
    office = open_office(verifier_config.load(meeting.world.config_path("verifier")), now)

    def verified(name, credential):
        text = json.dumps(credential) if isinstance(credential, dict) else credential
        checks = office.instruments.checks(None, now)
        held = checks.formats[name].open_held(text)
        issuer = checks.issuers.find(held.issuer)
        return checks.formats[name].verify(held, issuer_key=issuer.key, now=now)

    yield verified
    office.database.close()


@pytest.mark.usefixtures("brought")
def test_the_running_verifier_counts_it(scene, strangers):
    person = scene.world.residents[2]
    case = scene.case(person, "--organisation", "Gemeente Elders")
    answered = strangers("openid4vc").call("present", link=case.link)
    assert answered["status"] == 200
    result = case.result()
    assert result["findings"] == [], result["findings"]
    [organisation] = result["organisations"]
    assert organisation["outstanding"] == 42_900


@pytest.mark.parametrize("purpose", MARKED)
def test_what_a_list_of_theirs_marks_is_told(scene, bring, issuers, strangers, purpose):
    bring("Digital Bazaar, eddsa-rdfc-2022")
    publish_lists(issuers["office"], **{purpose: [PLACE]})
    try:
        case = scene.case(scene.world.residents[2], "--organisation", "Gemeente Elders")
        strangers("openid4vc").call("present", link=case.link)
        assert [one["reason"] for one in case.result()["findings"]] == [MARKED[purpose]]
    finally:
        publish_lists(issuers["office"])


def test_after_any_change_it_is_refused(brought, verify):
    name = brought.kind.format
    assert verify(name, brought.credential).claims["totaal_openstaand"] == 42_900
    taken = []
    for change, changed in CHANGES[name](brought.credential):
        try:
            verify(name, changed)
        except VerificationError:
            continue
        taken.append(change)
    assert taken == []
