"""Three administrations with other quirks than those of the sample, and what they deliver."""

from datetime import date
from pathlib import Path

import openpyxl

from tests.issuer.debts.exports import ANNE, BRAM, CEES, Source
from tests.issuer.debts.networks import Administration

FOLDER = Path(__file__).parent
# A BSN that begins with a zero, which its source drops.
ZERO = "012345672"


def source(code):
    return Source(code, code.title(), FOLDER / f"{code}.toml")


LEGES, HUUR, BBZ = map(source, ("leges", "huur", "bbz"))
SOURCES = (LEGES, HUUR, BBZ)

LEGES_LINES = (
    "Notalijst leges",
    "",
    "AANVRAGER\t\tNota\t\t\t\tBedragen\t\t\t\tStand",
    "BSN\tNaam\tNummer\tRegel\tDatum\tUiterlijk\tIn rekening\tKosten\tVoldaan\tOpen\t",
    f"{ANNE}\tÆlf\tN1\t1\t1-2-2026\t3-3-2026\t€ 1.234,50\t€ 9,00\t€ 1.000,00\t€ 243,50\tHERINNERD",
    f"{ANNE}\tÆlfgifu de Wit\tN1\t2\t1-2-2026\t3-3-2026\t€ 60,00\t\t€ 85,00\t€ 25,00-\t",
    f"{int(ZERO)}\tŁ. Żuk\tN2\t1\t11-10-2026\t12-11-2026\t50,00 €\t\t\t50,00 €\tAANGEMAAND 1",
    f"{BRAM}\tB\tN3\t1\t1-2-2026\t3-3-2026\t€ 1.234\t\t\t€ 1.234\t",
    "\tTotaal\t\t\t\t\t€ 1.344,50\t€ 9,00\t€ 1.085,00\t€ 268,50\t",
)
HUUR_ROWS = (
    ("Huurachterstand per 20 november",),
    (
        "Contract",
        "Huurder",
        None,
        None,
        "Object",
        "Data",
        None,
        "Bedrag",
        None,
        None,
        "Uit handen",
        None,
    ),
    (
        None,
        "BSN",
        "Mede",
        "Naam",
        None,
        "Nota",
        "Vervalt",
        "Huur",
        "Rente",
        "Saldo",
        "Aan",
        "Dossier",
    ),
    (
        "H-1",
        ANNE,
        CEES,
        "A",
        "Markt 1",
        date(2026, 9, 1),
        date(2026, 10, 1),
        "2'400.00 EUR",
        "12.34 EUR",
        "2'412.34 EUR",
        "Deurwaarders BV",
        "D-9",
    ),
    (
        "H-1",
        CEES,
        ANNE,
        "C",
        "Markt 1",
        date(2026, 9, 1),
        date(2026, 10, 1),
        "2'400.00 EUR",
        "12.34 EUR",
        "2'412.34 EUR",
        "Deurwaarders BV",
        "D-9",
    ),
    (
        "H-2",
        BRAM,
        None,
        "B",
        "Markt 2",
        date(2026, 9, 1),
        date(2026, 10, 1),
        "800.00 EUR",
        "0.00 EUR",
        "800.00 EUR",
        None,
        None,
    ),
    (
        "H-3",
        BRAM,
        None,
        "B",
        "Markt 3",
        date(2026, 9, 1),
        date(2026, 10, 1),
        "800.00 EUR",
        "0.00 EUR",
        "801.00 EUR",
        None,
        None,
    ),
)


def loan(number, bsn, lent, paid, **members):
    return {
        "id": 100 + number,
        "cliënt": {"bsn": bsn, "naam": "X"},
        "dossier": f"B-{number}",
        "besluit": {"datum": "2025-06-01"},
        "bedrag": {"verstrekt": lent, "afgelost": paid},
        "regeling": {"termijn": 5_000, "achter": 0, "loopt": True},
        "bezwaar": False,
        "_links": [{"rel": "self"}],
    } | members


LOANS = (
    loan(1, ANNE, 500_000, 120_000),
    loan(2, BRAM, 300_000, None, bezwaar=True),
    loan(3, CEES, 100_000, 100_000),
    loan(4, ZERO, 250_000, 1, regeling=None),
    loan(5, BRAM, 10_000, 0, regeling={"termijn": 100, "achter": 300, "loopt": False}),
)
# What each has at each source in cents: all balances together.
EXPECTED = {
    ANNE: {"leges": 21_850, "huur": 241_234, "bbz": 380_000},
    BRAM: {"leges": 0, "huur": 80_000, "bbz": 310_000},
    CEES: {"leges": 0, "huur": 241_234, "bbz": 0},
    ZERO: {"leges": 5_000, "huur": 0, "bbz": 249_999},
}


def permits(folder):
    path = folder / "leges-2026-11-20.txt"
    path.write_bytes("".join(f"{line}\r\n" for line in LEGES_LINES).encode("utf-16"))
    return path


def rents(folder):
    path = folder / "huur-2026-11-20.xlsx"
    workbook = openpyxl.Workbook()
    workbook.active.title = "Huurachterstand"
    for row in HUUR_ROWS:
        workbook.active.append(row)
    workbook.save(path)
    return path


def loans(**options):
    return Administration([*LOANS], day="2026-11-20", **options)
