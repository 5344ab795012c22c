"""What is asked of a wallet: one query for each format, in the name of a certificate or a DID."""

import json
from dataclasses import replace

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


BY_HOST = "x509_san_dns"


@pytest.mark.parametrize("mode", ["direct_post", "direct_post.jwt"])
def test_a_question_in_the_name_of_our_host_is_answered(office, world, wallet, mode):
    case, started = begin(office, world, prefix=BY_HOST, response_mode=mode)
    assert started.client_id == f"{BY_HOST}:schuldhulp.example"
    asked = wallet.fetch(started, wallet_nonce="een-nonce-van-de-wallet")
    assert asked.organisation.name == "Schuldhulp Proef"
    cards = [wallet.card(one, debt(number)) for number, one in enumerate(world.municipalities)]
    assert wallet.send(asked, *cards).status_code == 200
    assert case_report(office, case, world.now, DUTCH)["complete"]


@pytest.mark.parametrize("audience", ["schuldhulp.example", f"{BY_HOST}:vreemd.example"])
def test_V04_by_host_the_audience_is_the_whole_client_id_too(office, world, wallet, audience):
    _case, started = begin(office, world, prefix=BY_HOST)
    asked = wallet.fetch(started)
    card = wallet.card(world.boxtel, debt(1))
    assert wallet.send(asked, card, audience=audience).status_code == 400


def test_a_host_that_our_certificate_does_not_name_asks_nothing(office, world):
    elsewhere = replaced(world.config, base_url="https://elders.example")
    with pytest.raises(ConfigurationError, match="DNS name"):
        begin(replace(office, config=elsewhere), world, prefix=BY_HOST)
    with pytest.raises(ConfigurationError, match="DNS name"):
        open_office(replaced(elsewhere, request__client_id=BY_HOST), world.now, world.network)


def told(client, world, started, **metadata):
    """What the request object of a wallet says that tells this of itself."""
    answer = client.post(
        f"/openid4vp/requests/{started.id}",
        base_url=world.config.base_url,
        data={"wallet_metadata": json.dumps(metadata), "wallet_nonce": "w-1"},
    )
    return answer.status_code, jose.parse(answer.text).claims() if answer.status_code == 200 else {}


def test_a_wallet_that_tells_its_formats_is_asked_in_those(office, world, client, wallet):
    case, started = begin(office, world)
    status, claims = told(
        client, world, started, vp_formats_supported={"dc+sd-jwt": {}, "mso_mdoc": {}}
    )
    assert (status, claims["wallet_nonce"]) == (200, "w-1")
    asked = dcql.parse(claims["dcql_query"])
    assert [each.format for each in asked.credentials] == ["dc+sd-jwt"]
    assert {name for each in asked.sets() for one in each.options for name in one} == {
        asked.credentials[0].id
    }
    assert list(claims["client_metadata"]["vp_formats_supported"]) == ["dc+sd-jwt"]
    cards = [wallet.card(one, debt(number)) for number, one in enumerate(world.municipalities)]
    assert wallet.send(wallet.fetch(started), *cards).status_code == 200
    assert case_report(office, case, world.now, DUTCH)["complete"]


def test_a_wallet_that_knows_none_of_the_formats_gets_the_whole_question(office, world, client):
    _case, started = begin(office, world)
    _status, claims = told(client, world, started, vp_formats_supported={"mso_mdoc": {}})
    assert len(claims["dcql_query"]["credentials"]) == 3


def test_a_wallet_that_cannot_check_our_signature_is_told_so(office, world, client):
    _case, started = begin(office, world)
    name = "request_object_signing_alg_values_supported"
    assert told(client, world, started, **{name: ["ES384"]})[0] == 400
    assert told(client, world, started, **{name: ["ES384", "ES256"]})[0] == 200


def test_V13_a_value_that_was_asked_and_not_given_is_a_finding(office, world, wallet):
    case, started = begin(office, world, formats=["dc+sd-jwt"])
    [credential] = started.query["credentials"]
    completeness = next(one for one in credential["claims"] if one["id"] == "volledigheid")
    completeness["values"] = ["volledig"]
    limited = replace(started, id="v13", query=started.query)
    office.store.add_request(limited)
    asked = wallet.fetch(limited)
    partial = wallet.card(world.boxtel, debt(1), volledigheid="gedeeltelijk")
    whole = wallet.card(world.michielsgestel, debt(2))
    assert wallet.send(asked, partial, whole).status_code == 200
    found = case_report(office, case, world.now, DUTCH)
    assert [each["reason"] for each in found["findings"]] == ["claims_missing"]
    assert found["totals"]["outstanding"] == 42_900


def test_an_answer_without_what_is_required_is_refused(office, world, wallet):
    _case, started = begin(office, world)
    extra = {"id": "ander", "format": "dc+sd-jwt", "meta": {"vct_values": ["urn:iets"]}}
    credentials = [*started.query["credentials"], extra]
    sets = [*started.query["credential_sets"], {"options": [["ander"]], "required": True}]
    wider = {"credentials": credentials, "credential_sets": sets}
    office.store.add_request(replace(started, id="ruimer", query=wider))
    asked = wallet.fetch(office.store.request("ruimer", world.now))
    assert wallet.send(asked, wallet.card(world.boxtel, debt(1))).status_code == 400
