"""One whole journey without a network: the part of the journeys that every run of tests makes."""

import json
from dataclasses import replace

import pytest

from holder_demo import config, keystore, opening
from holder_demo.demo import residents
from tests.journeys.in_process import NOW, Hamlet

PIN = "1234"
TRUTH = json.loads((residents.packaged("sample") / "expected.json").read_text("utf-8"))
FIRST = TRUTH["residents"][0]


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory):
    return Hamlet(tmp_path_factory.mktemp("hamlet"))


@pytest.fixture
def wallet(hamlet, tmp_path):
    settings = config.load(hamlet.folder / "wallet" / "wallet.toml")
    opened = opening.open_wallet(settings, keystore.create(tmp_path / "cards", PIN))
    return replace(opened, fetcher=hamlet.network)


def test_offer_card_answer_and_overview_equal_what_is_expected(hamlet, wallet):
    resident = residents.residents_of(TRUTH)[0]
    for slug in FIRST["per_organisation"]:
        contact = wallet.open_offer(hamlet.offer(slug, resident.bsn), now=NOW)
        received = wallet.fetch(wallet.read_offer(contact, now=NOW), None, now=NOW)
        wallet.store(received, now=NOW)
    case, link = hamlet.case(resident)
    question = wallet.read_question(link, now=NOW)
    assert question.verifier.name == "Schuldhulp De Meierij"
    wallet.share(question, wallet.propose(question, now=NOW), now=NOW)
    seen = hamlet.result(case)
    assert seen["state"] == "DONE"
    assert seen["complete"] is True
    assert seen["findings"] == []
    assert [
        {name: one[name] for name in ("claims", "outstanding", "credit")}
        for one in seen["organisations"]
    ] == list(FIRST["per_organisation"].values())
    assert seen["totals"]["outstanding"] == FIRST["outstanding"]
    assert [event["event"] for event in wallet.history()].count("received") == 2
