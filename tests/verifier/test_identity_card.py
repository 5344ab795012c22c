"""An identity credential in the same response: it tells whose response it is, or says why not."""

import json
import logging

import pytest

from tests.vckit import participants
from tests.vckit.statements import debt
from tests.verifier import pid
from tests.verifier.browser import Browser, text_of
from tests.verifier.wallet import Wallet, begin
from tests.verifier.world import OTHER_PERSON, replaced
from vckit import dcql, x509
from vckit.errors import ConfigurationError
from vckit.keys import PrivateKey
from verifier import asking, create_app, identity_card, question
from verifier.casework import case_report
from verifier.config import IdentitySettings
from verifier.installation import initialise, judge
from verifier.opening import open_office
from verifier.person import Person
from verifier.wording import DUTCH

PERSON = Person("d'Hondt", "José", "1974-08-21")
ANOUK = Person("Nowak", "Anouk", "1984-01-23")


@pytest.fixture
def giver():
    return pid.giver()


@pytest.fixture
def office(world, giver):
    world.config = pid.trusting(world.config, world.folder, giver)
    list(initialise(world.config))
    return open_office(world.config, world.now, world.network)


@pytest.fixture
def client(world, office):
    app = create_app(office.config, clock=world.clock, fetcher=world.network)
    return app.test_client()


@pytest.fixture
def wallet(world, client):
    return Wallet(world, client)


@pytest.fixture
def share(office, world, wallet):
    """Present an identity card beside statements; what the counsellor then sees."""

    def shared(identity, *cards, person=None, case=None, status=200, **how):
        asked_case, started = begin(office, world, person=person)
        if case:
            started = asking.ask(office, case, now=world.now)
        asked = wallet.fetch(started)
        token = {"schuldenopgave_sd_jwt": [each.present(asked, now=world.now) for each in cards]}
        if identity:
            token["identity"] = [identity.present(asked, now=world.now, **how)]
        answer = wallet.post(asked, wallet.form(asked, **token))
        assert answer.status_code == status, answer.text
        shared.case = case or asked_case
        return case_report(office, shared.case, world.now, DUTCH)

    return shared


@pytest.fixture
def everything_logged(caplog):
    caplog.set_level(logging.DEBUG)


def reasons(found):
    return [each["reason"] for each in found["findings"]]


def test_it_is_asked_beside_the_statements_and_nobody_must_have_it(office, world):
    _case, started = begin(office, world)
    query = dcql.parse(started.query)
    [asked] = [each for each in query.credentials if each.id == question.IDENTITY]
    assert asked.meta == {"vct_values": ["urn:eudi:pid:1"]}
    assert [claim.path for claim in asked.claims] == [(each,) for each in question.IDENTITY_TERMS]
    assert not asked.multiple
    required = [each for each in query.credential_sets if each.required]
    assert all((question.IDENTITY,) not in each.options for each in required)
    optional = [each.options for each in query.credential_sets if not each.required]
    assert ((question.IDENTITY,),) in optional


def test_in_the_plain_dialect_and_without_the_setting_it_is_not_asked(world):
    plain = question.plain_query(world.scheme, [])
    full = question.dcql_query(world.scheme)
    for query in (plain, full):
        assert question.IDENTITY not in [each["id"] for each in query["credentials"]]


def test_a_wallet_of_one_format_is_asked_in_that_one_alone(world):
    query = question.dcql_query(world.scheme, ["ldp_vc", "jwt_vc_json"], identity=pid.VCT)
    narrowed = question.narrowed(query, ["ldp_vc"])
    assert [each["id"] for each in narrowed["credentials"]] == ["schuldenopgave_ldp"]
    # It knows no format in which we ask statements: it gets the whole question.
    assert question.narrowed(query, ["dc+sd-jwt"]) == query


def test_K11_the_person_of_the_response_is_established_by_it_whatever_key_holds_it(
    world, wallet, share, giver
):
    found = share(
        giver.card(), wallet.card(world.boxtel, debt(1)), wallet.card(world.michielsgestel)
    )
    assert reasons(found) == []
    assert found["complete"]
    assert found["person"] == {**PERSON.to_json(), "established": True}
    assert found["totals"]["outstanding"] == 42_900


def test_without_one_statements_are_compared_with_each_other(world, wallet, share):
    found = share(None, wallet.card(world.boxtel, debt(1)), wallet.card(world.michielsgestel))
    assert found["person"]["established"] is False
    assert found["complete"]


def test_its_letters_may_be_written_otherwise(world, wallet, share, giver):
    card = giver.card({**pid.JOSE, "given_name": "JOSE\u0301", "family_name": "D'HONDT"})
    found = share(card, wallet.card(world.boxtel, debt(1)))
    assert found["person"]["established"]
    assert reasons(found) == []


