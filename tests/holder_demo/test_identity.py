"""The identity card of the demo: given by the stand-in, kept by the wallet, shared with consent."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import flask
import pytest

from holder_demo import config as holder_config
from holder_demo import identity_issuing, service
from holder_demo.acceptance import RefusedError
from holder_demo.choosing import is_answer
from holder_demo.identity import Giver
from holder_demo.persons import Person
from holder_demo.wallet import Wallet
from tests.holder_demo.simulation import NOW
from tests.holder_demo.test_pages import BASE
from tests.holder_demo.test_pages import Person as Visitor
from tests.vckit import participants
from vckit import dcql, x509
from vckit.adapters.settings import SchemeSource
from vckit.errors import ConfigurationError, HolderBindingError, NotRequestedError
from vckit.formats import dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.network import Response
from vckit.openid4vci import key_proof
from vckit.sd_jwt import KeyBindingExpectation

URL = "http://localhost:8100"
WALLET = "http://localhost:8120"
JOSE = Person("bewoner-01", "resident", "d'Hondt", "José", "999291415", "1974-08-21")
SAMIRA = Person("hulp-01", "counsellor", "Bakker", "Samira", roles=("counsellor",))
QUERY = {
    "id": "identity",
    "format": "dc+sd-jwt",
    "meta": {"vct_values": ["urn:eudi:pid:1"]},
    "claims": [{"path": [each]} for each in ("family_name", "given_name", "birthdate")],
}


class Clock:
    now = NOW

    def __call__(self):
        return float(self.now)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def desk(clock):
    """The stand-in's addresses, as a client of them."""
    one = participants.participant(URL)
    registry = identity_issuing.Registry(
        URL, (one.key, one.chain), {each.login: each for each in (JOSE, SAMIRA)}, (WALLET,), clock
    )
    app = flask.Flask("desk", root_path=str(identity_issuing.__file__.rpartition("/")[0]))
    app.template_folder = "templates/digid"
    app.register_blueprint(identity_issuing.blueprint(registry))
    return app.test_client()


class Wire:
    """The Fetcher of a wallet that reaches the stand-in alone."""

    def __init__(self, desk):
        self.desk = desk

    def get(self, _url, **_limits):
        raise AssertionError("nothing is fetched for an identity card")

    def post(self, url, *, form, **_rest):
        answer = self.desk.post(url.removeprefix(URL), data=form)
        return Response(answer.status_code, answer.data, answer.mimetype)


@pytest.fixture
def wallet(wallet):
    return replace(wallet, identity_giver=Giver(URL, "Inloggen (demo)"))


@pytest.fixture
def given(wallet, desk):
    """Have the wallet get a card from the stand-in, beside what its own network gives."""
    reaching = replace(wallet, fetcher=Wire(desk))
    return lambda: reaching.get_identity_of(JOSE.bsn, now=NOW)


def test_a_person_is_chosen_and_the_wallet_gets_a_code(desk):
    back = f"{WALLET}/identiteitskaart/abc"
    page = desk.get(f"/identiteitskaart?terug={back}")
    assert "José d&#39;Hondt" in page.text
    assert "Samira" not in page.text
    answer = desk.post(f"/identiteitskaart?terug={back}", data={"login": JOSE.login})
    assert answer.status_code == 303
    assert answer.location.startswith(f"{back}?code=")


@pytest.mark.parametrize(
    "back", ["", "https://elders.example/x", f"{WALLET}.elders.example/", f"{WALLET}/?x=1"]
)
def test_it_leads_back_to_its_own_wallets_only(desk, back):
    assert desk.get("/identiteitskaart", query_string={"terug": back}).status_code == 400
    assert desk.post("/identiteitskaart", query_string={"terug": back}).status_code == 400


def test_nobody_else_is_chosen(desk):
    back = f"/identiteitskaart?terug={WALLET}/x"
    assert desk.post(back, data={"login": SAMIRA.login}).status_code == 400
    assert desk.post("/identiteitskaart/code", data={"bsn": "123456782"}).status_code == 404
    assert desk.post("/identiteitskaart/code", data={"bsn": ""}).status_code == 404


def code(desk):
    return desk.post("/identiteitskaart/code", data={"bsn": JOSE.bsn}).json["code"]


