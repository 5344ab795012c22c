"""A kind of source that a municipality programmed itself, loaded by `python:package.module:Class`.

The class is one as `issuer.debts.sources.DebtSource` describes. Whatever it raises that is no
error of ours means that its source gave no whole delivery; its words are not repeated, since they
may tell of residents.
"""

import importlib
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from issuer.debts.dialect import Dialect
from issuer.debts.origin import Origin
from issuer.debts.table import SourceUnreachableError, Table, matched
from vckit.errors import ConfigurationError, KitError

_T = TypeVar("_T")


class OwnSource:
    """Keeps what the class of a municipality does within the rules of every source."""

    def __init__(self, origin: Origin, dialect: Dialect) -> None:
        self._dialect = dialect
        made = _loaded(dialect.file.kind)
        with _contained():
            self._inner = made(origin, dialect)

    def digest(self) -> str:
        """What the class gives."""
        with _contained():
            return str(self._inner.digest())

    @contextmanager
    def table(self) -> Iterator[Table]:
        """What the class gives, with its columns held against the dialect."""
        with _contained():
            opened: AbstractContextManager[Table] = self._inner.table()
            table = opened.__enter__()
        try:
            yield self._held(table)
        except BaseException as error:
            with _contained():
                opened.__exit__(type(error), error, error.__traceback__)
            raise
        with _contained():
            opened.__exit__(None, None, None)

    def _held(self, table: Table) -> Table:
        if table.cases is not None:
            return Table((), iter(()), as_of=table.as_of, cases=_each(table.cases))
        return Table(
            matched(table.columns, self._dialect),
            _each(table.rows),
            _each(table.movements),
            table.as_of,
        )


def _loaded(uri: str) -> Any:
    module, _, name = uri.removeprefix("python:").partition(":")
    try:
        return getattr(importlib.import_module(module), name)
    except Exception:  # noqa: BLE001  a module of others may fail in any way while it is loaded
        raise ConfigurationError("the class that file.kind names cannot be loaded") from None


@contextmanager
def _contained() -> Iterator[None]:
    try:
        yield
    except KitError:
        raise
    except Exception:  # noqa: BLE001  code of others; see above
        raise SourceUnreachableError("the source of the municipality's own failed") from None


def _each(items: Iterable[_T]) -> Iterator[_T]:
    with _contained():
        iterator = iter(items)
    while True:
        with _contained():
            try:
                item = next(iterator)
            except StopIteration:
                return
        yield item
