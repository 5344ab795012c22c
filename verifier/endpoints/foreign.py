"""Words of others on our pages: apart from ours, and with what is invisible in them made visible.

Signed words may hold characters that turn or hide what stands around them (row I41, UAX 9).
"""

from markupsafe import Markup

from verifier.visible import visible


def isolated(text: object) -> Markup:
    """`text` in a `<bdi>`; every control and format character in it as its code point."""
    return Markup("<bdi>{}</bdi>").format(visible(text))
