"""Text exports: bytes and header as declared, or the file is refused as a whole."""

import pytest

from issuer.debts.imports import FileRefusedError, check_file
from tests.issuer.debts.exports import ANNE, BRAM, HEADER, REFERENCE, row


def check(source, path):
    return check_file(source, path, REFERENCE).report


def refusal(source, path):
    with pytest.raises(FileRefusedError) as caught:
        check_file(source, path, REFERENCE)
    return str(caught.value)


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("utf-8", "utf-8"),
        ("utf-8", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("windows-1252", "cp1252"),
        ("iso-8859-15", "iso-8859-15"),
        ("us-ascii", "ascii"),
    ],
)
def test_N07_every_declared_encoding_is_read(source, export, declared, codec):
    dialect = source(('encoding = "utf-8"', f'encoding = "{declared}"'))
    report = check(dialect, export(row(), row(BRAM, "2"), encoding=codec))
    assert (report.good, report.refused) == (2, ())


@pytest.mark.parametrize(
    ("declared", "codec"),
    [
        ("windows-1252", "utf-8-sig"),
        ("windows-1252", "utf-16"),
        ("utf-8", "utf-16"),
        ("us-ascii", "utf-8-sig"),
    ],
)
def test_N07_the_mark_of_another_encoding_refuses_the_file(source, export, declared, codec):
    dialect = source(('encoding = "utf-8"', f'encoding = "{declared}"'))
    assert "mark of another encoding" in refusal(dialect, export(row(), encoding=codec))


def test_N07_utf_16_needs_its_mark(source, export):
    dialect = source(('encoding = "utf-8"', 'encoding = "utf-16"'))
    assert "byte order mark" in refusal(dialect, export(row(), encoding="utf-16-le"))


@pytest.mark.parametrize(("declared", "bad"), [("utf-8", b"\xe9"), ("windows-1252", b"\x81")])
def test_N07_a_byte_without_meaning_refuses_the_file(source, export, declared, bad):
    dialect = source(('encoding = "utf-8"', f'encoding = "{declared}"'))
    path = export(row(), row(BRAM, "2"))
    path.write_bytes(path.read_bytes().replace(b"hond", b"ho" + bad, 1))
    assert f"not in {declared}" in refusal(dialect, path)


def test_N07_a_nul_refuses_the_file_with_its_line(source, export):
    assert refusal(source(), export(row(), row(number="2\x00"))) == "line 3 has a NUL character"


def test_N07_a_line_without_end_refuses_the_file(source, export):
    assert "line 2 is longer" in refusal(source(), export(row(number="9" * 70_000)))


def test_N07_a_million_columns_refuse_the_file(source, export):
    assert "longer" in refusal(source(), export(row(), header=";".join(["a"] * 1_000_000)))
    assert "more than 500 columns" in refusal(source(), export(row(), header=";" * 1_000))


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_N07_every_line_end_is_one(source, export, end):
    assert check(source(), export(row(), row(BRAM, "2"), end=end)).good == 2


def test_N07_mixed_line_ends_keep_the_line_numbers(source, export):
    path = export(row(), row(number="2", soort="kat"))
    path.write_bytes(path.read_bytes().replace(b"\r\n", b"\n", 1))
    assert check(source(), path).reasons == [(3, "kind of claim is unknown")]


@pytest.mark.parametrize("line", ['"1', '"1"x', 'a"'])
def test_N07_quotes_that_do_not_pair_never_swallow_rows(source, export, line):
    path = export(row(), row(number=line), row(BRAM, "3"))
    if line == 'a"':
        # A quote inside a cell is a sign like another one.
        assert check(source(), path).good == 3
    else:
        assert "quote" in refusal(source(), path)


def test_N07_a_row_over_two_lines_refuses_the_file_unless_declared(source, export):
    path = export(row(number='"1\r\n2"'), row(BRAM, "3", soort="kat"))
    assert "line 2 stays open" in refusal(source(), path)
    dialect = source(('delimiter = ";"', 'delimiter = ";"\nmultiline = true'))
    assert [line for line, _ in check(dialect, path).reasons] == [3, 4]


def test_quotes_can_be_declared_to_mean_nothing(source, export):
    dialect = source(('delimiter = ";"', 'delimiter = ";"\nquote = ""'))
    assert check(dialect, export(row(number='"1'))).good == 1


def test_a_quoted_cell_may_hold_the_delimiter(source, export):
    assert check(source(), export(row(number='"1;2"'))).good == 1


def test_N07_a_missing_column_is_named(source, export):
    header = HEADER.replace("saldo", "Rest").replace("verval", "tot")
    text = refusal(source(), export(row(), header=header))
    assert text == "the header lacks the column saldo, verval"


def test_N07_a_header_without_any_declared_column_tells_how_it_was_read(source, export):
    assert refusal(source(), export(row(), header="x;y")).endswith("fase; it reads as 2")
    assert refusal(source(), export(row(), header="x,y")).endswith("; it reads as one column")


def test_N07_an_unknown_column_is_named_by_its_place_only(source, export):
    text = refusal(source(), export(row() + ";4-XX-422", header=HEADER + ";kenteken"))
    assert text == "column 10 of the header is neither used nor ignored by the dialect"


