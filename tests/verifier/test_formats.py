"""Statements in every format: each counts once, and is refused for what is wrong with it."""

import json
from dataclasses import replace

import pytest

from tests.vckit.statements import debt
from tests.verifier import w3c
from tests.verifier.wallet import begin
from tests.verifier.world import OTHER_PERSON
from vckit import jose
from vckit.keys import PrivateKey
from verifier.casework import case_report
from verifier.wording import DUTCH

EVERY = ["dc+sd-jwt", "ldp_vc", "jwt_vc_json", "vc+jwt"]


@pytest.fixture
def share(office, world, wallet):
    """Present cards in a fresh case and give what the counsellor sees."""

    def share(*cards, expected=200, token=None, **how):
        case, started = begin(office, world, formats=EVERY)
        asked = wallet.fetch(started)
        given = token(asked) if token else w3c.token(asked, world.now, *cards, **how)
        answer = wallet.post(asked, wallet.form(asked, **given))
        assert answer.status_code == expected, answer.text
        return case_report(office, case, world.now, DUTCH)

    return share


@pytest.fixture
def nil(world, wallet):
    """A statement without debts of the other municipality, as SD-JWT VC."""
    return wallet.card(world.michielsgestel)


def reasons(found):
    return [each["reason"] for each in found["findings"]]


@pytest.mark.parametrize("kind", w3c.KINDS)
def test_a_statement_of_every_kind_completes_the_overview(world, wallet, share, nil, kind):
    card = w3c.state(kind, world.boxtel, debt(1), debt(2), holder=wallet.key)
    found = share(card, nil)
    assert reasons(found) == []
    assert found["complete"]
    assert found["totals"]["outstanding"] == 2 * 42_900
    assert [each["name"] for each in found["organisations"]] == [
        "Gemeente Boxtel",
        "Gemeente Sint-Michielsgestel",
    ]
    assert len(found["debts"]) == 2


def test_a_nil_statement_of_every_kind_is_a_statement(world, wallet, share, nil):
    for kind in w3c.KINDS:
        found = share(w3c.state(kind, world.boxtel, holder=wallet.key), nil)
        assert found["complete"]
        assert found["totals"]["outstanding"] == 0


@pytest.mark.parametrize("kind", w3c.KINDS)
def test_V32_one_organisation_in_two_formats_counts_once(world, wallet, share, nil, kind):
    one = wallet.card(world.boxtel, debt(1), debt(2))
    other = w3c.state(kind, world.boxtel, debt(1), debt(2), holder=wallet.key)
    found = share(one, other, nil)
    assert found["totals"]["outstanding"] == 2 * 42_900
    assert reasons(found) == ["repeated"]
    assert len(found["debts"]) == 2
    assert found["complete"]


def test_V31_of_two_formats_the_newest_reference_date_counts(world, wallet, share, nil):
    old = wallet.card(world.boxtel, debt(1), debt(2), peildatum="2026-11-18T23:00:00Z")
    new = w3c.state("ldp_eddsa", world.boxtel, debt(1), holder=wallet.key)
    found = share(old, new, nil)
    assert found["totals"]["outstanding"] == 42_900
    assert reasons(found) == ["superseded"]
    assert found["complete"]


def test_V32_a_debt_of_two_organisations_in_two_formats_counts_once(world, wallet, share):
    mine = wallet.card(world.boxtel, debt(1))
    theirs = w3c.state("jwt_vc", world.michielsgestel, debt(1), holder=wallet.key)
    found = share(mine, theirs)
    assert found["totals"]["outstanding"] == 42_900
    assert sorted(each["counted"] for each in found["debts"]) == [False, True]


@pytest.mark.parametrize("kind", w3c.KINDS)
def test_L01_a_withdrawn_statement_of_every_kind_is_withdrawn(world, wallet, share, nil, kind):
    card = w3c.state(kind, world.boxtel, debt(1), holder=wallet.key)
    world.boxtel.mark("revocation", card.index)
    found = share(card, nil)
    assert reasons(found) == ["revoked"]
    assert found["totals"]["outstanding"] == 0
    world.boxtel.bits["revocation"] = bytearray(len(world.boxtel.bits["revocation"]))
    world.boxtel.mark("refresh", card.index)
    assert reasons(share(card, nil)) == ["superseded"]


