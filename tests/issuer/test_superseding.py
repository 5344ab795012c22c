"""What makes a statement old or void, as a stranger reads it in the published status lists."""

import pytest

from issuer.cli import main
from issuer.importing import Importing, find_source
from tests.issuer.town import ANNA, BRAM, REFERENCE

HEADER = "bsn,nummer,datum,vervaldatum,aanslag,kosten,rente,betaald,saldo,status\n"
COLUMNS = 'paid = "betaald"\nother_costs = "kosten"\ninterest = "rente"'


def line(bsn=ANNA.bsn, number="R-1", *, costs=0, interest=0, paid=50, stage="aangemaand"):
    balance = 250 + costs + interest - paid
    amounts = ",".join(f"{amount:.2f}" for amount in (250, costs, interest, paid, balance))
    return f"{bsn},{number},2026-01-31,2026-03-31,{amounts},{stage}\n"


@pytest.fixture
def deliver(town):
    """Import these lines by the settings of the town, with a threshold of ten euros."""
    dialect = town.folder / "heffingen.toml"
    dialect.write_text(dialect.read_text("utf-8").replace('paid = "betaald"', COLUMNS), "utf-8")

    def run(*lines, small_change_cents=1_000):
        path = town.folder / "heffingen.csv"
        path.write_text(HEADER + "".join(lines), "utf-8")
        stored, source = town.stored(), find_source(town.config, "heffingen")
        importing = Importing(stored.store, stored.register, small_change_cents=small_change_cents)
        importing.run(source, path, REFERENCE, town.clock.now, force=True, fewer=True)

    run(line())
    return run


@pytest.fixture
def annas(wallet, offer, deliver):
    """Anna's statement after the first import."""
    assert deliver
    return wallet.receive(offer().offer.pre_authorized_code)


@pytest.fixture
def marks(wallet, annas):
    """What the published lists say of it: whether a newer one exists, whether it is revoked."""

    def read():
        return wallet.status(annas, "refresh"), wallet.status(annas, "revocation")

    assert read() == (0, 0)
    return read


def test_a_little_interest_marks_nothing(deliver, marks):
    deliver(line(interest=9.99))
    assert marks() == (0, 0)


def test_interest_that_reaches_the_threshold_marks(deliver, marks):
    deliver(line(interest=10))
    assert marks() == (1, 0)


def test_interest_adds_up_over_imports_and_is_forgotten_once_it_marked(
    deliver, marks, wallet, offer
):
    deliver(line(interest=4))
    deliver(line(interest=4, costs=3))
    assert marks() == (0, 0)
    deliver(line(interest=7, costs=3))
    assert marks() == (1, 0)
    fresh = wallet.receive(offer().offer.pre_authorized_code)
    deliver(line(interest=12, costs=3))
    assert wallet.status(fresh, "refresh") == 0


def test_interest_on_one_debt_does_not_make_up_for_another(deliver, marks):
    deliver(line(), line(number="R-2"))
    assert marks() == (1, 0)


def test_changes_of_two_debts_in_opposite_ways_add_up(deliver, wallet, offer):
    deliver(line(interest=6), line(number="R-2"))
    text = wallet.receive(offer().offer.pre_authorized_code)
    deliver(line(), line(number="R-2", interest=6))
    assert wallet.status(text, "refresh") == 1


@pytest.mark.parametrize(
    "changed",
    [
        line(interest=1, paid=60),
        line(interest=1, stage="opgelegd"),
        line(interest=1) + line(number="R-2"),
        line(interest=1, number="R-9"),
        line(interest=1) + line(number="R-2").replace("250.00", "251.00", 1),
    ],
    ids=["paid", "stage", "another debt", "other number", "refused row"],
)
def test_anything_else_marks_whatever_the_interest(deliver, marks, changed):
    deliver(changed)
    assert marks() == (1, 0)


def test_without_a_threshold_every_cent_marks(deliver, marks):
    deliver(line(interest=0.01), small_change_cents=0)
    assert marks() == (1, 0)


def test_what_waited_marks_once_there_is_no_threshold_any_more(deliver, marks):
    deliver(line(interest=1))
    assert marks() == (0, 0)
    deliver(line(interest=1), line(BRAM.bsn, "R-3"), small_change_cents=0)
    assert marks() == (1, 0)


def test_small_changes_of_others_mark_nothing(deliver, marks):
    deliver(line(), line(BRAM.bsn, "R-3"))
    deliver(line(), line(BRAM.bsn, "R-3", interest=50))
    assert marks() == (0, 0)


def test_a_kind_that_is_explained_otherwise_marks_its_statements(town, deliver, marks):
    dialect = town.folder / "heffingen.toml"
    text = dialect.read_text("utf-8")
    dialect.write_text(text.replace('rank = "concurrent"', 'rank = "preferent"'), "utf-8")
    deliver(line())
    assert marks() == (1, 0)


def test_a_rule_of_allocation_alone_marks_nothing(town, deliver, marks):
    dialect = town.folder / "heffingen.toml"
    text = dialect.read_text("utf-8")
    dialect.write_text(text.replace('rank = "conc', 'allocation = "iw_7"\nrank = "conc'), "utf-8")
    deliver(line())
    assert marks() == (0, 0)


@pytest.fixture
def command(town, deliver, monkeypatch):
    assert deliver
    monkeypatch.setattr("time.time", town.clock)

    def run(*arguments):
        return main(["--config", str(town.config_path), *arguments])

    return run


def test_the_command_uses_the_threshold_of_the_settings(town, command, marks):
    text = town.config_path.read_text("utf-8")
    town.config_path.write_text(f"{text}[status]\nsmall_change_cents = 500\n", "utf-8")
    path = town.folder / "heffingen.csv"
    for interest, expected in ((4.99, (0, 0)), (5.00, (1, 0))):
        path.write_text(HEADER + line(interest=interest), "utf-8")
        assert command("import", "heffingen", str(path), "--reference-date", "2026-11-11") == 0
        assert marks() == expected


@pytest.fixture
def brams(wallet, offer):
    return wallet.receive(offer(BRAM).offer.pre_authorized_code)


@pytest.mark.parametrize("verb", ["revoke", "withdraw"])
def test_an_error_or_a_withdrawal_revokes_and_is_no_newer_statement(
    verb, command, marks, wallet, brams
):
    assert command(verb, "--bsn", ANNA.bsn) == 0
    assert marks() == (0, 1)
    assert (wallet.status(brams, "refresh"), wallet.status(brams, "revocation")) == (0, 0)


def test_a_revoked_statement_stays_revoked_when_its_debts_change_too(command, deliver, marks):
    assert command("revoke", "--bsn", ANNA.bsn) == 0
    deliver(line(paid=60))
    assert marks() == (1, 1)


def test_a_new_statement_after_a_revoked_one_is_neither(command, marks, wallet, offer):
    assert command("revoke", "--bsn", ANNA.bsn) == 0
    fresh = wallet.receive(offer().offer.pre_authorized_code)
    assert (wallet.status(fresh, "refresh"), wallet.status(fresh, "revocation")) == (0, 0)
    assert marks() == (0, 1)
