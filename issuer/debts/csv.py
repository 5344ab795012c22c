"""Exports in text with a delimiter (RFC 4180 with a declared encoding, delimiter and quote)."""

import codecs
import csv
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, TextIO

from issuer.debts.dialect import Dialect
from issuer.debts.files import FileSource
from issuer.debts.shapes import File
from issuer.debts.table import FileRefusedError, Line, Table, with_header

MAXIMUM_LINE: Final = 65_536
_BYTE_ORDER_MARKS: Final = {
    codecs.BOM_UTF8: ("utf-8",),
    codecs.BOM_UTF16_LE: ("utf-16", "utf-16-le"),
    codecs.BOM_UTF16_BE: ("utf-16", "utf-16-be"),
}
# Python reads these with and without a byte order mark; the mark is no part of the first name.
_CODECS: Final = {"utf-8": "utf-8-sig"}


class CsvSource(FileSource):
    """A delivery in text with a delimiter."""

    def _opened(self, path: Path, dialect: Dialect) -> AbstractContextManager[Table]:
        return open_csv(path, dialect)


@contextmanager
def open_csv(path: Path, dialect: Dialect) -> Iterator[Table]:
    """The file as a table; FileRefusedError when its bytes or header are not as declared."""
    encoding = dialect.file.encoding or "utf-8"
    _check_byte_order_mark(path, encoding)
    with path.open(encoding=_CODECS.get(encoding, encoding), newline="") as handle:
        yield with_header(_lines(handle, dialect.file), dialect)


def _check_byte_order_mark(path: Path, encoding: str) -> None:
    with path.open("rb") as handle:
        start = handle.read(4)
    found = [encodings for mark, encodings in _BYTE_ORDER_MARKS.items() if start.startswith(mark)]
    if found and encoding not in found[0]:
        raise FileRefusedError(f"the file begins with the mark of another encoding than {encoding}")
    if start and not found and encoding == "utf-16":
        raise FileRefusedError("the file lacks the byte order mark that utf-16 begins with")


def _lines(handle: TextIO, file: File) -> Iterator[Line]:
    """Rows with their line number; a row over several lines counts at its last one."""
    reader = csv.reader(
        _checked(handle),
        delimiter=file.delimiter or ",",
        quotechar=file.quote or None,
        quoting=csv.QUOTE_MINIMAL if file.quote else csv.QUOTE_NONE,
        strict=True,
    )
    line = 0
    try:
        for cells in reader:
            before, line = line, reader.line_num
            if line > before + 1 and not file.multiline:
                raise FileRefusedError(f"a quote that opens on line {before + 1} stays open there")
            yield line, cells
    except csv.Error:
        raise FileRefusedError(f"the quotes on line {line + 1} or after are not in pairs") from None
    except UnicodeDecodeError:
        raise FileRefusedError(
            f"the file is not in {file.encoding}: a byte after line {line} has no meaning in it"
        ) from None


def _checked(handle: TextIO) -> Iterator[str]:
    """The lines of a file, none of them with a NUL or without end."""
    number = 0
    while line := handle.readline(MAXIMUM_LINE + 1):
        number += 1
        if "\x00" in line:
            raise FileRefusedError(f"line {number} has a NUL character")
        if len(line) > MAXIMUM_LINE:
            raise FileRefusedError(f"line {number} is longer than {MAXIMUM_LINE} characters")
        yield line
