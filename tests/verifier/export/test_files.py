"""The exports as other software reads them: the figures of the page, their age, and if it is all.

LibreOffice and poppler (`soffice`, `pdftotext`) are asked where they are installed.
"""

import csv
import io
import json
import re
import shutil
import subprocess

import openpyxl
import pytest

from tests.vckit.statements import debt
from tests.verifier.evidence import BAILIFF, BOXTEL, GESTEL, accepted, rejected
from tests.verifier.exported import BESIDE, JOSE, content
from tests.verifier.world import NOW
from verifier import fcid
from verifier.export import pages
from verifier.export.control import Reporter
from verifier.export.csv_file import csv_file
from verifier.export.fcid_file import fcid_file
from verifier.export.workbook import workbook
from verifier.opening import open_report_key
from verifier.person import Person

ANNA = Person("d'Hondt", "Anna", "1976-02-01")
AT_LEAST = "Niet compleet: dit is ten minste het totaal. Er kan meer schuld zijn."
COMPLETE = "Compleet: alle gekozen organisaties hebben alles doorgegeven."
CREDIT = {"hoofdsom": 1_000, "kosten_aanmaning": 0, "kosten_dwangbevel": 0, "betaald": 2_250}
PAID_TOO_MUCH = debt(
    2, **CREDIT, saldo=-1_250, opeisbaar_bedrag=0, achterstand_bedrag=0, omschrijving="=1+1"
)
DISPUTED = debt(3, markeringen=["betwist"], overdracht="incasso_opdracht")


@pytest.fixture
def made():
    return content(
        accepted(BOXTEL, debt(1), PAID_TOO_MUCH, DISPUTED),
        rejected("revoked", GESTEL, debt(9)),
        beside=BESIDE,
    )


def csv_rows(made):
    text = csv_file(made).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def of_kind(rows, kind):
    return [row for row in rows if row["Regel"] == kind]


def sheets(file):
    book = openpyxl.load_workbook(io.BytesIO(file))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def table(rows):
    head, *others = rows
    return [dict(zip(head, row, strict=True)) for row in others]


def test_the_csv_follows_dutch_rules(made):
    file = csv_file(made)
    assert file.startswith(b"\xef\xbb\xbfRegel;Persoon;ConversatieReferentienummer;KlantnummerSHV;")
    lines = file.decode("utf-8-sig").split("\r\n")
    assert lines[-1] == ""
    assert "\n" not in "".join(lines)
    first = of_kind(csv_rows(made), "schuld")[0]
    assert (first["Originele vordering"], first["Saldo"]) == ("400,00", "429,00")
    assert (first["Ontstaansdatum"], first["Peildatum"]) == ("31-01-2026", "21-11-2026")


def test_the_csv_has_the_figures_of_the_page(made):
    rows = csv_rows(made)
    debts = of_kind(rows, "schuld")
    assert [row["Saldo"] for row in debts] == ["429,00", "-12,50", "429,00"]
    assert [row["Omschrijving"] for row in debts][1] == "'=1+1"
    assert [row["Schuldtype"] for row in debts][1:] == ["openstaande schuld", "overgedragen schuld"]
    assert [row["Telt mee"] for row in debts] == ["ja", "ja", "ja"]
    [total] = of_kind(rows, "totaal")
    told = made.report["totals"]
    assert (told["outstanding"], told["credit"], told["disputed"]) == (85_800, 1_250, 42_900)
    assert total["Totaal openstaand"] == "858,00"
    assert total["Totaal tegoed"] == "12,50"
    assert total["Totaal nu te betalen"] == "429,00"
    assert total["Totaal betwist"] == "429,00"
    assert total["Totaal niet gecontroleerd"] == "289,00"
    assert total["Saldo"] == ""


def test_the_csv_tells_apart_what_is_not_checked_and_who_did_not_answer(made):
    rows = csv_rows(made)
    unchecked = of_kind(rows, "niet gecontroleerd")
    assert [row["Saldo"] for row in unchecked] == ["239,00", "-5,00", "50,00"]
    assert {row["Telt mee"] for row in unchecked} == {"nee"}
    assert [row["Schuldeiser"] for row in unchecked] == ["CJIB", "CJIB", "Winkel"]
    organisations = of_kind(rows, "organisatie")
    assert [row["Opgegeven door"] for row in organisations] == [BOXTEL.name, GESTEL.name]
    assert "ingetrokken" in organisations[1]["Stand van zaken"]


