"""A town hall from source rows to the card in a wallet: import, register, statement, seal."""

import hmac
import itertools
import json
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from issuer.claims import Issuer, build_statement
from issuer.debts.imports import import_file
from issuer.debts.register import MIGRATIONS, Register
from tests.verifier.world import NOW, Municipality
from vckit.adapters.sqlite import create_database
from vckit.status import StatusReference

REFERENCE = date(2026, 11, 20)
# Not told by any source: what a row leaves out.
COLUMNS = {
    "bsn": "bsn",
    "case_number": "zaak",
    "debt_number": "nummer",
    "original_number": "oorspronkelijk",
    "kind": "soort",
    "stage": "fase",
    "imposed_on": "opgelegd",
    "due_on": "verval",
    "principal": "hoofdsom",
    "reminder_costs": "aanmaankosten",
    "warrant_costs": "dwangbevelkosten",
    "paid": "betaald",
    "remitted": "kwijtgescholden",
    "balance": "saldo",
    "co_debtor": "mede",
    "creditor_oin": "schuldeiser_oin",
    "creditor_name": "schuldeiser",
    "collector_oin": "invorderaar_oin",
    "handler_name": "deurwaarder",
    "handler_file_number": "dossier",
    "plan_instalment": "termijn",
    "plan_broken_since": "regeling_vervallen",
    "attachment_monthly": "inhouding",
    "attachment_since": "beslag_sinds",
    "attachment_attacher": "beslaglegger",
    "prescribed_on": "verjaard_op",
    "interrupted_on": "gestuit_op",
}
FLAGS = ("betwist", "buiten_invordering", "verjaard")
KINDS = {
    "riool": ("gem_rioolheffing", "concurrent", "iw_7"),
    "ozb": ("gem_ozb_eigenaar", "concurrent", "iw_7"),
    "afval": ("gem_afvalstoffenheffing", "concurrent", "iw_7"),
    "bijstand": ("gem_pw_terugvordering", "preferent", "awb_4_92"),
}
STAGES = ("opgelegd", "aangemaand", "dwangbevel", "beslag", "betalingsregeling", "verjaard",
          "buiten_invordering")  # fmt: skip


@dataclass(frozen=True)
class Debtor:
    """Somebody as the log-in tells and as the administration knows them."""

    bsn: str
    family_name: str
    given_name: str
    birthdate: str


JOSE = Debtor("999291415", "d'Hondt", "José", "1974-08-21")
ANOUK = Debtor("999631706", "Nowak", "Anouk", "1984-01-23")


@dataclass(frozen=True)
class Contact:
    name: str = "Team schuldhulp"
    phone: str = "0411 655 990"
    email: str = "schuldhulp@boxtel.example"
    url: str = "https://boxtel.example/schuldhulp"


@dataclass(frozen=True)
class Organisation:
    name: str
    oin: str
    municipality_code: str = "GM0757"


@dataclass(frozen=True)
class Source:
    code: str
    name: str
    dialect: Path