def hand_over(desk, given_code, **changes):
    made = {"audience": URL, "nonce": given_code, "now": NOW, **changes}
    proof = key_proof.create(PrivateKey.generate("ES256"), **made)
    return desk.post("/identiteitskaart/kaart", data={"code": given_code, "proof": proof})


def test_a_code_serves_once_and_for_five_minutes(desk, clock):
    mine = code(desk)
    assert hand_over(desk, mine).status_code == 200
    assert hand_over(desk, mine).json == {"error": "invalid_grant"}
    late = code(desk)
    clock.now += 300
    assert hand_over(desk, late, now=clock.now).json == {"error": "invalid_grant"}


@pytest.mark.parametrize("wrong", [{"audience": "https://elders.example"}, {"nonce": "een-ander"}])
def test_a_proof_of_another_key_moment_or_place_gets_nothing(desk, wrong):
    assert hand_over(desk, code(desk), **wrong).json == {"error": "invalid_proof"}


def test_the_wallet_keeps_one_card_bound_to_a_key_of_its_own(wallet, given):
    first = given()
    assert wallet.identity() == first
    assert first.is_identity
    assert first.whose == "J. d. 1974"
    assert first.expires == NOW + 86_400
    assert wallet.cards() == []
    second = given()
    assert wallet.identity() == second
    assert second.signer.public != first.signer.public
    wallet.delete_identity(now=NOW)
    assert wallet.identity() is None
    wallet.delete_identity(now=NOW)
    assert [each["event"] for each in wallet.history()].count("deleted") == 1


def test_without_the_setting_there_is_none(wallet):
    with pytest.raises(ConfigurationError):
        replace(wallet, identity_giver=None).get_identity_of(JOSE.bsn, now=NOW)


def test_a_person_that_the_stand_in_does_not_know_gets_none(wallet, desk):
    with pytest.raises(RefusedError):
        replace(wallet, fetcher=Wire(desk)).get_identity_of("123456782", now=NOW)
    assert wallet.identity() is None


def test_a_card_of_another_key_or_giver_is_not_kept(wallet, desk, monkeypatch):
    reaching = replace(wallet, fetcher=Wire(desk))
    elsewhere = replace(reaching, identity_giver=Giver("http://elders", "Elders"))
    monkeypatch.setattr(Wire, "post", lambda *_a, **_k: Response(200, other(desk), ""))
    with pytest.raises(HolderBindingError):
        reaching.get_identity("code", now=NOW)
    key = PrivateKey.generate("ES256")
    monkeypatch.setattr(PrivateKey, "generate", lambda _algorithm: key)
    monkeypatch.setattr(Wire, "post", lambda *_a, **_k: Response(200, other(desk), ""))
    with pytest.raises(NotRequestedError):
        elsewhere.get_identity("code", now=NOW)
    assert wallet.identity() is None


def other(desk):
    return hand_over(desk, code(desk)).data


def asked(setting):
    """The counsellor of the simulation asks an identity card as well."""
    counsellor = setting.counsellor
    statements = counsellor.query["credentials"]
    ids = [each["id"] for each in statements]
    counsellor.query = {
        "credentials": [*statements, QUERY],
        "credential_sets": [
            {"options": [[each] for each in ids], "required": True},
            {"options": [["identity"]], "required": False},
        ],
    }
    return counsellor.link()


def test_it_is_offered_beside_the_statements_and_may_stay_home(wallet, receive, setting, given):
    receive(setting.boxtel)
    card = given()
    question = wallet.read_question(asked(setting), now=NOW)
    shares = wallet.propose(question, now=NOW)
    assert [share.query_id for share in shares if share.card.is_identity] == ["identity"]
    [mine] = [share for share in shares if share.card.is_identity]
    assert mine.person_terms == ["family_name", "given_name", "birthdate"]
    assert mine.card.id == card.id
    wallet.share(question, shares, now=NOW)
    [presented] = setting.counsellor.presentations()["identity"]
    [leaf, _authority] = x509.parse_x5c(dc_sd_jwt.unverified_issuer(presented).x5c)
    expected = KeyBindingExpectation(setting.counsellor.client_id, "nonce-1")
    proven = dc_sd_jwt.verify(
        presented, issuer_key=x509.public_key(leaf), key_binding=expected, now=NOW
    )
    assert proven.claims["given_name"] == "José"
    [told] = [each["shares"] for each in wallet.history() if each["event"] == "shared"]
    assert [each["identity"] for each in told].count(True) == 1
    others = [share for share in shares if not share.card.is_identity]
    assert is_answer(others)
    assert not is_answer([mine])


