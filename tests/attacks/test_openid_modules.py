"""The modules of the OpenID conformance suite for verifiers, retold (suites.md A12).

The running verifier of two workers is driven as the suite drives one: a hook starts a request and
gives its link, the suite's wallet answers, another hook tells the result. Every module runs in each
response mode and for each prefix of the client id.
"""

import itertools
import math
import secrets
import time

import pytest

from tests.attacks import memory, suite_wallet
from tests.attacks.exchange import post, send
from tests.attacks.judging import OUTSTANDING
from tests.attacks.reactions import response_refused
from tests.attacks.suite_wallet import Answering, Link, broken_signature
from tests.journeys.actors import command
from verifier import cli

pytestmark = pytest.mark.services

YEAR = 31_536_000
MODES = ("direct_post", "direct_post.jwt")
PREFIXES = ("x509_hash", "x509_san_dns", "decentralized_identifier")
HONEST = Answering()
# What 5.1 to 5.9 of the final specification know no more, or not in this flow.
GONE = {
    *("presentation_definition", "presentation_definition_uri", "client_id_scheme"),
    *("client_metadata_uri", "redirect_uri", "scope"),
}


class Module:
    """One case at the verifier, asked in one way; `answer` is what a module does."""

    def __init__(self, arena, resident, way):
        self.config = arena.world.config_path("verifier")
        self.mode, self.prefix = way
        self.vct = arena.linden.vct
        about = ("--family-name", resident.family_name, "--given-name", resident.given_name)
        self.about = (*about, "--birthdate", resident.birthdate)
        self.id = None

    def start(self):
        """The link of a new question of the case."""
        how = ("--response-mode", self.mode, "--client-id", self.prefix)
        case = ("--case", self.id) if self.id else self.about
        asked = command(cli.main, self.config, "request", *how, *case)
        self.id = asked["id"]
        link = Link.read(asked["link"])
        assert link.client_id.startswith(f"{self.prefix}:")
        return link

    def result(self):
        return command(cli.main, self.config, "result", self.id)

    def answer(self, question, card, how=HONEST):
        text = how.presentation(card.text, card.key.to_jwk(), question)
        token = {question.query_id(self.vct): [text]}
        return post(question.claims["response_uri"], data=suite_wallet.form(question, token))

    def passes(self, card, question=None):
        """The honest answer, to a new question by default: it counts."""
        question = question or self.start().fetch()
        answer = self.answer(question, card)
        assert (answer.status, answer.json()) == (200, {}), answer.body
        result = self.result()
        assert result["state"] == "DONE"
        assert result["findings"] == []
        assert result["totals"]["outstanding"] == OUTSTANDING

    def refuses(self, card, how):
        """4xx at once, a request that failed and a case in which nothing counts; then the twin."""
        question = self.start().fetch()
        response_refused(self.answer(question, card, how))
        result = self.result()
        assert result["state"] == "FAILED"
        assert result["totals"]["outstanding"] == 0
        assert result["debts"] == []
        self.passes(card)


@pytest.fixture(params=itertools.product(MODES, PREFIXES), ids=" ".join)
def module(request, arena, resident):
    return Module(arena, resident, request.param)


@pytest.fixture
def card(arena, resident):
    """A statement whose `cnf` has every member that the suite's keys have."""
    made = arena.linden.card(resident)
    jwk = {**made.key.public.to_jwk(), "kid": secrets.token_hex(8), "use": "sig", "alg": "ES256"}
    return arena.linden.forged(made, cnf={"jwk": jwk})


@pytest.fixture
def minimal_card(arena, resident):
    made = arena.linden.card(resident)
    jwk = made.key.public.to_jwk()
    assert set(jwk) == {"kty", "crv", "x", "y"}
    return arena.linden.forged(made, cnf={"jwk": jwk})


def test_the_verifier_has_two_workers(arena):
    assert len(memory.resident(arena.world.services["verifier"])) == 2


def test_happy_flow(module, card):
    link = module.start()
    question = link.fetch()
    assert module.result()["state"] == "WAITING_FOR_RESPONSE"
    as_specified(link, question, module.mode)
    module.passes(card, question)


