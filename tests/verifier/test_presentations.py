"""Every step of the check of one presentation, each with its reason and its honest twin."""

from dataclasses import replace

import pytest

from tests.vckit.statements import OIN, debt
from tests.verifier.wallet import begin
from tests.verifier.world import OTHER_PERSON
from vckit import sd_jwt
from vckit.encoding import b64url_encode
from verifier.casework import case_report
from verifier.findings import Accepted, Source
from verifier.held import open_held
from verifier.person import Person
from verifier.presentation import check_document, check_held
from verifier.wording import DUTCH

JOSE = Person("D'HONDT", "josé", "1974-08-21")


@pytest.fixture
def share(office, world, wallet):
    """Present cards in a fresh case and give what the counsellor sees."""

    def share(*cards, person=None, expected=200, at=None, **how):
        at = at or office
        case, started = begin(at, world, person=person)
        asked = wallet.fetch(started)
        answer = wallet.send(asked, *cards, **how)
        assert answer.status_code == expected, answer.text
        return case_report(at, case, world.now, DUTCH)

    return share


def reasons(found):
    return [each["reason"] for each in found["findings"]]


def shown(found, group):
    return [each["organisation"] for each in found["groups"][group]]


def test_T01_a_perfect_statement_of_a_stranger_is_shown_and_never_counts(world, wallet, share):
    good = wallet.card(world.boxtel, debt(1))
    found = share(wallet.card(world.stranger, debt(2)), good)
    assert reasons(found) == ["untrusted_issuer"]
    assert shown(found, "untrusted") == ["https://vreemd.example"]
    assert found["totals"]["outstanding"] == 42_900
    alone = share(wallet.card(world.stranger, debt(2)))
    assert alone["totals"]["outstanding"] == 0
    assert not alone["complete"]


def test_T02_the_name_of_one_municipality_with_the_key_of_another_is_not_trusted(
    world, wallet, share
):
    forged = wallet.card(
        world.boxtel,
        debt(1),
        members={
            "chain": world.michielsgestel.participant.chain,
            "signer": world.michielsgestel.participant.key,
        },
    )
    found = share(forged)
    assert reasons(found) == ["untrusted_issuer"]
    assert found["totals"]["outstanding"] == 0
    assert found["organisations"][0]["state"] == "missing"
    assert share(wallet.card(world.boxtel, debt(1)))["organisations"][0]["state"] == "verified"


@pytest.mark.parametrize(
    "iss",
    [
        "https://boxtel.example/",
        "https://BOXTEL.example",
        "https://boxtel.example.evil.example",
        "https://boxtel.example@evil.example",
        "https://b\u043extel.example",
    ],
)
def test_T04_an_issuer_that_only_looks_like_one_is_not_trusted(world, wallet, share, iss):
    found = share(wallet.card(world.boxtel, debt(1), members={"issuer": iss}))
    assert reasons(found) == ["untrusted_issuer"]
    assert found["totals"]["outstanding"] == 0


def test_T11_the_name_comes_from_the_scheme_never_from_the_credential(world, wallet, share):
    card = wallet.card(
        world.boxtel, debt(1), aangeleverd_door={"naam": "Gemeente Amsterdam", "oin": OIN}
    )
    assert share(card)["organisations"][0]["name"] == "Gemeente Boxtel"


def test_S01_one_changed_character_is_one_refused_presentation(world, wallet, share):
    card = wallet.card(world.boxtel, debt(1))
    jwt, tilde, rest = card.text.partition("~")
    head, dot, signature = jwt.rpartition(".")
    changed = ("A" if signature[0] != "A" else "B") + signature[1:]
    found = share(
        replace(card, text=head + dot + changed + tilde + rest),
        wallet.card(world.michielsgestel, debt(2)),
    )
    assert reasons(found) == ["CRYPTOGRAPHIC_SECURITY_ERROR"]
    assert found["totals"]["outstanding"] == 42_900


def test_J01_a_statement_that_says_it_is_unsigned_is_refused(office, world, wallet):
    _case, started = begin(office, world)
    asked = wallet.fetch(started)
    text = wallet.card(world.boxtel, debt(1)).present(asked, now=world.now)
    jwt, tilde, rest = text.partition("~")
    payload = jwt.split(".")[1]
    for algorithm in ("none", "None", "NONE", "nOnE"):
        _case, started = begin(office, world)
        again = wallet.fetch(started)
        header = b64url_encode(b'{"alg":"%s","typ":"dc+sd-jwt"}' % algorithm.encode())
        forged = f"{header}.{payload}.{tilde}{rest}"
        assert wallet.post(again, wallet.form(again, forged)).status_code == 400