@pytest.mark.parametrize("term", pid.NAMES)
def test_V15_a_statement_of_another_than_the_presenter_stands_apart(
    world, wallet, share, giver, term
):
    card = giver.card({**pid.JOSE, term: pid.ANOUK[term]})
    found = share(card, wallet.card(world.boxtel, debt(1)))
    assert reasons(found) == ["presenter_mismatch"]
    assert len(found["groups"]["other_person"]) == 1
    assert found["totals"]["outstanding"] == 0
    assert not found["person"] or not found["person"]["established"]


def test_of_two_persons_only_the_presenters_statements_count(world, wallet, share, giver):
    mine = wallet.card(world.boxtel, debt(1))
    other = wallet.card(world.michielsgestel, debt(2), **OTHER_PERSON)
    found = share(giver.card(pid.ANOUK), mine, other)
    assert found["person"] == {**ANOUK.to_json(), "established": True}
    assert found["totals"]["outstanding"] == 42_900
    assert [each["organisation"] for each in found["groups"]["other_person"]] == ["Gemeente Boxtel"]


def test_who_presents_the_statements_of_the_person_of_the_case_is_told(world, wallet, share, giver):
    found = share(giver.card(pid.ANOUK), wallet.card(world.boxtel, debt(1)), person=PERSON)
    assert reasons(found) == ["presenter_mismatch"]
    assert found["totals"]["outstanding"] == 0


def test_another_person_than_the_case_with_own_statements_is_another_person(
    world, wallet, share, giver
):
    card = wallet.card(world.boxtel, debt(1), **OTHER_PERSON)
    found = share(giver.card(pid.ANOUK), card, person=PERSON)
    assert reasons(found) == ["subject_mismatch"]
    assert found["totals"]["outstanding"] == 0
    assert found["person"]["family_name"] == "d'Hondt"


def test_the_same_card_once_more_without_it_changes_nothing(world, wallet, share, giver):
    stolen = wallet.card(world.boxtel, debt(1))
    share(giver.card(pid.ANOUK), stolen)
    world.clock.now += 5
    found = share(None, stolen, case=share.case)
    assert set(reasons(found)) == {"presenter_mismatch", "repeated"}
    assert found["totals"]["outstanding"] == 0


def test_a_case_takes_several_presentations_and_persons(world, wallet, share, giver, office):
    share(giver.card(), wallet.card(world.boxtel, debt(1)))
    world.clock.now += 5
    hers = wallet.card(world.michielsgestel, debt(2), **OTHER_PERSON)
    found = share(giver.card(pid.ANOUK), hers, case=share.case)
    assert reasons(found) == ["subject_mismatch"]
    office.casebook.set_partner(share.case.id, ANOUK)
    office.database.execute("UPDATE cases SET person = ?", (json.dumps(PERSON.to_json()),))
    case = office.store.case(share.case.id, world.now)
    found = case_report(office, case, world.now, DUTCH)
    assert reasons(found) == []
    assert found["totals"]["outstanding"] == 2 * 42_900


FAILING = {
    "untrusted_issuer": lambda _giver, _world: pid.giver().card(),
    "expired": lambda giver, world: giver.card(exp=world.now - 61),
    "not_yet_valid": lambda giver, world: giver.card(nbf=world.now + 120),
    "MALFORMED_VALUE_ERROR": lambda giver, _world: giver.card(exp=None),
    "CRYPTOGRAPHIC_SECURITY_ERROR": lambda giver, _world: giver.card(
        signer=PrivateKey.generate("ES256")
    ),
    "STATUS_VERIFICATION_ERROR": lambda giver, _world: giver.card(
        status={"status_list": {"idx": 1, "uri": "https://identiteit.example/lijst"}}
    ),
    "not_requested": lambda giver, _world: giver.card(vct="urn:eudi:pid:2"),
}


@pytest.mark.parametrize("reason", FAILING)
def test_one_that_fails_is_told_and_the_statements_are_judged_without_it(
    world, wallet, share, giver, reason
):
    failing = FAILING[reason](giver, world)
    found = share(failing, wallet.card(world.boxtel, debt(1)))
    [finding] = found["findings"]
    assert finding["basis"] == "identity"
    assert finding["organisation"] is None
    assert "identiteitskaart" in finding["text"].lower()
    assert finding["reason"] == reason
    assert found["person"]["established"] is False
    assert found["totals"]["outstanding"] == 42_900


@pytest.mark.parametrize("birthdate", ["1974-02-31", "21-08-1974", 19740821, ["1974-08-21"]])
def test_a_birth_date_that_is_none_is_told(world, wallet, share, giver, birthdate):
    found = share(giver.card(birthdate=birthdate), wallet.card(world.boxtel, debt(1)))
    assert reasons(found) == ["MALFORMED_VALUE_ERROR"]


