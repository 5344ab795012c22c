"""What one import did, without personal data: how many rows, and which lines were refused why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Self

# The stable texts of a refusal, and what a Dutch administrator reads. The keys are the codes.
REASONS: Final[Mapping[str, tuple[str, str]]] = {
    "columns": (
        "row does not have the columns of the header",
        "de regel heeft niet de kolommen van de kop",
    ),
    "bsn_missing": ("bsn is missing", "het BSN ontbreekt"),
    "bsn_notation": ("bsn is not nine digits", "het BSN heeft geen negen cijfers"),
    "bsn_eleven_test": ("bsn fails the eleven test", "het BSN voldoet niet aan de elfproef"),
    "co_debtor": ("bsn of the co-debtor is not valid", "het BSN van de mededebiteur klopt niet"),
    "number_missing": ("number of the claim is missing", "het nummer van de vordering ontbreekt"),
    "text": (
        "text is too long or has control characters",
        "de tekst is te lang of bevat stuurtekens",
    ),
    "amount_notation": (
        "amount is not in the declared notation",
        "het bedrag heeft niet de opgegeven schrijfwijze",
    ),
    "amount_cents": ("amount is not in whole cents", "het bedrag is niet in hele centen"),
    "amount_range": ("amount is out of range", "het bedrag is te groot"),
    "amount_negative": ("amount may not be negative", "het bedrag mag niet negatief zijn"),
    "currency": ("currency is not euro", "de valuta is geen euro"),
    "date_notation": (
        "date is not in the declared notation",
        "de datum heeft niet de opgegeven schrijfwijze",
    ),
    "date_exists": ("date does not exist", "de datum bestaat niet"),
    "date_range": ("date is not plausible", "de datum is niet aannemelijk"),
    "date_future": ("date lies after the reference date", "de datum ligt na de peildatum"),
    "date_order": (
        "due date lies before the date of the decision",
        "de vervaldatum ligt voor de datum van het besluit",
    ),
    "whole_number": (
        "number is not a plausible whole number",
        "het getal is geen aannemelijk getal",
    ),
    "kind_unknown": ("kind of claim is unknown", "de soort vordering is onbekend"),
    "stage_unknown": ("stage is unknown", "de fase is onbekend"),
    "word_unknown": ("word is not in the dialect", "het woord staat niet in het dialect"),
    "oin": ("oin is not twenty digits", "het OIN heeft geen twintig cijfers"),
    "creditor": (
        "creditor needs both oin and name",
        "de schuldeiser heeft een OIN en een naam nodig",
    ),
    "iban": ("iban is not valid", "het IBAN klopt niet"),
    "movement": (
        "a movement of this claim is not understood",
        "een mutatie van deze vordering is niet te lezen",
    ),
    "balance": (
        "balance does not follow from the parts",
        "het saldo volgt niet uit de onderdelen",
    ),
    "event_unknown": (
        "an event of this case is not understood",
        "een gebeurtenis van deze zaak is niet te lezen",
    ),
    "event_conflict": (
        "events of this case contradict each other",
        "gebeurtenissen van deze zaak spreken elkaar tegen",
    ),
    "event_reference": (
        "an event refers to what is not there",
        "een gebeurtenis verwijst naar iets wat er niet is",
    ),
    "event_amount": (
        "an event has no amount or takes more than there is",
        "een gebeurtenis heeft geen bedrag of gaat over meer dan er is",
    ),
    "event_rule": (
        "no rule is declared for a payment of several claims",
        "voor een betaling van meer vorderingen is geen regel opgegeven",
    ),
    "event_balance": (
        "stated balance does not follow from the events",
        "het genoemde saldo volgt niet uit de gebeurtenissen",
    ),
    "conflict": (
        "same number with other content",
        "hetzelfde nummer met een andere inhoud",
    ),
    "excluded": ("row is excluded by the dialect", "de regel is uitgesloten door het dialect"),
}
LINES_IN_TEXT: Final = 200
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {
        "good": "good",
        "repeated": "repeated",
        "refused": "refused",
        "line": "line",
        "reference": "reference date",
        "unchanged": "unchanged",
        "more": "more",
        "unmatched": "numbers of movements belong to no row that was taken",
    },
    "nl": {
        "good": "goed",
        "repeated": "dubbel",
        "refused": "geweigerd",
        "line": "regel",
        "reference": "peildatum",
        "unchanged": "ongewijzigd",
        "more": "meer",
        "unmatched": "nummers van mutaties horen bij geen regel die is overgenomen",
    },
}


@dataclass(frozen=True, order=True, slots=True)
class Refusal:
    """A row that was not taken. `line` counts the header as line 1; `column` is the dialect's."""

    line: int
    code: str
    column: str = ""

    @property
    def reason(self) -> str:
        """The stable English text."""
        return REASONS[self.code][0]

    def text(self, language: str) -> str:
        """The reason with the column that it is about, in "nl" or "en"."""
        reason = REASONS[self.code][1 if language == "nl" else 0]
        return f"{reason} ({self.column})" if self.column else reason


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What one file gave. `unchanged`: this very file was already imported, nothing was done.

    `unmatched` counts the numbers of movements that belong to no row that was taken.
    """

    source: str
    reference_date: date
    good: int
    repeated: int
    refused: tuple[Refusal, ...] = ()
    unmatched: int = 0
    unchanged: bool = False

    @property
    def reasons(self) -> list[tuple[int, str]]:
        """Line and stable reason of every refused row."""
        return [(refusal.line, refusal.reason) for refusal in self.refused]

    def to_json(self) -> dict[str, Any]:
        """The report as JSON; `from_json` restores it."""
        return {
            "source": self.source,
            "reference_date": self.reference_date.isoformat(),
            "good": self.good,
            "repeated": self.repeated,
            "refused": [
                {"line": row.line, "code": row.code, "reason": row.reason, "column": row.column}
                for row in self.refused
            ],
            "unmatched": self.unmatched,
            "unchanged": self.unchanged,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any], *, unchanged: bool = False) -> Self:
        """Restore what `to_json` gave, marked as unchanged where nothing was done."""
        rows: Sequence[Mapping[str, Any]] = document["refused"]
        return cls(
            source=document["source"],
            reference_date=date.fromisoformat(document["reference_date"]),
            good=document["good"],
            repeated=document["repeated"],
            refused=tuple(Refusal(row["line"], row["code"], row["column"]) for row in rows),
            unmatched=document["unmatched"],
            unchanged=unchanged,
        )

    def text(self, language: str = "nl") -> str:
        """The report in words, in "nl" or "en"; at most LINES_IN_TEXT refusals are listed."""
        words = _WORDS[language]
        listed = self.refused[:LINES_IN_TEXT]
        left = len(self.refused) - len(listed)
        lines = [self._summary(words)]
        lines += [f"  {words['line']} {row.line}: {row.text(language)}" for row in listed]
        lines += [f"  … {left} {words['more']}"] if left else []
        lines += [f"  {self.unmatched} {words['unmatched']}"] if self.unmatched else []
        return "\n".join(lines)

    def _summary(self, words: Mapping[str, str]) -> str:
        unchanged = f", {words['unchanged']}" if self.unchanged else ""
        return (
            f"{self.source}: {self.good} {words['good']}, {self.repeated} {words['repeated']}, "
            f"{len(self.refused)} {words['refused']} "
            f"({words['reference']} {self.reference_date.isoformat()}{unchanged})"
        )
