"""Progress is for a terminal, once a second, and leaves no line behind."""

import io

from issuer.progress import rows_on


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_shows_a_line_each_second_and_none_at_the_end():
    terminal, seconds = Terminal(), iter([0.0, 0.5, 1.0, 1.0, 1.2, 2.5, 2.5])
    with rows_on(terminal, lambda: next(seconds)) as tell:
        for read, written in ((1_000, 0), (2_000, 0), (3_000, 0), (3_000, 1_000)):
            tell(read, written)
    assert terminal.getvalue().split("\r\x1b[K") == [
        "",
        "2000 rows read",
        "3000 rows read, 1000 debts written",
        "",
    ]


def test_anything_else_gets_nothing():
    stream = io.StringIO()
    with rows_on(stream) as tell:
        tell(1_000_000, 1_000_000)
    assert stream.getvalue() == ""