def test_S02_a_disclosure_that_nothing_refers_to_is_refused(world, office, wallet):
    case, started = begin(office, world)
    asked = wallet.fetch(started)
    card = wallet.card(world.boxtel, debt(1))
    parts = sd_jwt.parse(card.text)
    stray = b64url_encode(b'["c2FsdHNhbHRzYWx0c2Fs","vreemd",1]')
    stuffed = replace(card, text="~".join([parts.issuer_jwt, *parts.disclosures, stray, ""]))
    text = sd_jwt.bind(
        stuffed.text,
        signer=wallet.key,
        audience=asked.client_id,
        nonce=asked.nonce,
        now=world.now,
    )
    assert wallet.post(asked, wallet.form(asked, text)).status_code == 400
    assert office.store.findings_of(case.id) == []


def test_S14_games_with_the_separator_are_refused(office, world, wallet):
    for change in (lambda text: text + "~", lambda text: text.replace("~", "~~", 1)):
        _case, started = begin(office, world)
        asked = wallet.fetch(started)
        text = wallet.card(world.boxtel, debt(1)).present(asked, now=world.now)
        assert wallet.post(asked, wallet.form(asked, change(text))).status_code == 400


def test_a_withdrawn_statement_is_in_no_total_and_hides_nothing(world, wallet, share):
    withdrawn = wallet.card(world.boxtel, debt(1))
    world.boxtel.mark("revocation", withdrawn.index)
    found = share(withdrawn, wallet.card(world.michielsgestel, debt(2)))
    assert reasons(found) == ["revoked"]
    assert "ingetrokken" in found["findings"][0]["text"]
    assert shown(found, "withdrawn") == ["Gemeente Boxtel"]
    assert shown(found, "verified") == ["Gemeente Sint-Michielsgestel"]
    assert found["totals"]["outstanding"] == 42_900
    assert not found["complete"]


def test_L01_the_bit_of_another_card_says_nothing_about_this_one(world, wallet, share):
    card = wallet.card(world.boxtel, debt(1))
    for index in range(8, 16):
        world.boxtel.mark("revocation", index)
    world.boxtel.mark("revocation", 0)
    assert card.index not in {0, *range(8, 16)}
    assert reasons(share(card)) == []


def test_a_superseded_statement_is_shown_with_its_date_outside_the_total(world, wallet, share):
    old = wallet.card(world.boxtel, debt(1))
    world.boxtel.mark("refresh", old.index)
    found = share(old, wallet.card(world.michielsgestel, debt(2)))
    assert reasons(found) == ["superseded"]
    assert "verouderd, stand van 21 november 2026" in found["findings"][0]["text"]
    [entry] = found["groups"]["outdated"]
    assert (entry["outstanding"], entry["reference_date"]) == (42_900, "2026-11-20T23:00:00Z")
    assert found["totals"]["outstanding"] == 42_900


def test_an_expired_statement_is_outdated(world, wallet, share):
    found = share(wallet.card(world.boxtel, debt(1), members={"expires": world.now - 61}))
    assert reasons(found) == ["expired"]
    assert found["organisations"][0]["state"] == "outdated"
    assert reasons(share(wallet.card(world.boxtel, members={"expires": world.now + 61}))) == []


def test_V35_a_statement_older_than_the_setting_is_outdated(world, wallet, share):
    old = wallet.card(world.boxtel, debt(1), peildatum="2025-10-20T22:00:00Z")
    found = share(old)
    assert reasons(found) == ["stale"]
    assert found["totals"]["outstanding"] == 0
    week = wallet.card(world.boxtel, debt(1), peildatum="2026-11-10T23:00:00Z")
    found = share(week)
    assert found["organisations"][0]["remarks"] == ["old"]
    assert found["totals"]["outstanding"] == 42_900


def test_a_statement_of_tomorrow_is_not_valid_yet(world, wallet, share):
    card = wallet.card(world.boxtel, debt(1), members={"issued_at": world.now + 3_600})
    assert reasons(share(card)) == ["not_yet_valid"]


