"""Who may state debts: rows T of security.md, at the response URI."""

from urllib.parse import urlsplit

import pytest

from tests.attacks.holder import new_key
from tests.attacks.judging import OUTSTANDING, counts, finding, rejected
from vckit import x509

pytestmark = pytest.mark.services

UNTRUSTED, CRYPTO = "untrusted_issuer", "CRYPTOGRAPHIC_SECURITY_ERROR"


@pytest.fixture
def company(arena, resident):
    return arena.eiken.card(resident)


@pytest.fixture
def untrusted(arena, arena_counsellor, resident, company):
    """VC-REJ(untrusted_issuer): told apart, in no total; then an honest statement counts."""

    def judged(card):
        case = arena_counsellor.open(resident)
        finding(case, company, lambda asked: card.present(asked.client_id, asked.nonce), UNTRUSTED)
        report = case.report()
        assert [entry["reason"] for entry in report["groups"]["untrusted"]] == [UNTRUSTED]
        assert report["totals"]["outstanding"] == OUTSTANDING
        states = {one["name"]: one["state"] for one in report["organisations"]}
        assert states["Gemeente Linden"] == "missing"

    yield judged
    counts(arena_counsellor.open(resident), company, arena.linden.card(resident))


def test_T01_an_issuer_off_the_scheme_counts_nothing(arena, resident, untrusted):
    untrusted(arena.vreemd.card(resident))


def test_T01_a_name_of_the_scheme_in_a_foreign_statement_is_no_name(arena, resident, untrusted):
    """T11: the page's name is the scheme's, never the credential's."""
    stated = {"aangeleverd_door": {"naam": arena.linden.name, "oin": arena.linden.oin}}
    untrusted(arena.vreemd.card(resident, terms=stated))


def test_T02_one_issuer_does_not_speak_for_another(arena, resident, untrusted):
    """The issuer URL of one with key, chain and signature of the other, both trusted."""
    untrusted(arena.linden.card(resident, signer=arena.eiken.key, chain=arena.eiken.chain))


def test_T02_the_urls_of_both_in_a_certificate_make_no_difference(arena, resident, untrusted):
    both = arena.eiken.certified(arena.eiken.key, uri=arena.linden.url)
    untrusted(arena.linden.card(resident, signer=arena.eiken.key, chain=both))


def test_T02_a_leaf_of_one_under_the_authority_of_the_other_is_refused(arena, resident, untrusted):
    mixed = (arena.eiken.chain[0], arena.linden.chain[1])
    untrusted(arena.linden.card(resident, signer=arena.eiken.key, chain=mixed))
    longer = (*arena.eiken.chain, arena.linden.chain[1])
    untrusted(arena.linden.card(resident, signer=arena.eiken.key, chain=longer))


def test_T02_a_chain_of_one_over_a_signature_of_the_other_is_broken(
    arena, arena_counsellor, resident, company
):
    forged = arena.linden.card(resident, signer=arena.eiken.key)
    rejected(
        arena_counsellor.open(resident),
        company,
        lambda asked: forged.present(asked.client_id, asked.nonce),
        CRYPTO,
    )


def lookalikes(url):
    """T04: names that a comparison by prefix, suffix or normal form takes for `url`."""
    parts = urlsplit(url)
    return {
        "prefix": f"{url}.elders.example",
        "longer port": f"{url}0",
        "path of another": f"http://elders.example/{url}",
        "path below": f"{url}/gemeente",
        "trailing slash": f"{url}/",
        "trailing dot": f"http://{parts.hostname}.:{parts.port}",
        "userinfo": f"{url}@elders.example",
        "user": f"http://linden@{parts.netloc}",
        "upper case": f"http://LOCALHOST:{parts.port}",
        "scheme in upper case": f"HTTP://{parts.netloc}",
        "https": f"https://{parts.netloc}",
        "query": f"{url}?",
        "fragment": f"{url}#",
        "space": f"{url} ",
        "homograph": f"http://l\u043ecalhost:{parts.port}",
        "address": f"http://127.0.0.1:{parts.port}",
        "zero width": f"{url}\u200b",
    }


@pytest.mark.parametrize("how", lookalikes("http://localhost:1"))
def test_T04_an_issuer_is_named_letter_by_letter(arena, resident, untrusted, how):
    name = lookalikes(arena.linden.url)[how]
    untrusted(arena.linden.card(resident, issuer=name))


@pytest.mark.parametrize("how", ["prefix", "userinfo", "upper case", "trailing slash"])
def test_T04_a_certificate_for_the_lookalike_does_not_help(arena, resident, untrusted, how):
    name = lookalikes(arena.linden.url)[how]
    own = arena.linden.certified(arena.linden.key, uri=name)
    untrusted(arena.linden.card(resident, issuer=name, chain=own))
    foreign = arena.vreemd.certified(arena.vreemd.key, uri=name)
    untrusted(arena.linden.card(resident, issuer=name, chain=foreign, signer=arena.vreemd.key))


def test_J05_a_certificate_that_nobody_vouches_for_is_refused(arena, resident, untrusted):
    town, now = arena.linden, int(arena.linden.authority.not_valid_before_utc.timestamp())
    key = new_key()
    self_signed = (x509.create_authority(town.name, key, now=now, days=5),)
    foreign = arena.vreemd.certified(key, uri=town.url)
    nameless = town.certified(key, uri="http://localhost:1")
    for chain in (self_signed, foreign, nameless, foreign[:1], (town.certified(key))[:1]):
        untrusted(town.card(resident, chain=chain, signer=key))
    untrusted(town.card(resident, chain=(town.authority,), signer=town.authority_key))
    untrusted(town.card(resident, chain=(self_signed[0], town.authority), signer=key))


def test_a_certificate_that_has_ended_is_refused(arena, resident, untrusted):
    import time

    town, key = arena.linden, new_key()
    ended = x509.create_leaf(
        town.name,
        key.public,
        authority=town.authority,
        authority_key=town.authority_key,
        uri=town.url,
        now=int(time.time()) - 3 * 86_400,
        days=1,
    )
    untrusted(town.card(resident, chain=(ended, town.authority), signer=key))
