"""Real Chromium at two widths, with an eye on everything that it asks for."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDTHS = (1280, 360)
# What a word may not do on any page, asked of the page itself.
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


# Not for the whole session: playwright's loop runs as long as the browser lives, and whatever
# calls asyncio.run meanwhile, such as sealing a document, is refused.
@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture(params=WIDTHS, ids=lambda width: f"{width}px")
def width(request):
    return request.param


@pytest.fixture
def visitor(chromium, width, world):
    """Make somebody with a browser of their own; everything they see is judged by `look`.

    `kept` is what a browser that was closed had kept (`Visitor.close`).
    """
    opened = []

    def open_browser(kept=None):
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            storage_state=kept,
        )
        opened.append(context)
        return Visitor(context.new_page(), width, set(world.urls.values()))

    yield open_browser
    for context in opened:
        context.close()


class Visitor:
    """One page in a browser, and what it may not do."""

    def __init__(self, page, width, origins):
        self.page = page
        self.width = width
        self.origins = origins
        self.strangers = []
        self.complaints = []
        page.on("request", self._note_request)
        page.on("console", self._note_complaint)

    def go(self, url):
        self.page.goto(url)

    def press(self, selector):
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state()

    def close(self):
        """Close the browser; gives what it keeps: cookies of a session are gone."""
        state = self.page.context.storage_state()
        self.page.context.close()
        return {**state, "cookies": [one for one in state["cookies"] if one["expires"] > 0]}

    def look(self, name):
        """Judge the page that is open, and keep its picture where SCREENSHOTS names a folder."""
        if folder := os.environ.get("SCREENSHOTS"):
            Path(folder).mkdir(parents=True, exist_ok=True)
            self.page.screenshot(path=f"{folder}/{name}-{self.width}.png", full_page=True)
        assert self.page.evaluate(TOO_WIDE) <= 0, f"{name} scrolls sideways"
        assert self.page.locator("h1").count() == 1, f"{name} has one main heading"
        violations = Axe().run(self.page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == [], name
        assert self.strangers == [], f"{name} asked others"
        assert self.complaints == [], f"{name} complains"

    def _note_request(self, request):
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"}:
            origin = f"{parts.scheme}://{parts.netloc}"
            if origin not in self.origins:
                self.strangers.append(request.url)

    def _note_complaint(self, message):
        # A page that was asked for and does not exist is a complaint of Chromium's, not of ours.
        if message.type in {"error", "warning"} and "404" not in message.text:
            self.complaints.append(message.text)
