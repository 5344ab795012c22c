"""Every resident of the sample in every W3C format, and in two formats at once, to the cent."""

import json
from dataclasses import replace

import pytest

from holder_demo import config, keystore, opening
from holder_demo.demo import residents
from tests.journeys.in_process import NOW, Hamlet

# A minute on two processors: too long for every run.
pytestmark = pytest.mark.services

PIN = "1234"
TRUTH = json.loads((residents.packaged("sample") / "expected.json").read_text("utf-8"))
RESIDENTS = residents.residents_of(TRUTH)
NAMES = {"boxtel": "Gemeente Boxtel", "sint-michielsgestel": "Gemeente Sint-Michielsgestel"}
NOTHING = {"claims": 0, "outstanding": 0, "credit": 0}
SD_JWT, EDDSA, ECDSA, JWT_VC, VC_JWT, VC11 = (
    f"schuldenopgave_{name}"
    for name in ("sd_jwt", "ldp_eddsa", "ldp_ecdsa", "jwt_vc", "vc_jwt", "vc11")
)
# By municipality, one after the other for the residents.
MIXED = [
    (SD_JWT, EDDSA),
    (EDDSA, JWT_VC),
    (JWT_VC, ECDSA),
    (ECDSA, SD_JWT),
    (EDDSA, ECDSA),
    (JWT_VC, SD_JWT),
]
CHOSEN = {
    "ldp_eddsa": [(EDDSA, EDDSA)],
    "ldp_ecdsa": [(ECDSA, ECDSA)],
    "jwt_vc": [(JWT_VC, JWT_VC)],
    "mixed": MIXED,
}
WAYS = [
    ("x509_hash", "direct_post.jwt"),
    ("decentralized_identifier", "direct_post"),
    ("x509_hash", "direct_post"),
    ("decentralized_identifier", "direct_post.jwt"),
    ("redirect_uri", "direct_post"),
]


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory):
    return Hamlet(tmp_path_factory.mktemp("hamlet"))


@pytest.fixture
def wallet(hamlet, tmp_path):
    settings = config.load(hamlet.folder / "wallet" / "wallet.toml")
    opened = opening.open_wallet(settings, keystore.create(tmp_path / "cards", PIN))
    return replace(opened, fetcher=hamlet.network)


def receive(wallet, link, configuration):
    contact = wallet.open_offer(link, now=NOW)
    offered = wallet.read_offer(contact, now=NOW, configurations=[configuration])
    return wallet.store(wallet.fetch(offered, None, now=NOW), now=NOW)


def answer(wallet, link):
    question = wallet.read_question(link, now=NOW)
    wallet.share(question, wallet.propose(question, now=NOW), now=NOW)


def check(seen, truth):
    """The overview says of both municipalities what the sample says of itself."""
    assert (seen["state"], seen["findings"]) == ("DONE", [])
    assert [one["name"] for one in seen["organisations"]] == list(NAMES.values())
    for slug, organisation in zip(NAMES, seen["organisations"], strict=True):
        stated = truth["per_organisation"].get(slug, NOTHING)
        assert {name: organisation[name] for name in NOTHING} == stated
        assert (organisation["state"], organisation["basis"]) == ("verified", "wallet")
    assert seen["totals"]["outstanding"] == truth["outstanding"]
    assert seen["totals"]["credit"] == truth["credit"]
    assert seen["complete"] is not bool(truth["partial"])
    balances = [debt["saldo"] for debt in seen["debts"]]
    assert len(balances) == sum(one["claims"] for one in truth["per_organisation"].values())
    assert sum(balance for balance in balances if balance > 0) == truth["outstanding"]


@pytest.mark.parametrize("number", range(40))
@pytest.mark.parametrize("way", CHOSEN)
def test_the_overview_equals_what_is_expected_to_the_cent(hamlet, wallet, way, number):
    resident, chosen = RESIDENTS[number], CHOSEN[way][number % len(CHOSEN[way])]
    for slug, configuration in zip(NAMES, chosen, strict=True):
        card = receive(wallet, hamlet.offer(slug, resident.bsn), configuration)
        assert card.configuration == configuration
    prefix, mode = WAYS[number % len(WAYS)]
    case, link = hamlet.case(resident, prefix, mode)
    answer(wallet, link)
    check(hamlet.result(case), TRUTH["residents"][number])


@pytest.mark.parametrize("configuration", [VC_JWT, VC11])
@pytest.mark.parametrize("number", [0, 7, 39])
def test_the_forms_that_are_only_given_on_demand(hamlet, wallet, configuration, number):
    resident = RESIDENTS[number]
    for slug in NAMES:
        receive(wallet, hamlet.offer(slug, resident.bsn, "all"), configuration)
    asked = ["vc+jwt"] if configuration == VC_JWT else None
    case, link = hamlet.case(resident, formats=asked)
    answer(wallet, link)
    check(hamlet.result(case), TRUTH["residents"][number])


def test_one_debt_in_every_format_of_an_organisation_counts_once(hamlet, wallet):
    resident = RESIDENTS[0]
    for configuration in (SD_JWT, EDDSA, ECDSA, JWT_VC):
        receive(wallet, hamlet.offer("boxtel", resident.bsn), configuration)
    receive(wallet, hamlet.offer("sint-michielsgestel", resident.bsn), JWT_VC)
    case, link = hamlet.case(resident)
    answer(wallet, link)
    seen, truth = hamlet.result(case), TRUTH["residents"][0]
    assert seen["totals"]["outstanding"] == truth["outstanding"]
    assert len(seen["debts"]) == sum(one["claims"] for one in truth["per_organisation"].values())


def test_one_offer_gives_several_cards(hamlet, wallet):
    contact = wallet.open_offer(hamlet.offer("boxtel", RESIDENTS[0].bsn), now=NOW)
    every = [SD_JWT, EDDSA, ECDSA, JWT_VC]
    offered = wallet.read_offer(contact, now=NOW, configurations=every)
    cards = [wallet.store(one, now=NOW) for one in wallet.fetch_all(offered, None, now=NOW)]
    assert [card.configuration for card in cards] == every