@dataclass
class TownHall:
    """One municipality with its own register, filled from files."""

    municipality: Municipality
    folder: Path
    sources: dict = field(default_factory=dict)
    salts: itertools.count = field(default_factory=itertools.count)

    def __post_init__(self):
        path = self.folder / f"{self.municipality.oin}.sqlite"
        self.register = Register(create_database(path, b"k" * 32, MIGRATIONS), _pseudonym)

    def deliver(self, *rows, code="belastingen", sold=False, day=REFERENCE):
        """Import these rows, each a mapping from our column to its text."""
        path = self.folder / f"{self.municipality.oin}-{code}-{day}.csv"
        names = [*COLUMNS.values(), *FLAGS]
        lines = [";".join(names), *(";".join(row.get(name, "") for name in names) for row in rows)]
        path.write_text("\r\n".join(lines) + "\r\n", "utf-8")
        self._import(code, _csv_dialect(sold=sold), path, day)

    def deliver_events(self, *cases, code="belastingen", bsn=JOSE.bsn, day=REFERENCE):
        """Import the events of these cases (FCID), each a number and its events."""
        path = self.folder / f"{self.municipality.oin}-{code}-{day}.json"
        body = {
            "aangeleverd_door": self.municipality.oin,
            "document_datumtijd": f"{day}T08:00:00+01:00",
            "bsn": bsn,
            "financiele_zaken": [
                {"zaakkenmerk": number, "gebeurtenissen": events} for number, events in cases
            ],
        }
        kind = "FINANCIAL_CLAIMS_INFORMATION_DOCUMENT"
        path.write_text(json.dumps({"type": kind, "version": "4", "body": body}), "utf-8")
        self._import(code, '[file]\nkind = "fcid"\n' + _kinds(), path, None)

    def lose(self, code):
        """The source can't be reached when a statement is asked for."""
        self.register.mark_unreachable(code)

    def card(self, holder, person=JOSE):
        """The statement of a person as it stands now, in the wallet of `holder`."""
        organisation = Organisation(self.municipality.name, self.municipality.oin)
        terms = build_statement(
            person,
            self.register.account_of(person.bsn, list(self.sources.values())),
            Issuer(organisation=organisation, contact=Contact()),
            reference="urn:uuid:5f0c62e5-6ad8-4b2b-9b39-1f2d8e6c4a10",
            new_salt=lambda: f"{next(self.salts):022d}",
            now=NOW,
            refresh=StatusReference("refresh", "https://boxtel.example/status/refresh", 1),
        )
        del terms["vernieuwing_uri"], terms["vernieuwing_index"], terms["opgave_kenmerk"]
        return self.municipality.state(holder=holder, **{"bsn": None, **terms})

    def _import(self, code, dialect, path, day):
        toml = self.folder / f"{self.municipality.oin}-{code}.toml"
        toml.write_text(dialect, "utf-8")
        source = self.sources.setdefault(code, Source(code, code.title(), toml))
        report = import_file(self.register, source, path, day, NOW, fewer=True)
        assert not report.refused, report


def _csv_dialect(*, sold):
    columns = "\n".join(f'{name} = "{column}"' for name, column in COLUMNS.items())
    flags = "\n".join(
        f'[flags.{flag}]\ncolumn = "{flag}"\nyes = ["ja"]\nno = [""]' for flag in FLAGS
    )
    stages = "\n".join(f'{stage} = "{stage}"' for stage in STAGES)
    return f"""
[file]
kind = "csv"
encoding = "utf-8"
delimiter = ";"
[columns]
{columns}
[amounts]
decimal = ","
empty_is_zero = true
[balance]
rule = "checked"
allow_negative = true
[dates]
notation = "dd-mm-yyyy"
[handler]
role = "deurwaarder"
transfer = "{"verkocht" if sold else "incasso_opdracht"}"
[stages.words]
{stages}
{flags}
{_kinds()}"""


def _kinds():
    return "\n".join(
        f"""
[kinds.words.{word}]
type = "{kind}"
description = "{word.title()} 2026"
rank = "{rank}"
rank_basis = "Wet van {word}"
allocation = "{rule}"
"""
        for word, (kind, rank, rule) in KINDS.items()
    )


def row(number="1", **changes):
    """A sewerage charge of € 100,00 that should have been paid in March, as its row."""
    cells = {
        "bsn": JOSE.bsn,
        "zaak": f"Z{number}",
        "nummer": f"V{number}",
        "soort": "riool",
        "fase": "opgelegd",
        "opgelegd": "01-02-2026",
        "verval": "15-03-2026",
        "hoofdsom": "100,00",
        "saldo": "100,00",
    }
    return {**cells, **changes}


def event(kind, number, day="2026-02-01", **members):
    """One event of a case as FCID writes it."""
    return {
        "gebeurtenis_type": kind,
        "gebeurtenis_kenmerk": number,
        "datumtijd_gebeurtenis": f"{day}T09:00:00+01:00",
        **members,
    }


def imposed(number, cents, **members):
    return event(
        "FinancieleVerplichtingOpgelegd",
        number,
        **{
            "type": "riool",
            "categorie": "Algemeen",
            "bedrag": cents,
            "opgelegd_door": "00000001001234567000",
            **members,
        },
    )


def demanded(number, cents, **members):
    return event(
        "BetalingsverplichtingOpgelegd",
        number,
        **{"bedrag": cents, "type": "Aanschrijving", "vervaldatum": "2026-03-15", **members},
    )


def _pseudonym(bsn):
    return hmac.digest(b"index key of the tests", bsn.encode(), "sha256").hex()
