"""What the endpoints do not reach: documents, ended grants, and what must never leave."""

from dataclasses import replace

import pytest

from issuer.config import Profile
from issuer.issuance import OwnProductError, day_start
from issuer.services import open_services
from tests.issuer import town as towns
from tests.issuer.town import ANNA
from vckit.formats import dc_sd_jwt
from vckit.keys import PrivateKey


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


def test_a_document_is_recorded_and_can_be_withdrawn(issuance, town, wallet):
    made = issuance.document(ANNA, town.clock.now)
    other = issuance.document(ANNA, town.clock.now)
    assert wallet.status(made.sd_jwt.text, "revocation") == 0
    assert issuance.store.records.withdraw(made.record_id, "resident", town.clock.now)
    assert not issuance.store.records.withdraw(made.record_id, "resident", town.clock.now)
    assert [wallet.status(one.sd_jwt.text, "revocation") for one in (made, other)] == [1, 0]


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
