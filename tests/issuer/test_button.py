"""The button as HTML for other sites: one look, alone, nothing asked of anybody."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from issuer import button
from vckit.adapters.flask import look

URL = "https://gemeente.example"


class Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.open = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))
        self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def luminance(colour):
    digits = colour.lstrip("#")
    pairs = [one * 2 for one in digits] if len(digits) == 3 else re.findall("..", digits)
    parts = [int(pair, 16) / 255 for pair in pairs]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_is_one_link_to_the_issuers_own_page(language):
    elements = Elements(button.snippet(URL, language))
    assert elements.open == []
    [link] = [attributes for tag, attributes in elements.found if tag == "a"]
    assert link["href"].split("?")[0] == f"{URL}/blauwe-knop"
    assert link["lang"] == language
    assert "Blauwe Knop" in button.snippet(URL, language)


def test_it_asks_nothing_of_anybody_and_runs_nothing():
    elements = Elements(button.snippet(URL))
    assert {tag for tag, _ in elements.found} <= {"a", "span", "svg", "path"}
    for tag, attributes in elements.found:
        assert not any(name.startswith("on") for name in attributes)
        assert not {"src", "srcset", "id", "class"} & attributes.keys(), tag
    assert "url(" not in button.snippet(URL)
    assert "http" not in button.snippet(URL).replace(URL, "")


def test_the_focus_of_the_browser_stays_visible():
    assert "outline" not in button.snippet(URL)


def test_its_text_can_be_read_by_who_sees_little():
    lighter, darker = luminance(button.TEXT_COLOUR), luminance(button.COLOUR)
    assert (lighter + 0.05) / (darker + 0.05) >= 7  # WCAG 1.4.6, better than AA


def test_it_looks_like_the_button_of_our_own_pages():
    sheet = (Path(look.__file__).parent / "static" / "look.css").read_text("utf-8")
    assert f"--bk-knop: {button.COLOUR};" in sheet
    assert f"--bk-knop-text: {button.TEXT_COLOUR};" in sheet
    icons = (Path(look.__file__).parent / "templates" / "icons.html").read_text("utf-8")
    drawn = re.search(r'"file-certificate": \'([^\']+)\'', icons)[1]
    assert drawn in button.snippet(URL)


def test_an_address_cannot_break_out_of_the_link():
    assert '"><script>' not in button.snippet('https://x.example"><script>')