def test_V10_one_that_keeps_a_term_back_is_told(world, wallet, share, giver):
    found = share(giver.card(), wallet.card(world.boxtel, debt(1)), without=[("birthdate",)])
    assert reasons(found) == ["claims_missing"]


def test_V14_another_holders_card_is_told(world, wallet, share, giver):
    thief = PrivateKey.generate("ES256")
    found = share(giver.card(), wallet.card(world.boxtel, debt(1)), signer=thief)
    [finding] = found["findings"]
    assert finding["basis"] == "identity"
    assert not found["person"]["established"]


def test_V04_V05_one_of_another_request_breaks_the_response(world, wallet, share, giver):
    for how in ({"nonce": "een-ander"}, {"audience": "x509_hash:iemand-anders"}):
        found = share(giver.card(), wallet.card(world.boxtel, debt(1)), status=400, **how)
        assert found["state"] == "FAILED"
        assert found["totals"]["outstanding"] == 0


def test_alone_it_answers_nothing(office, world, wallet, giver):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    form = wallet.form(asked, identity=[giver.card().present(asked, now=world.now)])
    assert wallet.post(asked, form).status_code == 400
    assert case_report(office, case, world.now, DUTCH)["state"] == "FAILED"


def test_two_of_them_are_no_answer(office, world, wallet, giver):
    _case, started = begin(office, world)
    asked = wallet.fetch(started)
    statement = wallet.card(world.boxtel).present(asked, now=world.now)
    both = [each.present(asked, now=world.now) for each in (giver.card(), giver.card(pid.ANOUK))]
    form = wallet.form(asked, schuldenopgave_sd_jwt=[statement], identity=both)
    assert wallet.post(asked, form).status_code == 400


@pytest.mark.usefixtures("everything_logged")
def test_nothing_of_it_is_kept_or_logged(office, wallet, share, giver, caplog):
    person = {"family_name": "Kanarie", "given_name": "Zeldzaam", "birthdate": "1901-02-03"}
    share(giver.card(person), wallet.card(wallet.world.boxtel, debt(1)))
    kept = [
        str(row)
        for table in ("requests", "cases", "documents")
        for row in office.database.execute(f"SELECT * FROM {table}")  # noqa: S608  our own names
    ]
    for word in person.values():
        assert word not in caplog.text
        assert not any(word in row for row in kept)


def test_the_page_tells_how_the_person_was_established(world, wallet, share, giver, client):
    share(giver.card(), wallet.card(world.boxtel, debt(1)))
    browser = Browser(client).log_in()
    page = text_of(browser.get(f"/zaken/{share.case.id}/overzicht"))
    assert "Persoon vastgesteld met een identiteitskaart" in page
    assert "Persoon niet vastgesteld" not in page


def test_the_page_tells_of_one_that_failed(world, wallet, share, client):
    share(pid.giver().card(), wallet.card(world.boxtel, debt(1)))
    browser = Browser(client).log_in()
    page = text_of(browser.get(f"/zaken/{share.case.id}/overzicht"))
    assert "niet van een uitgever die wij vertrouwen" in page
    assert "Persoon niet vastgesteld" in page


def pem(world, *certificates):
    path = world.folder / "issuers.pem"
    path.write_bytes(x509.to_pem(certificates))
    return replaced(world.config, identity=IdentitySettings(certificates=path))


def test_T13_a_demos_certificate_is_for_the_demo_only(world):
    key = PrivateKey.generate("ES256")
    root_key = PrivateKey.generate("ES256")
    root = x509.create_root(f"{x509.DEMO_PREFIX}stam", root_key, now=participants.NOW, days=9)
    demo = x509.create_authority(
        "Identiteit", key, now=participants.NOW, days=9, root=(root, root_key)
    )
    config = pem(world, demo)
    with pytest.raises(ConfigurationError, match="of a demo"):
        identity_card.trusted(config)
    list(initialise(config))
    with pytest.raises(ConfigurationError, match="of a demo"):
        open_office(config, world.now, world.network)
    assert identity_card.trusted(config.model_copy(update={"demo": True}))


def test_the_file_must_be_there_and_hold_certificates(world):
    missing = IdentitySettings(certificates=world.folder / "nergens.pem")
    empty = world.folder / "leeg.pem"
    empty.write_text("niets")
    for settings in (missing, IdentitySettings(certificates=empty)):
        with pytest.raises(ConfigurationError, match="unreadable"):
            identity_card.trusted(replaced(world.config, identity=settings))


@pytest.mark.usefixtures("office")
def test_check_config_tells_whether_it_is_asked(world):
    told = list(judge(world.config, world.now))
    assert "identity credential: asked, its issuers are known" in told
    told = list(judge(replaced(world.config, identity=None), world.now))
    assert "identity credential: not asked" in told
