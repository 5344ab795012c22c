"""Dialects: what is not declared is an error, and the error names the key and no value."""

import pytest

from issuer.debts.dialect import load_dialect
from tests.issuer.debts.exports import DIALECTS
from vckit.errors import ConfigurationError


def wrong(source, *replacements, extra=""):
    with pytest.raises(ConfigurationError) as caught:
        load_dialect(source(*replacements, extra=extra).dialect)
    return str(caught.value)


def test_the_four_dialects_of_the_sample_are_right():
    assert {load_dialect(path).file.kind for path in DIALECTS.glob("*.toml")} == {
        "csv",
        "xlsx",
        "sql",
    }


def test_the_digest_changes_with_every_declaration(source):
    digest = load_dialect(source().dialect).digest
    assert load_dialect(source().dialect).digest == digest
    assert load_dialect(source(("-mm-", "/mm/")).dialect).digest != digest


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('kind = "csv"', 'kind = "csv"\nencodign = "utf-8"', "file.encodign"),
        ('bsn = "bsn"', 'bsn = "bsn"\nsaldo = "saldo"', "columns.saldo"),
        ('bsn = "bsn"\n', "", "columns.bsn"),
        ('kind = "csv"', 'kind = "pdf"', "file.kind"),
        ('encoding = "utf-8"', 'encoding = "ebcdic"', "file.encoding"),
        ('delimiter = ";"', 'delimiter = "x"', "file.delimiter"),
        ('delimiter = ";"', 'delimiter = ";"\nheader_row = -1', "file.header_row"),
        ('rule = "checked"', 'rule = "guessed"', "balance.rule"),
        ('notation = "dd-mm-yyyy"', 'notation = "dd-mm-yy"', "dates.notation"),
        ('notation = "dd-mm-yyyy"', 'notation = "dd-dd-yyyy"', "dates.notation"),
        ('type = "gem_hondenbelasting"', 'type = "hond"', "kinds.words.hond.type"),
        ('rank = "concurrent"', 'rank = "hoog"', "kinds.words.hond.rank"),
        ('rank_basis = "Gemeentewet, artikel 249"', "", "kinds.words.hond.rank_basis"),
        ('open = "opgelegd"', 'open = "beslagen"', "stages.words.open"),
        ('decimal = ","', 'decimal = ";"', "amounts.decimal"),
    ],
)
def test_a_wrong_key_is_named(source, old, new, key):
    text = wrong(source, (old, new))
    assert text.startswith("the dialect is wrong: ")
    assert key in text


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('delimiter = ";"\n', "", "delimiter belongs to files of kind csv"),
        (
            'encoding = "utf-8"',
            'encoding = "utf-8"\nsheet = "x"',
            "sheet belongs to files of kind xlsx",
        ),
        ('thousands = "."', 'thousands = ","', "the same sign"),
        ('decimal = ","\n', "", "amounts.decimal is needed"),
        ('notation = "dd-mm-yyyy"', "", "dates.notation is needed"),
        ('balance = "saldo"\n', "", "columns.balance is needed"),
        ('principal = "bedrag"\n', "", "columns.principal is needed"),
        ('rule = "checked"', 'rule = "computed"', "columns.balance is needed, unless"),
        ('kind = "soort"\n', "", "either columns.kind or kinds.fixed"),
        ('stage = "fase"\n', "", "columns.stage and stages.words need each other"),
        ('bsn = "bsn"', 'bsn = "bsn"\nhandler_name = "wie"', "columns.handler_name and handler"),
        ('delimiter = ";"', 'delimiter = ";"\nignored_columns = ["fase"]', "both used and ignored"),
        ('stage = "fase"', 'stage = "fase"\ncreditor_oin = "oin"', "columns.creditor_oin and"),
    ],
)
def test_declarations_that_do_not_fit_together_are_refused(source, old, new, sentence):
    assert sentence in wrong(source, (old, new))


def test_movements_belong_to_databases(source):
    extra = '[movements]\nquery = "q"\nnumber = "n"\nkind = "k"\namount = "a"\nkinds.x = "paid"\n'
    assert "movements belong to files of kind sql" in wrong(source, extra=extra)


def test_a_fixed_kind_is_one_of_the_words(source):
    kind = (
        ('kind = "soort"\n', ""),
        ("[kinds.words.hond]", '[kinds]\nfixed = "kat"\n[kinds.words.hond]'),
    )
    assert "kinds.fixed is not among kinds.words" in wrong(source, *kind)


def test_a_fixed_stage_and_a_column_of_stages_exclude_each_other(source):
    stage = ("[stages.words]", '[stages]\nfixed = "opgelegd"\n[stages.words]')
    assert "either columns.stage or stages.fixed" in wrong(source, stage)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\n= x", "the dialect is no readable TOML file, see line 2, column 1"),
        (b"\xff", "the dialect is no readable TOML file"),
        (b"[a]\nb = 1-1-2026", "the dialect is no readable TOML file, see line 2, column 6"),
    ],
)
def test_what_is_no_toml_is_refused_and_told_where(tmp_path, content, text):
    path = tmp_path / "dialect.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        load_dialect(path)
    assert str(caught.value) == text


def test_an_absent_dialect_is_told(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_dialect(tmp_path / "absent.toml")