@pytest.mark.parametrize(
    ("findings", "oldest", "sentence"),
    [
        ((), "", AT_LEAST),
        ((accepted(BOXTEL),), "21-11-2026", AT_LEAST),
        ((accepted(BOXTEL), accepted(GESTEL)), "21-11-2026", COMPLETE),
    ],
)
def test_every_row_of_every_file_carries_its_age_and_whether_it_is_all(findings, oldest, sentence):
    made = content(*findings)
    rows = csv_rows(made)
    assert rows
    assert {row["Overzicht gemaakt op"] for row in rows} == {"24-11-2026"}
    assert {row["Oudste peildatum"] for row in rows} == {oldest}
    assert {row["Volledigheid"] for row in rows} == {sentence}
    told = dict(row[:2] for row in sheets(workbook(made))["Overzicht"])
    assert f"{told['Gemaakt op']:%d-%m-%Y}" == "24-11-2026"
    day = told["Oudste peildatum"]
    assert (f"{day:%d-%m-%Y}" if day else "") == oldest
    assert told["Volledigheid"] == sentence
    envelope = json.loads(fcid_file(made))
    assert envelope["gemaakt_op"] == "2026-11-24T11:30:00Z"
    assert envelope["volledig"] is (sentence == COMPLETE)
    assert envelope["oudste_peildatum"] == ("2026-11-21" if oldest else None)


def test_what_is_due_at_least_is_said_where_a_part_of_it_is_not_known():
    unknown = debt(1, opeisbaar_bedrag=None, achterstand_bedrag=None)
    unknown["niet_bekend"] = ["opeisbaar_bedrag", "achterstand_bedrag"]
    made = content(accepted(BOXTEL, unknown), accepted(GESTEL))
    assert made.completeness.startswith(COMPLETE)
    assert "ten minste" in made.completeness
    [row] = of_kind(csv_rows(made), "schuld")
    assert (row["Nu te betalen"], row["Niet bekend"]) == (
        "",
        "opeisbaar_bedrag, achterstand_bedrag",
    )
    summary = dict(row[:2] for row in sheets(workbook(made))["Overzicht"])
    assert summary["Totaal openstaand"] == 429
    assert summary["Totaal nu te betalen (ten minste)"] == 0


def test_the_workbook_has_the_figures_of_the_page_and_no_formula(made):
    file = workbook(made)
    told = sheets(file)
    debts = table(told["Schulden"])
    assert [row["Saldo"] for row in debts] == [429, -12.5, 429]
    assert f"{debts[0]['Ontstaansdatum']:%d-%m-%Y}" == "31-01-2026"
    assert debts[0]["Schuldeiser OIN"] == BOXTEL.oin
    assert {row["Volledigheid"] for row in debts} == {AT_LEAST}
    summary = dict(row[:2] for row in told["Overzicht"])
    assert summary["Totaal openstaand (ten minste)"] == 858
    assert summary["Totaal tegoed"] == 12.5
    assert summary["Totaal niet gecontroleerd"] == 289
    assert [row["Saldo"] for row in table(told["Niet gecontroleerd"])] == [239, -5, 50]
    assert len(table(told["Organisaties"])) == 2
    [finding] = table(told["Wat ons opviel"])
    assert finding["Organisatie"] == GESTEL.name
    book = openpyxl.load_workbook(io.BytesIO(file))
    assert not [c for sheet in book for row in sheet for c in row if c.data_type == "f"]


