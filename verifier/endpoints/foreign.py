"""Words of others on our pages: apart from ours, and with what is invisible in them made visible.

Signed words may hold characters that turn or hide what stands around them (row I41, UAX 9).
"""

import unicodedata

from markupsafe import Markup


def isolated(text: object) -> Markup:
    """`text` in a `<bdi>`; every control and format character in it as its code point."""
    return Markup("<bdi>{}</bdi>").format("".join(map(_visible, str(text))))


def _visible(character: str) -> str:
    hidden = unicodedata.category(character) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
    return f"[U+{ord(character):04X}]" if hidden else character
