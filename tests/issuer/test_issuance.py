"""What the endpoints do not reach: documents, ended grants, and what must never leave."""

from dataclasses import replace

import pytest

from issuer.config import Profile
from issuer.issuance import OwnProductError, day_start
from issuer.services import open_services
from tests.issuer import town as towns
from tests.issuer.town import ANNA, BRAM
from vckit import strict_json
from vckit.formats import dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.openid4vci.credential import CredentialRequestDenied


@pytest.fixture
def issuance(town):
    return open_services(town.config, town.clock.now, lambda _error: None).issuance


def test_a_document_states_the_same_debts_without_holder_or_bsn(issuance, town, wallet):
    made = issuance.document(ANNA, town.clock.now)
    proven = wallet.verify(made.sd_jwt.text)
    assert proven.holder_key is None
    assert proven.claims == made.terms
    assert proven.claims["document"] is True
    assert proven.claims["totaal_openstaand"] == 30_000
    assert "bsn" not in proven.claims
    assert proven.validity.expires == day_start(town.clock.now) + 365 * towns.DAY


def test_a_document_states_the_same_in_two_formats(issuance, town):
    made = issuance.document(ANNA, town.clock.now)
    linked = issuance.workshop.letterhead.formats["ldp_vc"]
    proven = linked.verify(
        linked.open_held(made.linked.text),
        issuer_key=town.key("credential-ed25519").public,
        now=town.clock.now,
    )
    assert proven.holder_key is None
    refresh = {"vernieuwing_uri", "vernieuwing_index"}
    assert proven.claims == {
        name: value for name, value in made.terms.items() if name not in refresh
    }
    credential = strict_json.loads_object(made.linked.text)
    assert credential["id"] == made.terms["opgave_kenmerk"]
    assert "id" not in credential["credentialSubject"]
    assert credential["proof"]["cryptosuite"] == "eddsa-rdfc-2022"
    assert proven.validity.expires == made.sd_jwt.expires_at


def entries(database):
    rows = database.execute("SELECT * FROM records ORDER BY part_of")
    return [(row["revocation_list"], row["revocation_position"]) for row in rows]


def set_bits(database):
    rows = database.execute("SELECT list_id, position FROM status_entries WHERE value = 1")
    return {(row["list_id"], row["position"]) for row in rows}


def test_a_document_is_recorded_and_can_be_withdrawn(issuance, town, wallet):
    made = issuance.document(ANNA, town.clock.now)
    other = issuance.document(ANNA, town.clock.now)
    records, now = issuance.store.records, town.clock.now
    assert wallet.status(made.sd_jwt.text, "revocation") == 0
    assert records.withdraw(made.record_id, "resident", now)
    assert not records.withdraw(made.record_id, "resident", now)
    assert [wallet.status(one.sd_jwt.text, "revocation") for one in (made, other)] == [1, 0]


def test_both_credentials_of_a_document_are_one_record_and_are_withdrawn_together(issuance, town):
    made = issuance.document(ANNA, town.clock.now)
    records, database = issuance.store.records, issuance.store.database
    pseudonym = issuance.workshop.keyring.pseudonym(ANNA.bsn)
    [shown] = records.of_person(pseudonym, town.clock.now)
    assert (shown.record_id, shown.configuration) == (made.record_id, "document")
    assert len(set(entries(database))) == 2
    assert records.withdraw(made.record_id, "resident", town.clock.now, pseudonym=pseudonym)
    assert set_bits(database) == set(entries(database))


def test_a_document_of_another_person_is_not_withdrawn(issuance, town):
    made = issuance.document(ANNA, town.clock.now)
    other = issuance.workshop.keyring.pseudonym(BRAM.bsn)
    records = issuance.store.records
    assert not records.withdraw(made.record_id, "resident", town.clock.now, pseudonym=other)
    assert set_bits(issuance.store.database) == set()


def test_both_credentials_of_a_document_become_outdated_together(issuance, town):
    issuance.document(ANNA, town.clock.now)
    town.deliver(towns.ANNA_ROWS.replace("200.00", "150.00").replace("50.00,150", "100.00,150"))
    rows = issuance.store.database.execute("SELECT superseded_at FROM records")
    assert [row["superseded_at"] for row in rows] == [town.clock.now] * 2
    assert len(set_bits(issuance.store.database)) == 2


def test_a_document_is_found_by_the_reference_that_is_printed_on_it(issuance, town):
    made = issuance.document(ANNA, town.clock.now)
    records = issuance.store.records
    found = records.of_reference(made.terms["opgave_kenmerk"])
    assert found.record_id == made.record_id
    records.withdraw(made.record_id, "error", town.clock.now)
    assert records.of_reference(made.terms["opgave_kenmerk"]).withdrawn_reason == "error"
    assert records.of_reference("urn:uuid:8a3e0b4e-1111-4222-8333-123456789abc") is None
    # The reference itself is not kept.
    [stored] = issuance.store.database.execute("SELECT * FROM records WHERE part_of IS NULL")
    assert made.terms["opgave_kenmerk"] not in map(str, stored.values())


