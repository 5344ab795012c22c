"""A register on a real database, the imported sample, and makers of small exports."""

from collections.abc import Callable
from pathlib import Path

import pytest

from issuer.debts.imports import import_file
from issuer.debts.register import MIGRATIONS, Register
from tests.issuer.debts.exports import (
    DIALECT,
    HEADER,
    MUNICIPALITIES,
    NOW,
    REFERENCE,
    Source,
    pseudonym,
)
from vckit.adapters.sqlite import create_database


@pytest.fixture
def new_register(tmp_path: Path) -> Callable[[], Register]:
    made: list[int] = []

    def make() -> Register:
        made.append(1)
        path = tmp_path / f"register-{len(made)}.sqlite"
        return Register(create_database(path, b"k" * 32, MIGRATIONS), pseudonym)

    return make


@pytest.fixture
def register(new_register: Callable[[], Register]) -> Register:
    return new_register()


@pytest.fixture
def source(tmp_path: Path) -> Callable[..., Source]:
    """A source whose dialect is the one above, after replacing texts in it."""

    def make(*replacements: tuple[str, str], code: str = "honden", extra: str = "") -> Source:
        text = DIALECT
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        path = tmp_path / f"{code}.toml"
        path.write_text(text + extra, encoding="utf-8")
        return Source(code, code.title(), path)

    return make


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """A file with these lines under the header above."""

    def make(*lines: str, header: str = HEADER, encoding: str = "utf-8", end: str = "\r\n") -> Path:
        path = tmp_path / "export.csv"
        path.write_bytes("".join(line + end for line in (header, *lines)).encode(encoding))
        return path

    return make


@pytest.fixture(scope="module")
def sample_registers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Register]:
    """Both municipalities of the sample, imported; only read by the tests."""
    registers = {}
    for name, municipality in MUNICIPALITIES.items():
        path = tmp_path_factory.mktemp(name) / "register.sqlite"
        registers[name] = Register(create_database(path, b"k" * 32, MIGRATIONS), pseudonym)
        for each in municipality.sources:
            import_file(registers[name], each, municipality.files[each.code], REFERENCE, NOW)
    return registers