def test_L13_a_status_that_cannot_be_asked_is_unknown(world, wallet, share, nil):
    card = w3c.state("ldp_eddsa", world.boxtel, debt(1), holder=wallet.key)
    del world.network.pages[world.boxtel.bitstring_uri("revocation")]
    found = share(card, nil)
    assert reasons(found) == ["STATUS_RETRIEVAL_ERROR"]
    assert found["organisations"][0]["state"] == "unchecked"


@pytest.mark.parametrize(
    "purposes", [(), ("revocation",), ("refresh",), ("suspension", "refresh")], ids=str
)
def test_L14_a_statement_whose_status_nobody_tells_is_not_counted(
    world, wallet, share, nil, purposes
):
    statuses = tuple(w3c.reference(world.boxtel, one, 1) for one in purposes)
    members = {"statuses": statuses}
    card = w3c.state("ldp_eddsa", world.boxtel, debt(1), holder=wallet.key, members=members)
    found = share(card, nil)
    assert reasons(found) == ["MALFORMED_VALUE_ERROR"]
    assert found["totals"]["outstanding"] == 0
    assert [each["outstanding"] for each in found["groups"]["unchecked"]] == [42_900]


@pytest.mark.parametrize("bits", [3, 0, 16])
def test_L11_a_list_of_impossible_bits_leaves_the_status_unknown(world, wallet, share, nil, bits):
    card = wallet.card(world.boxtel, debt(1))
    uri = world.boxtel.status_uri("revocation")
    claims = jose.parse(world.network.pages[uri]().decode()).claims()
    claims["status_list"]["bits"] = bits
    header = {"typ": "statuslist+jwt", "x5c": world.boxtel.participant.x5c}
    token = jose.sign(header, claims, world.boxtel.participant.key).encode()
    world.network.pages[uri] = lambda: token
    found = share(card, nil)
    assert reasons(found) == ["MALFORMED_VALUE_ERROR"]
    assert found["organisations"][0]["state"] == "unchecked"
    assert [each["outstanding"] for each in found["groups"]["unchecked"]] == [42_900]


def test_L11_a_status_of_several_bits_without_messages_is_malformed(world, wallet, share, nil):
    card = w3c.state("ldp_eddsa", world.boxtel, debt(1), holder=wallet.key)
    entries = json.loads(card.text)["credentialStatus"]
    entries[0]["statusSize"] = 2
    found = share(w3c.signed_again(card, world.boxtel, credentialStatus=entries), nil)
    assert reasons(found) == ["MALFORMED_VALUE_ERROR"]
    assert found["totals"]["outstanding"] == 0


@pytest.mark.parametrize("kind", w3c.KINDS)
def test_case_10_another_person_stands_apart_in_every_kind(world, wallet, share, nil, kind):
    card = w3c.state(kind, world.boxtel, debt(1), holder=wallet.key, **OTHER_PERSON)
    assert reasons(share(nil, card)) == ["subject_mismatch"]


@pytest.mark.parametrize("kind", w3c.KINDS)
def test_I26_V04_made_for_another_request_is_refused(world, wallet, share, nil, kind):
    card = w3c.state(kind, world.boxtel, debt(1), holder=wallet.key)

    def token(asked, how):
        good = w3c.token(asked, world.now, nil)
        return {**good, **w3c.token(asked, world.now, card, **how)}

    for how in ({"nonce": "een-andere"}, {"audience": "x509_hash:een-ander"}):
        share(expected=400, token=lambda asked, how=how: token(asked, how))
    assert share(card, nil)["complete"]


def _in_vp(change):
    """A token whose only JSON-LD presentation is changed after it was signed."""

    def token(asked, card, now):
        presented = card.present(asked, now=now)
        change(presented, asked)
        return {"schuldenopgave_ldp": [presented]}

    return token


