"""A municipality's own source: loaded by its name, and held to the rules of every source."""

import sys
import types
from contextlib import contextmanager

import pytest

from issuer.debts.imports import (
    FileRefusedError,
    SourceUnreachableError,
    check_file,
    import_file,
)
from issuer.debts.origin import Origin
from issuer.debts.table import Table
from tests.issuer.debts.exports import ANNE, HEADER, NOW, REFERENCE, row
from vckit.errors import ConfigurationError

ORIGIN = Origin(address="archief:7", secret=lambda: "geheim")


class Archive:
    """What a municipality would write: rows of its own system, in its own way."""

    def __init__(self, origin, dialect):
        self.place = (origin.address, origin.secret(), dialect.file.kind)

    def digest(self):
        return "00"

    @contextmanager
    def table(self):
        assert self.place == ("archief:7", "geheim", "python:proef.archief:Archive")
        yield Table(tuple(HEADER.split(";")), iter([(1, row().split(";"))]))


class Failing(Archive):
    def __init__(self, *_):
        pass

    @contextmanager
    def table(self):
        def rows():
            yield 1, row().split(";")
            raise ConnectionError(f"lost while reading {ANNE}")

        yield Table(tuple(HEADER.split(";")), rows())


class Elsewhere(Archive):
    @contextmanager
    def table(self):
        yield Table((*HEADER.split(";"), "naam"), iter([]))


class Impossible:
    def __init__(self, *_):
        raise RuntimeError(ANNE)


@pytest.fixture
def own(source, monkeypatch):
    module = types.ModuleType("proef.archief")
    for each in (Archive, Failing, Elsewhere, Impossible):
        setattr(module, each.__name__, each)
    monkeypatch.setitem(sys.modules, "proef", types.ModuleType("proef"))
    monkeypatch.setitem(sys.modules, "proef.archief", module)

    def make(name):
        kind = f'kind = "python:{name}"'
        return source(('kind = "csv"\nencoding = "utf-8"\ndelimiter = ";"', kind))

    return make


def test_its_rows_are_imported_by_the_dialect(own, register):
    archive = own("proef.archief:Archive")
    assert import_file(register, archive, ORIGIN, REFERENCE, NOW).good == 1
    assert import_file(register, archive, ORIGIN, REFERENCE, NOW).unchanged
    [debt] = register.account_of(ANNE, [archive]).debts
    assert debt.balance_cents == 7_500


@pytest.mark.parametrize("name", ["Failing", "Impossible"])
def test_whatever_it_raises_is_no_delivery_and_repeats_nothing(own, register, name):
    with pytest.raises(SourceUnreachableError) as failed:
        import_file(register, own(f"proef.archief:{name}"), ORIGIN, REFERENCE, NOW)
    assert ANNE not in str(failed.value)
    assert register.account_of(ANNE, [own(f"proef.archief:{name}")]).debts == ()


def test_its_columns_are_held_against_the_dialect(own):
    with pytest.raises(FileRefusedError, match="neither used nor ignored"):
        check_file(own("proef.archief:Elsewhere"), ORIGIN, REFERENCE, NOW)


@pytest.mark.parametrize("name", ["proef.archief:Absent", "proef.absent:Archive", "os.path:sep.x"])
def test_a_class_that_is_not_there_is_our_own_fault(own, name):
    with pytest.raises(ConfigurationError):
        check_file(own(name), ORIGIN, REFERENCE, NOW)
