"""What is asked of a wallet: one query for each format, in the name of a certificate or a DID."""

import pytest

from tests.vckit import participants
from tests.vckit.statements import debt
from tests.verifier import w3c
from tests.verifier.wallet import begin
from tests.verifier.world import replaced
from vckit import dcql, jose, strict_json, trust, x509
from vckit.did import parse_document
from vckit.errors import ConfigurationError
from vckit.keys import PrivateKey
from verifier import identity, question
from verifier.casework import case_report
from verifier.opening import open_office
from verifier.wording import DUTCH

BY_DID = "decentralized_identifier"


def test_each_format_is_asked_in_a_query_of_its_own(world):
    query = dcql.parse(question.dcql_query(world.scheme, question.FORMATS))
    assert {each.format: each.id for each in query.credentials} == w3c.QUERIES
    assert all(each.multiple for each in query.credentials)
    required, *optional = query.credential_sets
    assert required.options == tuple((one,) for one in w3c.QUERIES.values())
    assert [one.options for one in optional] == [((one,),) for one in w3c.QUERIES.values()]
    assert [one.required for one in (required, *optional)] == [True] + 4 * [False]


def test_what_no_specification_names_is_asked_only_where_the_settings_say_so(office, world):
    _case, started = begin(office, world)
    asked = [each["format"] for each in started.query["credentials"]]
    assert asked == ["dc+sd-jwt", "ldp_vc", "jwt_vc_json"]


@pytest.mark.parametrize("kind", w3c.KINDS)
def test_the_query_matches_what_is_issued_of_every_kind(world, wallet, kind):
    card = w3c.state(kind, world.boxtel, debt(1), holder=wallet.key)
    held = w3c.FORMATS[card.format].open_held(card.text)
    proven = w3c.FORMATS[card.format].verify(
        held, issuer_key=world.boxtel.did_keys[w3c.KINDS[kind][1]].public, now=world.now
    )
    query = dcql.parse(question.dcql_query(world.scheme, [card.format]))
    candidate = dcql.Candidate(held.digest, card.format, proven.meta, proven.document)
    [found] = dcql.match(query, [candidate]).matches[w3c.QUERIES[card.format]]
    assert ("credentialSubject", "vorderingen", 0) in found.disclose


def test_the_metadata_names_the_formats_that_are_asked_and_no_others(office, world, wallet):
    _case, started = begin(office, world, formats=["ldp_vc"])
    assert list(wallet.fetch(started).client_metadata["vp_formats_supported"]) == ["ldp_vc"]


@pytest.mark.parametrize("mode", ["direct_post", "direct_post.jwt"])
def test_a_question_under_our_did_is_answered(office, world, wallet, mode):
    case, started = begin(office, world, prefix=BY_DID, response_mode=mode)
    assert started.client_id == f"{BY_DID}:did:web:schuldhulp.example"
    assert started.state == "CREATED"
    asked = wallet.fetch(started, wallet_nonce="een-nonce-van-de-wallet")
    assert asked.organisation.name == "Schuldhulp Proef"
    cards = [
        w3c.state("ldp_eddsa", one, debt(number), holder=wallet.key)
        for number, one in enumerate(world.municipalities)
    ]
    answer = wallet.post(asked, wallet.form(asked, **w3c.token(asked, world.now, *cards)))
    assert answer.status_code == 200, answer.text
    assert case_report(office, case, world.now, DUTCH)["complete"]


@pytest.mark.parametrize("audience", ["did:web:schuldhulp.example", f"{BY_DID}:did:web:ander.nl"])
def test_V04_the_audience_is_the_whole_client_id(office, world, wallet, audience):
    _case, started = begin(office, world, prefix=BY_DID)
    asked = wallet.fetch(started)
    card = w3c.state("ldp_eddsa", world.boxtel, debt(1), holder=wallet.key)
    token = w3c.token(asked, world.now, card, audience=audience)
    assert wallet.post(asked, wallet.form(asked, **token)).status_code == 400


def test_the_request_object_names_its_key_by_did_url_alone(office, world, client):
    _case, started = begin(office, world, prefix=BY_DID)
    answer = client.get(f"/openid4vp/requests/{started.id}", base_url=world.config.base_url)
    header = jose.parse(answer.text).header
    assert header["kid"] == "did:web:schuldhulp.example#request"
    assert "x5c" not in header


def test_our_did_document_holds_the_key_of_the_request_objects(office, world, client):
    answer = client.get(identity.DOCUMENT_PATH, base_url=world.config.base_url)
    assert (answer.status_code, answer.mimetype) == (200, "application/did+json")
    document = parse_document(answer.data, "did:web:schuldhulp.example")
    for use in ("assertionMethod", "authentication"):
        key = document.key("did:web:schuldhulp.example#request", use, now=world.now)
        assert key == office.signer.public_key


def test_the_settings_say_how_we_name_ourselves(office, world):
    assert office.config.request.client_id == "x509_hash"
    config = replaced(world.config, request__client_id=BY_DID, request__formats=("ldp_vc",))
    by_did = open_office(config, world.now, world.network)
    _case, started = begin(by_did, world)
    assert started.client_id == f"{BY_DID}:did:web:schuldhulp.example"
    assert [each["id"] for each in started.query["credentials"]] == ["schuldenopgave_ldp"]


def test_a_did_that_the_scheme_does_not_know_asks_nothing(office, world):
    operator = PrivateKey.generate("EdDSA")
    asker = participants.verifier_entry(
        participants.participant(world.config.base_url),
        certificaten=[x509.digest(chain[0]) for chain in (office.chain, office.report_key[1])],
    )
    payload = participants.scheme_payload(world.boxtel.entry(), asker)
    (world.folder / "scheme.json").write_bytes(trust.sign_scheme(payload, [operator]))
    key = strict_json.dumps(operator.public.to_jwk())
    (world.folder / "operator.jwk.json").write_bytes(key)
    with pytest.raises(ConfigurationError, match="DID"):
        open_office(replaced(world.config, request__client_id=BY_DID), world.now, world.network)
    known_by_certificate = open_office(world.config, world.now, world.network)
    with pytest.raises(ConfigurationError, match="DID"):
        begin(known_by_certificate, world, prefix=BY_DID)
