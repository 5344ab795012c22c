"""Every state and reason has its words, in Dutch and in English."""

from datetime import date
from pathlib import Path

import pytest

import verifier
from tests.vckit.statements import debt
from tests.verifier.evidence import BOXTEL, evidence
from vckit import errors
from vckit.adapters.flask import catalogue
from verifier import upload
from verifier.grouping import GROUPS, Entry
from verifier.overview import Standing
from verifier.wording import DUTCH, breach, finding, refusal, standing

FOLDER = Path(verifier.__file__).parent
OWN_REASONS = ["revoked", "suspended", "superseded", "stale", "repeated", "subject_mismatch"]
KIT_REASONS = [each.reason for each in errors.VerificationError.__subclasses__()]


def test_every_sentence_has_its_english():
    assert catalogue.untranslated(FOLDER) == []
    assert catalogue.is_compiled(FOLDER)


@pytest.mark.parametrize("reason", [*OWN_REASONS, *KIT_REASONS, "a reason of tomorrow"])
def test_every_reason_has_a_sentence_without_holes(reason):
    for name, stated in ((BOXTEL.name, evidence(BOXTEL, debt(1))), ("", None)):
        said = finding(reason, name, stated, DUTCH)
        assert said.endswith(".")
        assert "%" not in said
        assert "(" not in said


@pytest.mark.parametrize("reason", upload.REASONS)
def test_every_refusal_of_a_file_has_a_sentence(reason):
    assert refusal(reason, DUTCH).endswith(".")


@pytest.mark.parametrize("group", [*GROUPS, "missing"])
def test_every_state_has_a_sentence_and_a_next_step(group):
    entry = None if group == "missing" else Entry(group, evidence(BOXTEL, debt(1)))
    sentence, step = standing(Standing(BOXTEL, group, entry), DUTCH)
    assert sentence.endswith(".")
    assert bool(step) is (group != "verified")


@pytest.mark.parametrize("remark", ["withheld", "source_down", "breach", "newer_exists"])
def test_every_remark_that_makes_it_incomplete_has_a_next_step(remark):
    entry = Entry("verified", evidence(BOXTEL, debt(1), debt(2), shown=[debt(1)]))
    sentence, step = standing(Standing(BOXTEL, "verified", entry, (remark,)), DUTCH)
    assert sentence.endswith(".")
    assert step.endswith(".")


def test_what_is_missing_is_told_with_its_amount():
    said = breach("claims_withheld", "Boxtel", {"missing": 2, "amount": 123_456}, DUTCH)
    assert said.endswith("Er ontbreken schulden: 2, samen € 1.234,56.")
    assert breach("balance", "Boxtel", {}, DUTCH).startswith("De opgave van Boxtel klopt niet")


@pytest.mark.parametrize(
    ("cents", "text"),
    [(0, "€ 0,00"), (1, "€ 0,01"), (100_000_001, "€ 1.000.000,01"), (-5, "€ -0,05")],
)
def test_amounts_are_written_as_in_the_netherlands(cents, text):
    assert DUTCH.euro(cents) == text


def test_days_are_written_as_in_the_netherlands():
    assert DUTCH.day(date(2026, 3, 1)) == "1 maart 2026"
