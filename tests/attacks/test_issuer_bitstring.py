"""Status lists of every form as our own issuer publishes them: rows L19 to L23 of security.md."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import pytest

from tests.attacks import forging
from tests.attacks.counsellor import Counsellor, respond
from tests.attacks.exchange import refusal, send
from tests.attacks.holder import Holder, W3cCard, new_key
from tests.attacks.identity import readers
from vckit.status import bitstring, token_status_list
from vckit.status.token_status_list import MINIMUM_ENTRIES

pytestmark = pytest.mark.services

PARALLEL = 200
LDP, ECDSA, JWT = "schuldenopgave_ldp_eddsa", "schuldenopgave_ldp_ecdsa", "schuldenopgave_jwt_vc"
FORMATS = {LDP: "ldp_vc", ECDSA: "ldp_vc", JWT: "jwt_vc_json"}
CONFIGURATIONS = ("schuldenopgave_sd_jwt", LDP, ECDSA, JWT)


@dataclass(frozen=True)
class Entries:
    """Where a credential's two statuses are told: list and index of each."""

    revocation: tuple[str, int]
    refresh: tuple[str, int]

    @classmethod
    def of(cls, credential):
        if isinstance(credential, dict):
            return cls(*map(_entry, credential["credentialStatus"]))
        claims = forging.parts(credential.split("~", 1)[0])[1]
        if "vc" in claims:
            subject = claims["vc"]["credentialSubject"]
            return cls(_entry(claims["vc"]["credentialStatus"]), _refresh(subject))
        told = claims["status"]["status_list"]
        return cls((_list(told["uri"]), told["idx"]), _refresh(claims))


def _entry(entry):
    return _list(entry["statusListCredential"]), int(entry["statusListIndex"])


def _refresh(terms):
    return _list(terms["vernieuwing_uri"]), terms["vernieuwing_index"]


def _list(uri):
    """The id of the list, which is the same in every form that it is published in."""
    return uri.rpartition("/")[2]


def issued(desk, bsn, configuration=LDP, keys=1):
    """The credentials of one answer, each with its holder's key."""
    wallet = Holder(desk.config.base_url)
    access_token = wallet.access_token(desk.offer(bsn).offer.pre_authorized_code)
    nonce, holders = wallet.nonce(), [Holder(wallet.issuer, new_key()) for _ in range(keys)]
    proofs = [one.proof(nonce=nonce) for one in holders]
    answer = wallet.fetch(access_token, *proofs, credential_configuration_id=configuration)
    assert answer.status == 200, answer.body
    return [one["credential"] for one in answer.json()["credentials"]], holders


def test_L20_no_two_credentials_of_any_format_share_an_index(world, boxtel):
    def one(number):
        configuration = CONFIGURATIONS[number % len(CONFIGURATIONS)]
        [credential], _ = issued(boxtel, world.residents[number % 20].bsn, configuration)
        return Entries.of(credential)

    with ThreadPoolExecutor(8) as pool:
        entries = list(pool.map(one, range(PARALLEL)))
    assert len({one.revocation for one in entries}) == PARALLEL
    assert len({one.refresh for one in entries}) == PARALLEL


@pytest.mark.parametrize("configuration", [LDP, JWT])
def test_L23_a_batch_tells_by_its_indexes_nothing(world, boxtel, configuration):
    credentials, _ = issued(boxtel, world.residents[35].bsn, configuration, keys=10)
    for of in (lambda one: one.revocation, lambda one: one.refresh):
        indexes = [of(Entries.of(one))[1] for one in credentials]
        in_order = sorted(indexes)
        steps = [later - earlier for earlier, later in pairwise(in_order)]
        assert indexes != in_order
        # Neighbours at random: two of ten once in some 1,500 batches; a row of three never.
        assert steps.count(1) <= 1


def test_L23_a_batch_shares_no_ids(world, boxtel):
    """Holders, debts, proofs and statuses of one batch have nothing that links them."""
    credentials, _ = issued(boxtel, world.residents[0].bsn, keys=3)
    for name in ("credentialStatus", "proof"):
        texts = [json.dumps(one[name]) for one in credentials]
        assert len(set(texts)) == 3
    for of in (
        lambda subject: subject["id"],
        lambda subject: subject["vorderingen"][0]["id"],
        lambda subject: subject["vorderingen"][0]["zout"],
    ):
        assert len({of(one["credentialSubject"]) for one in credentials}) == 3


