"""The sample, and a small dialect of its own with lines that fit it."""

import hmac
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DIALECTS = ROOT / "holder_demo" / "dialects"
SAMPLE = ROOT / "holder_demo" / "sample"
REFERENCE = date(2026, 11, 20)
# 2026-11-21, 12:00 in UTC.
NOW = 1_795_262_400
ANNE, BRAM, CEES = "999291415", "999631706", "999743910"

HEADER = "bsn;nummer;soort;datum;verval;bedrag;betaald;saldo;fase"
DIALECT = """
[file]
kind = "csv"
encoding = "utf-8"
delimiter = ";"

[columns]
bsn = "bsn"
case_number = "nummer"
debt_number = "nummer"
kind = "soort"
imposed_on = "datum"
due_on = "verval"
principal = "bedrag"
paid = "betaald"
balance = "saldo"
stage = "fase"

[amounts]
decimal = ","
thousands = "."

[balance]
rule = "checked"

[dates]
notation = "dd-mm-yyyy"

[kinds.words.hond]
type = "gem_hondenbelasting"
rank = "concurrent"
rank_basis = "Gemeentewet, artikel 249"

[stages.words]
open = "opgelegd"
"""


@dataclass(frozen=True)
class Source:
    code: str
    name: str
    dialect: Path | None


@dataclass(frozen=True)
class Municipality:
    sources: tuple[Source, ...]
    files: dict[str, Path]


def _municipality(folder: str, files: dict[str, str]) -> Municipality:
    sources = tuple(Source(code, code.title(), DIALECTS / f"{code}.toml") for code in files)
    return Municipality(sources, {code: SAMPLE / folder / name for code, name in files.items()})


BOXTEL = _municipality(
    "boxtel", {"belastingen": "belastingen.csv", "sociaal-domein": "sociaal-domein.xlsx"}
)
GESTEL = _municipality(
    "sint-michielsgestel", {"parkeren": "parkeren.csv", "vorderingen": "vorderingen.sqlite"}
)
MUNICIPALITIES = {"boxtel": BOXTEL, "sint-michielsgestel": GESTEL}


def pseudonym(bsn: str) -> str:
    return hmac.digest(b"index key of the tests", bsn.encode(), "sha256").hex()


def row(bsn: str = ANNE, number: str = "1", **changes: str) -> str:
    """One line of the dialect above; `changes` by the name of the column."""
    cells = {
        "bsn": bsn,
        "nummer": number,
        "soort": "hond",
        "datum": "01-02-2026",
        "verval": "15-03-2026",
        "bedrag": "100,00",
        "betaald": "25,00",
        "saldo": "75,00",
        "fase": "open",
    }
    return ";".join((cells | changes).values())