def test_L13_an_unreachable_list_leaves_the_status_unknown(world, wallet, share):
    card = wallet.card(world.boxtel, debt(1))
    del world.network.pages[world.boxtel.status_uri("revocation")]
    found = share(card, wallet.card(world.michielsgestel, debt(2)))
    assert reasons(found) == ["STATUS_RETRIEVAL_ERROR"]
    assert "kon niet worden gecontroleerd" in found["findings"][0]["text"]
    assert shown(found, "unchecked") == ["Gemeente Boxtel"]
    assert found["totals"]["outstanding"] == 42_900
    world.boxtel.publish(world.network)
    assert share(card)["organisations"][0]["state"] == "verified"


def test_L13_so_does_an_unreachable_list_of_newer_statements(world, wallet, share):
    card = wallet.card(world.boxtel, debt(1))
    del world.network.pages[world.boxtel.status_uri("refresh")]
    assert reasons(share(card)) == ["STATUS_RETRIEVAL_ERROR"]


def test_L05_a_list_that_somebody_else_signed_leaves_the_status_unknown(world, wallet, share):
    card = wallet.card(world.boxtel, debt(1))
    world.boxtel.publish(world.network, key=world.michielsgestel.participant.key)
    assert reasons(share(card)) == ["STATUS_VERIFICATION_ERROR"]
    world.boxtel.publish(world.network)
    genuine = world.boxtel.participant
    world.boxtel.participant = world.michielsgestel.participant
    assert reasons(share(card)) == ["STATUS_VERIFICATION_ERROR"]
    world.boxtel.participant = genuine
    assert reasons(share(card)) == []


def test_L14_a_statement_without_status_is_malformed(world, wallet, share):
    card = wallet.card(world.boxtel, debt(1), vernieuwing_uri=None, vernieuwing_index=None)
    assert reasons(share(card)) == ["MALFORMED_VALUE_ERROR"]


def test_L16_a_list_on_another_host_is_not_even_asked(world, wallet, share):
    elsewhere = "https://binnen.example/status"
    card = wallet.card(world.boxtel, debt(1), vernieuwing_uri=elsewhere)
    assert reasons(share(card)) == ["STATUS_VERIFICATION_ERROR"]
    assert elsewhere not in world.network.fetched


def test_L17_a_response_asks_each_list_once(world, wallet, share):
    cards = [wallet.card(world.boxtel, debt(number)) for number in range(1, 6)]
    share(*cards)
    assert len(world.network.fetched) == len(set(world.network.fetched)) == 2


def test_a_statement_that_breaks_the_schema_is_a_finding_without_amounts(world, wallet, share):
    card = wallet.card(world.boxtel, debt(1), totaal_openstaand=-1)
    found = share(card, wallet.card(world.michielsgestel))
    assert reasons(found) == ["MALFORMED_VALUE_ERROR"]
    assert found["organisations"][0]["state"] == "missing"


def test_a_date_that_does_not_exist_is_malformed_and_breaks_nothing(world, wallet, share):
    for wrong in (
        wallet.card(world.boxtel, debt(1), peildatum="2026-02-31T00:00:00Z"),
        wallet.card(world.boxtel, debt(1), peildatum="9999-12-31T23:59:59Z"),
        wallet.card(world.boxtel, debt(1, vervaldatum="2026-02-30")),
        wallet.card(world.boxtel, debt(1, beslag={"sinds": "2026-11-31"})),
    ):
        assert reasons(share(wrong)) == ["MALFORMED_VALUE_ERROR"]


@pytest.mark.parametrize("members", [{"issued_at": -1}, {"expires": 10**15}, {"issued_at": 1e300}])
def test_a_stranger_s_impossible_times_break_no_page(world, wallet, share, members):
    found = share(wallet.card(world.stranger, debt(1), members=members))
    assert reasons(found) == ["untrusted_issuer"]
    assert found["groups"]["untrusted"] == []


def test_a_stranger_s_endless_name_is_cut(world, wallet, share):
    endless = "https://vreemd.example/" + "a" * 5_000
    [shown_name] = shown(
        share(wallet.card(world.stranger, members={"issuer": endless})), "untrusted"
    )
    assert shown_name == endless[:200]


def test_case_12_a_debt_that_the_holder_leaves_out_is_counted_and_named(world, wallet, share):
    card = wallet.card(world.boxtel, debt(1), debt(2), debt(3))
    found = share(card, wallet.card(world.michielsgestel), without=[("vorderingen", 1)])
    [finding] = found["findings"]
    assert (finding["reason"], finding["missing"], finding["amount"]) == (
        "claims_withheld",
        1,
        42_900,
    )
    assert found["totals"]["outstanding"] == 3 * 42_900
    assert len(found["debts"]) == 2
    assert not found["complete"]
    assert found["organisations"][0]["remarks"] == ["withheld"]
    assert share(card, wallet.card(world.michielsgestel))["complete"]