def as_specified(link, question, mode):
    """What the suite asserts of every request object."""
    header, claims = question.header, question.claims
    assert header["typ"] == "oauth-authz-req+jwt"
    assert header["alg"] == "ES256"
    assert claims["client_id"] == link.client_id
    assert claims["aud"] == "https://self-issued.me/v2"
    assert (claims["response_type"], claims["response_mode"]) == ("vp_token", mode)
    assert (
        claims["response_uri"].partition("/openid4vp")[0]
        == link.request_uri.partition("/openid4vp")[0]
    )
    assert not GONE & set(claims)
    assert claims["iat"] <= time.time() + 1 < claims["exp"] <= claims["iat"] + 300
    assert all(math.log2(64) * len(claims[name]) >= 128 for name in ("nonce", "state"))
    formats = claims["client_metadata"]["vp_formats_supported"]
    for each in claims["dcql_query"]["credentials"]:
        assert each["format"] in formats
    assert "ES256" in formats["dc+sd-jwt"]["kb-jwt_alg_values"]
    assert "ES256" in formats["dc+sd-jwt"]["sd-jwt_alg_values"]
    if mode == "direct_post.jwt":
        recipient = question.recipient
        expected = {"kty": "EC", "crv": "P-256", "use": "enc", "alg": "ECDH-ES"}
        assert expected.items() <= recipient.items()
        assert recipient["kid"]
        assert "d" not in recipient
        values = claims["client_metadata"]["encrypted_response_enc_values_supported"]
        assert set(values) == {"A128GCM", "A256GCM"}
    else:
        assert "jwks" not in claims["client_metadata"]


def test_every_question_has_a_nonce_a_state_a_key_and_an_address_of_its_own(module):
    first, second = module.start().fetch(), module.start().fetch()
    for name in ("nonce", "state", "response_uri"):
        assert first.claims[name] != second.claims[name]
    if module.mode == "direct_post.jwt":
        assert first.recipient["x"] != second.recipient["x"]
        assert first.recipient["kid"] != second.recipient["kid"]


def test_minimal_cnf_jwk(module, minimal_card):
    module.passes(minimal_card)


def test_request_uri_method_post(module, card):
    link = module.start()
    assert link.method == "post"
    wallet_nonce = secrets.token_urlsafe(24)
    question = link.fetch(wallet_nonce=wallet_nonce)
    assert question.claims["wallet_nonce"] == wallet_nonce
    module.passes(card, question)


def test_request_uri_fetched_twice(module, card):
    link = module.start()
    first, second = link.fetch(), link.fetch()
    posted = [link.fetch(wallet_nonce=secrets.token_urlsafe(24)) for _ in range(2)]
    for name in ("nonce", "state", "response_uri", "dcql_query", "client_metadata"):
        for again in (second, *posted):
            assert again.claims[name] == first.claims[name]
    assert "wallet_nonce" not in first.claims
    assert posted[0].claims["wallet_nonce"] != posted[1].claims["wallet_nonce"]
    module.passes(card, second)
    assert send("GET", link.request_uri).status == 410


def test_invalid_credential_signature(module, card):
    module.refuses(card, Answering(credential=broken_signature))


def test_invalid_kb_jwt_signature(module, card):
    module.refuses(card, Answering(signature=broken_signature))


def test_invalid_kb_jwt_nonce(module, card):
    module.refuses(card, Answering(binding={"nonce": secrets.token_urlsafe(32)}))


def test_invalid_kb_jwt_aud(module, card):
    module.refuses(card, Answering(binding={"aud": "x509_hash:" + "A" * 43}))


def test_invalid_sd_hash(module, card):
    module.refuses(card, Answering(binding={"sd_hash": secrets.token_urlsafe(32)}))


def test_kb_jwt_iat_in_past(module, card):
    module.refuses(card, Answering(binding={"iat": int(time.time()) - YEAR}))


def test_kb_jwt_iat_in_future(module, card):
    module.refuses(card, Answering(binding={"iat": int(time.time()) + YEAR}))
