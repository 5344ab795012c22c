"""Rows J at entry point E9, the request object at the wallet, with its neighbours H04 and H05.

W-STOP: an error page, and nothing is sent to whoever asked. The evil server hands out what the
verifier really signed, or what somebody made of it.
"""

import secrets
import time
from dataclasses import dataclass
from urllib.parse import parse_qs

import pytest

from holder_demo import keystore
from holder_demo.cards import make_card
from holder_demo.config import load
from holder_demo.demo.browser import Page
from holder_demo.demo.visits import WalletVisit
from holder_demo.demo.world import PIN
from tests.attacks import forging
from tests.attacks.arena import Lair
from tests.attacks.counsellor import QUERY_ID
from tests.attacks.holder import new_key
from vckit import x509
from vckit.formats import dc_sd_jwt
from vckit.keys import PrivateKey
from vckit.openid4vp import request
from vckit.openid4vp.client_id import x509_hash_client_id

pytestmark = pytest.mark.services

ANSWERED, MEDIA_TYPE = "/antwoord", request.MEDIA_TYPE


@pytest.fixture(scope="module")
def visit(arena):
    """An opened wallet with one card in it."""
    opened = WalletVisit(arena.world.url("wallet"), PIN)
    opened.unlock()
    store = keystore.open_or_create(load(arena.world.config_path("wallet")).folder, PIN)
    card = arena.linden.card(arena.world.residents[0])
    proven = dc_sd_jwt.verify(
        card.text, issuer_key=arena.linden.key.public, key_binding=None, now=int(time.time())
    )
    kept = make_card(
        secrets.token_hex(8),
        card.text,
        key=card.key,
        proven=proven,
        organisation=arena.linden.name,
        now=int(time.time()),
    )
    store.put("cards", kept.id, kept.record())
    return opened


@dataclass
class Asker:
    """The verifier's own key and certificate, in the hands of whoever broke in there."""

    lair: Lair
    query: dict
    key: PrivateKey
    chain: tuple

    @property
    def client_id(self):
        return x509_hash_client_id(self.chain[0])

    def object(self, *, header=None, key=None, **changes):
        """The request object that the verifier would sign, but for changes; None leaves one out.

        It is to be answered at the evil server.
        """
        now = int(time.time())
        asked = request.AuthorizationRequest(
            client_id=self.client_id,
            response_uri=f"{self.lair.server.origin}{ANSWERED}",
            response_mode="direct_post",
            nonce=secrets.token_urlsafe(16),
            state="toestand-0123456789",
            dcql_query=self.query,
            client_metadata=request.client_metadata(),
            issued_at=now,
            expires=now + 300,
        )
        honest = request.sign(asked, signer=self.key, chain=self.chain)
        head, body = forging.parts(honest)
        changed = ({**head, **(header or {})}, {**body, **changes})
        kept = [{n: one for n, one in part.items() if one is not None} for part in changed]
        return forging.signed(*kept, key or self.key)

    def link(self, jwt, client_id=None, method=None):
        uri = self.lair.put(f"/verzoek/{secrets.token_hex(4)}", jwt, MEDIA_TYPE)
        return request.by_reference("openid4vp://", client_id or self.client_id, uri, method=method)


@pytest.fixture
def asker(arena):
    folder = arena.world.folder / "verifier" / "keys"
    terms = ["geslachtsnaam", "voornamen", "geboortedatum", "totaal_openstaand"]
    query = {
        "credentials": [
            {
                "id": QUERY_ID,
                "format": "dc+sd-jwt",
                "meta": {"vct_values": [arena.linden.vct]},
                "claims": [{"path": [term]} for term in terms],
            }
        ]
    }
    key = PrivateKey.from_pem((folder / "request.pem").read_bytes())
    chain = x509.load_pem_chain((folder / "request-chain.pem").read_bytes())
    arena.lair.server.calls.clear()
    yield Asker(arena.lair, query, key, tuple(chain))
    arena.rest()


@pytest.fixture
def stopped(arena, visit, asker):
    """The wallet stops at this link; the verifier's own request it answers after that."""

    def stop(link):
        page = look(visit, link)
        assert page.status == 400
        assert page.media_type == "text/html"
        assert arena.world.residents[0].family_name.encode() not in page.body
        assert [call for call in arena.lair.server.calls if call.target == ANSWERED] == []

    yield stop
    assert visit.share(asker.link(asker.object())).status == 200
    [answer] = [call for call in arena.lair.server.calls if call.target == ANSWERED]
    assert {"vp_token", "state"} == set(parse_qs(answer.body.decode()))


def look(visit, link) -> Page:
    """Give the wallet a link and agree to the first contact."""
    page = visit.browser.open(f"{visit.base_url}/open")
    page = visit.browser.submit(page.form(action="/link"), {"link": link})
    return page if page.status == 400 else visit.browser.submit(page.form(action="/bekijken"))


