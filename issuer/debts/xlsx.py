"""Exports as a workbook. Door to openpyxl; read row by row, formulas by their last value."""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

from issuer.debts.dialect import Dialect
from issuer.debts.files import FileSource
from issuer.debts.table import FileRefusedError, Line, Table, with_header

# Unpacked: a workbook of 200,000 rows of 20 columns takes about 200 MiB.
MAXIMUM_UNPACKED: Final = 1 << 30
# What openpyxl raises on a damaged workbook; its XML parsers raise SyntaxError.
_DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    EOFError,
    NotImplementedError,
)


class XlsxSource(FileSource):
    """A delivery in a workbook."""

    def _opened(self, path: Path, dialect: Dialect) -> AbstractContextManager[Table]:
        return open_xlsx(path, dialect)


@contextmanager
def open_xlsx(path: Path, dialect: Dialect) -> Iterator[Table]:
    """The declared sheet as a table; FileRefusedError when file or header are not as declared."""
    _check_size(path)
    workbook = _workbook(path)
    try:
        yield with_header(_lines(workbook, dialect.file.sheet or ""), dialect)
    finally:
        workbook.close()


def _check_size(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise FileRefusedError("the file is no workbook (xlsx)") from None
    if unpacked > MAXIMUM_UNPACKED:
        raise FileRefusedError("the workbook is larger than 1 GiB when unpacked")


def _workbook(path: Path) -> Any:
    # A third of the memory of an import, which other kinds of files do not need.
    import openpyxl  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        with warnings.catch_warnings():
            # Styles and validations that openpyxl does not know are no part of the data.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, *_DAMAGED):
        raise FileRefusedError("the workbook is damaged") from None


def _lines(workbook: Any, sheet: str) -> Iterator[Line]:
    if sheet not in workbook.sheetnames:
        raise FileRefusedError(f"the workbook has no sheet {sheet}")
    worksheet = workbook[sheet]
    if not hasattr(worksheet, "reset_dimensions"):
        raise FileRefusedError(f"the sheet {sheet} has no cells")
    # Programs that write workbooks often state the used range wrongly.
    worksheet.reset_dimensions()
    try:
        yield from enumerate(worksheet.iter_rows(values_only=True), start=1)
    except _DAMAGED:
        raise FileRefusedError("the workbook is damaged") from None