@pytest.fixture(scope="module")
def published(world, boxtel):
    """What is public of both lists that a fresh credential refers to, by purpose."""
    [credential], _ = issued(boxtel, world.residents[35].bsn)
    return {
        entry["statusPurpose"]: entry["statusListCredential"]
        for entry in credential["credentialStatus"]
    }


def test_L22_only_the_list_of_now_is_given(published):
    assert set(published) == {"revocation", "refresh"}
    for purpose, uri in published.items():
        answer = send("GET", uri)
        assert answer.status == 200
        assert answer.media_type == bitstring.MEDIA_TYPE
        assert "Set-Cookie" not in answer.headers
        subject = answer.json()["credentialSubject"]
        assert subject["statusPurpose"] == purpose
        assert bitstring.decode(subject["encodedList"]).size >= MINIMUM_ENTRIES
        for moment in ("1", "2026-01-01T00:00:00Z"):
            assert send("GET", uri, params={"time": moment}).status in {404, 501}
        refusal(send("GET", uri[:-3] + "zzz"), 404)
        refusal(send("GET", uri.replace("/bitstring/", "/anders/")), 404)
        refusal(send("POST", uri), 405)


def test_L16_our_lists_stand_at_our_own_address(published, boxtel):
    for uri in published.values():
        assert uri.startswith(f"{boxtel.config.base_url}/status/")


@pytest.fixture(scope="module")
def counsellor(world):
    return Counsellor(world)


def marked(text):
    """The positions that are set in a list as it was published, of either form."""
    if text.startswith("{"):
        data = bitstring.decode(json.loads(text)["credentialSubject"]["encodedList"]).data
    else:
        told = forging.parts(text)[1]["status_list"]
        data = token_status_list.from_lst(told["bits"], told["lst"]).data
    return int.from_bytes(data, "little")


class Reader:
    """Asks for one list again and again, and keeps each version once."""

    def __init__(self, uri):
        self.uri, self.versions, self.done = uri, [], threading.Event()

    def read(self):
        while not self.done.wait(0.02):
            self.look()
        self.look()

    def look(self):
        answer = send("GET", self.uri)
        assert answer.status == 200
        if self.versions[-1:] != [answer.body.decode()]:
            self.versions.append(answer.body.decode())


def test_L19_what_is_revoked_stays_revoked_whoever_publishes(world, boxtel, published):
    """Readers drive the publishers: while the desk revokes, every version has all of the last."""
    person = world.residents[33]
    cards = [issued(boxtel, person.bsn)[0][0] for _ in range(3)]
    records, uri = boxtel.records_of(person.bsn), published["revocation"]
    readers = [Reader(one) for one in (uri, uri.replace("/status/bitstring/", "/status/")) * 2]
    with ThreadPoolExecutor(len(readers) + 2) as pool:
        reading = [pool.submit(one.read) for one in readers]
        revoking = [pool.submit(world.issuer_json, "boxtel", "revoke", one) for one in records]
        outcomes = [one.exception() for one in revoking]
        for reader in readers:
            reader.done.set()
        assert [one.exception() for one in reading] + outcomes == [None] * (
            len(readers) + len(records)
        )
    positions = [Entries.of(card).revocation[1] for card in cards]
    for reader in readers:
        found = list(map(marked, reader.versions))
        assert len(found) > 1
        assert all(earlier & later == earlier for earlier, later in pairwise(found))
        assert all(found[-1] >> position & 1 for position in positions)


def test_L01_what_the_desk_revokes_counts_nothing_from_then_on(world, boxtel, counsellor):
    person = world.residents[28]
    _, formats = readers(boxtel.config.scheme.load(int(time.time())).base_url)
    for configuration, format_name in FORMATS.items():
        before = set(boxtel.records_of(person.bsn))
        [credential], [holder] = issued(boxtel, person.bsn, configuration)
        text = credential if isinstance(credential, str) else json.dumps(credential)
        card = W3cCard(text, holder.key, formats[format_name])
        assert shown(counsellor, person, card)["groups"]["verified"]
        [record] = set(boxtel.records_of(person.bsn)) - before
        assert world.issuer_json("boxtel", "revoke", record)["revoked"] == [record]
        report = shown(counsellor, person, card)
        assert [one["reason"] for one in report["groups"]["withdrawn"]] == ["revoked"]
        assert report["totals"]["outstanding"] == 0


def shown(counsellor, person, card):
    case = counsellor.open(person)
    asked = case.ask()
    assert respond(asked, card.present(asked.client_id, asked.nonce)).status == 200
    return case.report()