def test_one_that_is_over_stays_home(wallet, receive, setting, given):
    receive(setting.boxtel)
    given()
    question = wallet.read_question(asked(setting), now=NOW)
    shares = wallet.propose(question, now=NOW + 86_400)
    assert not any(share.card.is_identity for share in shares)


def test_it_does_not_answer_alone(wallet, setting, given):
    given()
    question = wallet.read_question(asked(setting), now=NOW)
    assert wallet.propose(question, now=NOW) == []
    dcql.parse(setting.counsellor.query)


def test_a_picked_card_goes_alone(wallet, receive, setting, given):
    card, identity = receive(setting.boxtel), given()
    question = wallet.read_question(asked(setting), now=NOW)
    picked = wallet.propose(question, now=NOW, picked=[card.id])
    assert [share.card.id for share in picked] == [card.id]
    both = wallet.propose(question, now=NOW, picked=[card.id, identity.id])
    assert {share.card.id for share in both} == {card.id, identity.id}
    with pytest.raises(KeyError):
        wallet.propose(question, now=NOW, picked=["0000"])


@pytest.fixture
def visitor(desk, setting, tmp_path):
    """Somebody at the pages of a wallet that reaches both networks."""

    class Both:
        def __init__(self):
            self.get = setting.network.get

        def post(self, url, **how):
            reached = Wire(desk) if url.startswith(URL) else setting.network
            return reached.post(url, **how)

    def opening(_config, store):
        scheme = setting.scheme
        giver = Giver(URL, "Inloggen (demo)")
        return Wallet(store, Both(), lambda _now: scheme, identity_giver=giver)

    settings = holder_config.Config(
        base_url=BASE,
        demo=True,
        folder=tmp_path / "kaarten",
        scheme=SchemeSource(file=tmp_path, operator_keys=(tmp_path,)),
    )
    app = service.create_app(settings, clock=lambda: NOW, opening=opening)
    somebody = Visitor(app.test_client())
    somebody.unlock()
    return somebody


def fetch_by_page(visitor, desk):
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.page.text)[1]
    away = visitor.client.post("/identiteitskaart", base_url=BASE, data={"csrf_token": token})
    assert away.location.startswith(f"{URL}/identiteitskaart?")
    back = parse_qs(urlsplit(away.location).query)["terug"][0]
    answer = desk.post(f"/identiteitskaart?terug={back}", data={"login": JOSE.login})
    visitor.open(answer.location.removeprefix(BASE))
    action = urlsplit(back).path
    fields = {"code": parse_qs(urlsplit(answer.location).query)["code"][0]}
    return action, fields


def test_by_the_pages_one_chooses_keeps_and_may_delete(visitor, desk):
    assert "Haal uw identiteitskaart op" in visitor.open("/")
    assert URL in visitor.page.headers["Content-Security-Policy"]
    action, fields = fetch_by_page(visitor, desk)
    assert "Wilt u uw identiteitskaart bewaren?" in visitor.page.text
    visitor.send(action, **fields)
    visitor.send(action, **fields)  # the second of two clicks
    home = visitor.open("/")
    assert "Identiteitskaart van Inloggen (demo)" in home
    assert "J. d., geboren in 1974" in home
    assert "Haal uw identiteitskaart op" not in home
    visitor.send("/identiteitskaart/verwijderen")
    assert "Haal uw identiteitskaart op" in visitor.open("/")


def test_by_the_pages_it_goes_with_consent_only(visitor, desk, setting):
    visitor.receive(setting.boxtel.link())
    action, fields = fetch_by_page(visitor, desk)
    visitor.send(action, **fields)
    page = visitor.ask(asked(setting))
    assert "Identiteitskaart van Inloggen (demo)" in page
    assert "José" in page
    assert "21 augustus 1974" in page
    ticked = visitor.ticked()
    [identity] = [name for name in ticked if name.startswith("kaart-")][1:]
    del ticked[identity]
    visitor.send(visitor.action("beslissen"), besluit="ja", **ticked)
    assert "identity" not in setting.counsellor.presentations()
