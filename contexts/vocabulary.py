"""What people read for each code of the vocabulary, in Dutch (level B1) and English."""

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("vocabulary.toml")


@cache
def _labels() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def label(group: str, code: str, language: str = "nl") -> str:
    """What to show for `code` of `group` (type, fase…); a code without a label stands as it is."""
    return _labels()[group].get(code, {}).get(language, code)


def codes(group: str) -> tuple[str, ...]:
    """Every code of `group` that has a label."""
    return tuple(_labels()[group])
