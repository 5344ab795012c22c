"""Debts as nodes of a graph, which has no order and no doubles: rows I10 and I11 of security.md."""

import json

import pytest

from tests.attacks import proving
from tests.attacks.counsellor import respond
from tests.attacks.exchange import SECONDS
from tests.attacks.identity import KINDS
from tests.attacks.judging import OUTSTANDING
from tests.attacks.presenting import DEBT, SUBJECT, at, held, shown

pytestmark = pytest.mark.services

MALFORMED, CRYPTO = "MALFORMED_VALUE_ERROR", "CRYPTOGRAPHIC_SECURITY_ERROR"
DEBTS = (*SUBJECT, "vorderingen")


@pytest.fixture
def card(identity, resident):
    """Two debts."""
    return identity.card(resident, debts=[identity.town.debt(1), identity.town.debt(2)])


TOTAL = 2 * OUTSTANDING


def total_of(case, present):
    """What a response makes of the case, whether it is taken or not."""
    asked = case.ask()
    answer = respond(asked, present(asked))
    assert answer.status in {200, 400}
    assert answer.seconds < SECONDS
    report = case.report()
    return answer.status, report["totals"]["outstanding"], len(report["debts"])


def rearranged(card, change):
    """The document after `change`, which the issuer's signature covers just as well."""
    document = proving.altered(card, change)
    assert proving.same(document, card.document)
    return document


def twice(name):
    def change(document):
        elements = at(document, SUBJECT)[name]
        elements.append(json.loads(json.dumps(elements[0])))

    return change


def test_I10_what_the_issuer_signs_twice_counts_once(arena_counsellor, identity, resident, card):
    """The same debt again is one node for the signature, however often it stands there."""
    key, method = identity.keys["EdDSA"], identity.method("EdDSA")
    for times in (1, 7):
        document = card.document
        for _ in range(times):
            twice("vorderingen")(document)
        signed = proving.proven(document, key, method)
        outcome = total_of(arena_counsellor.open(resident), held(card, signed))
        assert outcome == (200, TOTAL, 2)


def test_I10_what_the_holder_repeats_adds_nothing(refused, arena_counsellor, resident, card):
    """Each has a creditor without a name of its own, so it is another statement."""
    document = proving.altered(card, twice("vorderingen"))
    assert not proving.same(document, card.document)
    refused({"": held(card, document)}, CRYPTO)
    asked = (case := arena_counsellor.open(resident)).ask()
    both = [present(asked) for present in (held(card, document), shown(card))]
    assert respond(asked, *both).status == 200
    assert case.report()["totals"]["outstanding"] == TOTAL


def test_I10_a_digest_that_stands_twice_changes_no_amount(arena_counsellor, resident, card):
    document = rearranged(card, twice("vordering_digests"))
    _, total, _ = total_of(arena_counsellor.open(resident), held(card, document))
    assert total in {0, TOTAL}


def bare_reference(document):
    at(document, DEBTS).append({"id": at(document, DEBT)["id"]})


def bare_string(document):
    at(document, DEBTS).append(at(document, DEBT)["id"])


def split_in_two(document):
    debts = at(document, DEBTS)
    whole = debts[0]
    names = list(whole)
    halves = names[: len(names) // 2], names[len(names) // 2 :]
    debts[:1] = [{"id": whole["id"], **{name: whole[name] for name in half}} for half in halves]


def without_its_type(document):
    debts = at(document, DEBTS)
    dropped = {"type", "schuldeiser"}
    debts.append({name: value for name, value in debts[0].items() if name not in dropped})


def amount_apart(document):
    """One node that says its amount in one place and all else in another."""
    debts = at(document, DEBTS)
    debts.append({"id": debts[0]["id"], "type": debts[0]["type"], "saldo": debts[0]["saldo"]})


@pytest.mark.parametrize(
    "change",
    [
        bare_reference,
        split_in_two,
        without_its_type,
        amount_apart,
    ],
)
def test_I10_a_node_in_pieces_adds_nothing(refused, card, change):
    refused({"": held(card, rearranged(card, change))}, MALFORMED)


def test_I10_a_bare_string_adds_nothing(refused, card):
    """No processor takes it for a node: it would be another statement."""
    document = proving.altered(card, bare_string)
    assert not proving.same(document, card.document)
    refused({"": held(card, document)}, CRYPTO)


@pytest.mark.parametrize("kind", ["eddsa", "ecdsa", "jwt_vc", "vc_jwt"])
def test_I10_one_statement_presented_twice_counts_once(case, identity, resident, kind):
    """And in another order of its members, where the signature does not know order."""
    card = identity.card(resident, kind)
    asked = case.ask()
    entries = [card.present(asked.client_id, asked.nonce) for _ in range(2)]
    if card.format.ENTRY_TYPE is dict:
        document = card.document
        turned = json.loads(json.dumps(dict(reversed(document.items()))))
        entries.append(proving.presentation(asked, card.key, turned, document))
    assert respond(asked, *entries).status == 200
    report = case.report()
    assert report["totals"]["outstanding"] == OUTSTANDING
    assert len(report["debts"]) == 1


def test_I10_one_statement_in_two_formats_counts_once(case, identity, resident):
    debts = [identity.town.debt()]
    cards = [identity.card(resident, kind, debts=debts) for kind in KINDS]
    cards.append(identity.town.card(resident, debts=debts))
    asked = case.ask()
    answer = respond(asked, *[one.present(asked.client_id, asked.nonce) for one in cards])
    assert answer.status == 200
    report = case.report()
    assert report["totals"]["outstanding"] == OUTSTANDING
    assert len(report["debts"]) == 1


def turned_round(value):
    """Every object and every array in the other order; contexts stay as they are."""
    if isinstance(value, list):
        return [turned_round(one) for one in reversed(value)]
    if not isinstance(value, dict):
        return value
    return {
        name: member if name == "@context" else turned_round(member)
        for name, member in reversed(value.items())
    }


def test_I11_order_and_white_space_mean_nothing(arena_counsellor, resident, card):
    document = rearranged(card, turned_round)
    assert total_of(arena_counsellor.open(resident), held(card, document)) == (200, TOTAL, 2)
    spaced = json.loads(json.dumps(document, indent=7, ensure_ascii=True))
    assert total_of(arena_counsellor.open(resident), held(card, spaced)) == (200, TOTAL, 2)
