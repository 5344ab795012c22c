"""Which characters the pages can show.

A text with a character that no font has is no PDF/A-3a and no PDF/UA-1 (ISO 19005-3, 6.2.11.4):
such a document would not come to be at all, so the character is shown by its number instead.
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

FONTS: Final = Path(__file__).parent / "fonts"
# Embeddings and isolates would let a name reorder the amount beside it (UAX 9, 2).
_UNSEEN: Final = frozenset({"Cf", "Cn", "Co", "Cs"})
_SPACES: Final = frozenset({"Cc", "Zl", "Zp", "Zs"})


def showable(text: str) -> str:
    """`text` as pages can show it, on one line; every other character as its number.

    Controls and separators become a space; what has no look of its own (joiners, embeddings) goes.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(_shown(character) for character in composed)


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category in _SPACES:
        return "\N{NO-BREAK SPACE}" if character == "\N{NO-BREAK SPACE}" else " "
    if category == "Cf":
        return ""
    if category not in _UNSEEN and ord(character) in _covered():
        return character
    return f"[U+{ord(character):04X}]"


@cache
def _covered() -> frozenset[int]:
    """The code points that every weight of the font has."""
    return frozenset.intersection(
        *(frozenset(_code_points(font.read_bytes())) for font in sorted(FONTS.glob("*.ttf")))
    )


def _code_points(font: bytes) -> Iterator[int]:
    """The characters of the Unicode `cmap` of a font, format 12 (OpenType 1.9.1, cmap)."""
    table = _table(font, b"cmap")
    (count,) = struct.unpack_from(">H", table, 2)
    for number in range(count):
        _, _, offset = struct.unpack_from(">HHL", table, 4 + 8 * number)
        (form,) = struct.unpack_from(">H", table, offset)
        if form == 12:  # noqa: PLR2004  segmented coverage, the one with all of Unicode
            (groups,) = struct.unpack_from(">L", table, offset + 12)
            for first, last, _ in struct.iter_unpack(
                ">LLL", table[offset + 16 : offset + 16 + 12 * groups]
            ):
                yield from range(first, last + 1)


def _table(font: bytes, tag: bytes) -> bytes:
    (count,) = struct.unpack_from(">H", font, 4)
    for number in range(count):
        name, _, offset, length = struct.unpack_from(">4sLLL", font, 12 + 16 * number)
        if name == tag:
            return font[offset : offset + length]
    return b""