def test_N07_a_column_can_be_ignored_by_name(source, export):
    dialect = source(('delimiter = ";"', 'delimiter = ";"\nignored_columns = ["kenteken"]'))
    assert check(dialect, export(row() + ";4-XX-422", header=HEADER + ";kenteken")).good == 1
    assert check(dialect, export(row())).good == 1


def test_N07_a_file_without_header_repeats_nobodys_data(source, export):
    text = refusal(source(), export(row(), header=row(BRAM)))
    assert "lacks the column" in text
    assert BRAM not in text


def test_N07_the_order_of_columns_makes_no_difference(source, export):
    names = HEADER.split(";")
    cells = row().split(";")
    path = export(";".join(reversed(cells)), header=";".join(reversed(names)))
    assert check(source(), path).good == 1


def test_N07_the_case_of_the_header_matters_unless_declared(source, export):
    path = export(row(), header=HEADER.upper())
    assert "lacks the column" in refusal(source(), path)
    dialect = source(('delimiter = ";"', 'delimiter = ";"\nheader_case = "ignored"'))
    assert check(dialect, path).good == 1


def test_N07_another_delimiter_than_declared_refuses_the_file(source, export):
    assert "lacks" in refusal(source(), export(row(), header=HEADER.replace(";", ",")))


def test_a_column_that_is_there_twice_needs_a_word(source, export):
    path = export(row() + ";0,00", header=HEADER + ";saldo")
    assert "column 10" in refusal(source(), path)
    dialect = source(('delimiter = ";"', 'delimiter = ";"\nignored_columns = ["saldo#2"]'))
    assert check(dialect, path).good == 1


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n"])
def test_N07_an_empty_file_is_refused(source, export, content):
    path = export(row())
    path.write_bytes(content)
    assert "empty" in refusal(source(), path) or "lacks" in refusal(source(), path)


def test_a_header_without_rows_is_a_source_without_debts(source, export):
    assert check(source(), export()).good == 0


def test_the_header_may_stand_below_a_title(source, export):
    dialect = source(('delimiter = ";"', 'delimiter = ";"\nheader_row = 3'))
    path = export(HEADER, row(), row(number="2", soort="kat"), header="Overzicht\r\n")
    assert check(dialect, path).reasons == [(5, "kind of claim is unknown")]


TWO_LINES = ";;;;;Bedrag;;;", "bsn;nummer;soort;datum;verval;opgelegd;betaald;saldo;fase"


def test_two_header_lines_are_read_as_one(source, export):
    dialect = source(
        ('delimiter = ";"', 'delimiter = ";"\nheader_rows = 2'),
        ('principal = "bedrag"', 'principal = "Bedrag opgelegd"'),
    )
    report = check(dialect, export(TWO_LINES[1], row(), "1;2", header=TWO_LINES[0]))
    assert (report.good, report.refused[0].line) == (1, 4)


def test_a_name_over_several_columns_can_reach_to_the_next(source, export):
    dialect = source(
        ('delimiter = ";"', 'delimiter = ";"\nheader_rows = 2\nheader_fill = true'),
        ('principal = "bedrag"', 'principal = "Bedrag opgelegd"'),
        ('paid = "betaald"', 'paid = "Bedrag betaald"'),
        ('balance = "saldo"', 'balance = "Stand saldo"'),
        ('stage = "fase"', 'stage = "Stand fase"'),
    )
    first = TWO_LINES[0].replace("Bedrag;;;", "Bedrag;;Stand;")
    assert check(dialect, export(TWO_LINES[1], row(), header=first)).good == 1


def test_a_file_can_be_without_header(source, export):
    names = {name: f"#{place}" for place, name in enumerate(HEADER.split(";"), start=1)}
    dialect = source(
        ('delimiter = ";"', 'delimiter = ";"\nheader_row = 0'),
        *((f'= "{name}"\n', f'= "{place}"\n') for name, place in names.items()),
        ('debt_number = "nummer"', 'debt_number = "#2"'),
    )
    report = check(dialect, export(row(BRAM, "2", soort="kat"), header=row()))
    assert (report.good, report.reasons) == (1, [(2, "kind of claim is unknown")])


def test_a_file_without_header_and_without_rows_is_empty(source, export):
    path = export(row())
    path.write_bytes(b"")
    dialect = source(('delimiter = ";"', 'delimiter = ";"\nheader_row = 0'))
    assert refusal(dialect, path) == "the file is empty"


def test_a_declared_footer_is_no_row(source, export):
    dialect = source(('delimiter = ";"', 'delimiter = ";"\nfooter_rows = 1'))
    report = check(dialect, export(row(), row(BRAM, "2"), "Totaal;;;;;200,00;;;"))
    assert (report.good, report.refused) == (2, ())


def test_empty_lines_are_no_rows(source, export):
    report = check(source(), export(row(), "", ";;;;;;;;", row(BRAM, "2", soort="kat"), ""))
    assert (report.good, report.reasons) == (1, [(5, "kind of claim is unknown")])


def test_a_row_with_too_few_or_too_many_cells_is_refused_alone(source, export):
    report = check(source(), export("1;2", row() + ";x", row(ANNE, "2"), row(ANNE, "3") + ";"))
    reason = "row does not have the columns of the header"
    assert (report.good, report.reasons) == (2, [(2, reason), (3, reason)])
