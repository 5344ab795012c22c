"""Which fields a row can tell, and how the cells of each are found and read."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, Final

from issuer.debts import amounts, dates, notation
from issuer.debts.dialect import Dialect
from issuer.debts.notation import CellRefusedError, Reader
from issuer.debts.sections import PARTS, Answers, Flags, Numbers, YesNo, in_columns

# The values of many cells, or CellRefusedError for one of them.
CellsReader = Callable[[Sequence[Any]], list[Any]]
# One step of reading rows: the field, where its cells stand, their reader, the column's name.
Step = tuple[str, tuple[int, ...], CellsReader, str]

BSN: Final = "bsn"
CO_DEBTORS: Final = "co_debtor"
BORN: Final = "birth_date"
KIND: Final = "kind"
PLAN: Final = {
    "plan_instalment": "instalment_cents",
    "plan_overdue": "overdue_cents",
    "plan_remaining": "remaining",
    "plan_starts_on": "starts_on",
    "plan_ends_on": "ends_on",
    "plan_broken_since": "broken_since",
}
ATTACHMENT: Final = {
    "attachment_monthly": "monthly_cents",
    "attachment_since": "since",
    "attachment_attacher": "attacher",
}
_PAST_DATES: Final = (
    "incurred_on",
    "imposed_on",
    "stage_since",
    "interrupted_on",
    "plan_broken_since",
    "attachment_since",
)
_OTHER_DATES: Final = (
    "due_on",
    "interest_until",
    "next_step_on",
    "prescribed_on",
    "plan_starts_on",
    "plan_ends_on",
)
_REFERENCES: Final = (
    "decision_number",
    "original_number",
    "handler_file_number",
    "payment_reference",
)
_TEXTS: Final = (
    "description",
    "period",
    "next_step",
    "creditor_name",
    "collector_name",
    "handler_name",
    "payment_method",
    "account_name",
    "attachment_attacher",
)
AMOUNTS: Final = (*PARTS, "balance")
# Fields that a debt has under the same name.
PLAIN: Final = frozenset(
    {
        "case_number",
        "debt_number",
        "tax_year",
        "stage",
        "creditor_oin",
        "collector_oin",
        "iban",
        "business",
        "disclosure_duty_breached",
        *_REFERENCES,
        *_TEXTS,
        *_PAST_DATES,
        *_OTHER_DATES,
    }
) - {*PLAN, *ATTACHMENT}
_EARLIEST_TAX_YEAR: Final = 1980
_MOST_INSTALMENTS: Final = 999


def steps(dialect: Dialect, columns: Sequence[str], reference: date) -> list[Step]:
    """The steps to read one row of a table with `columns`; the BSN is the first."""
    found = [
        *_column_steps(dialect, reference),
        *_yes_no_steps(dialect.flags),
        *_yes_no_steps(dialect.answers),
        *(
            ("excluded", (exclusion.column,), _excluded_reader(exclusion.values))
            for exclusion in dialect.exclusions
        ),
    ]
    read_amounts = amounts.amounts_reader(dialect.amounts)
    each = cache(_each)
    return [
        (
            field,
            tuple(map(columns.index, names)),
            read_amounts if field in AMOUNTS else each(read),
            ", ".join(names),
        )
        for field, names, read in found
    ]


def _each(read: Reader) -> CellsReader:
    return lambda cells: list(map(read, cells))


def _column_steps(
    dialect: Dialect, reference: date
) -> Iterator[tuple[str, tuple[str, ...], Reader]]:
    for field, reader in _readers(dialect, reference).items():
        names = in_columns(getattr(dialect.columns, field))
        if names:
            joins = field in _JOINED and len(names) > 1
            yield field, names, _joining(field, reader, dialect.numbers) if joins else reader


_JOINED: Final = (
    "case_number",
    "debt_number",
    "decision_number",
    "original_number",
    "description",
    "period",
)


def _readers(dialect: Dialect, reference: date) -> dict[str, Reader]:
    """A reader for every field of `columns`, in the order in which a row is judged."""
    amount = amounts.amount_reader(dialect.amounts)
    optional_amount = amounts.optional_amount_reader(dialect.amounts)
    bsn = notation.bsn_reader(restore_leading_zeros=dialect.bsn.restore_leading_zeros)
    past = dates.date_reader(dialect.dates, reference, past=True)
    other = dates.date_reader(dialect.dates, reference, past=False)
    year = notation.whole_number_reader(_EARLIEST_TAX_YEAR, reference.year + 1)
    return {
        BSN: bsn,
        CO_DEBTORS: _co_debtors_reader(bsn, dialect),
        "case_number": _required,
        "debt_number": _required,
        "currency": notation.euro,
        **dict.fromkeys(AMOUNTS, amount),
        **dict.fromkeys(_PAST_DATES, past),
        **dict.fromkeys(_OTHER_DATES, other),
        "tax_year": year,
        KIND: notation.word_reader({word: word for word in dialect.kinds.words}, "kind_unknown"),
        "stage": notation.word_reader(dialect.stages.words, "stage_unknown"),
        **dict.fromkeys(_REFERENCES, notation.reference),
        **dict.fromkeys(_TEXTS, notation.optional_text),
        "creditor_oin": notation.oin,
        "collector_oin": notation.oin,
        "iban": notation.iban,
        "plan_instalment": optional_amount,
        "plan_overdue": optional_amount,
        "plan_remaining": notation.whole_number_reader(0, _MOST_INSTALMENTS),
        "attachment_monthly": optional_amount,
        BORN: dates.birth_date_reader(dialect.dates, reference),
    }


def _required(cell: Any) -> str:
    value = notation.reference(cell)
    if not value:
        raise CellRefusedError("number_missing")
    return value


def _joining(field: str, read: Reader, numbers: Numbers) -> Reader:
    """Read several cells as one text; a number that is required needs all of them."""
    judge = notation.optional_text if field in _TEXTS else notation.reference

    def read_joined(cells: tuple[Any, ...]) -> str | None:
        return judge(numbers.separator.join(filter(None, map(read, cells))))

    return read_joined


def _co_debtors_reader(read_bsn: Callable[[Any], str], dialect: Dialect) -> Reader:
    """The other debtors of a row: a tuple of BSNs, each in a column of its own."""
    several = len(in_columns(dialect.columns.co_debtor)) > 1

    def read(cells: Any) -> tuple[str, ...]:
        named = [cell for cell in (cells if several else (cells,)) if cell not in (None, "")]
        try:
            return tuple(read_bsn(cell) for cell in named)
        except CellRefusedError:
            raise CellRefusedError("co_debtor") from None

    return read


def _yes_no_steps(section: Flags | Answers) -> Iterator[tuple[str, tuple[str, ...], Reader]]:
    for name in type(section).model_fields:
        answer: YesNo | None = getattr(section, name)
        if answer is not None:
            words = dict.fromkeys(answer.no, False) | dict.fromkeys(answer.yes, True)
            yield name, (answer.column,), notation.word_reader(words, "word_unknown")


def _excluded_reader(values: Sequence[str]) -> Reader:
    def read(cell: Any) -> None:
        if notation.text(cell) in values:
            raise CellRefusedError("excluded")

    return read
