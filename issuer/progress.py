"""How far a long command is, on the last line of a terminal; elsewhere nothing is written."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final, TextIO

_SECONDS: Final = 1.0
_START_OF_EMPTY_LINE: Final = "\r\x1b[K"


@contextmanager
def rows_on(
    stream: TextIO, seconds: Callable[[], float] = time.monotonic
) -> Iterator[Callable[[int, int], None]]:
    """A function to tell rows read and debts written to; its line is gone at the end."""
    if not stream.isatty():
        yield lambda _read, _written: None
        return
    shown_at = seconds()

    def tell(read: int, written: int) -> None:
        nonlocal shown_at
        if seconds() - shown_at < _SECONDS:
            return
        shown_at = seconds()
        text = f"{read} rows read" + (f", {written} debts written" if written else "")
        print(f"{_START_OF_EMPTY_LINE}{text}", end="", file=stream, flush=True)

    try:
        yield tell
    finally:
        print(_START_OF_EMPTY_LINE, end="", file=stream, flush=True)
