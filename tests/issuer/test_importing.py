"""An import marks what it makes old, and nothing else."""

import pytest

from issuer.importing import Importing, find_source, origin_of
from tests.issuer.debts.networks import ADDRESS, Administration
from tests.issuer.town import ANNA_ROWS, BRAM, BRAM_ROWS, HEADER, SETTINGS
from vckit.errors import ConfigurationError, KitError


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


@pytest.fixture
def asked(town):
    """The same source, asked at an address; gives what a network would answer it."""
    settings = SETTINGS.rstrip() + f'\naddress = "{ADDRESS}"\n'
    town.config_path.write_text(settings, "utf-8")
    dialect = (town.folder / "heffingen.toml").read_text("utf-8")
    begin, end = dialect.index("[file]"), dialect.index("[columns]")
    rest = '[file]\nkind = "rest"\n[rest]\nitems = "results"\nnext = "links.next"\n'
    (town.folder / "heffingen.toml").write_text(dialect[:begin] + rest + dialect[end:], "utf-8")
    names = HEADER.strip().split(",")
    rows = (ANNA_ROWS + BRAM_ROWS).splitlines()
    return Administration([dict(zip(names, row.split(","), strict=True)) for row in rows])


def ask(town, administration):
    stored, source = town.stored(), find_source(town.config, "heffingen")
    importing = Importing(stored.store, stored.register, administration)
    return importing.run(source, None, None, town.clock.now)


def test_a_source_at_an_address_is_imported_and_marks_nothing_old(town, wallet, annas, asked):
    assert ask(town, asked).good == 3
    assert wallet.status(annas, "refresh") == 0


@pytest.mark.parametrize("broken", [{"broken": (2,)}, {"bodies": {2: b"<html>"}}])
def test_a_source_at_an_address_that_fails_is_stated_as_unreachable(
    town, wallet, offer, asked, broken
):
    for name, value in broken.items():
        setattr(asked, name, value)
    with pytest.raises(KitError):
        ask(town, asked)
    stated = wallet.verify(wallet.receive(offer().offer.pre_authorized_code)).claims
    assert (stated["volledigheid"], stated["totaal_openstaand"]) == ("gedeeltelijk", 30_000)
    assert [source["status"] for source in stated["bronnen"]] == ["niet_bereikbaar"]
    for name in broken:
        setattr(asked, name, type(broken[name])())
    ask(town, asked)
    stated = wallet.verify(wallet.receive(offer().offer.pre_authorized_code)).claims
    assert stated["volledigheid"] == "volledig"


def test_a_file_or_an_address_but_not_both(town, asked):
    source = find_source(town.config, "heffingen")
    with pytest.raises(ConfigurationError, match="name no file"):
        origin_of(source, town.folder / "x.csv", asked)
    with pytest.raises(ConfigurationError, match="name the file"):
        origin_of(source.model_copy(update={"address": None}), None, asked)