def test_all_debts_left_out_is_not_a_nil_statement(world, wallet, share):
    card = wallet.card(world.boxtel, debt(1), debt(2))
    hidden = [("vorderingen", 0), ("vorderingen", 1)]
    found = share(card, wallet.card(world.michielsgestel), without=hidden)
    assert not found["complete"]
    assert found["totals"]["outstanding"] == 2 * 42_900
    nil = share(wallet.card(world.boxtel), wallet.card(world.michielsgestel))
    assert nil["complete"]
    assert nil["totals"]["outstanding"] == 0


def test_V34_a_signed_total_that_differs_by_a_cent_is_a_visible_conflict(world, wallet, share):
    card = wallet.card(world.boxtel, debt(1), totaal_openstaand=42_901)
    found = share(card, wallet.card(world.michielsgestel))
    assert "totaal_openstaand" in reasons(found)
    assert not found["complete"]
    assert "breach" in found["organisations"][0]["remarks"]


def test_case_10_another_person_stands_apart(world, wallet, share):
    mine = wallet.card(world.boxtel, debt(1))
    other = wallet.card(world.michielsgestel, debt(2), **OTHER_PERSON)
    found = share(mine, other, person=JOSE)
    assert reasons(found) == ["subject_mismatch"]
    assert shown(found, "other_person") == ["Gemeente Sint-Michielsgestel"]
    assert found["totals"]["outstanding"] == 42_900
    assert found["organisations"][1]["outstanding"] is None
    assert not found["complete"]


def test_the_same_person_in_another_spelling_of_the_same_letters_is_the_same(world, wallet, share):
    composed = wallet.card(world.boxtel, debt(1), voornamen="Jose\u0301")
    found = share(composed, wallet.card(world.michielsgestel), person=JOSE)
    assert found["complete"]
    assert found["person"]["established"]


def test_without_a_person_statements_are_compared_with_each_other(world, wallet, share):
    mine = wallet.card(world.boxtel, debt(1))
    other = wallet.card(world.michielsgestel, debt(2), **OTHER_PERSON)
    found = share(mine, other)
    assert shown(found, "other_person") == ["Gemeente Sint-Michielsgestel"]
    assert not found["person"]["established"]


def document(office, world, card, person=None):
    sealer = Source(world.boxtel.name, world.boxtel.oin)
    checks = office.checks(person, world.now)
    return check_document([open_held(card.text, checks.formats)], sealer, checks)


def test_X20_a_document_counts_without_a_holder(office, world):
    found = document(office, world, world.boxtel.state(debt(1)))
    assert isinstance(found, Accepted)
    assert found.evidence.basis == "document"


def test_X20_a_card_of_a_wallet_is_no_document(office, world, wallet):
    found = document(office, world, wallet.card(world.boxtel, debt(1)))
    assert found.reason == "holder_binding_failed"
    assert found.evidence is None


def test_X13_a_document_of_another_organisation_than_its_seal_is_not_trusted(office, world):
    found = document(office, world, world.michielsgestel.state(debt(1)))
    assert found.reason == "untrusted_issuer"


def test_X20_a_document_of_a_neighbour_is_of_another_person(office, world):
    found = document(office, world, world.boxtel.state(debt(1), **OTHER_PERSON), JOSE)
    assert found.reason == "subject_mismatch"
    assert found.evidence is not None


def test_a_kept_card_can_be_checked_without_its_holder(office, world, wallet):
    card = wallet.card(world.boxtel, debt(1))

    def check():
        checks = office.checks(None, world.now)
        return check_held(open_held(card.text, checks.formats), checks)

    assert isinstance(check(), Accepted)
    world.boxtel.mark("revocation", card.index)
    assert check().reason == "revoked"


def test_a_statement_with_no_issue_date_is_malformed(world, wallet, share):
    card = wallet.card(world.boxtel, debt(1), members={"issued_at": None})
    assert reasons(share(card)) == ["MALFORMED_VALUE_ERROR"]


def test_statuses_of_this_day_are_told_with_the_organisation(world, wallet, share):
    found = share(wallet.card(world.boxtel, debt(1)))
    assert found["organisations"][0]["status_at"] == "2026-11-24T11:30:00Z"
