"""didkit and we agree about VC 1.1, in both directions, whoever the issuer is; offline."""

import copy
import json
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version

import pytest

from tests.vckit.data_integrity import vc11
from tests.vckit.data_integrity.vc11 import JSON_LD, KEY, NOW, OTHER_KEY
from vckit.data_integrity import didkit_child
from vckit.data_integrity import ed25519_signature_2020 as suite
from vckit.data_integrity.didkit_child import Child, NotAgreedError, UnavailableError
from vckit.errors import VerificationError

PURPOSE = "assertionMethod"
DID, METHOD, _ = vc11.ISSUERS["did:key"]


def ours(issuer, method, **changes):
    return suite.add_proof(
        vc11.credential(issuer, **changes),
        signer=KEY,
        verification_method=issuer + method,
        purpose=PURPOSE,
        created=NOW,
        json_ld=JSON_LD,
    )


def didkits(issuer, method, document, **changes):
    return didkit_child.issue(
        vc11.credential(issuer, **changes),
        private_jwk=KEY.to_jwk(),
        verification_method=issuer + method,
        created=NOW,
        issuer=document,
    )


def we_verify(credential, key=KEY.public):
    return suite.verify_proof(credential, key=key, purpose=PURPOSE, json_ld=JSON_LD, now=NOW)


def knows_ports():
    """did:web with a port came with openedx-didkit 0.3.5."""
    try:
        return bool(version("openedx-didkit"))
    except PackageNotFoundError:
        return False


@pytest.mark.parametrize("kind", vc11.ISSUERS)
def test_what_didkit_issues_we_verify_and_it_is_what_we_would_have_issued(kind):
    issuer, method, document = vc11.ISSUERS[kind]
    issued = didkits(issuer, method, document)
    assert we_verify(issued) == vc11.credential(issuer)
    assert issued == ours(issuer, method)


@pytest.mark.parametrize("kind", vc11.ISSUERS)
def test_what_we_issue_didkit_verifies(kind):
    issuer, method, document = vc11.ISSUERS[kind]
    didkit_child.verify(ours(issuer, method), issuer=document)