def test_the_same_overview_gives_the_same_workbook(made):
    assert workbook(made) == workbook(made)


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs libreoffice-calc-nogui")
def test_libreoffice_opens_the_workbook_with_the_same_figures(made, tmp_path):
    (tmp_path / "overzicht.xlsx").write_bytes(workbook(made))
    # 59,34,76: `;` between cells, texts in quotes, UTF-8; -1: every sheet its own file.
    export = "csv:Text - txt - csv (StarCalc):59,34,76,1,,0,false,true,false,true,false,-1"
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    subprocess.run(
        [*command, "--convert-to", export, "--outdir", tmp_path, tmp_path / "overzicht.xlsx"],
        check=True,
        capture_output=True,
        timeout=120,
        env={"HOME": str(tmp_path), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    with (tmp_path / "overzicht-Schulden.csv").open(encoding="utf-8", newline="") as file:
        debts = list(csv.DictReader(file, delimiter=";"))
    assert [float(row["Saldo"]) for row in debts] == [429, -12.5, 429]
    # With formulas shown as such (the tenth option), a formula would stand here with its `=`.
    assert [row["Omschrijving"] for row in debts][1] == "'=1+1"
    assert not re.search(r"(^|;)\"?=", (tmp_path / "overzicht-Schulden.csv").read_text("utf-8"))


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs libreoffice-calc-nogui")
def test_libreoffice_opens_the_csv_with_numbers_as_numbers(made, tmp_path):
    (tmp_path / "overzicht.csv").write_bytes(csv_file(made))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    # Read with `;`, quotes, UTF-8 and Dutch (1043), with everything recognised that can be.
    reading = "--infilter=CSV:59,34,76,1,,1043,false,true,false,false,false"
    subprocess.run(
        [*command, reading, "--convert-to", "xlsx", "--outdir", tmp_path, "overzicht.csv"],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
        env={"HOME": str(tmp_path), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    book = openpyxl.load_workbook(tmp_path / "overzicht.xlsx")
    cells = [cell for row in book.active for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    rows = table(list(book.active.iter_rows(values_only=True)))
    assert [row["Saldo"] for row in rows[:3]] == [429, -12.5, 429]
    assert rows[1]["Omschrijving"] in {"'=1+1", "=1+1"}
    assert rows[-1]["Totaal openstaand"] == 858


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs poppler-utils")
def test_poppler_reads_the_figures_of_the_page_in_the_report(world, made, tmp_path):
    reporter = Reporter(*open_report_key(world.config, world.scheme, world.now), world.scheme)
    (tmp_path / "rapport.pdf").write_bytes(pages.sealed_pdf(made, reporter))
    command = ["pdftotext", "-layout", "rapport.pdf", "-"]
    done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
    text = " ".join(done.stdout.split())
    assert "Totaal openstaand ten minste € 858,00" in text
    assert "Nu te betalen ten minste € 429,00" in text
    assert "Daar is de cliënt het niet mee eens € 429,00" in text
    assert "Tegoed (niet verrekend) € 12,50" in text
    assert "Niet gecontroleerd, apart van het totaal € 289,00" in text
    assert "Gemaakt op 24 november 2026, 12:30 uur. De oudste stand is van 21 november 2026" in text
    assert AT_LEAST in text
    assert "versie 3 van https://stelsel.example" in text
    assert "José d'Hondt, geboren op 21 augustus 1974" in text
    assert "Gemeente Sint-Michielsgestel ingetrokken" in text
    assert "=1+1" in text


def test_a_household_numbers_whose_debt_is_whose(world):
    joint = debt(1, aansprakelijkheid="hoofdelijk")
    anna = {"voornamen": "Anna", "geboortedatum": "1976-02-01"}
    made = content(accepted(BOXTEL, joint), accepted(BOXTEL, joint, debt(2), **anna), partner=ANNA)
    debts = of_kind(csv_rows(made), "schuld")
    assert sorted((row["Persoon"], row["Telt mee"]) for row in debts) == [
        ("1", "ja"),
        ("2", "ja"),
        ("2", "nee"),
    ]
    assert of_kind(csv_rows(made), "totaal")[0]["Totaal openstaand"] == "858,00"
    reporter = Reporter(*open_report_key(world.config, world.scheme, world.now), world.scheme)
    view = pages.view(made, reporter)
    assert [person["name"] for person in view["persons"]] == ["José d'Hondt", "Anna d'Hondt"]
    assert {each["whose"] for each in view["debts"]} == {"persoon 1", "persoon 2"}


def test_a_debt_that_two_organisations_state_is_told_once_as_counting():
    theirs = debt(1, saldo=43_900, kosten_overig=1_000)
    made = content(accepted(BOXTEL, debt(1)), accepted(BAILIFF, theirs))
    debts = of_kind(csv_rows(made), "schuld")
    assert [row["Telt mee"] for row in debts].count("ja") == 1
    assert {row["Ook opgegeven door"] for row in debts} == {BOXTEL.name, BAILIFF.name}
    documents = json.loads(fcid_file(made))["documenten"]
    cases = [case for one in documents for case in one["body"]["financiele_zaken"]]
    assert [case["saldo"] for case in cases] == [made.report["totals"]["outstanding"]]


def test_fcid_tells_only_confirmed_fields_under_its_version_and_can_be_read_back(made):
    envelope = json.loads(fcid_file(made))
    assert envelope["gebaseerd_op"] == "FINANCIAL_CLAIMS_INFORMATION_DOCUMENT 4.1.0"
    assert envelope["totaal_openstaand"] == 85_800
    assert [each["status"] for each in envelope["niet_gecontroleerd"]] == ["niet gecontroleerd"] * 2
    [document] = envelope["documenten"]
    read = fcid.read(json.dumps(document).encode(), now=NOW)
    assert (read.oin, read.told_on, read.outstanding) == (BOXTEL.oin, "2026-11-21", 85_800)
    assert [claim.outstanding for claim in read.claims] == [42_900, -1_250, 42_900]
    assert read.claims[0].kind == "gem_rioolheffing"
    text = json.dumps(envelope)
    assert "999291415" not in text
    assert "NL02ABNA0123456789" not in text
    assert JOSE.family_name not in text


def test_fcid_adds_the_debts_of_one_case_and_leaves_out_sums_that_are_not_known():
    same = debt(2, zaakkenmerk="Z1")
    unknown = debt(3, hoofdsom=None, kosten_aanmaning=None, kosten_dwangbevel=None, betaald=None)
    [document] = json.loads(fcid_file(content(accepted(BOXTEL, debt(1), same, unknown))))[
        "documenten"
    ]
    first, second = document["body"]["financiele_zaken"]
    assert (first["zaakkenmerk"], first["saldo"]) == ("Z1", 85_800)
    assert first["totaal_financieel_verplicht"] == 95_800
    assert first["totaal_financieel_vereffend"] == 10_000
    assert [each["primaire_verplichting"] for each in first["gebeurtenissen"]] == [True, False]
    assert first["gebeurtenissen"][0]["datumtijd_opgelegd"] == "2026-01-30T23:00:00Z"
    assert "totaal_financieel_verplicht" not in second
    assert second["gebeurtenissen"] == []