def many(number):
    row = "123456782,R-{},2026-01-31,2026-03-31,250.00,50.00,200.00,aangemaand\n"
    return "".join(row.format(place) for place in range(number))


def test_what_linked_data_cannot_carry_is_in_the_document_as_sd_jwt_alone(issuance, town, wallet):
    town.deliver(many(240))
    made = issuance.document(ANNA, town.clock.now)
    assert made.linked is None
    assert wallet.verify(made.sd_jwt.text).claims["aantal_vorderingen"] == 240
    assert len(issuance.store.database.execute("SELECT * FROM records")) == 1


def test_more_debts_than_one_document_carries_are_refused_and_leave_no_trace(
    issuance, town, monkeypatch
):
    monkeypatch.setattr("issuer.claims.MAXIMUM_DEBTS", 1)
    with pytest.raises(CredentialRequestDenied):
        issuance.document(ANNA, town.clock.now)
    assert issuance.store.database.execute("SELECT * FROM status_entries") == []


def test_an_organisation_without_w3c_gives_documents_with_one_credential(town):
    settings = town.config_path.read_text("utf-8")
    before, after = settings.split("[w3c]")
    town.config_path.write_text(before + after[after.index("[document]") :], "utf-8")
    assert town.services().issuance.document(ANNA, town.clock.now).linked is None


def test_two_documents_share_no_random_value(issuance, town):
    first, second = (issuance.document(ANNA, town.clock.now).terms for _ in range(2))
    assert first["opgave_kenmerk"] != second["opgave_kenmerk"]
    assert set(first["vordering_digests"]).isdisjoint(second["vordering_digests"])


def test_the_bsn_stands_in_statements_where_a_law_allows_it(town, wallet, code):
    settings = town.config_path.read_text("utf-8")
    allowed = settings.replace("[credentials]", '[credentials]\nbsn_legal_basis = "Wgs, art. 8"')
    town.config_path.write_text(allowed, "utf-8")
    wallet.client = town.app().test_client()
    assert wallet.verify(wallet.receive(code)).claims["bsn"] == ANNA.bsn


def test_G14_a_token_does_not_reach_further_than_its_offer(town, wallet, offering):
    other = Profile(name="general", configurations=("schuldenopgave_anders",))
    made = offering.at_desk(ANNA, other, town.clock.now, with_code=False)
    answer = wallet.ask(wallet.token(made.offer.pre_authorized_code))
    assert (answer.status_code, answer.json["error"]) == (403, "insufficient_scope")
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="insufficient_scope"'


def test_a_grant_that_ends_between_check_and_recording_gives_nothing(
    issuance, town, wallet, code, monkeypatch
):
    token = wallet.token(code)
    grant = issuance.authenticate(token, town.clock.now)
    database = issuance.store.database
    database.execute("UPDATE grants SET revoked_at = 1")
    # What the check saw a moment ago.
    monkeypatch.setattr("issuer.store.offers.Offers.authenticate", lambda *_arguments: grant)
    answer = wallet.ask(token)
    assert (answer.status_code, answer.json["error"]) == (401, "invalid_token")
    assert database.execute("SELECT * FROM spent_nonces") == []


def test_more_debts_than_a_statement_carries_are_refused_clearly(wallet, code, monkeypatch):
    monkeypatch.setattr("issuer.claims.MAXIMUM_DEBTS", 1)
    answer = wallet.ask(wallet.token(code))
    assert (answer.status_code, answer.json["error"]) == (400, "credential_request_denied")


def spoiled(monkeypatch, **changed):
    """Let the proof come out otherwise than it was recorded."""
    good = dc_sd_jwt.DcSdJwt.verify

    def verify(*arguments, **names):
        return replace(good(*arguments, **names), **changed)

    monkeypatch.setattr("vckit.formats.dc_sd_jwt.DcSdJwt.verify", verify)


def test_a_statement_that_reads_otherwise_does_not_leave(issuance, town, monkeypatch):
    made = issuance.document(ANNA, town.clock.now)
    spoiled(monkeypatch, claims=made.terms)
    with pytest.raises(OwnProductError, match="recorded"):
        issuance.document(ANNA, town.clock.now)


def test_a_statement_for_another_key_does_not_leave(issuance, town, monkeypatch):
    spoiled(monkeypatch, holder_key=PrivateKey.generate("ES256").public)
    with pytest.raises(OwnProductError, match="another key"):
        issuance.document(ANNA, town.clock.now)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (1_795_000_000, 1_794_956_400),  # winter: 23:00 UTC the day before
        (1_783_000_000, 1_782_943_200),  # summer: 22:00 UTC the day before
        (1_794_956_400, 1_794_956_400),
        (1_794_956_399, 1_794_870_000),
    ],
)
def test_a_day_begins_at_midnight_in_amsterdam(moment, day):
    assert day_start(moment) == day
