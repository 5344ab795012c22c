"""Reports: what happened, in Dutch, English and JSON, and nobody's data."""

import json
from datetime import date

from issuer.debts.report import LINES_IN_TEXT, REASONS, Refusal, Report

REPORT = Report(
    source="belastingen",
    reference_date=date(2026, 11, 20),
    good=92,
    repeated=1,
    refused=(Refusal(95, "bsn_eleven_test", "BSN"), Refusal(98, "balance")),
)


def test_a_report_tells_line_reason_and_column_in_two_languages():
    assert REPORT.text("en").splitlines() == [
        "belastingen: 92 good, 1 repeated, 2 refused (reference date 2026-11-20)",
        "  line 95: bsn fails the eleven test (BSN)",
        "  line 98: balance does not follow from the parts",
    ]
    assert REPORT.text().splitlines() == [
        "belastingen: 92 goed, 1 dubbel, 2 geweigerd (peildatum 2026-11-20)",
        "  regel 95: het BSN voldoet niet aan de elfproef (BSN)",
        "  regel 98: het saldo volgt niet uit de onderdelen",
    ]


def test_a_report_survives_json_and_can_be_marked_as_unchanged():
    stored = json.loads(json.dumps(REPORT.to_json()))
    assert Report.from_json(stored) == REPORT
    again = Report.from_json(stored, unchanged=True)
    assert again.unchanged
    assert "unchanged" in again.text("en")


def test_movements_without_a_debt_are_told():
    report = Report(source="x", reference_date=date(2026, 11, 20), good=1, repeated=0, unmatched=2)
    assert report.text("en").endswith("2 numbers of movements belong to no row that was taken")
    assert report.text("nl").endswith(
        "2 nummers van mutaties horen bij geen regel die is overgenomen"
    )


def test_a_long_list_of_refusals_is_cut_in_the_text_only():
    refused = tuple(Refusal(line, "balance") for line in range(LINES_IN_TEXT + 5))
    report = Report(
        source="x", reference_date=date(2026, 11, 20), good=0, repeated=0, refused=refused
    )
    assert report.text("en").splitlines()[-1] == "  … 5 more"
    assert len(report.to_json()["refused"]) == LINES_IN_TEXT + 5


def test_every_reason_is_written_once_in_both_languages():
    assert len({english for english, _ in REASONS.values()}) == len(REASONS)
    assert len({dutch for _, dutch in REASONS.values()}) == len(REASONS)