CHANGES = {
    "amount": lambda it: it["credentialSubject"]["vorderingen"][0].update(saldo=12_344),
    "debt gone": lambda it: it["credentialSubject"].update(vorderingen=[]),
    "holder": lambda it: it["credentialSubject"].update(id=DID),
    "type": lambda it: it.update(type=["VerifiableCredential"]),
    "expiry": lambda it: it.update(expirationDate="2036-12-23T23:00:00Z"),
    "status": lambda it: it["credentialStatus"].update(statusListIndex="4712"),
    "no status": lambda it: it.pop("credentialStatus"),
    "moment of the proof": lambda it: it["proof"].update(created="2026-11-24T10:29:59Z"),
    "purpose": lambda it: it["proof"].update(proofPurpose="authentication"),
    "undefined term": lambda it: it["credentialSubject"].update(verified=True),
    "signature": lambda it: it["proof"].update(proofValue=it["proof"]["proofValue"][:-1] + "1"),
    "no proof": lambda it: it.pop("proof"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_after_a_change_both_refuse(change):
    changed = copy.deepcopy(ours(DID, METHOD))
    CHANGES[change](changed)
    with pytest.raises(VerificationError):
        we_verify(changed)
    with pytest.raises(NotAgreedError):
        didkit_child.verify(changed)


def test_under_another_key_of_the_issuer_both_refuse():
    credential = ours(vc11.HTTPS, "#legacy")
    with pytest.raises(VerificationError):
        we_verify(credential, OTHER_KEY.public)
    with pytest.raises(NotAgreedError):
        didkit_child.verify(credential, issuer=vc11.web_document(vc11.HTTPS, key=OTHER_KEY))


def test_didkit_does_not_sign_with_a_key_that_the_issuer_does_not_have():
    with pytest.raises(NotAgreedError):
        didkits(vc11.HTTPS, "#legacy", vc11.web_document(vc11.HTTPS, key=OTHER_KEY))


def test_didkit_ignores_expiry_so_dates_are_for_us_to_judge():
    didkit_child.verify(ours(DID, METHOD, expirationDate="2020-01-01T00:00:00Z"))


def test_didkit_reads_no_credential_with_two_status_entries():
    status = vc11.credential(DID)["credentialStatus"]
    with pytest.raises(NotAgreedError):
        didkit_child.verify(ours(DID, METHOD, credentialStatus=[status, {**status, "id": "urn:x"}]))


def test_a_did_web_with_a_port_is_known_to_the_newer_build_only():
    issuer = "did:web:localhost%3A8101"
    credential, document = ours(issuer, "#legacy"), vc11.web_document(issuer)
    if knows_ports():
        didkit_child.verify(credential, issuer=document)
    else:
        with pytest.raises(UnavailableError):
            didkit_child.verify(credential, issuer=document)


UNRESOLVED = {
    "no document": (vc11.HTTPS, None),
    "the document of another": (vc11.HTTPS, vc11.web_document(vc11.PATH)),
    "a method that needs a network": (
        "did:ion:EiClkZMDxPKqC9c-umQfTkR8vvZ9JPhl_xLDI9Nfk38w5w",
        None,
    ),
}


@pytest.mark.parametrize("kind", UNRESOLVED)
def test_without_what_we_resolved_didkit_is_not_asked(kind):
    issuer, document = UNRESOLVED[kind]
    never = Child(command=("false",))
    with pytest.raises(UnavailableError, match="DID"):
        didkit_child.verify(ours(issuer, "#legacy"), issuer=document, child=never)


def test_an_issuer_that_is_no_did_is_refused():
    with pytest.raises(NotAgreedError):
        didkit_child.verify(ours("https://boxtel.example", "#legacy"))


def test_an_issuer_may_be_an_object():
    credential = vc11.credential(DID) | {"issuer": {"id": DID}}
    didkit_child.verify({**credential, "proof": ours(DID, METHOD)["proof"]})


SPY = """
import json, os, sys
request = json.load(sys.stdin)
with open(sys.argv[1], "w") as seen:
    json.dump([request["key"]["d"], sys.argv, dict(os.environ), os.getcwd()], seen)
print(json.dumps({"credential": request["credential"]}))
"""


def test_a_private_key_travels_by_standard_input_only(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_OF_THE_SERVICE", "not for children")
    spy = Child(command=(sys.executable, "-c", SPY, str(tmp_path / "seen")))
    credential = vc11.credential(DID)
    arguments = {"verification_method": DID + METHOD, "created": NOW, "child": spy}
    didkit_child.issue(credential, private_jwk=KEY.to_jwk(), **arguments)
    secret, *elsewhere, folder = json.loads((tmp_path / "seen").read_text())
    assert secret == KEY.to_jwk()["d"]
    assert secret not in json.dumps(elsewhere)
    assert "SECRET_OF_THE_SERVICE" not in json.dumps(elsewhere)
    assert folder != str(tmp_path)


def test_a_child_that_signs_something_else_is_not_believed():
    other = {"credential": {**vc11.credential(DID), "id": "urn:other", "proof": {}}}
    script = f"import sys; sys.stdin.read(); print({json.dumps(json.dumps(other))})"
    with pytest.raises(NotAgreedError, match="something else"):
        didkit_child.issue(
            vc11.credential(DID),
            private_jwk=KEY.to_jwk(),
            verification_method=DID + METHOD,
            created=NOW,
            child=Child(command=(sys.executable, "-c", script)),
        )


def test_a_service_that_asks_for_opinions_does_not_import_didkit():
    script = """
import sys
from vckit.data_integrity import didkit_child
didkit_child.verify(__import__("json").load(sys.stdin))
sys.exit("didkit" in sys.modules)
"""
    credential = json.dumps(ours(DID, METHOD)).encode()
    assert (
        subprocess.run([sys.executable, "-c", script], input=credential, check=False).returncode
        == 0
    )
