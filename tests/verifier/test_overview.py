"""The overview as a pure function: what counts, what is shown, and when it is complete."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.vckit.statements import debt
from tests.verifier.evidence import BAILIFF, BOXTEL, GESTEL, accepted, evidence, rejected
from tests.verifier.world import NOW, OTHER_PERSON
from verifier import findings as kept_findings
from verifier.findings import Accepted, Rejected, Source
from verifier.overview import Ages, Facts, day, overview, snapshot
from verifier.person import Person
from verifier.report import report
from verifier.wording import DUTCH

JOSE = Person("d'Hondt", "José", "1974-08-21")
BOTH = Facts(JOSE, (BOXTEL, GESTEL))
BROKEN_SOURCE = [{"code": "belastingen", "status": "niet_bereikbaar"}]


def see(*findings, facts=BOTH, now=NOW):
    return overview(facts, findings, now=now, ages=Ages())


def told(*findings, facts=BOTH, now=NOW):
    return report(see(*findings, facts=facts, now=now), "DONE", DUTCH)


def states(seen):
    return [standing.state for standing in seen.standings]


def test_complete_needs_every_chosen_organisation():
    nothing = see()
    assert (nothing.complete, states(nothing)) == (False, ["missing", "missing"])
    half = see(accepted(BOXTEL, debt(1)))
    assert (half.complete, states(half)) == (False, ["verified", "missing"])
    assert see(accepted(BOXTEL, debt(1)), accepted(GESTEL)).complete


def test_nothing_chosen_is_never_complete():
    assert not see(accepted(BOXTEL), facts=Facts(JOSE, ())).complete


def test_an_organisation_that_was_not_chosen_counts_and_completes_nothing():
    seen = see(accepted(GESTEL, debt(1)), facts=Facts(JOSE, (BOXTEL,)))
    assert states(seen) == ["missing", "verified"]
    assert seen.totals.outstanding == 42_900
    assert not seen.complete


def test_case_11_no_statement_a_statement_of_zero_and_a_source_that_was_down_are_three_things():
    down = accepted(GESTEL, bronnen=BROKEN_SOURCE, volledigheid="gedeeltelijk")
    third = Source("Waterschap", "00000001009999999999")
    seen = see(accepted(BOXTEL), down, facts=Facts(JOSE, (BOXTEL, GESTEL, third)))
    assert states(seen) == ["verified", "verified", "missing"]
    assert [each.remarks for each in seen.standings] == [(), ("source_down",), ()]
    texts = [each["text"] for each in report(seen, None, DUTCH)["organisations"]]
    assert texts[0].startswith("U heeft geen schulden bij Gemeente Boxtel")
    assert "kon niet alles opzoeken" in texts[1]
    assert "nog geen opgave" in texts[2]
    assert not seen.complete


def test_case_7_credit_is_never_netted():
    seen = see(
        accepted(BOXTEL, debt(1), debt(2, saldo=-4_000, hoofdsom=None, opeisbaar_bedrag=0,
                                       achterstand_bedrag=0)),
        accepted(GESTEL, debt(3)),
    )  # fmt: skip
    assert (seen.totals.outstanding, seen.totals.credit) == (2 * 42_900, 4_000)
    assert seen.complete


def test_case_6_a_disputed_debt_is_in_the_list_and_not_in_what_is_due():
    seen = see(accepted(BOXTEL, debt(1), debt(2, markeringen=["betwist"])), accepted(GESTEL))
    assert seen.totals.outstanding == 2 * 42_900
    assert (seen.totals.disputed, seen.totals.due, seen.totals.arrears) == (42_900,) * 3


def test_what_is_due_is_at_least_this_where_an_amount_is_unknown():
    unknown = debt(1, opeisbaar_bedrag=None, achterstand_bedrag=None)
    seen = see(accepted(BOXTEL, unknown), accepted(GESTEL, debt(2)))
    assert seen.totals.minimal
    assert seen.totals.due == 42_900
    assert seen.complete


def test_case_1_old_and_new_of_one_organisation_count_once():
    old = accepted(BOXTEL, debt(1), debt(2), peildatum="2026-11-10T23:00:00Z")
    new = accepted(BOXTEL, debt(1))
    for order in ((old, new), (new, old)):
        seen = see(*order, accepted(GESTEL))
        assert seen.totals.outstanding == 42_900
        [superseded] = seen.grouping.of("outdated")
        assert superseded.reason == "superseded"
        assert superseded.evidence == old.evidence
        assert seen.complete


def test_of_one_reference_date_the_newest_issue_counts():
    old = evidence(BOXTEL, debt(1), debt(2))
    new = replace(evidence(BOXTEL, debt(1)), issued_at=old.issued_at + 86_400)
    seen = see(Accepted(old), Accepted(new), accepted(GESTEL))
    assert seen.totals.outstanding == 42_900


def test_V32_the_same_debts_at_one_reference_date_are_one_statement_on_whatever_day_issued():
    old = evidence(BOXTEL, debt(1), debt(2))
    again = replace(evidence(BOXTEL, debt(1), debt(2)), issued_at=old.issued_at + 86_400)
    found = told(Accepted(old), Accepted(again), accepted(GESTEL))
    assert found["totals"]["outstanding"] == 2 * 42_900
    assert [each["reason"] for each in found["findings"]] == ["repeated"]
    assert found["complete"]


def test_of_one_day_what_was_found_current_last_counts():
    """The debts changed while the case was open: reference date and issue tell days only."""
    old = evidence(BOXTEL, debt(1), debt(2))
    new = replace(evidence(BOXTEL, debt(1)), checked_at=old.checked_at + 60)
    for order in ((Accepted(old), Accepted(new)), (Accepted(new), Accepted(old))):
        seen = see(*order, accepted(GESTEL))
        assert seen.totals.outstanding == 42_900
        assert [entry.reason for entry in seen.grouping.of("outdated")] == ["superseded"]
        assert seen.complete


def test_X19_the_same_credential_many_times_counts_once_and_is_said():
    one = accepted(BOXTEL, debt(1))
    found = told(*[one] * 50, accepted(GESTEL))
    assert found["totals"]["outstanding"] == 42_900
    assert [each["reason"] for each in found["findings"]] == ["repeated"]
    assert found["complete"]


def test_X19_by_wallet_and_by_document_counts_once_and_is_proven():
    card, paper = accepted(BOXTEL, debt(1)), accepted(BOXTEL, debt(1), basis="document")
    for order in ((card, paper), (paper, card)):
        found = told(*order, accepted(GESTEL))
        assert found["totals"]["outstanding"] == 42_900
        assert found["totals"]["on_documents"] == 0
        assert [each["basis"] for each in found["organisations"]] == ["wallet", "wallet"]
        assert [each["reason"] for each in found["findings"]] == ["repeated"]


def test_a_document_that_tells_all_goes_before_a_card_that_hides_something():
    card = accepted(BOXTEL, debt(1), debt(2), shown=[debt(1)])
    paper = accepted(BOXTEL, debt(1), debt(2), basis="document")
    found = told(card, paper, accepted(GESTEL))
    assert found["complete"]
    assert found["totals"]["on_documents"] == 2 * 42_900


def test_how_much_rests_on_documents_is_told():
    found = told(accepted(BOXTEL, debt(1), basis="document"), accepted(GESTEL, debt(2)))
    assert found["totals"]["on_documents"] == 42_900
    assert found["organisations"][0]["remarks"] == ["on_document"]
    assert found["complete"]


def test_a_credential_that_was_shown_in_parts_is_known_in_full():
    part = evidence(BOXTEL, debt(1), debt(2), shown=[debt(1)], digest="een")
    whole = replace(evidence(BOXTEL, debt(1), debt(2), digest="een"), checked_at=NOW - 60)
    assert see(Accepted(part), Accepted(whole), accepted(GESTEL)).complete


def test_a_credential_that_was_shown_in_two_parts_is_known_in_full():
    """Asked again, the holder shows what was left out before."""
    first = evidence(BOXTEL, debt(1), debt(2), shown=[debt(1)], digest="een")
    second = evidence(BOXTEL, debt(1), debt(2), shown=[debt(2)], digest="een")
    seen = see(Accepted(first), Accepted(second), accepted(GESTEL))
    assert seen.complete
    assert [row.debt["vordering_kenmerk"] for row in seen.rows] == ["V1", "V2"]
    [counted, _nil] = seen.statements
    assert counted.breaches == ()


def test_a_credential_of_which_something_was_never_shown_stays_incomplete():
    three = (debt(1), debt(2), debt(3))
    parts = [evidence(BOXTEL, *three, shown=[debt(n)], digest="een") for n in (1, 2)]
    seen = see(*map(Accepted, parts), accepted(GESTEL))
    [withheld] = seen.statements[0].breaches
    assert (withheld.missing, withheld.amount) == (1, 42_900)
    assert not seen.complete


def test_what_was_shown_in_parts_is_held_against_the_signed_sums():
    sums = {"totaal_openstaand": 1, "digest": "een"}
    parts = [evidence(BOXTEL, debt(1), debt(2), shown=[debt(n)], **sums) for n in (1, 2)]
    seen = see(*map(Accepted, parts), accepted(GESTEL))
    assert [each.reason for each in seen.statements[0].breaches] == ["totaal_openstaand"]
    assert not seen.complete


@pytest.mark.parametrize("turned", [False, True])
def test_what_a_check_that_broke_off_disclosed_hides_no_breach_of_a_later_check(turned):
    """Of a status that could not be asked no invariant is judged; afterwards it is."""
    for changes in ({"shown": [debt(1)]}, {"totaal_openstaand": 1}):
        good = evidence(BOXTEL, debt(1), debt(2), digest="een", **changes)
        unasked = replace(good, status_at=None, breaches=(), checked_at=NOW - 60)
        both = [Rejected("STATUS_RETRIEVAL_ERROR", BOXTEL, "wallet", unasked), Accepted(good)]
        seen = see(*(reversed(both) if turned else both), accepted(GESTEL))
        assert seen.statements[0].breaches == good.breaches
        assert not seen.complete


def test_a_withdrawal_is_not_undone_by_an_earlier_or_later_check():
    good = evidence(BOXTEL, debt(1), digest="een")
    withdrawn = rejected("revoked", BOXTEL, debt(1), digest="een")
    for moment in (NOW - 60, NOW + 60):
        seen = see(Accepted(replace(good, checked_at=moment)), withdrawn)
        assert states(seen)[0] == "withdrawn"
        assert seen.totals.outstanding == 0


def test_the_latest_check_of_a_status_counts():
    good = replace(evidence(BOXTEL, debt(1), digest="een"), checked_at=NOW - 60)
    unknown = rejected("STATUS_RETRIEVAL_ERROR", BOXTEL, debt(1), digest="een")
    assert states(see(Accepted(good), unknown))[0] == "unchecked"
    later = replace(good, checked_at=NOW + 60)
    assert states(see(unknown, Accepted(later)))[0] == "verified"


@pytest.mark.parametrize(
    ("reason", "group"),
    [
        ("revoked", "withdrawn"),
        ("suspended", "withdrawn"),
        ("superseded", "outdated"),
        ("expired", "outdated"),
        ("STATUS_RETRIEVAL_ERROR", "unchecked"),
        ("STATUS_VERIFICATION_ERROR", "unchecked"),
        ("subject_mismatch", "other_person"),
        ("untrusted_issuer", "untrusted"),
    ],
)
def test_case_9_only_what_is_verified_counts_and_nothing_disappears(reason, group):
    changes = OTHER_PERSON if reason == "subject_mismatch" else {}
    source = Source("https://vreemd.example", None) if group == "untrusted" else BOXTEL
    found = told(rejected(reason, source, debt(1), **changes), accepted(GESTEL, debt(2)))
    assert [each["reason"] for each in found["groups"][group]] == [reason]
    assert found["groups"][group][0]["outstanding"] == 42_900
    assert found["totals"]["outstanding"] == 42_900
    assert not found["complete"]
    assert group in [each["state"] for each in found["organisations"]]
    assert [each["reason"] for each in found["findings"]] == [reason]


def test_another_person_stands_apart_whatever_else_is_wrong():
    seen = see(rejected("revoked", BOXTEL, debt(1), **OTHER_PERSON))
    [entry] = seen.grouping.of("other_person")
    assert entry.reason == "subject_mismatch"
    assert seen.grouping.of("withdrawn") == ()


def test_a_name_alone_never_merges():
    namesake = accepted(GESTEL, debt(2), geboortedatum="1974-08-22")
    seen = see(accepted(BOXTEL, debt(1)), namesake)
    assert states(seen) == ["verified", "other_person"]


def test_without_a_person_the_best_proven_statement_leads():
    paper = accepted(BOXTEL, debt(1), basis="document", **OTHER_PERSON)
    seen = see(paper, accepted(GESTEL, debt(2)), facts=Facts(None, (BOXTEL, GESTEL)))
    assert seen.person == JOSE
    assert not seen.person_is_established
    assert states(seen) == ["other_person", "verified"]


def test_a_newer_statement_that_cannot_be_used_keeps_the_older_from_being_the_last_word():
    old = accepted(BOXTEL, debt(1), peildatum="2026-11-18T23:00:00Z")
    newer = rejected("STATUS_RETRIEVAL_ERROR", BOXTEL, debt(1), debt(2))
    seen = see(old, newer, accepted(GESTEL))
    assert seen.standings[0].remarks == ("newer_exists",)
    assert not seen.complete
    older = rejected("superseded", BOXTEL, debt(1), peildatum="2026-11-10T23:00:00Z")
    assert see(old, older, accepted(GESTEL)).complete


def test_a_later_issue_of_the_same_day_that_cannot_be_used_is_newer_too():
    old = accepted(BOXTEL, debt(1))
    told_otherwise = evidence(BOXTEL, debt(1), debt(2))
    later = replace(told_otherwise, issued_at=told_otherwise.issued_at + 86_400)
    for reason in ("STATUS_RETRIEVAL_ERROR", "expired", "superseded"):
        seen = see(old, Rejected(reason, BOXTEL, "wallet", later), accepted(GESTEL))
        assert seen.standings[0].remarks == ("newer_exists",)
        assert not seen.complete


def test_of_one_moment_what_could_not_be_checked_may_be_the_newer_one():
    old, other = accepted(BOXTEL, debt(1)), (BOXTEL, debt(1), debt(2))
    assert not see(old, rejected("STATUS_RETRIEVAL_ERROR", *other), accepted(GESTEL)).complete
    assert see(old, rejected("superseded", *other), accepted(GESTEL)).complete


def test_the_same_statement_in_a_form_that_is_superseded_is_not_the_last_word():
    one = accepted(BOXTEL, debt(1))
    seen = see(one, rejected("superseded", BOXTEL, debt(1)), accepted(GESTEL))
    assert seen.standings[0].remarks == ("newer_exists",)
    assert not seen.complete
    assert see(one, rejected("STATUS_RETRIEVAL_ERROR", BOXTEL, debt(1)), accepted(GESTEL)).complete


def test_of_two_equally_open_forms_the_newest_issue_counts():
    old = evidence(BOXTEL, debt(1, fase="aangemaand"))
    new = replace(evidence(BOXTEL, debt(1)), issued_at=old.issued_at + 86_400)
    for order in ((old, new), (new, old)):
        [counted] = see(*map(Accepted, order)).statements
        assert counted == new


def test_what_counts_unasked_must_be_whole_for_the_total_to_be_complete():
    facts = Facts(JOSE, (BOXTEL,))
    mine = accepted(BOXTEL, debt(1))
    assert see(mine, accepted(GESTEL, debt(2)), facts=facts).complete
    withheld = accepted(GESTEL, debt(2), debt(3), shown=[debt(2)])
    assert not see(mine, withheld, facts=facts).complete
    down = accepted(GESTEL, bronnen=BROKEN_SOURCE, volledigheid="gedeeltelijk")
    assert not see(mine, down, facts=facts).complete
    # Of what does not count nothing is in the total.
    assert see(mine, rejected("revoked", GESTEL, debt(2)), facts=facts).complete


def test_age_is_told_after_a_week_and_counts_against_it_after_thirty_days():
    one = accepted(BOXTEL, debt(1), peildatum="2026-11-23T23:00:00Z")
    noted = see(one, now=NOW + 7 * 86_400)
    assert noted.standings[0].remarks == ("old",)
    assert noted.totals.outstanding == 42_900
    stale = see(one, now=NOW + 30 * 86_400)
    assert states(stale)[0] == "outdated"
    assert stale.totals.outstanding == 0


def test_too_many_presentations_are_never_complete():
    unread = Rejected("policy_limit", Source("", None))
    assert not see(accepted(BOXTEL), accepted(GESTEL), unread).complete


def test_what_proves_nothing_is_a_finding_without_a_name():
    found = told(Rejected("CRYPTOGRAPHIC_SECURITY_ERROR", Source("", None)))
    [finding] = found["findings"]
    assert finding["organisation"] is None
    assert finding["text"] == "Een opgave is niet goed ondertekend. Zij is niet gelezen."


def test_case_2_a_debt_of_two_organisations_counts_once_with_the_collector_leading():
    collected = debt(1, saldo=45_000, hoofdsom=None, opeisbaar_bedrag=45_000,
                     achterstand_bedrag=45_000, invorderaar={"oin": BAILIFF.oin})  # fmt: skip
    facts = Facts(JOSE, (BOXTEL, BAILIFF))
    seen = see(accepted(BOXTEL, debt(1), debt(2)), accepted(BAILIFF, collected), facts=facts)
    assert seen.totals.outstanding == 45_000 + 42_900
    assert seen.totals.due == 45_000 + 42_900
    assert [row.counts for row in seen.rows] == [False, True, True]
    found = report(seen, "DONE", DUTCH)
    assert found["debts"][0]["also_stated_by"] == [{"organisation": BAILIFF.name, "saldo": 45_000}]
    assert found["complete"]


def test_a_double_on_a_document_leaves_the_documents_share():
    facts = Facts(JOSE, (BOXTEL, BAILIFF))
    own = accepted(BOXTEL, debt(1), basis="document")
    seen = see(own, accepted(BAILIFF, debt(1)), facts=facts)
    assert seen.totals.outstanding == 42_900
    assert seen.totals.on_documents == 0


def test_findings_survive_the_database():
    findings = (
        accepted(BOXTEL, debt(1), debt(2), shown=[debt(1)]),
        accepted(GESTEL, debt(1, saldo=1)),
        rejected("expired", BOXTEL, debt(3)),
        Rejected("PARSING_ERROR", Source("", None), "document"),
    )
    import json

    written = json.loads(json.dumps(kept_findings.to_json(findings)))
    assert kept_findings.from_json(written) == findings


STATES = st.sampled_from(
    ["absent", "good", "nil", "withheld", "partial", "stale", "revoked", "superseded", "unknown",
     "other", "untrusted"]
)  # fmt: skip
AMOUNTS = st.lists(st.integers(-50_000, 50_000), max_size=5)


def _statement(source, state, amounts):
    """A finding in this state, and what an independent reckoning says of it."""
    debts = [
        debt(number, saldo=amount, hoofdsom=None, opeisbaar_bedrag=None, achterstand_bedrag=None)
        for number, amount in enumerate(amounts if state != "nil" else [], 1)
    ]
    owed = sum(amount for amount in (amounts if state != "nil" else []) if amount > 0)
    if state in {"good", "nil"}:
        return accepted(source, *debts), owed, True
    if state == "withheld":
        return accepted(source, *debts, shown=debts[1:]), owed, not debts
    if state == "partial":
        down = {"bronnen": BROKEN_SOURCE, "volledigheid": "gedeeltelijk"}
        return accepted(source, *debts, **down), owed, False
    if state == "stale":
        return accepted(source, *debts, peildatum="2026-01-01T23:00:00Z"), 0, False
    if state == "other":
        return accepted(source, *debts, **OTHER_PERSON), 0, False
    stranger = Source("https://vreemd.example", None)
    reason = {"unknown": "STATUS_RETRIEVAL_ERROR", "untrusted": "untrusted_issuer"}
    named = stranger if state == "untrusted" else source
    return rejected(reason.get(state, state), named, *debts), 0, False


@given(st.tuples(STATES, STATES), st.tuples(AMOUNTS, AMOUNTS), st.booleans(), st.booleans())
def test_false_complete_is_zero_and_so_is_the_error_in_euros(states, amounts, again, turned):
    findings, owed, complete = [], 0, True
    for source, state, figures in zip((BOXTEL, GESTEL), states, amounts, strict=True):
        if state == "absent":
            complete = False
            continue
        named = [figure * (1 if source is BOXTEL else 2) for figure in figures]
        finding, outstanding, whole = _statement(source, state, named)
        findings += [finding, finding] if again else [finding]
        owed += outstanding
        complete = complete and whole
    if turned:
        findings.reverse()
    seen = see(*findings, facts=Facts(JOSE, (BOXTEL, GESTEL)))
    assert seen.complete is complete
    assert seen.totals.outstanding == owed - _doubled(states, amounts)


def _doubled(states, amounts):
    """Both states number their debts alike, with the creditor of `debt`: what stands twice."""
    counted = {"good", "nil", "withheld", "partial"}
    if not set(states) <= counted or "nil" in states:
        return 0
    shown = [
        {
            number: figure
            for number, figure in enumerate(figures, 1)
            if state != "withheld" or number > 1
        }
        for state, figures in zip(states, amounts, strict=True)
    ]
    both = shown[0].keys() & shown[1].keys()
    # The debts' creditor is Boxtel, so the other organisation leads.
    return sum(max(shown[0][number], 0) for number in both)


def test_the_oldest_reference_date_is_of_what_counts():
    middle = evidence(BOXTEL, debt(1), peildatum="2026-11-10T23:00:00Z")
    stale = accepted(GESTEL, debt(2), peildatum="2026-01-10T23:00:00Z")
    unchosen = accepted(BAILIFF, debt(3))
    seen = see(Accepted(middle), stale, unchosen)
    assert seen.oldest == middle.referenced_at
    assert see(stale).oldest is None


def test_the_dates_ahead_stand_in_their_order():
    dated = [debt(n, vervaldatum=f"2026-12-{day}") for n, day in ((1, "20"), (2, "02"))]
    seen = see(accepted(BOXTEL, *dated, debt(3)))
    assert [each.on for each in seen.timeline] == ["2026-12-02", "2026-12-20"]


def test_today_is_a_day_of_the_dutch_calendar():
    # Half past midnight in the Netherlands, which is still the day before in UTC.
    assert str(day(1_795_563_000)) == "2026-11-25"
    assert str(day(1_795_563_000 - 1_860)) == "2026-11-24"


def test_whether_somebody_was_entered_is_told():
    assert see().person_is_established is True
    assert see(facts=Facts(None, (BOXTEL,))).person_is_established is False


def test_a_snapshot_keeps_what_each_organisation_stated_and_each_stage():
    seen = see(accepted(BOXTEL, debt(1), debt(2, fase=None)), rejected("revoked", GESTEL, debt(3)))
    kept = snapshot(seen, NOW)
    assert [(each.state, each.outstanding) for each in kept.sources] == [
        ("verified", 85_800),
        ("withdrawn", 42_900),
    ]
    assert [each.stage for each in kept.debts] == ["dwangbevel", ""]
    assert snapshot(see(), NOW).sources[0].outstanding is None


def test_of_one_of_two_what_is_about_the_other_is_left_to_the_other():
    other = Person("Nowak", "Anouk", "1984-01-23")
    both = Facts(JOSE, (BOXTEL,), partner=other, earlier=snapshot(see(), NOW))
    findings = (accepted(BOXTEL, debt(1)), accepted(BOXTEL, debt(2), **OTHER_PERSON))
    mine = see(*findings, facts=both.of(0))
    assert [entry.group for entry in mine.grouping.entries] == ["verified"]
    assert mine.changes is None
