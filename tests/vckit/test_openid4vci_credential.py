"""The credential endpoint: OpenID4VCI 1.0 section 8, rows P02 and P16 of security.md."""

import json

import pytest

from vckit.errors import MalformedValueError, ParsingError
from vckit.openid4vci import credential

BODY = credential.request_body("schuldenopgave_sd_jwt", ["proof-1"])


def parse(members, **limits):
    return credential.parse_request(json.dumps(members).encode(), **limits)


def without(*names):
    return {name: value for name, value in BODY.items() if name not in names}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (credential.InvalidCredentialRequest, "invalid_credential_request"),
        (credential.UnknownCredentialConfiguration, "unknown_credential_configuration"),
        (credential.UnknownCredentialIdentifier, "unknown_credential_identifier"),
        (credential.InvalidProof, "invalid_proof"),
        (credential.InvalidNonce, "invalid_nonce"),
        (credential.InvalidEncryptionParameters, "invalid_encryption_parameters"),
        (credential.CredentialRequestDenied, "credential_request_denied"),
    ],
)
def test_errors_carry_the_specifications_codes(error, code):
    assert (error.code, error.status) == (code, 400)


def test_an_issuer_reads_what_a_wallet_sends():
    expected = credential.CredentialRequest("schuldenopgave_sd_jwt", ("proof-1",))
    assert parse(BODY) == expected
    assert parse({**BODY, "later": 1, "format": "x"}) == expected


@pytest.mark.parametrize("members", [without("proofs"), {**without("proofs"), "proof": {}}])
def test_P02_missing_proofs_are_an_invalid_proof(members):
    assert parse(BODY)
    with pytest.raises(credential.InvalidProof):
        parse(members)


@pytest.mark.parametrize(
    "proofs",
    [
        {},
        [],
        None,
        "proof-1",
        {"jwt": []},
        {"jwt": "proof-1"},
        {"jwt": [1]},
        {"jwt": ["proof-1"], "di_vp": [{}]},
        {"jwt": ["proof-1"], "proof_type": "jwt"},
        {"jwt": ["proof-1", "proof-2"]},
    ],
)
def test_P02_malformed_proofs_are_an_invalid_credential_request(proofs):
    with pytest.raises(credential.InvalidCredentialRequest):
        parse({**BODY, "proofs": proofs})


def test_P02_a_proof_type_that_is_not_published_is_an_invalid_proof():
    with pytest.raises(credential.InvalidProof):
        parse({**BODY, "proofs": {"di_vp": [{}]}})


def test_a_batch_is_read_up_to_its_published_size():
    batch = {**BODY, "proofs": {"jwt": ["a", "b"]}}
    assert parse(batch, max_proofs=2).proofs == ("a", "b")
    with pytest.raises(credential.InvalidCredentialRequest):
        parse({**BODY, "proofs": {"jwt": ["a", "b", "c"]}}, max_proofs=2)


@pytest.mark.parametrize(
    "members",
    [
        without("credential_configuration_id"),
        {**BODY, "credential_configuration_id": ""},
        {**BODY, "credential_configuration_id": 1},
        {**BODY, "credential_identifier": "x"},
        {**without("credential_configuration_id"), "credential_identifier": "x"},
    ],
)
def test_P16_a_request_names_one_configuration(members):
    with pytest.raises(credential.InvalidCredentialRequest):
        parse(members)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"null", b"\xff\xfe{\x00}\x00", b'{"a":1,"a":1}', b"[" * 100_000, b'{"a":NaN}'],
)
def test_P23_a_body_that_is_no_json_object_is_an_invalid_credential_request(body):
    with pytest.raises(credential.InvalidCredentialRequest):
        credential.parse_request(body)


def test_an_answer_that_must_be_encrypted_is_never_given_in_the_clear():
    with pytest.raises(credential.InvalidEncryptionParameters):
        parse({**BODY, "credential_response_encryption": {"jwk": {}, "enc": "A128GCM"}})


@pytest.mark.parametrize("notification_id", [None, "note-1"])
def test_a_wallet_reads_what_an_issuer_answers(notification_id):
    members = credential.response(["a~", "b~"], notification_id)
    assert ("notification_id" in members) is (notification_id is not None)
    read = credential.parse_response(json.dumps({**members, "later": 1}).encode())
    assert read == credential.CredentialResponse(("a~", "b~"), notification_id)


def test_a_credential_may_be_long():
    body = json.dumps(credential.response(["x" * 1_000_000])).encode()
    assert len(credential.parse_response(body).unverified_credentials[0]) == 1_000_000


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"credentials": []},
        {"credentials": ["a~"]},
        {"credentials": [{"credential": ""}]},
        {"credentials": [{"credential": {}}]},
        {"credentials": [{"credential": "a~"}] * 101},
        {"credential": "a~"},
        {"transaction_id": "t", "interval": 5},
    ],
)
def test_a_response_without_usable_credentials_is_refused(members):
    with pytest.raises(MalformedValueError):
        credential.parse_response(json.dumps(members).encode())


def test_a_response_is_json():
    with pytest.raises(ParsingError):
        credential.parse_response(b"a~")


def test_a_credential_of_data_integrity_is_a_json_object():
    document = {"type": ["VerifiableCredential"], "credentialSubject": {"saldo": 100}}
    body = json.dumps(credential.response([document, "a.b.c"])).encode()
    found, text = credential.parse_response(body).unverified_credentials
    assert json.loads(found) == document
    assert text == "a.b.c"
