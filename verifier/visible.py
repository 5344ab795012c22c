"""Words of others with what is invisible in them made visible (security.md row I41, UAX 9)."""

import unicodedata
from typing import Final

_HIDDEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})


def visible(text: object) -> str:
    """`text` with its code point in place of every control and format character."""
    return "".join(map(_visible, str(text)))


def _visible(character: str) -> str:
    hidden = unicodedata.category(character) in _HIDDEN
    return f"[U+{ord(character):04X}]" if hidden else character
