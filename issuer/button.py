"""The Blauwe Knop as a piece of HTML for any municipal site or portal, in one fixed look.

It stands alone: its look is written in it, its picture is drawn in it, it has no script and asks
nothing of anybody, so a page that shows it tells nobody that it was looked at.
"""

from html import escape
from typing import Final

PATH: Final = "/blauwe-knop"
# As the button on our own pages (look.css, --bk-knop and --bk-knop-text).
COLOUR: Final = "#1247b5"
TEXT_COLOUR: Final = "#fff"
TEXTS: Final = {
    "nl": ("Blauwe Knop", "Download uw schulden als bewijs (pdf)"),
    "en": ("Blauwe Knop", "Download your debts as proof (pdf)"),
}

_BUTTON: Final = (
    "display:inline-flex;align-items:center;gap:16px;box-sizing:border-box;max-width:100%;"
    "min-height:72px;padding:12px 24px 12px 12px;border:2px solid {colour};border-radius:20px;"
    "background:{colour};color:{text_colour};font-family:inherit;font-size:16px;line-height:1.25;"
    "text-align:start;text-decoration:none"
)
_MARK: Final = (
    "display:grid;flex:none;place-items:center;width:48px;height:48px;border-radius:50%;"
    "background:{text_colour};color:{colour}"
)
# The icon file-certificate of @tabler/icons (MIT), as on our own pages.
_ICON: Final = (
    '<svg width="28" height="28" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
    ' stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"'
    ' focusable="false"><path d="M14 3v4a1 1 0 0 0 1 1h4"/>'
    '<path d="M5 8v-3a2 2 0 0 1 2 -2h7l5 5v11a2 2 0 0 1 -2 2h-5"/>'
    '<path d="M3 14a3 3 0 1 0 6 0a3 3 0 1 0 -6 0"/>'
    '<path d="M4.5 17l-1.5 5l3 -1.5l3 1.5l-1.5 -5"/></svg>'
)
_SNIPPET: Final = """\
<a href="{address}" lang="{language}" style="{button}">
  <span style="{mark}">{icon}</span>
  <span>
    <span style="display:block;font-size:19px;font-weight:700">{title}</span>
    <span style="display:block;font-size:15px">{note}</span>
  </span>
</a>
"""


def snippet(base_url: str, language: str = "nl") -> str:
    """The HTML of the button that leads to the issuer at `base_url`; language "nl" or "en"."""
    title, note = TEXTS[language]
    colours = {"colour": COLOUR, "text_colour": TEXT_COLOUR}
    return _SNIPPET.format(
        address=escape(f"{base_url}{PATH}{'' if language == 'nl' else f'?taal={language}'}"),
        language=language,
        button=_BUTTON.format(**colours),
        mark=_MARK.format(**colours),
        icon=_ICON,
        title=title,
        note=note,
    )