@pytest.mark.parametrize(
    "change",
    [
        lambda vp, asked: vp["proof"].update(domain=[asked.client_id, "een-ander"]),
        lambda vp, _asked: vp["proof"].pop("domain"),
        lambda vp, _asked: vp["proof"].pop("challenge"),
        lambda vp, _asked: vp["proof"].update(proofPurpose="assertionMethod"),
        lambda vp, _asked: vp.pop("proof"),
        lambda vp, _asked: vp["verifiableCredential"][0].pop("proof"),
        lambda vp, _asked: vp["verifiableCredential"][0].update(validUntil="2030-01-01T00:00:00Z"),
        lambda vp, _asked: vp.update(vp["verifiableCredential"][0]),
        lambda vp, _asked: vp.update(
            verifiableCredential=[
                {
                    "@context": "https://www.w3.org/ns/credentials/v2",
                    "id": "data:application/vc+jwt,a.b.c",
                    "type": "EnvelopedVerifiableCredential",
                }
            ]
        ),
    ],
    ids=[
        "two domains", "no domain", "no challenge", "other purpose", "no proof",
        "credential without proof", "altered credential", "bare credential", "enveloped",
    ],
)  # fmt: skip
def test_I26_I32_V14_a_presentation_that_is_not_proven_is_refused(world, wallet, share, change):
    card = w3c.state("ldp_eddsa", world.boxtel, debt(1), holder=wallet.key)
    token = _in_vp(change)
    share(expected=400, token=lambda asked: token(asked, card, world.now))
    share(expected=200, token=lambda asked: _in_vp(lambda *_: None)(asked, card, world.now))


def _altered(card, change):
    document = json.loads(card.text)
    change(document)
    return replace(card, text=json.dumps(document))


def test_I01_I32_an_altered_credential_in_a_good_presentation_counts_nothing(
    world, wallet, share, nil
):
    card = w3c.state("ldp_eddsa", world.boxtel, debt(1), holder=wallet.key)
    altered = _altered(card, lambda vc: vc["credentialSubject"].update(totaal_openstaand=1))
    found = share(altered, nil)
    assert reasons(found) == ["CRYPTOGRAPHIC_SECURITY_ERROR"]
    assert found["totals"]["outstanding"] == 0
    share(altered, expected=400)


def test_I10_a_debt_that_stands_there_twice_counts_once(world, wallet, share, nil):
    card = w3c.state("ldp_eddsa", world.boxtel, debt(1), debt(2), holder=wallet.key)
    debts = json.loads(card.text)["credentialSubject"]["vorderingen"]
    assert share(card, nil)["complete"]
    for repeated in ([*debts, debts[0]], [debts[1], debts[0], debts[1]]):
        subject = {**json.loads(card.text)["credentialSubject"], "vorderingen": repeated}
        twice = _altered(card, lambda vc, subject=subject: vc.update(credentialSubject=subject))
        found = share(twice, nil)
        # Its creditor is a node without a name, so that two of them are not what was signed.
        assert reasons(found) == ["CRYPTOGRAPHIC_SECURITY_ERROR"]
        assert found["totals"]["outstanding"] == 0
        both = share(card, twice, nil)
        assert both["totals"]["outstanding"] == 2 * 42_900
        assert len(both["debts"]) == 2


def test_I11_another_order_and_white_space_is_the_same_credential(world, wallet, share, nil):
    card = w3c.state("ldp_eddsa", world.boxtel, debt(1), debt(2), holder=wallet.key)
    document = json.loads(card.text)
    document["credentialSubject"]["vorderingen"].reverse()
    turned = replace(card, text=json.dumps(dict(reversed(document.items())), indent=2))
    found = share(turned, nil)
    assert found["complete"]
    assert found["totals"]["outstanding"] == 2 * 42_900
    both = share(card, turned, nil)
    assert reasons(both) == ["repeated"]
    assert both["totals"]["outstanding"] == 2 * 42_900


