"""`schuldenopgave_vc11` as the format issues it: we read it, and didkit does."""

import json

import pytest

from tests.vckit import w3c
from tests.vckit.statements import ISSUED
from vckit import did
from vckit.data_integrity import didkit_child, ed25519_signature_2020
from vckit.data_integrity.didkit_child import NotAgreedError
from vckit.errors import ExpiredError, MalformedValueError, VerificationError

KIND = w3c.Kind("ldp_vc 1.1")
FORMAT = w3c.FORMATS["ldp_vc"]
KEY = w3c.BOXTEL.ed25519
METHODS = [("ed25519", "Ed25519VerificationKey2020", KEY.public)]
DOCUMENT = did.parse_document(did.build_document(w3c.BOXTEL.did, METHODS), w3c.BOXTEL.did)


def proven(text, now=ISSUED):
    return FORMAT.verify(FORMAT.open_held(text), issuer_key=KEY.public, now=now)


def signed_again(text, **changes):
    """The same with members of the subject changed, under a good proof."""
    credential = json.loads(text)
    del credential["proof"]
    credential["credentialSubject"] |= changes
    secured = ed25519_signature_2020.add_proof(
        credential,
        signer=KEY,
        verification_method=f"{w3c.BOXTEL.did}#ed25519",
        purpose="assertionMethod",
        created=ISSUED,
        json_ld=w3c.JSON_LD,
    )
    return json.dumps(secured)


def test_a_statement_has_both_status_references_and_didkit_agrees():
    text = KIND.issue()
    credential = proven(text)
    assert set(credential.statuses) == set(w3c.STATUSES)
    assert not any(name.startswith("vernieuwing_") for name in credential.claims)
    didkit_child.verify(json.loads(text), issuer=DOCUMENT)


def test_its_one_status_entry_has_an_id():
    (entry,) = [json.loads(KIND.issue())["credentialStatus"]]
    assert entry["id"] == "https://boxtel.example/status/bitstring/1#7"
    assert entry["statusPurpose"] == "revocation"


def test_after_any_change_both_refuse():
    changed = json.loads(KIND.issue())
    changed["credentialSubject"]["vernieuwing_index"] += 1
    with pytest.raises(VerificationError):
        proven(json.dumps(changed))
    with pytest.raises(NotAgreedError):
        didkit_child.verify(changed, issuer=DOCUMENT)


def test_expiry_is_ignored_by_didkit_and_judged_by_us():
    text = KIND.issue()
    didkit_child.verify(json.loads(text), issuer=DOCUMENT)
    with pytest.raises(ExpiredError):
        proven(text).validity.check(w3c.EXPIRES + 61)


@pytest.mark.parametrize("changes", [{"vernieuwing_index": -1}, {"vernieuwing_uri": "ftp://x"}])
def test_a_refresh_reference_is_judged_by_the_schema(changes):
    with pytest.raises(MalformedValueError):
        proven(signed_again(KIND.issue(), **changes))


def test_a_refresh_reference_stands_there_once():
    credential = json.loads(KIND.issue())
    refresh = {**credential["credentialStatus"], "statusPurpose": "refresh"}
    credential["credentialStatus"] = [credential["credentialStatus"], refresh]
    with pytest.raises(MalformedValueError, match="one purpose"):
        proven(signed_again(json.dumps(credential)))