@pytest.mark.parametrize("algorithm", forging.NONES)
def test_J01_a_request_without_a_signature_is_not_followed(asker, stopped, algorithm):
    stopped(asker.link(forging.unsigned(asker.object(), algorithm)))


@pytest.mark.parametrize("form", range(4))
def test_J02_the_verifiers_public_key_is_no_shared_secret(asker, stopped, form):
    secret = list(forging.public_bytes(asker.key.public))[form]
    stopped(asker.link(forging.hmac_signed(asker.object(), secret)))


@pytest.mark.parametrize("which", ["alg none first", "typ", "the same twice", "payload"])
def test_J10_a_member_that_stands_twice_is_refused(asker, stopped, which):
    stopped(asker.link(forging.duplicates(asker.object(), asker.key, "client_id")[which]))


def test_J04_a_key_is_not_fetched_from_an_address(asker, stopped, listener):
    for name in ("jku", "x5u"):
        stopped(asker.link(asker.object(header={name: f"{listener.origin}/keys"})))
    assert listener.connections == 0


@pytest.mark.parametrize("critical", [[], ["exp"], "exp"])
def test_J08_critical_extensions_are_not_known(asker, stopped, critical):
    stopped(asker.link(asker.object(header={"crit": critical})))


@pytest.mark.parametrize("typ", [None, "JWT", "jwt", "openid4vci-proof+jwt", "dc+sd-jwt"])
def test_J23_a_token_of_another_kind_is_no_request(asker, stopped, typ):
    stopped(asker.link(asker.object(header={"typ": typ})))


def test_J05_a_certificate_that_is_not_the_client_ids_is_refused(arena, asker, stopped):
    stranger = arena.vreemd
    chain = {"x5c": x509.to_x5c(stranger.chain)}
    stopped(asker.link(asker.object(header=chain, key=stranger.key)))
    stopped(asker.link(asker.object(header={"x5c": None})))
    stopped(asker.link(asker.object(key=new_key())))


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "x509_hash:" + "A" * 43},
        {"client_id": None},
        {"aud": "https://elders.example"},
        {"aud": None},
        {"exp": 1},
        {"iat": 32_503_680_000},
        {"state": "met spatie"},
        {"response_uri": None},
        {"response_uri": "javascript:alert(1)"},
        {"response_uri": "http://user@localhost/"},
    ],
    ids=lambda changes: " ".join(f"{name} {value}" for name, value in changes.items())[:30],
)
def test_H04_a_signed_request_of_another_kind_is_not_followed(asker, stopped, changes):
    stopped(asker.link(asker.object(**changes)))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"nonce": None}, "invalid_request"),
        ({"nonce": "met spatie"}, "invalid_request"),
        ({"nonce": "é"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"redirect_uri": "http://localhost/"}, "invalid_request"),
        ({"dcql_query": None}, "invalid_request"),
        ({"dcql_query": {"credentials": []}}, "invalid_request"),
        ({"transaction_data": ["AAAA"]}, "invalid_transaction_data"),
    ],
    ids=lambda changes: str(changes)[:30],
)
def test_H05_and_H08_a_proven_verifier_is_told_no_more_than_a_code(
    arena, visit, asker, changes, error
):
    page = look(visit, asker.link(asker.object(**changes)))
    assert page.status == 400
    [told] = [call for call in arena.lair.server.calls if call.target == ANSWERED]
    assert parse_qs(told.body.decode()) == {"error": [error], "state": ["toestand-0123456789"]}
    assert visit.share(asker.link(asker.object())).status == 200


def test_H05_the_wallets_own_nonce_must_come_back(asker, stopped):
    stopped(asker.link(asker.object(), method="post"))
    stopped(asker.link(asker.object(wallet_nonce="een-andere"), method="post"))


def test_H04_another_client_id_in_the_link_is_refused(asker, stopped):
    for client_id in (
        "x509_hash:" + "A" * 43,
        asker.client_id.removeprefix("x509_hash:"),
        f"origin:{asker.lair.server.origin}",
        f"redirect_uri:{asker.lair.server.origin}{ANSWERED}",
        f"onbekend:{asker.client_id}",
    ):
        stopped(asker.link(asker.object(), client_id=client_id))


def test_J26_a_request_is_strict_json(asker, stopped):
    header, _ = forging.parts(asker.object())
    for payload in (
        b"[" * 60_000,
        b'{"nonce":NaN}',
        b'{"a":"\\ud800"}',
        b"\xef\xbb\xbf{}",
        b"[]",
        b"",
    ):
        stopped(asker.link(forging.signed(header, payload, asker.key)))
    stopped(asker.link("geen token"))
    stopped(asker.link(b"\xff\xfe"))