@pytest.mark.parametrize(
    "split",
    [
        lambda debts: [*debts, debts[0]["id"]],
        lambda debts: [*debts, {"id": debts[0]["id"]}],
        lambda debts: [{**debts[0]}, {"id": debts[0].pop("id"), "type": debts[0]["type"]}],
    ],
    ids=["reference", "empty node", "two nodes"],
)
def test_I10_a_debt_in_pieces_is_refused(world, wallet, share, nil, split):
    card = w3c.state("ldp_eddsa", world.boxtel, debt(1), holder=wallet.key)
    debts = json.loads(card.text)["credentialSubject"]["vorderingen"]
    broken = _altered(card, lambda vc: vc["credentialSubject"].update(vorderingen=split(debts)))

    def token(asked):
        presented = w3c.presented([json.loads(broken.text)], wallet.key, asked, world.now)
        return {**w3c.token(asked, world.now, nil), "schuldenopgave_ldp": [presented]}

    found = share(token=token)
    assert found["totals"]["outstanding"] == 0
    assert len(reasons(found)) == 1


def test_I40_an_issuer_s_own_name_is_never_shown(world, wallet, share, nil):
    card = w3c.state("ldp_eddsa", world.boxtel, debt(1), holder=wallet.key)
    named = w3c.signed_again(
        card,
        world.boxtel,
        issuer={"id": world.boxtel.did, "name": "<b>Gemeente Rijk</b>"},
    )
    found = share(named, nil)
    assert found["complete"]
    assert "Rijk" not in json.dumps(found)


@pytest.mark.parametrize("issuer", [None, {"id": None}, {"name": "Gemeente Boxtel"}, "", "Boxtel"])
def test_I40_an_issuer_without_a_did_is_malformed(world, wallet, share, nil, issuer):
    card = w3c.state("ldp_eddsa", world.boxtel, debt(1), holder=wallet.key)
    nameless = _altered(card, lambda vc: vc.update(issuer=issuer))

    def token(asked):
        presented = card.present(asked, now=world.now)
        presented["verifiableCredential"] = [json.loads(nameless.text)]
        return {**w3c.token(asked, world.now, nil), "schuldenopgave_ldp": [presented]}

    found = share(token=token)
    assert found["totals"]["outstanding"] == 0
    assert reasons(found)


@pytest.mark.parametrize("kind", ["ldp_eddsa", "jwt_vc", "vc_jwt"])
def test_V17_one_presentation_of_several_credentials_gives_each_its_finding(
    world, wallet, share, kind
):
    mine = [
        w3c.state(kind, one, debt(number), holder=wallet.key)
        for number, one in enumerate(world.municipalities, 1)
    ]
    assert share(token=lambda asked: w3c.together(mine, wallet.key, asked, world.now))["complete"]
    thief = w3c.state(kind, world.michielsgestel, debt(2), holder=PrivateKey.generate("ES256"))
    found = share(token=lambda asked: w3c.together([mine[0], thief], wallet.key, asked, world.now))
    assert reasons(found) == ["holder_binding_failed"]
    assert found["totals"]["outstanding"] == 42_900
    share(token=lambda asked: w3c.together([thief], wallet.key, asked, world.now), expected=400)


def test_V28_more_than_a_hundred_credentials_are_not_read(world, wallet, share, nil):
    card = w3c.state("vc_jwt", world.boxtel, debt(1), holder=wallet.key)

    def token(asked):
        many = w3c.together([card] * 60, wallet.key, asked, world.now)["schuldenopgave_vc_jwt"]
        return {**w3c.token(asked, world.now, nil), "schuldenopgave_vc_jwt": many * 2}

    found = share(token=token)
    assert "policy_limit" in reasons(found)
    assert not found["complete"]


def test_V11_what_was_not_asked_is_dropped_from_every_format(office, world, wallet, share, nil):
    share(w3c.state("jwt_vc", world.boxtel, debt(1), holder=wallet.key), nil)
    [row] = office.database.execute("SELECT result FROM requests")
    assert "d'Hondt" in row["result"]
    for dropped in ("NL02ABNA0123456789", "zout", "vernieuwing", "did:jwk"):
        assert dropped not in row["result"]


def test_V10_a_format_under_the_query_of_another_is_refused(world, wallet, share, nil):
    card = w3c.state("vc_jwt", world.boxtel, debt(1), holder=wallet.key)

    def token(asked):
        good = w3c.token(asked, world.now, nil)
        return {**good, "schuldenopgave_jwt_vc": [card.present(asked, now=world.now)]}

    found = share(token=token)
    assert len(reasons(found)) == 1
    assert found["totals"]["outstanding"] == 0
