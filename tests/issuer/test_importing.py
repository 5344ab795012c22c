"""An import marks what it makes old, and nothing else."""

import pytest

from issuer.importing import find_source
from tests.issuer.town import ANNA_ROWS, BRAM, BRAM_ROWS
from vckit.errors import ConfigurationError


@pytest.fixture
def annas(wallet, code):
    return wallet.receive(code)


def test_changed_debts_mark_the_statement_for_refresh_and_revoke_nothing(town, wallet, annas):
    town.deliver(ANNA_ROWS.replace("50.00,200.00", "60.00,190.00") + BRAM_ROWS)
    assert wallet.status(annas, "refresh") == 1
    assert wallet.status(annas, "revocation") == 0


def test_an_import_of_the_same_debts_marks_nothing(town, wallet, annas):
    town.deliver(BRAM_ROWS + ANNA_ROWS)
    assert wallet.status(annas, "refresh") == 0


def test_changed_debts_of_somebody_else_mark_nothing(town, wallet, annas, offer):
    brams = wallet.receive(offer(BRAM).offer.pre_authorized_code)
    town.deliver(ANNA_ROWS + BRAM_ROWS.replace("75.50", "80.00"))
    assert (wallet.status(annas, "refresh"), wallet.status(brams, "refresh")) == (0, 1)


def test_N10_debts_that_are_gone_mark_the_statement_too(town, wallet, annas):
    town.deliver(BRAM_ROWS)
    assert wallet.status(annas, "refresh") == 1


def test_the_new_statement_after_an_import_is_not_marked_by_a_later_unchanged_one(
    town, wallet, annas, offer
):
    changed = ANNA_ROWS.replace("50.00,200.00", "60.00,190.00")
    town.deliver(changed)
    fresh = wallet.receive(offer().offer.pre_authorized_code)
    assert wallet.verify(fresh).claims["totaal_openstaand"] == 29_000
    town.deliver(changed)
    assert (wallet.status(annas, "refresh"), wallet.status(fresh, "refresh")) == (1, 0)


def test_a_refused_file_marks_nothing_and_keeps_the_register(town, wallet, annas, offer):
    path = town.folder / "heffingen.csv"
    path.write_text("geen,kop\n", "utf-8")
    with pytest.raises(Exception, match=r"."):
        town.deliver_file(path)
    assert wallet.status(annas, "refresh") == 0
    again = wallet.receive(offer().offer.pre_authorized_code)
    assert wallet.verify(again).claims["totaal_openstaand"] == 30_000


def test_an_unknown_source_is_told(town):
    with pytest.raises(ConfigurationError, match="no source"):
        find_source(town.config, "onbekend")
